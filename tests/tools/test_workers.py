"""A task per file on many workers, each of which may die, and what is left when all is lost."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import distributed
import psutil
import pytest
import tasks

from jwst_hotpix.exceptions import ClusterError
from jwst_hotpix.tools.batch import DONE, FAILED, REPEATED, SKIPPED, Outcome, collect
from jwst_hotpix.tools.dask_workers import dask_workers
from jwst_hotpix.tools.local_workers import local_workers
from jwst_hotpix.tools.open_workers import open_workers
from jwst_hotpix.tools.workers import KILLED


@pytest.fixture(scope="module")
def two():
    with local_workers(2) as workers:
        yield workers


def by_file(outcomes):
    return {outcome.file: outcome for outcome in outcomes}


def test_a_dying_worker_costs_only_its_file(two):
    outcomes = by_file(two.run(tasks.die_over_b, "abcdef"))
    assert {file for file, outcome in outcomes.items() if outcome.status == DONE} == set("acdef")
    assert outcomes["b"] == Outcome(file="b", status=FAILED, reason=KILLED, retried=True)


def test_a_file_whose_worker_died_is_tried_once_more(two, tmp_path):
    outcomes = list(two.run(partial(tasks.die_once, tmp_path), "abc"))
    assert {(o.status, o.retried) for o in outcomes} == {(DONE, True)}


def test_a_failure_is_tried_once_more_only_if_it_may_pass(two, tmp_path):
    assert list(two.run(partial(tasks.fail_once, tmp_path), "a")) == [
        Outcome(file="a", status=DONE, retried=True)
    ]
    (outcome,) = two.run(tasks.fail, "a")
    assert not outcome.retried


def test_files_are_taken_as_workers_become_free(two):
    taken = []
    outcomes = two.run(tasks.done, (taken.append(n) or str(n) for n in range(100)))
    for count in range(1, 10):
        next(outcomes)
        assert len(taken) <= count + two.number
    outcomes.close()


def test_a_worker_that_takes_too_much_memory_is_killed():
    with local_workers(1, memory="300MiB") as workers:
        outcomes = by_file(workers.run(tasks.eat_over_b, "abc"))
    assert [outcomes[file].status for file in "abc"] == [DONE, FAILED, DONE]
    assert "out of memory" in outcomes["b"].reason


def test_workers_share_the_memory_of_the_machine_equally():
    with local_workers(2, memory="auto") as workers:
        assert 2 * workers.memory <= psutil.virtual_memory().total


def test_each_worker_uses_one_thread_and_leaves_the_environment_alone(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    with local_workers(1) as workers:
        assert [outcome.reason for outcome in workers.run(tasks.threads, "a")] == ["1"]
    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_a_task_may_start_processes_of_its_own(two):
    assert [outcome.reason for outcome in two.run(tasks.start_a_process, "a")] == ["5"]


SLEEP = """
import sys
from functools import partial
import tasks
from jwst_hotpix.tools.local_workers import local_workers
if __name__ == "__main__":
    with local_workers(2) as workers:
        list(workers.run(partial(tasks.sleep, sys.argv[1]), "ab"))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_the_process_that_started_them(tmp_path, how):
    # FIELD D14.
    folder, script = tmp_path / "pids", tmp_path / "script.py"
    folder.mkdir()
    script.write_text(SLEEP)
    paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, script, folder], env={**os.environ, "PYTHONPATH": paths},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while len(list(folder.iterdir())) < 2 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(how)
    process.wait(timeout=30)
    workers = [int(path.name) for path in folder.iterdir()]
    assert len(workers) == 2
    deadline = time.monotonic() + 30
    while any(map(psutil.pid_exists, workers)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(psutil.pid_exists, workers))


def test_workers_that_cannot_start_are_one_clear_error(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text("from jwst_hotpix.tools.local_workers import local_workers\n"
                      "with local_workers(1) as workers:\n    print('started')\n")  # fmt: skip
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert "started" not in run.stdout
    assert "ClusterError: cannot start worker processes" in run.stderr.splitlines()[-1]


def test_a_package_that_workers_of_a_cluster_lack_is_named_before_any_work():
    settings = {"processes": True, "n_workers": 1, "dashboard_address": "127.0.0.1:0"}
    with distributed.LocalCluster(**settings) as cluster:
        with (
            pytest.raises(ClusterError, match="^no_such is not installed on every worker of tcp"),
            dask_workers(cluster.scheduler_address, package="no_such"),
        ):
            pass
        with open_workers(1, scheduler=cluster.scheduler_address) as workers:
            assert {outcome.file for outcome in workers.run(tasks.done, "abc")} == set("abc")


def test_what_lost_workers_leave_undone_has_failed():
    lost = ClusterError("scheduler", expected="alive", found="none", sentence="lost it")

    def outcomes():
        yield Outcome(file="b", status=DONE)
        yield Outcome(file="c", status=SKIPPED, reason=REPEATED)
        raise lost

    batch = collect(outcomes(), ["d", "c", "b", "c"])
    assert batch.lost is lost
    assert [outcome.file for outcome in batch.of(FAILED)] == ["c", "d"]
    assert batch.not_reached == batch.of(FAILED)
    assert [outcome.file for outcome in batch.of(DONE)] == ["b"]
