"""``hotpix trend`` as a user runs it, on ledgers and on real masks."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from jwst_hotpix.instrument.published_growth import GROWTH
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.crds_hdus import dq_def
from jwst_hotpix.tools.dates import iso
from worlds import EPOCHS, ESA, STSCI, references, steady_world, two_methods

HOTPIX = Path(sys.executable).with_name("hotpix")
MASKS = {
    "2023-01-20": "nrc_badpix_230120_NRCALONG.fits.gz",
    "2023-07-01": "nrc_badpix_230701_NRCALONG.fits.gz",
    "2023-12-06": "nrc_badpix_231206_NRCALONG__1f14ac1a.fits.gz",
    "2024-06-27": "nrc_badpix_240627_NRCALONG.fits.gz",
    "2025-10-16": "nrc_badpix_251016_NRCALONG.fits.gz",
}


def hotpix_trend(*args, code=0):
    run = subprocess.run(
        [HOTPIX, "trend", *map(str, args), "--json"], capture_output=True, text=True, check=False
    )
    assert run.returncode == code, run.stderr
    assert "NaN" not in run.stdout
    return json.loads(run.stdout) if run.stdout else None, run.stderr


def keep(folder, records):
    for record in records:
        Ledger(folder).keep(record)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Two detectors in two modes with the break of 2023, and single darks of one of them."""
    folder = tmp_path_factory.mktemp("trend") / "ledger"
    for (detector, readout), row in GROWTH.items():
        world = steady_world(detector, readout, row, 4)
        keep(folder, two_methods(world, 3, facts=(ESA, STSCI)))
    singles = references(steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 4), EPOCHS[:3] + 20)
    for record in singles:
        object.__setattr__(record, "kind", "dark")
    keep(folder, singles)
    return folder


