"""References of CRDS: which the rules list, and onto this machine whatever the server does."""

import json
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from crds_site import dark_name, environment_of
from jwst_hotpix.cli.fetch_references import command
from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.exposure.crds_files import CrdsFiles
from jwst_hotpix.fetch.choose_references import Wanted
from jwst_hotpix.fetch.crds import contexts_of, list_references
from jwst_hotpix.simulate.crds_session import use_cache
from jwst_hotpix.tools.dates import mjd

ALONE = "and no CRDS server is configured (CRDS_SERVER_URL)"
CODE = "from jwst_hotpix.cli import main; main()"
WHOLE = {number: 100_000 + number for number in (1, 2, 3, 4, 5, 9)}


def run(*args):
    """Run the command; return the status, the parsed result, and the lines on stderr."""
    ran = CliRunner().invoke(command, [*map(str, args), "--json"])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran.exit_code, json.loads(ran.stdout), ran.stderr.splitlines()


def run_plain(*args):
    """Run the command as a user does; return the status and what is on stderr."""
    ran = subprocess.run(
        [sys.executable, "-c", CODE, "fetch", "references", *args],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stderr.splitlines()


def states(result):
    return {file["name"]: file["state"] for file in result["files"]}


def test_the_rules_of_a_real_context_are_listed(serverless):
    files = CrdsFiles()
    found = {one.name: one for one in list_references(["jwst_0567.pmap"], ["dark", "mask"], files)}
    irs2 = [one for one in found.values() if (one.detector, one.readout) == ("NRS1", "IRS2")]
    # Known answers of ../shared/data/README.md.
    latest = max((one for one in irs2 if one.reftype == "dark"), key=lambda one: one.useafter)
    assert latest.name == dark_name(88)
    assert latest.useafter == mjd("2016-01-15")
    assert latest.subarrays == ("FULL",)
    assert found["jwst_nirspec_mask_0010.fits"].readout == "IRS2"
    assert found["jwst_nirspec_mask_0024.fits"].subarrays == ()
    assert found[dark_name(69)].subarrays == ("SUB512",)


def test_all_contexts_list_more_than_the_last(serverless):
    files = CrdsFiles()
    contexts = contexts_of("all", files)
    assert len(contexts) > 500
    everything = list_references(contexts, ["dark"], files)
    last = list_references(contexts[-1:], ["dark"], files)
    assert {one.name for one in last} < {one.name for one in everything}


def test_each_context_of_a_range_is_read_once(serverless):
    names = contexts_of("jwst_0564.pmap:jwst_0567.pmap", CrdsFiles())
    assert names == [f"jwst_{number:04d}.pmap" for number in (564, 565, 566, 567)]


@pytest.mark.parametrize("name", ["jwst_0999.pmap", "jwst_0001.pmap:jwst_0999.pmap", "none"])
def test_an_unknown_context_is_reported_with_the_known_ones(serverless, name):
    with pytest.raises(FetchError) as caught:
        contexts_of(name, CrdsFiles())
    message = str(caught.value)
    assert "it holds jwst_0000.pmap to jwst_0567.pmap" in message
    assert "no CRDS server is configured" in message


def test_without_a_server_what_is_missing_is_reported_in_one_line(serverless):
    code, result, problems = run("--detector", "NRS1", "--readout", "irs2")
    assert code == 1
    assert set(states(result).values()) == {"failed"}
    assert problems == [f"hotpix: {dark_name(7)} and 4 others: not in the CRDS cache, {ALONE}"]


def test_a_dry_run_downloads_no_reference(crds_site, cache):
    code, result, _ = run("--detector", "nrs1", "--dry-run")
    assert code == 0
    assert [file["bytes"] for file in result["files"]] == [WHOLE[n] for n in (1, 2, 3, 4, 5)]
    assert result["bytes"] == sum(WHOLE[n] for n in (1, 2, 3, 4, 5))
    assert set(states(result).values()) == {"wanted"}
    assert not list(cache.glob("*"))


def test_references_are_fetched_into_the_cache_once(crds_site, cache):
    code, result, _ = run("--since", "2021-06-01", "--until", "2023-01-01")
    assert code == 0
    assert set(states(result)) == {dark_name(number) for number in (3, 4, 9)}
    for number in (3, 4, 9):
        assert (cache / dark_name(number)).read_bytes() == bytes([number]) * WHOLE[number]
    before = crds_site.requests.total()
    _, again, _ = run("--since", "2021-06-01", "--until", "2023-01-01")
    assert set(states(again).values()) == {"present"}
    # The server is asked for its catalog at most; no file travels again.
    assert crds_site.requests.total() <= before + 1


def test_paths_are_printed_for_the_next_command(crds_site, cache):
    ran = CliRunner().invoke(command, ["--detector", "NRS2"])
    assert ran.stdout == f"{cache / dark_name(9)}\n"
    assert ran.stderr == "hotpix: 1 files (1 fetched), 0.1 MB\n"


def test_addresses_are_printed_without_fetching(crds_site, cache):
    ran = CliRunner().invoke(command, ["--detector", "NRS2", "--addresses"])
    assert ran.stdout == f"crds://{dark_name(9)}\n"
    assert not list(cache.glob("*"))


def test_references_around_an_exposure_file(crds_site, cache, tmp_path):
    cards = {"READPATT": "NRSIRS2RAPID", "DETECTOR": "NRS1", "SUBARRAY": "FULL"}
    place = {"SUBSTRT1": 1, "SUBSTRT2": 1, "SUBSIZE1": 2048, "SUBSIZE2": 2048}
    header = fits.Header({"TELESCOP": "JWST", "INSTRUME": "NIRSPEC", "EXPMID": 59700.0})
    header.update(cards | place)
    blank = fits.ImageHDU(np.zeros((2048, 2048), np.float32), name="SCI")
    fits.HDUList([fits.PrimaryHDU(header=header), blank]).writeto(tmp_path / "x_rate.fits")
    _, result, _ = run("--for", tmp_path / "x_rate.fits", "--dry-run", "--type", "mask")
    assert set(states(result)) == {"jwst_nirspec_mask_0001.fits"}
    _, result, _ = run("--for", tmp_path / "x_rate.fits", "--dry-run")
    assert set(states(result)) == {dark_name(3), dark_name(4)}
    _, result, _ = run("--for", tmp_path / "x_rate.fits", "--dry-run", "--since", "2020-06-01")
    assert set(states(result)) == {dark_name(number) for number in (2, 3, 4, 5)}


def test_two_commands_at_once_fetch_each_file_once(crds_site, cache):
    run("--dry-run")
    crds_site.latency = 0.02
    with ThreadPoolExecutor(2) as pool:
        codes = [code for code, _ in pool.map(run_plain, ["--detector=NRS1"] * 2)]
    assert codes == [0, 0]
    assert {path.name for path in cache.iterdir()} == {dark_name(n) for n in (1, 2, 3, 4, 5)}
    # Beside it the first bytes, by which a file is found.
    assert all(crds_site.sent[f"/references/{dark_name(n)}"] < 2 * WHOLE[n] for n in (1, 5))


def test_a_cache_that_cannot_be_written_is_reported(crds_site, cache):
    run("--dry-run")
    shutil.rmtree(cache.parent, ignore_errors=True)
    cache.parent.write_text("in the way")
    code, [problem] = run_plain("--detector", "NRS2")
    assert code == 1
    assert problem.startswith(f"hotpix: {cache.parent}")


def test_files_in_the_cache_are_not_downloaded_again_for_a_folder(crds_site, cache, tmp_path):
    run("--detector", "NRS2")
    moved = crds_site.sent[f"/references/{dark_name(9)}"]
    code, result, _ = run("--detector", "NRS2", "-o", tmp_path / "new" / "folder")
    assert (code, states(result)) == (0, {dark_name(9): "fetched"})
    assert (tmp_path / "new" / "folder" / dark_name(9)).stat().st_size == WHOLE[9]
    assert crds_site.sent[f"/references/{dark_name(9)}"] == moved


def test_other_files_in_a_folder_are_not_replaced(crds_site, cache, tmp_path):
    (tmp_path / dark_name(9)).write_bytes(b"mine")
    code, result, [problem] = run("--detector", "NRS2", "-o", tmp_path)
    assert (code, states(result)) == (1, {dark_name(9): "failed"})
    assert "exists already, with another size" in problem
    assert (tmp_path / dark_name(9)).read_bytes() == b"mine"


def test_an_incomplete_file_with_a_final_name_is_replaced(crds_site, cache):
    # The CRDS client leaves such files: it names them before it verifies them.
    cache.mkdir(parents=True)
    (cache / dark_name(9)).write_bytes(b"half")
    code, result, _ = run("--detector", "NRS2")
    assert (code, states(result)) == (0, {dark_name(9): "fetched"})
    assert (cache / dark_name(9)).stat().st_size == WHOLE[9]


def test_one_reference_that_fails_does_not_stop_the_others(crds_site, cache):
    crds_site.faults[f"/references/{dark_name(2)}"] = 404
    code, result, problems = run("--detector", "NRS1")
    assert code == 1
    assert [n for n, state in states(result).items() if state != "fetched"] == [dark_name(2)]
    [problem] = problems
    assert problem.endswith(f"{dark_name(2)}: no such file on the server (HTTP 404)")


def test_content_that_differs_from_the_catalog_is_refused(crds_site, cache):
    crds_site.files[f"/references/{dark_name(9)}"] = b"x" * WHOLE[9]
    metadata = crds_site.server_info()
    metadata["download_metadata"][dark_name(9)]["sha1sum"] = "0" * 40
    crds_site.rpc["get_server_info"] = lambda: metadata
    code, _, [problem] = run("--detector", "NRS2")
    assert code == 1
    assert "a different checksum" in problem
    assert not any(cache.iterdir())


def test_a_server_that_fails_is_reported_in_one_line(crds_site, cache):
    run("--detector", "NRS2", "--dry-run")
    crds_site.faults["get_server_info"] = 500
    code, problems = run_plain("--detector", "NRS1")
    assert code == 1
    summary, problem = problems
    assert summary == "hotpix: 5 files (5 failed), 0.0 MB"
    assert problem.startswith(f"hotpix: {dark_name(1)} and 4 others: not in the CRDS cache, and ")
    assert problem.endswith("does not answer")


def test_a_stalled_server_is_not_waited_for(crds_site, cache):
    run("--detector", "NRS2", "--dry-run")
    crds_site.rpc["get_server_info"] = lambda: time.sleep(8)
    code, problems = run_plain("--detector", "NRS1")
    assert code == 1
    assert problems[-1].endswith("does not answer")


def test_a_read_only_cache_is_left_alone(crds_site, cache, monkeypatch):
    run("--detector", "NRS2", "--dry-run")
    monkeypatch.setenv("CRDS_READONLY_CACHE", "1")
    code, problems = run_plain("--detector", "NRS2")
    assert code == 1
    assert problems[-1].endswith("is read-only (CRDS_READONLY_CACHE)")
    assert not list(cache.glob("*"))


def test_the_catalog_of_the_server_is_remembered_without_it(crds_site, cache, tmp_path):
    run("--detector", "NRS2", "--dry-run")
    with use_cache(tmp_path / "cache", "jwst_0001.pmap"):
        code, result, _ = run("--detector", "NRS2", "--dry-run")
    assert (code, result["bytes"]) == (0, WHOLE[9])


def test_another_kind_of_web_server_is_not_taken_for_a_crds_server(crds_site, cache):
    crds_site.rpc["get_server_info"] = lambda: "welcome"
    code, [problem] = run_plain("--detector", "NRS2")
    assert code == 1
    assert "CRDS" in problem


def wanted(text, **given):
    references = list_references(["jwst_0001.pmap"], ["dark"], CrdsFiles())
    chosen = Wanted(detector="NRS1", epoch=mjd(text), subarray="FULL", **given).choose(references)
    return [one.name for one in chosen]


@pytest.mark.parametrize(
    ("date", "numbers"),
    [("2022-05-01", (3, 4)), ("2022-01-01", (3, 4)), ("2019-01-01", (1,)), ("2025-01-01", (5,))],
)
def test_around_an_exposure_are_the_last_before_it_and_the_first_after(crds_site, date, numbers):
    assert wanted(date) == [dark_name(number) for number in numbers]


@pytest.mark.parametrize("files_before_the_kill", [0, 3])
def test_killed_at_any_moment_the_next_run_completes(
    crds_site, cache, tmp_path, files_before_the_kill
):
    crds_site.latency = 0.05
    url = crds_site.url.replace("127.0.0.1", "localhost")
    run("--dry-run")
    with subprocess.Popen(
        [sys.executable, "-c", CODE, "fetch", "references"],
        env=environment_of(tmp_path / "cache", url), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        while child.poll() is None:
            begun = [path for path in crds_site.requests if path.startswith("/references/")]
            if len(begun) > files_before_the_kill:
                break
            time.sleep(0.005)
        child.send_signal(signal.SIGKILL)
    for path in cache.glob("[!.]*"):
        number = int(path.stem[-4:])
        assert path.read_bytes() == bytes([number]) * WHOLE[number]
    code, result, _ = run()
    assert code == 0
    assert set(states(result).values()) <= {"present", "fetched"}
    assert {path.name for path in cache.iterdir()} == {dark_name(number) for number in WHOLE}
