"""Killed and resumed, interrupted, or twice at once: the products of one quiet run."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import numpy as np
import pytest
from archives import content, contents, nothing_is_left_of_the_work

from jwst_hotpix.archive.output_folder import _claim, publish, run_folder
from jwst_hotpix.exceptions import ExposureError

pytestmark = pytest.mark.xdist_group("reprocess that goes wrong")


def whole(folder):
    return set(folder.glob("*_rate.fits"))


def test_killed_at_random_moments_and_resumed_gives_the_same(small, undisturbed, tmp_path):
    rng = np.random.default_rng(7)
    output = tmp_path / "out"
    command = [*small.uncals, "-o", output, "--library", small.library, "--resume"]
    sizes = []
    for number, pause in enumerate(rng.uniform(0, 4, size=3)):
        process = small.start(*command)
        # The first time before anything is done, then within the second exposure, and so on.
        while len(whole(output)) < number and process.poll() is None:
            time.sleep(0.01)
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert contents(output).items() <= contents(undisturbed).items()
        sizes.append(len(whole(output)))
    assert sizes[0] < len(small.uncals)
    small.run(*command)
    assert contents(output) == contents(undisturbed)
    assert nothing_is_left_of_the_work(output)


def test_two_runs_at_once_lose_nothing(small, rates, tmp_path):
    output = tmp_path / "out"
    both = [
        small.start(*files, "-o", output, "--library", small.library, "--overwrite")
        for files in (rates, rates[::-1])
    ]
    for process in both:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    # Nothing in them is left to flag.
    for path in rates:
        assert content(output / path.name)[1] == content(path)[1]
    assert nothing_is_left_of_the_work(output)


def test_an_interrupt_leaves_nothing_but_whole_products(small, undisturbed, tmp_path):
    output = tmp_path / "out"
    process = small.start(*small.uncals, "-o", output, "--library", small.library)
    while not whole(output) and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.splitlines()[-1] == "hotpix: interrupted"
    for word in ("Traceback", "Warning"):
        assert word not in errors, errors
    assert contents(output).items() <= contents(undisturbed).items()
    assert nothing_is_left_of_the_work(output)


@pytest.mark.parametrize("pause", [0.5, 1.0, 1.5, 2.0])
def test_an_interrupt_while_workers_start_is_one_line(small, tmp_path, pause):
    process = small.start(*small.uncals, "-o", tmp_path / "out", "--library", small.library)
    time.sleep(pause)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode
    assert "Warning" not in errors, errors
    # Before the command itself is there, Python says in its own words that it is interrupted.
    assert errors.splitlines()[-1] in {"hotpix: interrupted", "KeyboardInterrupt"}
    if errors.endswith("interrupted\n"):
        assert "Traceback" not in errors, errors


def product(run, name):
    folder = run / f"of {name}"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(name)
    (folder / "shared").write_text(name)
    return folder


def test_a_name_belongs_to_the_first_exposure_of_a_run_that_takes_it(tmp_path):
    with run_folder(tmp_path) as run:
        publish(product(run, "a"), tmp_path, "a")
        with pytest.raises(ExposureError, match="product shared would overwrite that of a"):
            publish(product(run, "b"), tmp_path, "b")
        with pytest.raises(ExposureError, match="product c would overwrite an input exposure"):
            publish(product(run, "c"), tmp_path, "c", kept={"c"})
        # A second attempt is no other exposure.
        publish(product(run, "a"), tmp_path, "a")
    assert (tmp_path / "shared").read_text() == "a"
    assert not {path.name for path in tmp_path.iterdir()} - {"a", "shared"}


def test_an_existing_file_is_replaced_only_if_allowed(tmp_path):
    with run_folder(tmp_path) as run:
        (tmp_path / "shared").write_text("of the user")
        (tmp_path / "a.log").write_text("of an earlier attempt")
        folder = product(run, "a")
        (folder / "a.log").write_text("new")
        with pytest.raises(ExposureError, match="product shared exists already; use --overwrite"):
            publish(folder, tmp_path, "a", may_replace=False)
        assert (tmp_path / "shared").read_text() == "of the user"
        assert not (tmp_path / "a").exists()
    with run_folder(tmp_path) as run:
        (tmp_path / "shared").unlink()
        publish(product(run, "a"), tmp_path, "a", may_replace=False)
        # A second attempt of the same run goes on from the first.
        publish(product(run, "a"), tmp_path, "a", may_replace=False)
    assert (tmp_path / "shared").read_text() == "a"


def test_a_name_has_one_owner_however_many_claim_it_at_once(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        for name in map(str, range(50)):
            owners = threads.map(partial(_claim, tmp_path / name), "abcdefgh")
            assert len(set(owners)) == 1
    assert {path.name for path in tmp_path.iterdir()} == set(map(str, range(50)))


def test_claims_need_no_links(tmp_path):
    """B18."""
    with run_folder(tmp_path) as run:
        publish(product(run, "a"), tmp_path, "a")
        paths = list(run.rglob("*"))
        assert not any(path.is_symlink() for path in paths)
        assert all(path.stat().st_nlink == 1 for path in paths if path.is_file())


def test_products_of_two_runs_in_one_folder_do_not_mix(tmp_path):
    """B18."""
    output, together = tmp_path / "out", Barrier(2)

    def reprocess(writer):
        for number in range(20):
            with run_folder(output) as run:
                folder = run / "work"
                folder.mkdir()
                for name in range(30):
                    (folder / str(name)).write_text(f"{writer} {number}")
                together.wait()
                publish(folder, output, "0")
                together.wait()
                assert len({(output / str(name)).read_text() for name in range(30)}) == 1
                together.wait()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(reprocess, "ab"))
    assert nothing_is_left_of_the_work(output)


def test_what_outlives_its_run_publishes_nothing_and_is_cleared_by_the_next(tmp_path):
    with run_folder(tmp_path) as run:
        pass
    run.mkdir()
    with pytest.raises(ExposureError, match="this run has already ended"):
        publish(product(run, "a"), tmp_path, "a")
    with run_folder(tmp_path):
        assert not run.exists()
    assert not list(tmp_path.iterdir())


def test_a_run_clears_what_dead_runs_left_and_nothing_of_those_at_work(tmp_path):
    dead = tmp_path / ".reprocess-dead"
    dead.mkdir()
    (dead / "half").write_text("written")
    dead.with_name(f"{dead.name}.lock").write_text("")
    with run_folder(tmp_path) as first:
        assert not dead.exists()
        (first / "half").write_text("written")
        with run_folder(tmp_path) as second:
            assert first != second
        assert (first / "half").exists()
    assert nothing_is_left_of_the_work(tmp_path)
