"""``hotpix ingest``: batches go on, a kill loses nothing, two at once lose nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from darks import EPOCH, rate_hdus, write
from jwst_hotpix.exceptions import DarkError
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.measure.rate import measure_open

HOTPIX = [sys.executable, "-c", "from jwst_hotpix.cli import main; main()", "ingest"]


def run(*arguments, code=0):
    command = [*HOTPIX, *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stderr
    return (json.loads(done.stdout) if done.stdout else None), done.stderr


@pytest.fixture(scope="module")
def darks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("darks")
    return [write(folder / f"{n:03d}_rate.fits", rate_hdus(EPOCH + n, seed=n)) for n in range(40)]


@pytest.fixture(scope="module")
def undisturbed(darks, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "ledger"
    result, _ = run(folder, *darks)
    assert len(result["ingested"]) == len(darks)
    return contents(folder)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*/*/*.parquet")}


def test_a_second_time_changes_nothing(tmp_path, darks, undisturbed):
    run(tmp_path / "led", *darks[:3])
    result, _ = run(tmp_path / "led", *darks[2::-1])
    assert result["already_present"] == [str(path) for path in darks[:3]]
    assert result["ingested"] == result["rejected"] == []
    assert contents(tmp_path / "led").items() <= undisturbed.items()


def test_a_file_that_changes_while_it_is_measured_is_not_added(tmp_path, monkeypatch):
    path, ledger = write(tmp_path / "dark_rate.fits", rate_hdus()), Ledger(tmp_path / "led")

    def measure_slowly(*arguments, **options):
        os.utime(path, (0, 0))
        return measure_open(*arguments, **options)

    monkeypatch.setattr("jwst_hotpix.measure.rate.measure_open", measure_slowly)
    with pytest.raises(DarkError, match="replaced or changed while being read"):
        ingest_file(ledger, path)
    assert not list(ledger.files())


@pytest.mark.parametrize("workers", [1, 2])
def test_bad_files_are_named_and_the_rest_goes_on(tmp_path, darks, workers):
    cut = tmp_path / "cut.fits"
    cut.write_bytes(darks[0].read_bytes()[:30_000])
    science = write(tmp_path / "science.fits", rate_hdus(EXP_TYPE="NRS_IMAGE"))
    gone = tmp_path / "gone.fits"
    files = [cut, darks[1], science, gone, darks[0]]
    result, errors = run(tmp_path / "led", *files, "--workers", workers, code=1)
    assert result["ingested"] == [str(path) for path in darks[:2]]
    reasons = {entry["file"]: entry["reason"] for entry in result["rejected"]}
    assert set(reasons) == {str(path) for path in (cut, science, gone)}
    assert "expected NRS_DARK, found NRS_IMAGE" in reasons[str(science)]
    assert len(errors.splitlines()) == 3
    assert all(path in errors for path in reasons)


def test_a_kill_at_any_moment_loses_at_most_the_dark_in_flight(tmp_path, darks, undisturbed):
    rng = np.random.default_rng(5)
    folder = tmp_path / "led"
    sizes = []
    for _ in range(10):
        process = subprocess.Popen([*HOTPIX, folder, *darks], stdout=subprocess.DEVNULL)
        before = len(contents(folder))
        deadline = time.monotonic() + 30
        while len(contents(folder)) == before < len(darks) and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = contents(folder)
        assert kept.items() <= undisturbed.items()
        sizes.append(len(kept))
    run(folder, *darks)
    assert contents(folder) == undisturbed
    assert sizes[0] < len(darks)
    assert Ledger(folder).sightings("NRS1").epoch.size == len(darks)


def start_two_workers(folder, darks):
    """Return the process at work, with a record at least in the ledger."""
    command = [*HOTPIX, folder, *darks, "--workers", "2", "--json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not contents(folder) and process.poll() is None:
        time.sleep(0.001)
    return process


def test_a_killed_worker_costs_nothing_but_time(tmp_path, darks, undisturbed):
    process = start_two_workers(tmp_path / "led", darks)
    of_python = psutil.Process(process.pid).children()
    # The other child keeps track of shared memory; only workers have imported anything large.
    max(of_python, key=lambda child: child.memory_info().rss).kill()
    out, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    result = json.loads(out)
    assert sorted(result["ingested"] + result["already_present"]) == [str(path) for path in darks]
    assert contents(tmp_path / "led") == undisturbed


def test_an_interrupt_is_one_line_and_leaves_whole_records(tmp_path, darks, undisturbed):
    process = start_two_workers(tmp_path / "led", darks)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.strip() == "hotpix: interrupted"
    assert contents(tmp_path / "led").items() <= undisturbed.items()


def test_two_ingests_at_once_lose_nothing(tmp_path, darks, undisturbed):
    folder = tmp_path / "led"
    both = [
        subprocess.Popen([*HOTPIX, folder, *files, "--json"], stdout=subprocess.PIPE, text=True)
        for files in (darks, darks[::-1])
    ]
    results = [json.loads(process.communicate(timeout=120)[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert contents(folder) == undisturbed
    done = {path for result in results for path in result["ingested"]}
    assert done == {str(path) for path in darks}


@pytest.fixture
def cluster(tmp_path):
    """A dask scheduler and two workers, started as a user would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    host = ["--host", "127.0.0.1"]
    commands = [
        ["dask_scheduler", *host, "--port", address.rpartition(":")[2], "--no-dashboard"],
        ["dask_worker", address, *host, "--nworkers", "2", "--nthreads", "1", "--no-dashboard"],
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *options],
            cwd=tmp_path, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        for module, *options in commands
    ]  # fmt: skip
    yield address, processes
    for process in reversed(processes):
        process.terminate()
        process.wait(timeout=30)


def test_a_dask_cluster_gives_the_same_ledger(tmp_path, darks, undisturbed, cluster):
    address, _ = cluster
    bad = tmp_path / "bad.fits"
    bad.write_text("nothing")
    result, _ = run(tmp_path / "led", *darks, bad, "--scheduler", address, code=1)
    assert result["ingested"] == [str(path) for path in darks]
    assert [entry["file"] for entry in result["rejected"]] == [str(bad)]
    assert contents(tmp_path / "led") == undisturbed


def test_a_scheduler_that_goes_away_is_one_clear_error(tmp_path, darks, undisturbed, cluster):
    address, (scheduler, _) = cluster
    folder = tmp_path / "led"
    command = [*HOTPIX, folder, *darks * 10, "--scheduler", address]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not contents(folder) and process.poll() is None:
        time.sleep(0.01)
    scheduler.kill()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"hotpix: lost the dask scheduler at {address} (" in errors
    assert "Traceback" not in errors
    assert contents(folder).items() <= undisturbed.items()


def test_a_scheduler_that_is_not_there_is_one_clear_error(tmp_path, darks):
    result, errors = run(tmp_path / "led", darks[0], "--scheduler", "tcp://127.0.0.1:1", code=1)
    assert result is None
    assert errors.strip().startswith(
        "hotpix: cannot reach the dask scheduler at tcp://127.0.0.1:1 ("
    )
    assert len(errors.strip().splitlines()) == 1
