"""``hotpix audit`` as a user runs it, over files of which some are bad."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from astropy.io import fits
from astropy.table import Table

from helpers import make_list, make_rate
from jwst_hotpix.hotlist import asdf_file
from saving import save

HOTPIX = Path(sys.executable).with_name("hotpix")
HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    (folder / "lists").mkdir()
    asdf_file.write(make_list([980, 990], [1405, 1406]), folder / "lists" / "list.asdf", HEADER)
    corner = {"shape": (32, 32), "corner": (975, 1399)}
    some = make_rate(**corner)
    some.dq[6, 7] = 1
    save(some, folder / "a_rate.fits")
    save(make_rate(**corner), folder / "b_rate.fits")
    save(make_rate(detector="NRS2"), folder / "nrs2_rate.fits")
    fits.setval(save(make_rate(**corner), folder / "hst_rate.fits"), "TELESCOP", value="HST")
    (folder / "text_rate.fits").write_text("no FITS")
    whole = (folder / "b_rate.fits").read_bytes()
    (folder / "short_rate.fits").write_bytes(whole[:-2880])
    return folder


def audit(folder, *args):
    return subprocess.run(
        [HOTPIX, "audit", "--dq", "--library", "lists", *map(str, args)],
        capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip


def test_bad_files_are_reported_by_name_and_the_others_are_done(archive):
    run = audit(archive, ".", "a_rate.fits", "--json")
    result = json.loads(run.stdout)
    assert run.returncode == 1
    rows = [(row["file"], row["active"], row["new"]) for row in result["exposures"]]
    assert rows == [("b_rate.fits", 2, 2), ("a_rate.fits", 2, 1)]
    assert result["exposures"][1]["already_masked"] == 1
    assert result["exposures"][0]["list_age_days"] == 0
    bad = ["hst_rate.fits", "nrs2_rate.fits", "short_rate.fits", "text_rate.fits"]
    assert [problem["file"] for problem in result["rejected"]] == bad
    assert result["repeated"] == ["a_rate.fits"]
    lines = run.stderr.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["hotpix", name] for name in ["a_rate.fits", *bad]
    ]


def test_an_odd_name_is_printed_as_it_is_and_work_of_others_is_not_looked_at(archive, tmp_path):
    odd = tmp_path / "[old]" / "x[" / "b]_rate.fits"
    odd.parent.mkdir(parents=True)
    content = (archive / "b_rate.fits").read_bytes()
    odd.write_bytes(content)
    hidden = tmp_path / ".reprocess-1" / "half_rate.fits"
    hidden.parent.mkdir()
    hidden.write_bytes(content[:-2880])
    run = audit(archive, tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "1 of 1 exposures gain" in run.stdout
    assert "[old]/x[/b]_rate.fits" in run.stdout


def test_for_people_it_is_a_table_and_on_request_ecsv(archive, tmp_path):
    run = audit(archive, "a_rate.fits", "b_rate.fits", "--top", "1", "-o", tmp_path / "t.ecsv")
    assert (run.returncode, run.stderr) == (0, "")
    assert "2 of 2 exposures gain, 3 pixels together" in run.stdout
    assert "b_rate.fits" in run.stdout
    assert "a_rate.fits" not in run.stdout, "--top 1"
    table = Table.read(tmp_path / "t.ecsv")
    assert list(table["new"]) == [2, 1]
    assert table["list_age_days"].unit == "d"


def test_it_asks_for_a_list(archive):
    run = subprocess.run(
        [HOTPIX, "audit", "a_rate.fits"], capture_output=True, text=True, check=False, cwd=archive
    )
    assert run.returncode == 1
    assert run.stderr.startswith("hotpix: no hot pixel list: give a list (override_hotpix, --list)")
