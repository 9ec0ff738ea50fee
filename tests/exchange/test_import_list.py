"""Masks, lists of msaexp and tables that others publish become lists."""

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from hypothesis import given
from hypothesis import strategies as st

from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exchange.export_list import export_ecsv
from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.exchange.pixel_tables import read_table
from jwst_hotpix.exchange.roles_by_shape import with_rings
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.simulate import World
from jwst_hotpix.simulate.crds_references import dark, mask

HOTPIX = Path(sys.executable).with_name("hotpix")
USEAFTER = "2022-07-01T00:00:00"
NEWHOT = "nircam/jwst_nircam_newhot_{}_extra20231129.fits.gz"


def places(pixels):
    return set(zip(pixels.y.tolist(), pixels.x.tolist(), strict=True))


def count(pixels, role):
    return int(np.sum(pixels.role == role))


def write_image(path, image):
    fits.PrimaryHDU(image).writeto(path)
    return path


def image_of(*pixels, dtype=np.uint8, shape=(2048, 2048)):
    image = np.zeros(shape, dtype)
    for y, x in pixels:
        image[y, x] = 1
    return image


def planted(readout, detector="NRS1"):
    world = World.quiet(detector=detector, readout=readout)
    return world.with_pixels(y=[100, 600], x=[50, 1200], rate=[20.0, 900.0])


def write_mask(path, readout="TRAD", detector="NRS1"):
    mask(planted(readout, detector), EPOCH, useafter=USEAFTER).writeto(path)
    return path


def test_the_real_nrs1_list_is_170_arms_of_48_rings_and_34_independent_pixels(shared_data):
    path = shared_data / "nirspec" / "msaexp_badpix_nrs1.yaml"
    pixels = import_list(path, detector="NRS1", date=EPOCH)
    counts = [count(pixels, role) for role in (Role.NEIGHBOR, Role.INFERRED_CENTER, Role.CENTER)]
    assert counts == [170, 48, 34]
    assert (pixels.readout, len(pixels)) == ("POOLED", 204 + 48)


@pytest.mark.parametrize(
    ("detector", "rings", "share"),
    [("NRCA1", 497, 72), ("NRCA2", 405, 79), ("NRCA3", 68, 8), ("NRCA4", 260, 82)],
)
def test_the_real_nircam_lists_are_mostly_rings(shared_data, detector, rings, share):
    path = shared_data / NEWHOT.format(detector)
    pixels = import_list(path, detector=detector, date=EPOCH)
    assert count(pixels, Role.INFERRED_CENTER) == rings
    arms = count(pixels, Role.NEIGHBOR) / (len(pixels) - rings)
    # The reference count excludes arms of crosses whose center is listed: at most 1 %.
    assert 100 * arms == pytest.approx(share, abs=1.0)


