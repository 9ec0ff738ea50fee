"""``hotpix ta`` as a user runs it."""

import json
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from acquisitions import write_msata, write_wata
from helpers import EPOCH, make_list
from jwst_hotpix.cli import main
from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.target_acq import places_hit

SINCE = "2022-08-09"


class Run(NamedTuple):
    stdout: str
    stderr: str


@pytest.fixture
def ta(capsys, monkeypatch):
    """Run the command in this process: a new one would spend its time on imports."""

    def run(*args, code=0):
        monkeypatch.setattr(sys, "argv", ["hotpix", "ta", *map(str, args)])
        try:
            main()
            status = 0
        except SystemExit as stop:
            # A message instead of a status is printed, and the status 1, by the interpreter.
            text = isinstance(stop.code, str)
            status = 1 if text else stop.code
            sys.stderr.write(stop.code if text else "")
        run = Run(*capsys.readouterr())
        assert status == code, run.stderr
        return run

    return run


@pytest.fixture
def answer(ta):
    return lambda *args, code=0: json.loads(ta(*args, "--json", code=code).stdout)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Three pixels in SUB32, two of them in the aperture; one in the stamp of star 101; NRS2."""
    pixels = make_list(
        [979, 989, 990, 1669, 300], [1399, 1415, 1416, 1532, 300],
        rate=[2.0, 8.0, np.nan, 6000.0, 8.0],
        onset_earliest=[EPOCH - 150] * 5,
        provenance=Provenance(coverage=(EPOCH - 500, EPOCH)),
    )  # fmt: skip
    wide = make_list([979], [1399], rate=30.0, onset_earliest=-np.inf)
    for name, made in (("nrs1", pixels), ("wide", wide)):
        asdf_file.write(
            made, tmp_path / f"{name}.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00")
        )
    nrs2 = make_list([50], [60], detector="NRS2")
    asdf_file.write(nrs2, tmp_path / "nrs2.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rates_give_the_numbers_of_the_report(answer):
    found = answer("--rate", 70, "--months", 12, "--stars", 8)
    assert found["stamp_probability"] == pytest.approx(0.18543, abs=1e-5)
    assert found["any_probability"] == pytest.approx(0.80617, abs=1e-5)
    assert found["expected_stars_hit"] == pytest.approx(8 * found["stamp_probability"])
    assert found == answer("--rate", 70)


def test_each_detector_has_its_rate_and_stars(answer):
    found = answer("--rate", 64, "--stars", 3, "--rate", 48, "--stars", 2, "--at-least", 2)
    assert found["any_probability"] == pytest.approx(0.570, abs=5e-4)
    assert found["at_least_probability"] == pytest.approx(0.174, abs=5e-4)
    assert [d["stars"] for d in found["detectors"]] == [3, 2]


def test_the_longest_interval_has_the_risk(answer):
    found = answer("--rate", 70, "--risk", 0.5, "--cluster-share", 0.1)
    months = found["longest_interval_months"]
    again = answer("--rate", 70, "--months", months, "--cluster-share", 0.1)
    assert again["any_probability"] == pytest.approx(0.5)
    never = answer("--rate", 0, "--risk", 0.5)
    assert (never["longest_interval_months"], never["longest_interval"]) == (None, "unlimited")


def test_the_printed_table_shows_percent(ta):
    shown = ta("--rate", 70).stdout
    assert "18.54 %" in shown
    assert "80.62 %" in shown


def test_a_list_gives_its_own_odds_and_the_pixels_of_wata(answer, ta, folder):
    found = answer("--list", "nrs1.asdf", "--since", SINCE, "--stars", 2)
    hit = places_hit(make_list([989, 990, 1669, 300], [1415, 1416, 1532, 300])).mean()
    assert found["stamp_probability"] == pytest.approx(hit)
    assert found["any_probability"] == pytest.approx(1 - (1 - hit) ** 2)
    error = found["monte_carlo_error"]
    assert found["monte_carlo_probability"] == pytest.approx(1 - (1 - hit) ** 2, abs=4 * error)
    assert found["seen_in"] == {"NRSRAPID": 3, "NRSRAPIDD6": 3, "SUB32": 1, "unknown": 1}
    known, unknown = found["wata_pixels"]
    expected = {
        "x": 1415, "y": 989, "x_one_based": 1416, "y_one_based": 990, "rate": 8.0,
        "onset_earliest": "2022-09-28T00:00:00", "onset_latest": "2022-11-17T00:00:00",
        "in_s1600a1": True, "seen_in": ["NRSRAPID", "NRSRAPIDD6"],
    }  # fmt: skip
    assert {key: known[key] for key in expected} == expected
    assert known["signal_dn"]["SUB32"] == pytest.approx(0.12, rel=0.01)
    assert (unknown["rate"], unknown["signal_dn"], unknown["seen_in"]) == (None, None, None)
    assert "unknown" in ta("--list", "nrs1.asdf", "--since", SINCE).stdout


def test_a_list_looks_ahead_by_its_own_growth(answer, folder):
    asked = ("--list", "nrs1.asdf", "--since", SINCE, "--stars", 1)
    found = answer(*asked, "--months", 12, "--risk", 0.01)
    (growth,) = (row["growth_per_month"] for row in found["lists"])
    assert growth == pytest.approx(4 / (200 / 30.4375), rel=1e-3)
    grown = answer("--rate", growth, "--stars", 1, "--months", 12, "--risk", 0.01)
    both = 1 - (1 - found["stamp_probability"]) * (1 - grown["stamp_probability"])
    assert found["ahead_stamp_probability"] == pytest.approx(both)
    assert found["longest_interval_months"] == pytest.approx(grown["longest_interval_months"])


def test_lists_of_both_detectors_share_the_stars(answer, folder):
    asked = ("--list", "nrs1.asdf", "--list", "nrs2.asdf", "--since", SINCE)
    found = answer(*asked)
    assert [(row["detector"], row["stars"]) for row in found["lists"]] == [("NRS1", 4), ("NRS2", 4)]
    alone = answer("--list", "nrs2.asdf", "--since", SINCE)
    assert alone["wata_pixels"] is None


def test_the_table_comes_back_as_a_list(ta, folder):
    ta("--list", "nrs1.asdf", "--since", SINCE, "-o", "ta.ecsv")
    table = Table.read(folder / "ta.ecsv")
    assert table["x_one_based"].tolist() == (table["x"] + 1).tolist() == [301, 1416, 1417, 1533]
    assert table["y_one_based"].tolist() == (table["y"] + 1).tolist() == [301, 990, 991, 1670]
    assert table["rate"].mask.tolist() == [False, False, True, False]
    assert table["in_sub32"].tolist() == table["in_s1600a1"].tolist() == [False, True, True, False]
    assert "nan" not in (folder / "ta.ecsv").read_text().lower()
    assert table.meta["first_seen_hot_after"] == "2022-08-09T00:00:00"
    again = import_list(folder / "ta.ecsv", detector="NRS1", date=EPOCH)
    assert again.x.tolist() == table["x"].tolist()


def test_lists_without_exposures_need_no_astropy(folder):
    code = (
        "import sys; from jwst_hotpix.cli.ta import command; "
        f"command(['--list', 'nrs1.asdf', '--since', '{SINCE}'], standalone_mode=False); "
        "sys.exit('astropy.io.fits' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_real_exposures_show_which_stars_are_hit_and_by_what(answer, ta, folder):
    write_msata(folder / "msata_uncal.fits")
    write_wata(folder / "wata_uncal.fits")
    asked = ("--list", "nrs1.asdf", "--since", SINCE)
    found = answer("msata_uncal.fits", "wata_uncal.fits", *asked)
    msata, wata = found["exposures"]
    assert (msata["kind"], msata["stars"], msata["stars_hit"]) == ("MSATA", 2, 1)
    unhit, hit = msata["stamps"]
    assert not unhit["pixels"]
    (pixel,) = hit["pixels"]
    assert (pixel["x"], pixel["y"], pixel["rate"]) == (1532, 1669, 6000.0)
    assert pixel["signal_dn"] == pytest.approx(6000 * 10.73677)
    assert pixel["signal_to_noise"] == pytest.approx(6000 * 10.73677 / (2**0.5 * 11))
    # The star was found a pixel off, at (1534, 1671) from one.
    assert pixel["from_centroid"] == pytest.approx(2**0.5)
    assert (wata["kind"], wata["stars_hit"]) == ("WATA", 1)
    assert [row["x"] for row in wata["stamps"][0]["pixels"]] == [1415, 1416]
    shown = ta("msata_uncal.fits", *asked).stdout
    assert "msata_uncal.fits: MSATA, 1 of 2 stars hit" in shown


def test_an_exposure_that_fails_does_not_stop_the_others(ta, folder):
    write_msata(folder / "good_uncal.fits")
    write_msata(folder / "early_uncal.fits", mid_time=EPOCH - 300)
    (folder / "bad_uncal.fits").write_text("no FITS")
    asked = ("--list", "nrs1.asdf", "--since", SINCE)
    names = ("bad_uncal.fits", "early_uncal.fits", "gone_uncal.fits", "good_uncal.fits")
    run = ta(*names, *asked, "--json", code=1)
    found = json.loads(run.stdout)
    assert [row["file"] for row in found["exposures"]] == ["good_uncal.fits"]
    assert [row["file"] for row in found["rejected"]] == list(names[:3])
    assert len(run.stderr.splitlines()) == 3
    assert "early_uncal.fits: date to look at: expected not before the TA flat" in run.stderr


DATES = "an MJD from 2021-12-25, the launch of JWST, to 2051-12-25"
# Keyword, value, and what the error says.
BAD = [
    ("NFRAMES", 0, "NFRAMES: expected 1 to 1000 reads, found 0"),
    ("NFRAMES", -1, "NFRAMES: expected 1 to 1000 reads, found -1"),
    ("TGROUP", 0.0, "TGROUP: expected 1e-06 to 86400 s, found 0.0"),
    ("TGROUP", -10.0, "TGROUP: expected 1e-06 to 86400 s, found -10.0"),
    *(
        ("EXPMID", value, f"date (EXPMID): expected {DATES}, found {value}")
        for value in (1e12, -1e12, -700000.0)
    ),
]


def test_headers_that_cannot_be_are_rejected_one_by_one(ta, folder):
    names = [f"bad{number}_uncal.fits" for number in range(len(BAD))]
    for name, (keyword, value, _) in zip(names, BAD, strict=True):
        write_msata(folder / name)
        fits.setval(folder / name, keyword, value=value)
    write_msata(folder / "good_uncal.fits")
    run = ta(*names, "good_uncal.fits", "--list", "nrs1.asdf", "--since", SINCE, "--json", code=1)
    found = json.loads(run.stdout)
    assert [row["file"] for row in found["exposures"]] == ["good_uncal.fits"]
    for name, (_, _, message), row in zip(names, BAD, found["rejected"], strict=True):
        assert row["file"] == name
        assert row["reason"].startswith(f"{name}: {message}")


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["--rate", "-1"], 1, "hotpix: rate: expected at least 0 pixels per month, found -1.0"),
        (["--rate", "nan"], 1, "hotpix: rate: expected at least 0 pixels per month, found nan"),
        (["--rate", 70, "--months", -2], 2, "-2.0 is not in the range x>=0"),
        (["--rate", 70, "--months", "inf"], 2, "expected a finite number, found inf"),
        (["--rate", 70, "--risk", "nan"], 2, "expected a finite number, found nan"),
        (["--rate", 70, "--read-noise", -5], 2, "-5.0 is not in the range x>0"),
        (["--list", "nrs1.asdf", "--since", SINCE, "--cluster-share", 7], 2, "the range 0<=x<1"),
        (["--rate", 70, "--stars", 200_000], 1, "stars: expected at most 1000 in all, found 200"),
        (["--rate", 70, "--stars", 0], 1, "hotpix: stars: expected 1 to 1000, found 0"),
        (["--rate", 70, "--stars", -1], 2, "-1 is not in the range x>=0"),
        (["--rate", 70, "--rate", 7, "--stars", 8], 1, "numbers of stars: expected 2, one for"),
        (["--rate", 70, "--at-least", 9], 1, "stars hit: expected 1 to 8, the stars, found 9"),
        (["--rate", 70, "--since", SINCE], 2, "need a --list"),
        ([], 2, "give either --rate or --list"),
        (["--rate", 70, "--list", "nrs1.asdf"], 2, "give either --rate or --list"),
        (["--list", "nrs1.asdf"], 2, "--list needs --since DATE"),
        (["--list", "gone.asdf", "--since", SINCE], 1, "gone.asdf: file not found"),
        (["--list", "nrs1.asdf", "--list", "wide.asdf", "--since", SINCE], 1, "lists of NRS1: exp"),
        (
            ["--list", "nrs1.asdf", "--since", SINCE, "--at", "2022-01-01"], 1,
            "nrs1.asdf: date to look at: expected not before the TA flat",
        ),
        (
            ["--list", "nrs1.asdf", "--since", "2023-02-25", "--months", 1], 1,
            "nrs1.asdf: cannot look ahead: no dark is later than both the TA flat and",
        ),
        (
            ["--list", "nrs1.asdf", "--since", SINCE, "--read-noise", 0], 2,
            "0.0 is not in the range x>0",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(ta, folder, args, code, message):
    run = ta(*args, code=code)
    assert run.stdout == ""
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_the_ending_of_a_plot_decides_its_format(ta, folder):
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")):
        ta("--rate", 70, "--plot", name)
        assert (folder / name).read_bytes().startswith(start)
    assert "must end in .png, .svg or .pdf" in ta("--rate", 70, "--plot", "a.xyz", code=1).stderr
    assert "use --overwrite" in ta("--rate", 70, "--plot", "a.png", code=1).stderr
    ta("--rate", 70, "--plot", "a.png", "--overwrite")


def test_figures_are_written_in_every_format_and_replaced_only_if_asked(ta, folder):
    ta("--rate", 70, "--figures", "figures", "--plot", "a.png")
    names = sorted(file.name for file in (folder / "figures").iterdir())
    assert names == ["ta.pdf", "ta.png", "ta.svg"]
    assert "use --overwrite" in ta("--rate", 70, "--figures", "figures", code=1).stderr


def test_a_plot_of_lists_has_sub32_and_stamps(ta, folder):
    exposure = write_msata(folder / "msata_uncal.fits")
    lists = ("--list", "nrs1.asdf", "--list", "nrs2.asdf", "--since", SINCE)
    ta(exposure, *lists, "--plot", "lists.svg")
    assert (folder / "lists.svg").stat().st_size > 10_000
