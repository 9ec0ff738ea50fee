"""What others publish becomes a list: masks, msaexp's lists, tables."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exchange.export_list import export_ecsv
from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.exchange.roles_by_shape import with_rings
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
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
    # The reference count leaves out arms of crosses whose center is listed: at most 1 %.
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


def test_imported_pixels_are_known_hot_at_the_date_and_ever_since(tmp_path):
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


def test_reference_pixels_are_left_out(tmp_path):
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


def test_a_csv_may_know_rates_and_onsets(tmp_path):
    path = tmp_path / "pixels.csv"
    path.write_text("# by hand\nx,y,rate,onset\n10,20,3.5,2022-08-01\n12,22,,\n")
    pixels = import_list(path, detector="NRS2", date=EPOCH, readout="IRS2")
    assert places(pixels) == {(20, 10), (22, 12)}
    np.testing.assert_array_equal(pixels.rate, np.float32([3.5, np.nan]))
    np.testing.assert_array_equal(pixels.onset_earliest, [59792.0, -np.inf])
    np.testing.assert_array_equal(pixels.onset_latest, [59792.0, EPOCH])


def test_an_exported_table_comes_back_as_it_was(tmp_path):
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
    assert run.stderr == "hotpix: pixels.csv: x of entry 0: expected 0 to 2047, found 2048\n"
    assert {path.name for path in tmp_path.iterdir()} == {"pixels.csv"}


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
    "MASK without DQ_DEF": (_without_dq_def, {}, "DQ_DEF: expected an extension"),
    "DARK as MASK": (_dark, {}, "reftype: expected MASK, found DARK"),
    "bit of no pixel": (
        write_mask, {"bit": 4096}, "bit: expected pixels that have bit 4096, found the values"),
    "subarray image": (
        lambda path: write_image(path, image_of((5, 5), shape=(64, 2048))), {},
        "shape of the image: expected (2048, 2048) or (3200, 2048), found (64, 2048)"),
    "float image": (
        lambda path: write_image(path, image_of((5, 5), dtype=np.float32)), {},
        "images: expected one 2-D image of integers, found PRIMARY of float32"),
    "several values, no bit": (
        lambda path: write_image(path, image_of((5, 5), dtype=np.int16) + np.eye(2048, dtype="i2")),
        {}, "expected one nonzero value, or the bit to take (--bit), found 1 (2047 pixels), 2 (1"),
    "nothing flagged": (
        lambda path: write_image(path, image_of()), {}, "found 0 only"),
    "half a file": (_truncated, {}, "file: expected 4199040 bytes by its headers, found 100000"),
    "picture": (
        lambda path: path.write_bytes(b"\x89PNG\r\n"), {},
        "content: expected a FITS image, YAML of msaexp, or a CSV or ECSV table, found 'PNG"),
    "format of another name": (
        write_mask, {"format": "yaml"}, "format: expected one of mask, msaexp, table, found yaml"),
    "table as mask": (
        lambda path: path.write_text("x,y\n5,5\n"), {"format": "mask"}, "expected FITS"),
    "empty table": (
        lambda path: path.write_text("x,y\n"), {}, "rows: expected at least one pixel, found 0"),
    "no y": (
        lambda path: path.write_text("x,row\n5,5\n"), {},
        "columns: expected x and y, zero-based, found x, row"),
    "below zero": (
        lambda path: path.write_text("x,y\n5,-1\n"), {}, "y: expected whole numbers 0 to 65535"),
    "between pixels": (
        lambda path: path.write_text("x,y\n5.5,1\n"), {}, "x: expected whole numbers"),
    "words": (
        lambda path: path.write_text("x,y\n5,five\n"), {}, "column y: expected numbers, found"),
    "rate in electrons": (
        lambda path: Table({"x": [5], "y": [5], "rate": [2.0]}, units={"rate": "electron/s"}).write(
            path, format="ascii.ecsv"), {}, "unit of rate: expected DN/s, found electron / s"),
    "onset after the date": (
        lambda path: path.write_text("x,y,onset\n5,5,2030-01-01\n"), {},
        "onset: expected not after the date of the list, MJD 60000.0, found 62502.0"),
    "bit of a table": (
        lambda path: path.write_text("x,y\n5,5\n"), {"bit": 8}, "bit: expected none for a table"),
    "msaexp of another detector": (
        lambda path: path.write_text(YAML + LINES), {}, "detector: expected NRS1, found NRS2"),
    "msaexp with values of another length": (
        lambda path: path.write_text(YAML.replace("nrs2", "nrs1") + LINES.replace("[5]", "[5, 6]")),
        {}, "length of pixel_value: expected 2 as pixel_index, found 1"),
    "msaexp with words": (
        lambda path: path.write_text(YAML.replace("nrs2", "nrs1") + LINES.replace("[5]", "five")),
        {}, "pixel_index: expected a list of integers, found str"),
    "msaexp without pixels": (
        lambda path: path.write_text(YAML), {}, "keys: expected flags, pixel_index"),
    "msaexp off the detector": (
        lambda path: path.write_text(YAML.replace("nrs2", "nrs1") + LINES.replace("5", "4194304")),
        {}, "pixel_index: expected 0 to 4194303, found 4194304"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named_with_what_was_expected_and_found(tmp_path, case):
    make, options, message = BAD[case]
    path = tmp_path / "input.dat"
    make(path)
    with pytest.raises(HotPixError) as caught:
        import_list(path, detector="NRS1", date=EPOCH, **options)
    assert str(caught.value).startswith("input.dat: ")
    assert message in str(caught.value)
