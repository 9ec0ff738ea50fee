"""On a dask cluster, started as a user would: a scheduler and two workers."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from archives import content, contents, nothing_is_left_of_the_work

pytestmark = pytest.mark.xdist_group("reprocess")

DASK = Path(sys.executable).with_name("dask")


@pytest.fixture
def cluster(request, small, tmp_path):
    """
    The address of a scheduler, its process, and those of two workers.

    A parameter is the environment in which they start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    host = ["--host", "127.0.0.1", "--no-dashboard"]
    worker = ["worker", address, *host, "--nthreads", "1"]
    processes = [
        subprocess.Popen(
            [DASK, *command], cwd=tmp_path, stderr=subprocess.DEVNULL,
            env={**small.environment, "TMPDIR": str(tmp_path), **getattr(request, "param", {})},
            start_new_session=True,
        )
        for command in (["scheduler", *host, "--port", str(port)], worker, worker)
    ]  # fmt: skip
    yield address, processes
    for process in reversed(processes):
        process.terminate()
        process.wait(timeout=30)


def test_a_dask_cluster_makes_the_same_products(small, undisturbed, tmp_path, cluster):
    address, _ = cluster
    bad = tmp_path / "bad_uncal.fits"
    bad.write_text("nothing")
    output = tmp_path / "out"
    command = ["-o", output, "--library", small.library, "--scheduler", address]
    result, errors = small.run(*small.uncals, bad, *command, code=1)
    assert result["done"] == [str(path) for path in small.uncals]
    assert [entry["file"] for entry in result["failed"]] == [str(bad)]
    assert result["workers"] is result["memory_per_worker"] is None
    assert len(errors) == 1
    assert contents(output) == contents(undisturbed)
    result, _ = small.run(*small.uncals, *command, "--resume")
    assert [entry["file"] for entry in result["skipped"]] == [str(path) for path in small.uncals]
    assert nothing_is_left_of_the_work(output)


@pytest.mark.parametrize(
    ("cluster", "works"),
    [({}, False), ({"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}, True)],
    indirect=["cluster"],
)
def test_several_cores_are_used_where_workers_may_start_processes_and_refused_otherwise(
    small, undisturbed, tmp_path, cluster, works
):
    """B6, jwst #8383."""
    output, (exposure, *_) = tmp_path / "out", small.uncals
    result, errors = small.run(
        exposure, "-o", output, "--library", small.library, "--scheduler", cluster[0],
        "--param", "steps.jump.maximum_cores=2", code=0 if works else 1,
    )  # fmt: skip
    assert result["retried"] == []
    if works:
        assert result["done"] == [str(exposure)]
        name = exposure.name.replace("uncal", "rate")
        made = {"HPXRECIP", "HPXMADE"}
        assert content(output / name, but=made) == content(undisturbed / name, but=made)
        return
    (line,) = errors
    assert line == (
        f"hotpix: {exposure}: steps.jump.maximum_cores=2 needs workers that may start processes: "
        "set distributed.worker.daemon to false for the cluster"
    )
    assert not list(output.glob("*.fits"))


def test_a_scheduler_that_goes_away_is_one_clear_error(small, undisturbed, tmp_path, cluster):
    address, (scheduler, *_) = cluster
    output = tmp_path / "out"
    process = small.start(
        *small.uncals, small.uncals[-1], "-o", output, "--library", small.library,
        "--scheduler", address,
    )  # fmt: skip
    while not list(output.glob("*_rate.fits")) and process.poll() is None:
        time.sleep(0.01)
    os.kill(scheduler.pid, signal.SIGKILL)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    lines = [line for line in errors.splitlines() if line.startswith("hotpix: ")]
    assert lines.pop(0).endswith("given twice")
    assert len(lines) == 1
    # Given twice, and not done all the same.
    assert str(small.uncals[-1]) in [entry["file"] for entry in json.loads(out)["failed"]]
    assert f"lost the dask scheduler at {address} (" in lines[0]
    assert "files are not done" in lines[0]
    assert "Traceback" not in errors
    assert out.count("lost the dask scheduler") >= 1
    assert contents(output).items() <= contents(undisturbed).items()


def test_a_scheduler_that_is_not_there_is_one_clear_error(small, tmp_path):
    result, errors = small.run(
        small.uncals[0], "-o", tmp_path / "out", "--list", small.lists[0],
        "--scheduler", "tcp://127.0.0.1:1", code=1,
    )  # fmt: skip
    assert result is None
    assert len(errors) == 1
    assert errors[0].startswith("hotpix: cannot reach the dask scheduler at tcp://127.0.0.1:1 (")