@pytest.mark.parametrize("n", [204, 3013])
def test_random_pixels_make_no_rings(n):
    place = np.random.default_rng(n).choice(2040 * 2040, n, replace=False)
    pixels = with_rings(make_list(4 + place // 2040, 4 + place % 2040))
    assert set(pixels.role.tolist()) == {Role.CENTER}


@pytest.mark.parametrize(
    ("before", "after", "new"), [("230120", "230701", 563), ("240627", "251016", 1044)]
)
def test_real_masks_of_two_dates_differ_by_what_turned_hot(shared_data, before, after, new):
    found = []
    for date in (before, after):
        path = shared_data / "nircam" / f"nrc_badpix_{date}_NRCALONG.fits.gz"
        pixels = import_list(path, detector="NRCALONG", date=EPOCH, bit=1)
        inside = (pixels.x >= 8) & (pixels.x < 2040) & (pixels.y >= 8) & (pixels.y < 2040)
        found.append(places(pixels.select(inside & (pixels.role != Role.INFERRED_CENTER))))
    assert len(found[1] - found[0]) == new
    assert not found[0] - found[1]


@pytest.mark.parametrize("detector", ["NRS1", "NRS2"])
def test_masks_of_both_readout_modes_give_the_same_pixels(tmp_path, detector):
    lists = {}
    for readout in ("TRAD", "IRS2"):
        path = write_mask(tmp_path / f"{readout}.fits", readout, detector)
        lists[readout] = import_list(path, detector=detector, date=EPOCH)
        assert lists[readout].readout == readout
        assert lists[readout].provenance.pedigree == "SIMULATION"
    cross = {(600, 1200), (599, 1200), (601, 1200), (600, 1199), (600, 1201)}
    assert places(lists["TRAD"]) == places(lists["IRS2"]) == cross | {(100, 50)}
    for pixels in lists.values():
        assert places(pixels.select(pixels.role == Role.CENTER)) == {(100, 50), (600, 1200)}


def test_imported_pixels_are_hot_at_the_date_and_have_not_recovered(tmp_path):
    path = write_image(tmp_path / "mask.fits", image_of((7, 9)))
    pixels = import_list(path, detector="NRCA1", date=EPOCH)
    assert (pixels.onset_earliest[0], pixels.onset_latest[0]) == (-np.inf, EPOCH)
    assert pixels.recovery_latest[0] == np.inf
    assert (pixels.status[0], pixels.readout) == (Status.STABLE, "TRAD")
    assert (pixels.provenance.as_of, pixels.provenance.coverage) == (EPOCH, None)


def test_a_bit_is_a_value_and_a_sum_means_any_of_them(tmp_path):
    image = image_of(dtype=np.int16)
    image[10, 10], image[20, 20], image[30, 30] = 8, 9, 3
    path = write_image(tmp_path / "mask.fits.gz", image)
    chosen = [places(import_list(path, detector="NIS", date=EPOCH, bit=bit)) for bit in (8, 2, 10)]
    assert chosen == [{(10, 10), (20, 20)}, {(30, 30)}, {(10, 10), (20, 20), (30, 30)}]


def test_reference_pixels_are_excluded(tmp_path):
    path = write_image(tmp_path / "mask.fits", image_of((3, 500), (4, 500)))
    assert places(import_list(path, detector="NRCB1", date=EPOCH)) == {(4, 500)}


def test_a_ring_turned_hot_with_its_first_arm():
    ring = make_list(
        [9, 11, 10],
        [10, 10, 9],
        onset_earliest=[-np.inf, 5.0, 7.0],
        onset_latest=[30.0, 10.0, 20.0],
    )
    pixels = with_rings(ring)
    center = pixels.select(pixels.role == Role.INFERRED_CENTER)
    assert places(center) == {(10, 10)}
    assert (center.onset_earliest[0], center.onset_latest[0]) == (5.0, 10.0)
    assert np.isnan(center.rate[0])


def test_a_csv_may_have_rates_and_onsets(tmp_path):
    path = tmp_path / "pixels.csv"
    path.write_text("# by hand\nx,y,rate,onset\n10,20,3.5,2022-08-01\n12,22,,\n")
    pixels = import_list(path, detector="NRS2", date=EPOCH, readout="IRS2")
    assert places(pixels) == {(20, 10), (22, 12)}
    np.testing.assert_array_equal(pixels.rate, np.float32([3.5, np.nan]))
    np.testing.assert_array_equal(pixels.onset_earliest, [59792.0, -np.inf])
    np.testing.assert_array_equal(pixels.onset_latest, [59792.0, EPOCH])


def test_the_onsets_of_an_ecsv_table_may_be_numbers(tmp_path):
    path = tmp_path / "pixels.ecsv"
    path.write_text(ecsv_of({"x": [10], "y": [20], "onset": [59792.5]}))
    pixels = import_list(path, detector="NRS2", date=EPOCH, readout="IRS2")
    assert pixels.onset_latest.tolist() == [59792.5]


def test_an_exported_table_is_imported_unchanged(tmp_path):
    pixels = make_list(
        [5, 6, 6], [7, 8, 8],
        role=[Role.INFERRED_CENTER, Role.NEIGHBOR, Role.NEIGHBOR], rate=[np.nan, 2.0, 3.0],
        status=[Status.TELEGRAPH, Status.RECOVERED, Status.STABLE],
        onset_earliest=[-np.inf, 100.0, 300.0], onset_latest=[100.0, 150.0, 350.0],
        recovery_earliest=[np.inf, 200.0, np.inf], recovery_latest=[np.inf, 250.0, np.inf],
    )  # fmt: skip
    export_ecsv(pixels, tmp_path / "list.ecsv")
    again = import_list(tmp_path / "list.ecsv", detector="NRS1", date=EPOCH)
    assert again.digest() == pixels.digest()


def test_the_command_shows_what_it_imported(tmp_path):
    write_mask(tmp_path / "mask.fits")
    run = run_import("mask.fits", "--format", "mask", "--json", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    shown = json.loads(run.stdout)
    expected = {"detector": "NRS1", "readout": "TRAD", "n_pixels": 6, "n_neighbors": 4}
    assert {key: shown[key] for key in expected} == expected
    again = subprocess.run([HOTPIX, "show", tmp_path / "out.asdf", "--json"],
                           capture_output=True, check=True)  # fmt: skip
    assert json.loads(again.stdout) == shown


def test_the_command_writes_nothing_after_an_error(tmp_path):
    (tmp_path / "pixels.csv").write_text("x,y\n2048,5\n")
    run = run_import("pixels.csv", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "hotpix: pixels.csv: x in line 2: expected 0 to 2047, found 2048\n"
    assert {path.name for path in tmp_path.iterdir()} == {"pixels.csv"}


def ecsv_of(columns, **meta):
    """An ECSV table as text."""
    stream = io.StringIO()
    Table(columns, meta=meta).write(stream, format="ascii.ecsv")
    return stream.getvalue()


def write_fits_table(path, **cards):
    primary = fits.PrimaryHDU()
    primary.header.update(cards)
    table = fits.BinTableHDU(Table({"X": [10, 12], "Y": [20, 22]}))
    fits.HDUList([primary, table]).writeto(path)
    return path


WRITTEN = {
    "blanks": "10 20\n12 22\n",
    "many blanks": "  10   20  \n\n  12   22\n",
    "named in a comment": "# made by hand\n# x y\n10 20\n12 22\n",
    "named in a comment, y first": "# y x\n20 10\n22 12\n",
    "tab": "10\t20\n12\t22\n",
    "tab, named": "x\ty\trate\n10\t20\t\n12\t22\t\n",
    "semicolon": "x;y\n10;20\n12;22\n",
    "comma": "10,20\n12,22\n",
    "comma and blank": "x, y\n10, 20\n12, 22\n",
    "upper case": "X,Y\n10,20\n12,22\n",
    "byte order mark": "\ufeffx,y\n10,20\n12,22\n",
    "byte order mark, no header": "\ufeff10 20\n12 22\n",
    "Windows": "x,y\r\n10,20\r\n12,22\r\n",
    "decimals": "10.0 20.0\n1.2e1 22\n",
    "other columns": 'id,x,y,remark\na,10,20,"hot, new"\nb,12,22,\n',
    "remarks": "10 20 # bright\n12 22\n",
    "flags": "x y flag\n10 20 HOT\n12 22 hot\n14 24 DEAD\n",
    "twice": "10 20\n12 22\n10 20\n",
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_table_is_read_as_people_write_it(tmp_path, kind):
    """B8."""
    path = tmp_path / "pixels.txt"
    path.write_bytes(WRITTEN[kind].encode())
    pixels = import_list(path, detector="NRS1", date=EPOCH)
    assert places(pixels) == {(20, 10), (22, 12)}
    assert len(pixels) == 2


def test_a_fits_table_and_a_gzipped_text_are_read(tmp_path):
    table = write_fits_table(tmp_path / "table.fits", DETECTOR="NRS1")
    text = tmp_path / "text.csv.gz"
    text.write_bytes(gzip.compress(b"x,y\n10,20\n12,22\n"))
    for path in (table, text):
        assert places(import_list(path, detector="NRS1", date=EPOCH)) == {(20, 10), (22, 12)}


def test_the_real_list_of_jwst_reffiles_has_its_2545_pixels(shared_data, caplog):
    """B8."""
    path = shared_data / "other" / "nircam_nrca1_manual_flags.txt"
    pixels = import_list(path, detector="NRCA1", date=EPOCH)
    counts = [count(pixels, role) for role in (Role.INFERRED_CENTER, Role.NEIGHBOR)]
    assert counts == [140, 252]
    assert len(pixels) == 2545 + 140
    assert "pixels flagged DEAD are taken as hot" in caplog.text


@pytest.mark.parametrize(
    ("row", "n"), [("199:201 7", 3), ("199:201 7:8", 6), ("2046: 7", 2), ("7 :4", 5), ("7 :", 2048)]
)
def test_ranges_are_inclusive_and_open_ends_reach_the_edge(tmp_path, row, n):
    (tmp_path / "pixels.txt").write_text(f"x y\n{row}\n")
    found = read_table(tmp_path / "pixels.txt", get_detector("NRS1"))
    assert found.columns["x"].size == n
    if row == "199:201 7:8":
        assert set(zip(*(found.columns[name].tolist() for name in "xy"), strict=True)) == {
            (x, y) for x in (199, 200, 201) for y in (7, 8)
        }


@given(
    pixels=st.sets(st.tuples(st.integers(0, 2047), st.integers(0, 2047)), min_size=1, max_size=30),
    separator=st.sampled_from([",", ";", "\t", " ", "   ", ", "]),
    header=st.sampled_from(["", "x{}y\n", "X{}Y\n", "# x{}y\n", "\ufeffx{}y\n", "# a\n\n"]),
    end=st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_any_way_of_writing_a_table_gives_the_same_pixels(
    tmp_path_factory, pixels, separator, header, end
):
    rows = [f"{x}{separator}{y}" for x, y in pixels]
    path = tmp_path_factory.mktemp("written") / "pixels.txt"
    path.write_bytes((header.format(separator) + end.join([*rows, *rows[:3]])).encode())
    found = read_table(path, get_detector("NRS1")).columns
    assert sorted(zip(found["x"], found["y"], strict=True)) == sorted(pixels)


def run_import(name, *options, cwd):
    args = ("--detector", "NRS1", "--date", "2023-02-25", "-o", "out.asdf", *options)
    return subprocess.run(
        [HOTPIX, "import", name, *args], capture_output=True, text=True, check=False, cwd=cwd
    )


def _without_dq_def(path):
    hdus = mask(planted("TRAD"), EPOCH, useafter=USEAFTER)
    del hdus["DQ_DEF"]
    hdus.writeto(path)


def _dark(path):
    dark(planted("TRAD"), EPOCH, useafter=USEAFTER, subarray="ALLSLITS", nframes=2).writeto(path)


def _truncated(path):
    fits.PrimaryHDU(image_of((5, 5))).writeto(path)
    path.write_bytes(path.read_bytes()[:100_000])


YAML = "files: [a_b_c_nrs2_rate.fits]\nflags: {HOT: 8}\nshape: [2048, 2048]\n"
LINES = "pixel_index: [5]\npixel_value: [8]\n"
BAD = {
    "wrong detector of a MASK": (
        lambda path: write_mask(path, detector="NRS2"), {}, "detector: expected NRS1, found NRS2"),
    "MASK without DQ_DEF": (_without_dq_def, {}, "no extension DQ_DEF, without which"),
    "DARK as MASK": (_dark, {}, "reftype: expected MASK, found DARK"),
    "bit of no pixel": (
        write_mask, {"bit": 4096}, "no pixel has bit 4096; the values are"),
    "subarray image": (
        lambda path: write_image(path, image_of((5, 5), shape=(64, 2048))), {},
        "shape of the image: expected (2048, 2048) or (3200, 2048), found (64, 2048)"),
    "float image": (
        lambda path: write_image(path, image_of((5, 5), dtype=np.float32)), {},
        "expected one 2-D image of integers, found PRIMARY of float32"),
    "several values, no bit": (
        lambda path: write_image(path, image_of((5, 5), dtype=np.int16) + np.eye(2048, dtype="i2")),
        {}, "the image has the values 1 (2047 pixels), 2 (1 pixel); choose the bit that means"),
    "nothing flagged": (
        lambda path: write_image(path, image_of()), {}, "no pixel is flagged: the image is zero"),
    "half a file": (
        _truncated, {}, "truncated or damaged: 100000 bytes, but its headers describe 4197184"),
    "picture": (
        lambda path: path.write_bytes(b"\x89PNG\r\n"), {},
        "neither FITS nor text in UTF-8"),
    "prose": (
        lambda path: path.write_text("Dear colleague"), {},
        "not a FITS image or table, YAML of msaexp, or a table of x and y; it starts with 'Dear"),
    "format of another name": (
        write_mask, {"format": "yaml"},
        "unknown format 'yaml'; the formats are mask, msaexp, table"),
    "table as mask": (
        lambda path: path.write_text("x,y\n5,5\n"), {"format": "mask"}, "not a FITS file"),
    "empty table": (
        lambda path: path.write_text("x,y\n"), {}, "the table has no rows"),
    "no y": (
        lambda path: path.write_text("x,row\n5,5\n"), {},
        "no columns x and y; the columns are x, row"),
    "below zero": (
        lambda path: path.write_text("x,y\n5,-1\n"), {},
        "y in line 2: expected 0 to 2047, found -1"),
    "between pixels": (
        lambda path: path.write_text("x,y\n5.5,1\n"), {},
        "x in line 2: expected a whole number, or a range such as 199:201, found '5.5'"),
    "words": (
        lambda path: path.write_text("x,y\n5,five\n"), {}, "y in line 2: expected a whole number"),
    "rate in electrons": (
        lambda path: Table({"x": [5], "y": [5], "rate": [2.0]}, units={"rate": "electron/s"}).write(
            path, format="ascii.ecsv"), {}, "unit of rate: expected DN/s, found electron / s"),
    "onset after the date": (
        lambda path: path.write_text("x,y,onset\n5,5,2030-01-01\n"), {},
        "the onset 2030-01-01 (MJD 62502) is later than the date of the list, 2023-02-25 (MJD 6"),
    "bit of a table": (
        lambda path: path.write_text("x,y\n5,5\n"), {"bit": 8},
        "a table has no bits to choose from"),
    "msaexp of another detector": (
        lambda path: path.write_text(YAML + LINES), {}, "detector: expected NRS1, found NRS2"),
    "msaexp with values of another length": (
        lambda path: path.write_text(YAML.replace("nrs2", "nrs1") + LINES.replace("[5]", "[5, 6]")),
        {}, "pixel_index has 2 values, but pixel_value has 1"),
    "msaexp with words": (
        lambda path: path.write_text(YAML.replace("nrs2", "nrs1") + LINES.replace("[5]", "five")),
        {}, "pixel_index: expected a list of integers, found str"),
    "msaexp without pixels": (
        lambda path: path.write_text(YAML), {},
        "not a list of msaexp: it lacks pixel_index, pixel_value"),
    "msaexp off the detector": (
        lambda path: path.write_text(YAML.replace("nrs2", "nrs1") + LINES.replace("5", "4194304")),
        {}, "pixel_index: expected 0 to 4194303, found 4194304"),
    "msaexp beyond 64 bits": (
        lambda path: path.write_text(
            YAML.replace("nrs2", "nrs1") + LINES.replace("[5]", f"[{10**30}]")),
        {}, f"pixel_index: expected 64-bit integers, found {10**30}"),
    "msaexp without HOT": (
        lambda path: path.write_text(
            YAML.replace("nrs2", "nrs1").replace("HOT", "COLD") + LINES),
        {}, "flags does not name HOT; choose a bit with --bit"),
    "msaexp with files that are a number": (
        lambda path: path.write_text("files: 5\nflags: {HOT: 4}\nshape: [2048, 2048]\n" + LINES),
        {}, "files: expected a list of names, found int"),
    "msaexp with a bit beyond 32": (
        lambda path: path.write_text(
            YAML.replace("nrs2", "nrs1").replace("8}", f"{10**30}}}") + LINES),
        {}, "bit of HOT in flags: expected a bit of 32, found 1000"),
    "impossible date in YAML": (
        lambda path: path.write_text(YAML + "made: 2024-13-45\n" + LINES),
        {}, "not valid YAML: an invalid value: month must be in 1..12"),
    "YAML that grows": (
        lambda path: path.write_text(
            "- &a0 [x, x]\n" + "".join(f"- &a{i + 1} [*a{i}, *a{i}]\n" for i in range(60))),
        {"format": "msaexp"}, "not valid YAML: a tree of too many nodes"),
    "broken YAML": (
        lambda path: path.write_text("flags: {"), {}, "not valid YAML: "),
    "bit beyond 32 bits": (write_mask, {"bit": 1 << 70}, "bit: expected 1 to 4294967295"),
    "place beyond 64 bits": (
        lambda path: path.write_text(f"x,y\n5,{10**30}\n"), {},
        f"y in line 2: expected 0 to 2047, found {10**30}"),
    "infinite place": (
        lambda path: path.write_text("x,y\n5,inf\n"), {}, "y in line 2: expected a whole number"),
    "impossible date": (
        lambda path: path.write_text("x,y,onset\n5,5,2022-13-45\n"), {},
        "onset in line 2: expected an MJD or an ISO 8601 date, found '2022-13-45'"),
    "date in no calendar": (
        lambda path: path.write_text("x,y,onset\n5,5,-1e12\n"), {},
        "onset in line 2: expected an MJD or an ISO 8601 date, found '-1e12'"),
    "open quote": (
        lambda path: path.write_text('x,y,note\n5,5,"\n6,6,\n7,7,"\n'), {},
        "line 2 cannot be read: a quote is not closed"),
    "open quote in ECSV": (
        lambda path: path.write_text(ecsv_of({"x": [5], "y": [5], "note": ["a"]}) + '6 6 "\n7 7 "'),
        {}, "a quote is not closed"),
    "short row": (
        lambda path: path.write_text("x,y\n5,5\n6\n"), {}, "cells in line 3: expected 2, found 1"),
    "many columns": (
        lambda path: path.write_text("1," * 2000), {}, "cells in line 1: expected at most 1000"),
    "name twice": (
        lambda path: path.write_text("x,y,X\n5,5,5\n"), {}, "two columns are named 'x'"),
    "ranges without end": (
        lambda path: path.write_text("x,y\n" + ":,:\n" * 400), {},
        "pixels: expected at most 1048576, a quarter of the detector, found 1677721600"),
    "rows without end": (
        lambda path: path.write_bytes(gzip.compress(b"5 5\n" * 300_001)), {},
        "rows: expected at most 300000, found more"),
    "ECSV header that grows": (
        lambda path: path.write_text(
            "# %ECSV 1.0\n# ---\n# a0: &a0 {b: 1}\n"
            + "".join(f"# a{i + 1}: &a{i + 1} {{c: [*a{i}, *a{i}]}}\n" for i in range(20))
            + "# datatype: [{name: x, datatype: int64}, {name: y, datatype: int64}]\nx y\n1 2\n"),
        {}, "not a valid ECSV table: UnboundedError: a tree of too many nodes"),
    "long ECSV header": (
        lambda path: path.write_text(f"# %ECSV 1.0\n# {'a' * 300_000}\nx y\n1 2\n"),
        {"format": "table"}, "header: expected at most 262144 characters"),
    "number of too many digits": (
        lambda path: path.write_text(f"flags: {{HOT: 1{':59' * 999}}}\n"), {},
        "not valid YAML: a number of too many digits"),
    "range backward": (
        lambda path: path.write_text("201:199 5\n"), {}, "x in line 1: expected 0 to 2047, found"),
    "columns of vectors": (
        lambda path: path.write_text(ecsv_of({"x": [[5, 6]], "y": [5]})), {},
        "column x: expected numbers, found int64, shape (1, 2)"),
    "column of words": (
        lambda path: path.write_text(ecsv_of({"x": ["five"], "y": [5]})), {},
        "column x: expected numbers, found 'five'"),
    "threshold in words": (
        lambda path: path.write_text(ecsv_of({"x": [5], "y": [5]}, threshold_dn_per_s="low")), {},
        "threshold_dn_per_s: expected a number, found 'low'"),
    "ECSV of nothing": (
        lambda path: path.write_text("# %ECSV 1.0\n# ---\n# datatype: [\n1 2\n"), {},
        "not a valid ECSV table: "),
    "FITS table without places": (
        lambda path: fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU(Table({"a": [5]}))]).writeto(
            path), {"format": "table"}, "no table of this FITS file has columns x and y"),
    "FITS table of another detector": (
        lambda path: write_fits_table(path, DETECTOR="NRS2"), {},
        "detector: expected NRS1, found NRS2"),
    "damaged gzip": (
        lambda path: path.write_bytes(gzip.compress(b"x,y\n5,5\n" * 99)[:-20]), {},
        "damaged gzip file: "),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_with_a_reason(tmp_path, case):
    make, options, message = BAD[case]
    path = tmp_path / "input.dat"
    make(path)
    with pytest.raises(HotPixError) as caught:
        import_list(path, detector="NRS1", date=EPOCH, **options)
    where, _, reason = str(caught.value).partition(": ")
    assert where == str(path)
    assert "input.dat" not in reason
    assert message in reason


def test_what_broke_readers_of_tables_and_yaml_is_read_or_refused_by_name(shared_data):
    # FIELD D8, D11.
    paths = sorted((shared_data.parent / "hostile" / "yaml").iterdir())
    assert len(paths) > 10
    for path in paths:
        if path.name != "e_ped_map.ecsv":  # a mapping where nobody looks
            with pytest.raises(HotPixError) as caught:
                import_list(path, detector="NRS1", date=EPOCH)
            assert str(caught.value).startswith(f"{path}: ")