def test_a_ledger_gives_table_1_with_breaks(ledger, tmp_path):
    result, _ = hotpix_trend(
        ledger,
        "-o",
        tmp_path / "t.ecsv",
        "--plot",
        tmp_path / "t.png",
        "--plot",
        tmp_path / "t.svg",
        "--figures",
        tmp_path,
    )
    rows = result["rows"]
    assert {"detector", "readout", "threshold", "per_month", "error", "n_epochs", "breaks"} <= set(
        rows[0]
    )
    table = {
        (r["detector"], r["readout"], r["threshold"]): r for r in rows if r["kind"] == "reference"
    }
    assert len(table) == 16
    row = table["NRS2", "IRS2", 1.0]
    assert abs(row["centers_per_month"] - 86) < 4 * row["centers_error"]
    assert row["percent_per_year"] == pytest.approx(row["per_month"] * 12 / 2048**2 * 100)
    assert [one["date"][:10] for one in row["breaks"]] == ["2023-07-01"]
    assert len([r for r in rows if r["kind"] == "dark"]) == 4
    written = Table.read(tmp_path / "t.ecsv")
    assert np.allclose(written["per_month"], [r["per_month"] for r in rows])
    assert (tmp_path / "t.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "t.svg").read_bytes()
    assert (tmp_path / "t.svg").read_bytes() == (tmp_path / "trend.svg").read_bytes()


def test_one_series_until_a_day_above_any_threshold(ledger):
    result, _ = hotpix_trend(
        ledger, "--detector", "nrs1", "--readout", "trad", "--kind", "reference",
        "--threshold", 5, "--threshold", 0.5, "--since", "2023-06-01", "--as-of", "2024-08-01",
    )  # fmt: skip
    rows = result["rows"]
    assert [row["threshold"] for row in rows] == [0.5, 5.0]
    assert {row["n_epochs"] for row in rows} == {4}
    assert rows[0]["breaks"] == []


@pytest.mark.parametrize(("ending", "start"), [("md", "|  | 1 DN/s |"), ("txt", "    ")])
def test_table_1_is_text_and_markdown(ledger, tmp_path, ending, start):
    hotpix_trend(ledger, "--kind", "reference", "-o", tmp_path / f"table.{ending}")
    lines = (tmp_path / f"table.{ending}").read_text().splitlines()
    assert lines[0].startswith(start)
    assert [line for line in lines if "NRS1 (IRS2)" in line and "±" in line]
    assert len(lines) == (6 if ending == "md" else 5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--detector", "NRS3"], "detector: expected one of NRS1, NRS2"),
        (["--detector", "NRCA1"], "ledger: the ledger holds no darks of NRCA1"),
        (["--as-of", "2020-01-01"], "ledger: the ledger holds no darks of that kind and time"),
        (["-o", "table.docx"], "table.docx: the name must end in .txt, .md or .ecsv"),
        (["--plot", "picture.bmp"], "picture.bmp: the name must end in .png, .svg or .pdf"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(ledger, options, message):
    _, errors = hotpix_trend(ledger, *options, code=1)
    assert message in errors
    assert len(errors.splitlines()) == 1


def test_an_empty_ledger_and_a_negative_threshold_are_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    _, errors = hotpix_trend(tmp_path / "empty", code=1)
    assert "empty: no records" in errors
    _, errors = hotpix_trend(tmp_path / "empty", "--threshold", -1, code=2)
    assert "-1.0 is not in the range" in errors


def test_a_series_that_is_refused_stops_no_other_and_ends_with_status_1(tmp_path):
    for detector, facts in (("NRS1", (ESA, STSCI)), ("NRS2", (STSCI, STSCI))):
        records = references(steady_world(detector, "TRAD", GROWTH[detector, "TRAD"], 2))
        for number, record in enumerate(records):
            record.facts.update(facts[number % 2])
        keep(tmp_path, records)
    result, errors = hotpix_trend(tmp_path, code=1)
    assert {row["detector"] for row in result["rows"]} == {"NRS2"}
    assert errors.startswith("hotpix: NRS1 TRAD, reference darks: methods of the darks: expected")


def write_mask(path, flagged, **facts):
    """A MASK of NRS1 TRAD that calls some pixels HOT."""
    names = dq_def()
    bit = dict(zip(names.data["NAME"], names.data["VALUE"], strict=True))["HOT"]
    primary = fits.PrimaryHDU()
    primary.header.update(
        {"REFTYPE": "MASK", "DETECTOR": "NRS1", "READPATT": "NRSRAPID",
         "USEAFTER": "2024-03-05T00:00:00", "SUBSTRT1": 1, "SUBSTRT2": 1} | facts
    )  # fmt: skip
    dq = fits.ImageHDU((flagged * bit).astype(np.uint32), name="DQ")
    fits.HDUList([primary, dq, names]).writeto(path)
    return path


def test_a_mask_is_compared_with_the_dark_beside_it(tmp_path):
    world = steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 2)
    records = references(world)
    keep(tmp_path / "ledger", records)
    rate = np.zeros(2048 * 2048, np.float32)
    rate[records[5].pixel] = records[5].rate
    flagged = (rate > 1).reshape(2048, 2048)
    lost = tuple(np.argwhere(flagged)[7].tolist())
    flagged[lost], flagged[1000, 1100] = False, True
    write_mask(tmp_path / "mask.fits", flagged)
    result, _ = hotpix_trend(tmp_path / "ledger", "--mask", tmp_path / "mask.fits")
    (check,) = result["consistency"]
    assert check["dark_date"].startswith(iso(EPOCHS[5])[:10])
    assert check["n_dark"] == check["n_mask"] == check["n_both"] + 1
    (missing,) = check["only_dark"]
    assert (missing["y"], missing["x"]) == lost
    assert missing["rate"] > 1
    assert check["only_mask"] == [{"x": 1100, "y": 1000, "rate": None}]
    shown = subprocess.run(
        [HOTPIX, "trend", tmp_path / "ledger", "--mask", tmp_path / "mask.fits"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert re.search(r"MASK +│ +1100 │ 1000 │ +unknown", shown)


@pytest.fixture(scope="module")
def spot(tmp_path_factory):
    """MASKs of three dates with one pixel more each, one at the edge; another readout mode."""
    folder = tmp_path_factory.mktemp("masks")
    for number, date in enumerate(("2023-01-01", "2024-01-01", "2025-01-01"), start=1):
        flagged = np.zeros((2048, 2048), bool)
        flagged[1000, 100 : 100 + 10 * number : 10] = True
        flagged[6, 1000] = True
        write_mask(folder / f"mask{number}.fits", flagged, USEAFTER=f"{date}T00:00:00")
    write_mask(folder / "irs2.fits", flagged, READPATT="NRSIRS2RAPID")
    return folder


def test_masks_are_taken_by_date_and_readout_mode(spot):
    every = (*(spot / f"mask{n}.fits" for n in (1, 2, 3)), spot / "irs2.fits")
    asked = ("--detector", "NRS1", "--readout", "trad")

    def counts(*options):
        (row,) = hotpix_trend(*every, *asked, *options)[0]["rows"]
        return row["n_epochs"], row["first_count"], row["last_count"]

    assert counts() == (3, 2, 4)
    assert counts("--since", "2024-01-01") == (2, 3, 4)
    assert counts("--as-of", "2024-06-01") == (2, 2, 3)
    assert counts("--edge", 8) == (3, 1, 3)
    _, errors = hotpix_trend(*every, *asked, "--since", "2026-01-01", code=1)
    assert "no mask is of that readout mode and time" in errors


@pytest.mark.parametrize("option", [("--kind", "dark"), ("--threshold", 5)])
def test_what_only_darks_have_is_refused_for_masks(spot, option):
    _, errors = hotpix_trend(spot / "mask1.fits", "--detector", "NRS1", *option, code=2)
    assert "--kind and --threshold are of darks" in errors


def test_a_mask_whose_date_is_not_a_date_is_named(ledger, tmp_path):
    path = write_mask(tmp_path / "odd.fits", np.zeros((2048, 2048), bool), USEAFTER="soon")
    message = f"{path}: date (USEAFTER): expected an ISO 8601 date, found 'soon'"
    _, errors = hotpix_trend(path, "--detector", "NRS1", code=1)
    assert errors == f"hotpix: {message}\n"
    result, errors = hotpix_trend(ledger, "--mask", path, code=1)
    assert result["rows"]
    assert errors == f"hotpix: {message}\n"


def test_trends_survive_a_mask_that_cannot_be_read(ledger, tmp_path):
    (tmp_path / "junk.fits").write_text("no FITS")
    for name in ("junk.fits", "nope.fits"):
        for options in ((), ("--detector", "NRS1")):
            result, errors = hotpix_trend(ledger, *options, "--mask", tmp_path / name, code=1)
            assert result["rows"]
            assert errors.count("hotpix:") == 1
            assert name in errors


def test_the_bit_and_the_edge_also_apply_to_a_mask_to_compare(ledger, spot):
    asked = (ledger, "--mask", spot / "mask3.fits")
    (check,) = hotpix_trend(*asked)[0]["consistency"]
    # Pixels that saturate at once have no rate that JSON could hold.
    assert None in [pixel["rate"] for pixel in check["only_dark"]]
    (inner,) = hotpix_trend(*asked, "--edge", 8)[0]["consistency"]
    assert check["n_mask"] == inner["n_mask"] + 1 == 4
    _, errors = hotpix_trend(*asked, "--bit", 1 << 30, code=1)
    assert f"mask3.fits: no pixel has bit {1 << 30}" in errors


def test_a_mask_is_compared_with_darks_of_the_time_asked_for(ledger, spot):
    asked = (ledger, "--kind", "reference", "--mask", spot / "mask3.fits")
    (check,) = hotpix_trend(*asked, "--as-of", "2024-01-01")[0]["consistency"]
    assert check["dark_date"] < "2024"
    (check,) = hotpix_trend(*asked)[0]["consistency"]
    assert check["dark_date"] > "2024-10"


@pytest.mark.parametrize("threshold", ["nan", "inf"])
def test_a_threshold_that_is_no_number_is_refused(ledger, threshold):
    _, errors = hotpix_trend(ledger, "--threshold", threshold, code=2)
    assert f"expected a finite number, found {threshold}" in errors


def test_a_threshold_given_twice_is_one(ledger):
    asked = ("--detector", "NRS1", "--readout", "trad", "--kind", "dark")
    result, _ = hotpix_trend(ledger, *asked, "--threshold", 3, "--threshold", 3)
    assert [row["threshold"] for row in result["rows"]] == [3.0]


def test_no_growth_has_no_sign(tmp_path):
    (first, *later) = references(steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 2))
    same = {name: getattr(first, name) for name in ("pixel", "rate", "error", "unseen")}
    keep(tmp_path / "ledger", [first, *(replace(record, **same) for record in later)])
    table = tmp_path / "table.txt"
    shown = subprocess.run(
        [HOTPIX, "trend", tmp_path / "ledger", "-o", table],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "-0.0" not in shown + table.read_text()


def masks(shared_data, *dates):
    return [f"{date}={shared_data / 'nircam' / MASKS[date]}" for date in dates]


OPTIONS = ("--detector", "NRCALONG", "--bit", 1, "--edge", 8)


def test_real_masks_grow_by_106_per_month(shared_data):
    result, _ = hotpix_trend(*masks(shared_data, "2023-01-20", "2023-07-01"), *OPTIONS)
    (row,) = result["rows"]
    assert row["last_count"] - row["first_count"] == 563
    assert row["per_month"] == pytest.approx(105.8, abs=0.1)
    # 563 events would give 4.46; some of them are pixels that touch.
    assert 4.4 < row["error"] < 4.8
    assert (row["threshold"], row["breaks"]) == (None, [])


def test_real_masks_of_two_methods_are_split_or_refused(shared_data):
    three = masks(shared_data, "2023-01-20", "2023-07-01", "2023-12-06")
    result, _ = hotpix_trend(*three, *OPTIONS)
    (row,) = result["rows"]
    assert row["per_month"] == pytest.approx(105.8, abs=0.1)
    (found,) = row["breaks"]
    assert found["date"].startswith("2023-12-06")
    assert "filter F444W → F277W" in found["reason"]
    _, errors = hotpix_trend(*three[1:], *OPTIONS, code=1)
    assert "changes in 1 of 1" in errors
    # The years before and after do not grow alike: one slope for both would be wrong.
    _, errors = hotpix_trend(*masks(shared_data, *MASKS), *OPTIONS, code=1)
    assert "expected the same in all intervals" in errors


def test_masks_need_a_date_and_a_detector(shared_data):
    (dated,) = masks(shared_data, "2023-01-20")
    _, errors = hotpix_trend(dated.partition("=")[2], *OPTIONS, code=1)
    assert "no date: USEAFTER is not set; give DATE=FILE" in errors
    _, errors = hotpix_trend(dated, code=2)
    assert "masks need --detector" in errors
    _, errors = hotpix_trend(dated, *OPTIONS, code=1)
    assert "epochs: expected at least two" in errors


def test_a_ledger_lists_what_it_holds(ledger):
    assert Ledger(ledger).contents() == sorted(GROWTH)
