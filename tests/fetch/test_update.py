"""
A ledger kept current from CRDS and MAST: what is new, once, and after any interruption.

There is no network here: the CRDS client and astroquery ask local servers, see
tests/crds_site.py and benchmarks/mast_site.py.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from crds_site import dark_name, environment_of
from darks import rate_hdus, reference_hdus
from jwst_hotpix.cli import update as update_module
from jwst_hotpix.cli.fetch import command as fetch
from jwst_hotpix.cli.ingest import command as ingest
from jwst_hotpix.cli.update import command as update
from jwst_hotpix.fetch.update import Scope, find_new, ingest_new
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.update_log import UpdateLog
from jwst_hotpix.tools.batch import FAILED
from jwst_hotpix.tools.dates import mjd
from mast_site import SEARCH
from visits import make_world, write_visit

TODAY = mjd("2024-03-01")
REFERENCES = [f"crds://{dark_name(n)}" for n in (1, 2, 3, 4, 5, 9)]


def dark_of(n):
    """Of a raw dark it matters here only that it is one; a rate is measured in a moment."""
    return f"jw01234001001_03101_{n:05d}_nrs1_uncal.fits"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Six references, three dark exposures and a visit of four science exposures."""
    folder = tmp_path_factory.mktemp("files")
    for n in (1, 2, 3, 4, 5, 9):
        detector = "NRS2" if n == 9 else "NRS1"
        hdus = reference_hdus(seed=n, USEAFTER=f"202{n % 5}-01-01T00:00:00", DETECTOR=detector)
        hdus.writeto(folder / dark_name(n))
    for n in (1, 2, 3):
        rate_hdus(epoch=TODAY - 10 * n, seed=n).writeto(folder / dark_of(n))
    return folder, write_visit(make_world(), folder)


@pytest.fixture
def servers(files, crds_site, mast_site, monkeypatch):
    folder, visit = files
    monkeypatch.setattr(update_module, "now", lambda: TODAY)
    for n in (1, 2, 3, 4, 5, 9):
        crds_site.files[f"/references/{dark_name(n)}"] = folder / dark_name(n)
    for n in (1, 2):
        add_dark(mast_site, folder, n)
    for name in ("nod 1", "nod 2"):
        mast_site.add(
            visit[name].name, visit[name], start=60000.0, program="9999",
            publicReleaseDate_mjd=TODAY - 5,
        )  # fmt: skip
    return crds_site, mast_site, folder


def add_dark(site, folder, n, **known):
    start = TODAY - 10 * n
    known = {"publicReleaseDate_mjd": start, "exp_type": "NRS_DARK", **known}
    site.add(dark_of(n), folder / dark_of(n), start=start, **known)


