"""
Exposures from MAST: found, fetched whole, or one line that says why not.

There is no network here: astroquery asks a local server, which answers in the form that astroquery
documents (see benchmarks/mast_site.py).
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from jwst_hotpix.cli.fetch import command as fetch
from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.exposure.find import expand_dated
from jwst_hotpix.fetch import mast
from jwst_hotpix.fetch.mast import DARKS, SCIENCE, Search, find_in_mast
from jwst_hotpix.tools.dates import mjd
from mast_site import SEARCH

START = mjd("2023-01-01")
CONTENT = b"SIMPLE  =                    T" + bytes(200_000)


def name_of(n=1, detector="nrs1", product="rate", program="01234"):
    return f"jw{program}001001_03101_{n:05d}_{detector}_{product}.fits"


@pytest.fixture
def science(mast_site):
    for n in (1, 2, 3):
        mast_site.add(name_of(n), CONTENT + bytes(n), start=START + n)
    return mast_site


def run(*args):
    return CliRunner().invoke(fetch, [str(arg) for arg in args])


def found(**limits):
    return [file.name for file in find_in_mast(Search(types=SCIENCE, product="rate", **limits))]


def problem_of(result):
    """Return what a user sees of a command that failed: one line."""
    assert result.exit_code == 1
    reason = str(result.exception) if isinstance(result.exception, FetchError) else result.stderr
    (line,) = [line for line in reason.strip().splitlines() if " files (" not in line]
    return line


def test_exposures_are_found_by_program_detector_readout_and_date(science):
    site = science
    site.add(name_of(4, "nrs2"), CONTENT, start=START + 4)
    site.add(name_of(5), CONTENT, start=START + 5, readpatt="NRSRAPID")
    site.add(name_of(6, program="05678"), CONTENT, start=START + 6)
    site.add(name_of(7), CONTENT, start=START + 7, exp_type="NRS_DARK")
    assert found() == [name_of(n) for n in (1, 2, 3)] + [
        name_of(4, "nrs2"), name_of(5), name_of(6, program="05678"),
    ]  # fmt: skip
    assert found(detector="NRS2") == [name_of(4, "nrs2")]
    assert found(readout="TRAD") == [name_of(5)]
    assert found(program=5678) == [name_of(6, program="05678")]
    assert found(since=START + 2, until=START + 3) == [name_of(2), name_of(3)]
    assert found(released_since=START + 365 + 5) == [name_of(5), name_of(6, program="05678")]
    (dark,) = find_in_mast(Search(types=DARKS, product="uncal"))
    assert (dark.name, dark.bytes) == (name_of(7, product="uncal"), None)


def test_the_requested_product_of_an_exposure_is_chosen_with_its_size(mast_site):
    for product, size in (("cal", 30), ("rate", 20), ("rateints", 40)):
        mast_site.add(name_of(product=product), bytes(size), start=START)
    mast_site.add(name_of(2, product="cal"), bytes(30), start=START + 1)
    listed = find_in_mast(Search(types=SCIENCE, product="rate"))
    assert [(file.name, file.bytes) for file in listed] == [(name_of(1), 20), (name_of(2), None)]


def test_all_pages_of_a_response_are_read(science, monkeypatch):
    from astroquery.mast.discovery_portal import PortalAPI

    monkeypatch.setattr(PortalAPI, "PAGESIZE", 2)
    assert len(found()) == 3
    assert [asked["page"] for asked in science.asked] == [1, 2]


def test_a_dry_run_lists_sizes_and_fetches_nothing(science, tmp_path):
    listed = run("science", "--program", 1234, "-o", tmp_path, "--dry-run")
    assert name_of(2) in listed.stdout
    assert "3 files (3 wanted), 0.6 MB" in listed.stderr
    as_json = json.loads(run("science", "--program", 1234, "--dry-run", "--json").stdout)
    assert as_json["bytes"] == 3 * len(CONTENT) + 6
    assert as_json["files"][0] == {
        "name": name_of(1), "bytes": len(CONTENT) + 1, "state": "wanted", "reason": "",
        "place": f"s3://stpubdata/jwst/public/jw01234/jw01234001001/{name_of(1)}",
        "detector": "NRS1", "readpatt": "NRSIRS2RAPID", "subarray": "FULL", "program": "1234",
        "start": "2023-01-02T00:00:00", "released": "2024-01-02T00:00:00",
    }  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_files_are_complete_and_the_output_is_a_list_with_release_dates(science, tmp_path):
    first = run("science", "--program", 1234, "-o", tmp_path / "new")
    assert "3 fetched" in first.stderr
    for n in (1, 2, 3):
        assert (tmp_path / "new" / name_of(n)).read_bytes() == CONTENT + bytes(n)
    (tmp_path / "list.txt").write_text(first.stdout)
    files = expand_dated([f"@{tmp_path}/list.txt"])
    assert [file.path for file in files] == [tmp_path / "new" / name_of(n) for n in (1, 2, 3)]
    assert [file.released for file in files] == [START + 365 + n for n in (1, 2, 3)]
    asked = science.requests[name_of(1)]
    again = run("science", "--program", 1234, "-o", tmp_path / "new")
    assert "3 present" in again.stderr
    assert science.requests[name_of(1)] == asked


def test_without_a_folder_the_addresses_in_the_public_cloud_are_printed(science):
    shown = run("science", "--program", 1234).stdout.splitlines()
    address = f"s3://stpubdata/jwst/public/jw01234/jw01234001001/{name_of(1)}"
    assert shown[0] == f"{address}\treleased=2024-01-02T00:00:00"
    assert not science.requests[name_of(1)]


def test_a_dropped_connection_is_resumed_where_it_stopped(science, tmp_path):
    science.faults[name_of(1)], science.times[name_of(1)] = "cut", 1
    assert run("science", "--program", 1234, "-o", tmp_path).exit_code == 0
    assert science.sent[name_of(1)] < 1.5 * len(CONTENT)
    assert (tmp_path / name_of(1)).read_bytes() == CONTENT + bytes(1)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (401, "the server requires a login (HTTP 401)"),
        (403, "access is denied (HTTP 403)"),
        (404, "no such file on the server (HTTP 404)"),
        (429, "too many requests for the server (HTTP 429)"),
        (500, "the server answers Internal Server Error (HTTP 500)"),
        ("html", "the server sent a web page instead of the file"),
        ("cut", "the connection was cut"),
        ("stall", "the server sent nothing for 0.5 s"),
    ],
)
def test_a_file_that_cannot_be_fetched_is_one_line_and_the_others_arrive(
    science, tmp_path, fault, reason
):
    science.faults[name_of(2)] = fault
    result = run("science", "--program", 1234, "-o", tmp_path)
    line = problem_of(result)
    assert name_of(2) in line
    assert reason in line
    kept = sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("."))
    assert kept == [name_of(1), name_of(3)]
    # No retry storm: one question, and two repetitions at most.
    assert science.requests[name_of(2)] <= 4
    del science.faults[name_of(2)]
    assert run("science", "--program", 1234, "-o", tmp_path).exit_code == 0
    assert (tmp_path / name_of(2)).read_bytes() == CONTENT + bytes(2)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"publicReleaseDate_mjd": 88000.0}, "is proprietary until 2099-10-24"),
        ({"publicReleaseDate_mjd": None}, "is proprietary"),
        ({"isRestricted": True}, "is proprietary"),
    ],
)
def test_proprietary_files_are_reported_and_not_requested(science, tmp_path, known, reason):
    science.add(name_of(4), CONTENT, start=START + 4, **known)
    for place in ([], ["-o", tmp_path]):
        result = run("science", "--program", 1234, *place)
        assert f"{name_of(4)}: {reason}" in problem_of(result)
        assert name_of(4) not in result.stdout
    assert not science.requests[name_of(4)]


@pytest.mark.parametrize(
    ("fault", "reason", "asked"),
    [
        (403, "MAST answers Forbidden (HTTP 403)", 1),
        (404, "MAST answers Not Found (HTTP 404)", 1),
        (429, "MAST answers Too Many Requests (HTTP 429)", 3),
        (500, "MAST answers Internal Server Error (HTTP 500)", 3),
        (0, "MAST cut the connection", 3),
        ("stall", "MAST sent nothing for 0.5 s", 3),
        ("html", "MAST returned a web page, or something else, instead of an answer", 1),
        ("error", "MAST refused the search: Incorrect syntax near '*'.", 1),
    ],
)
def test_a_failed_search_is_one_line_without_a_storm_of_requests(science, fault, reason, asked):
    science.faults[SEARCH] = fault
    assert problem_of(run("science", "--program", 1234)) == reason
    assert science.requests[SEARCH] == asked


def test_a_search_is_repeated_after_a_transient_failure(science):
    science.faults[SEARCH], science.times[SEARCH] = 503, 1
    assert len(found()) == 3


def test_without_a_network_there_is_one_line(mast_site, monkeypatch):
    from astroquery.mast.discovery_portal import PortalAPI

    for name in ("MAST_REQUEST_URL", "COLUMNS_CONFIG_URL"):
        monkeypatch.setattr(PortalAPI, name, "http://127.0.0.1:9/")
    PortalAPI._column_configs.clear()
    assert problem_of(run("science", "--program", 1234)) == "MAST cannot be reached: no network?"


def test_a_response_in_an_unknown_format_is_one_line(science):
    for wrong in ("yesterday", 1e12):
        science.rows[0]["expstart"] = wrong
        assert "MAST answered in an unknown format" in problem_of(run("science", "--program", 1234))
    science.rows[0]["expstart"] = None
    assert found() == [name_of(2), name_of(3)]


def test_without_astroquery_the_error_gives_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "astroquery", None)
    monkeypatch.setitem(sys.modules, "astroquery.mast", None)
    with pytest.raises(FetchError, match="pip install astroquery"):
        find_in_mast(Search(types=SCIENCE, product="rate"))


def test_a_file_whose_size_differs_from_that_in_mast_is_named_and_kept(science, tmp_path):
    (tmp_path / name_of(1)).write_bytes(b"half")
    result = run("science", "--program", 1234, "-o", tmp_path)
    assert "has 4 bytes here and 200031 in MAST; remove it" in problem_of(result)
    assert (tmp_path / name_of(1)).read_bytes() == b"half"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["science"], "give --program, --for or --since"),
        (["science", "--program", "0"], "0 is not in the range"),
        (["darks", "--since", "2024-02-01", "--until", "2024-01-01"], "--since is later"),
        (["references", "--since", "2024-02-01", "--until", "2024-01-01"], "--since is later"),
        (["references", "--addresses", "-o", "darks"], "--addresses and -o exclude each other"),
        (["darks", "--since", "soon"], "expected an ISO 8601 date"),
        (["flats"], "there is no kind of evidence 'flats'"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_before_any_request(arguments, reason):
    result = run(*arguments)
    assert result.exit_code == 2
    assert reason in result.stderr


def test_astroquery_is_imported_only_when_used():
    code = "import sys, jwst_hotpix.cli.fetch_science; print('astroquery' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
    assert Path(mast.__file__).is_file()