def run(ledger, *args):
    result = CliRunner().invoke(update, [str(ledger), *map(str, args), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    shown = json.loads(result.stdout)
    return result.exit_code, {name: found for name, found in shown.items() if found}


def names(found):
    return sorted(uri.rpartition("/")[2] for uri in found)


def records(ledger):
    return sorted(str(path.relative_to(ledger)) for path in ledger.rglob("[!.]*.parquet"))


def test_new_files_are_ingested_once(servers, tmp_path):
    crds_site, mast_site, _ = servers
    status, shown = run(tmp_path / "ledger")
    assert (status, list(shown)) == (0, ["ingested"])
    assert names(shown["ingested"]) == sorted([*names(REFERENCES), dark_of(1), dark_of(2)])
    before = records(tmp_path / "ledger")
    assert len(before) == 8
    moved = crds_site.sent.total() + mast_site.sent.total()
    assert run(tmp_path / "ledger") == (0, {})
    assert records(tmp_path / "ledger") == before
    assert moved == crds_site.sent.total() + mast_site.sent.total()
    people = CliRunner().invoke(update, [str(tmp_path / "ledger")])
    assert people.stdout == f"{tmp_path}/ledger: nothing new\n"


def test_only_files_released_since_the_last_search_are_ingested(servers, tmp_path):
    _, mast_site, folder = servers
    run(tmp_path / "ledger")
    add_dark(mast_site, folder, 3)
    status, shown = run(tmp_path / "ledger")
    assert (status, names(shown["ingested"])) == (0, [dark_of(3)])
    (span,) = [
        one["values"][0] for one in mast_site.asked[-1]["params"]["filters"]
        if one["paramName"] == "publicReleaseDate_mjd"
    ]  # fmt: skip
    assert span["min"] == TODAY - 30


def test_science_exposures_of_programs_are_ingested_with_their_release_dates(servers, tmp_path):
    _, mast_site, _ = servers
    status, shown = run(tmp_path, "--from", "science", "--program", 9999, "--program", 1111)
    assert (status, len(shown["ingested"])) == (0, 2)
    known = {record.known for record in Ledger(tmp_path).science("NRS1")}
    assert known == {TODAY - 5}
    assert len(mast_site.asked) == 2
    assert run(tmp_path, "--from", "science", "--program", 9999) == (0, {})


def test_addresses_printed_by_fetch_are_read_in_the_public_bucket_and_used_from_their_release(
    servers, files, s3, tmp_path
):
    _, visit = files
    s3.mkdir("stpubdata")
    for name in ("nod 1", "nod 2"):
        path = visit[name]
        s3.put(str(path), f"stpubdata/jwst/public/{path.name[:7]}/{path.name[:13]}/{path.name}")
    listed = CliRunner().invoke(fetch, ["science", "--program", "9999", "--detector", "NRS1"])
    ran = CliRunner().invoke(ingest, [str(tmp_path), "@-", "--json"], input=listed.stdout)
    assert ran.exit_code == 0, ran.output
    assert names(json.loads(ran.stdout)["ingested"]) == names(map(str, visit.values()))[:2]
    assert {record.known for record in Ledger(tmp_path).science("NRS1")} == {TODAY - 5}


def test_two_updates_at_once_lose_nothing(servers, tmp_path):
    news = find_new(tmp_path, Scope(), TODAY)
    with ThreadPoolExecutor(2) as pool:
        for outcomes in pool.map(lambda _: list(ingest_new(tmp_path, news, TODAY)), range(2)):
            assert not [one for one in outcomes if one.status == FAILED]
    assert len(records(tmp_path)) == 8
    assert run(tmp_path) == (0, {})


def test_detector_and_readout_limit_the_search(servers, tmp_path):
    status, shown = run(tmp_path, "--detector", "NRS2", "--from", "references")
    assert (status, shown["ingested"]) == (0, [REFERENCES[-1]])
    assert run(tmp_path, "--detector", "NRS2", "--readout", "trad") == (0, {})


def test_exposures_are_new_only_once_they_are_public(servers, tmp_path, monkeypatch):
    _, mast_site, folder = servers
    run(tmp_path, "--from", "darks")
    add_dark(mast_site, folder, 3, publicReleaseDate_mjd=TODAY + 100)
    assert run(tmp_path, "--from", "darks") == (0, {})
    monkeypatch.setattr(update_module, "now", lambda: TODAY + 101)
    assert names(run(tmp_path, "--from", "darks")[1]["ingested"]) == [dark_of(3)]


def test_a_dry_run_lists_and_changes_nothing(servers, tmp_path):
    crds_site, _, _ = servers
    status, shown = run(tmp_path / "ledger", "--dry-run", "--from", "references")
    assert status == 0
    assert sorted(row["file"] for row in shown["new"]) == REFERENCES
    assert {row["bytes"] for row in shown["new"]} == {crds_site.size(f"/references/{dark_name(1)}")}
    assert not (tmp_path / "ledger").exists()


def test_a_file_that_cannot_be_used_is_reported_once(servers, tmp_path):
    _, mast_site, folder = servers
    mast_site.add(
        dark_of(7), (folder / dark_of(1)).read_bytes()[:2880], start=TODAY - 3,
        exp_type="NRS_DARK", publicReleaseDate_mjd=TODAY - 3,
    )  # fmt: skip
    status, shown = run(tmp_path, "--from", "darks")
    assert status == 1
    assert names(one["file"] for one in shown["rejected"]) == [dark_of(7)]
    assert names(shown["ingested"]) == [dark_of(2), dark_of(1)][::-1]
    assert run(tmp_path, "--from", "darks") == (0, {})


def test_after_a_transient_failure_a_file_is_new_again(servers, tmp_path):
    crds_site, mast_site, _ = servers
    mast_site.faults[dark_of(2)] = 503
    crds_site.faults[f"/references/{dark_name(3)}"] = 404
    status, shown = run(tmp_path)
    assert status == 1
    assert names(one["file"] for one in shown["rejected"]) == sorted([dark_of(2), dark_name(3)])
    assert len(shown["ingested"]) == 6
    mast_site.faults.clear()
    crds_site.faults.clear()
    status, shown = run(tmp_path)
    assert (status, names(shown["ingested"])) == (0, sorted([dark_of(2), dark_name(3)]))
    assert run(tmp_path) == (0, {})


def test_a_server_that_fails_is_one_line_and_the_other_is_used(servers, tmp_path):
    _, mast_site, _ = servers
    mast_site.faults[SEARCH] = 403
    status, shown = run(tmp_path)
    assert (status, len(shown["ingested"])) == (1, 6)
    assert shown["problems"] == ["MAST answers Forbidden (HTTP 403)"]
    mast_site.faults.clear()
    assert names(run(tmp_path)[1]["ingested"]) == [dark_of(1), dark_of(2)]


def test_an_exposure_in_the_ledger_from_another_source_is_read_once(servers, files, tmp_path):
    from jwst_hotpix.ledger.add_files import ingest_file

    folder, _ = files
    ingest_file(Ledger(tmp_path), folder / dark_name(1))
    status, shown = run(tmp_path, "--from", "references", "--detector", "NRS1")
    assert (status, len(shown["ingested"])) == (0, 4)
    assert shown["already_present"] == [REFERENCES[0]]
    assert run(tmp_path, "--from", "references", "--detector", "NRS1") == (0, {})


def test_a_truncated_log_loses_only_its_last_line(tmp_path):
    ledger = Ledger(tmp_path)
    UpdateLog(ledger).settle("crds://a.fits", "no dark")
    UpdateLog(ledger).look("darks", 60000.0)
    with UpdateLog(ledger).path.open("a") as file:
        file.write('{"settled": "crds://b.fi')
    UpdateLog(ledger).settle("crds://c.fits", "no dark")
    log = UpdateLog(ledger)
    assert log.settled == {"crds://a.fits", "crds://c.fits"}
    assert (log.last_look("darks"), log.last_look("science")) == (60000.0, None)


@pytest.mark.parametrize("requests", [2, 12])
def test_killed_at_any_request_the_next_run_completes_the_work(servers, tmp_path, requests):
    crds_site, mast_site, _ = servers
    crds = crds_site.url.replace("127.0.0.1", "localhost")
    config = tmp_path / "config" / "astropy"
    config.mkdir(parents=True)
    (config / "astroquery.cfg").write_text(f"[mast]\nserver = {mast_site.url}\n")
    environment = environment_of(tmp_path / "cache", crds) | {"XDG_CONFIG_HOME": str(config.parent)}
    since = ["--since", "2020-01-01"]
    command = [sys.executable, "-m", "jwst_hotpix", "update", str(tmp_path / "ledger"), *since]
    left = threading.Semaphore(requests)

    def counting(site):
        def path_of(url):
            if not left.acquire(blocking=False):
                os.kill(process.pid, signal.SIGKILL)
            return type(site).path_of(site, url)

        site.path_of = path_of

    counting(crds_site)
    counting(mast_site)
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        pass
    assert process.returncode == -signal.SIGKILL
    del crds_site.path_of, mast_site.path_of
    assert run(tmp_path / "ledger", *since)[0] == 0
    assert len(records(tmp_path / "ledger")) == 8
    assert not list((tmp_path / "ledger").rglob(".*"))
    assert run(tmp_path / "ledger", *since) == (0, {})


def test_a_program_without_science_exposures_is_refused(tmp_path):
    arguments = [str(tmp_path / "ledger"), "--from", "darks", "--program", "1234"]
    result = CliRunner().invoke(update, arguments)
    assert result.exit_code == 2
    assert "add --from science" in result.stderr
