"""Processes of this machine, each of which may die without harm to the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process, resource_tracker
from threading import Event, Thread
from typing import Self

import psutil

from jwst_hotpix.exceptions import ClusterError
from jwst_hotpix.tools.batch import Outcome
from jwst_hotpix.tools.workers import Workers

__all__ = ["local_workers"]

# Libraries that would use every core for themselves are asked not to, by these variables.
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

# Bytes. A worker that has imported the pipeline and nothing else takes as much.
_LEAST = 256 * 2**20

# Seconds between two looks at how much memory the workers take, and the share that is too much.
_LOOK, _TOO_MUCH = 0.1, 0.95


@contextmanager
def local_workers(number: int, *, memory: str | None = None) -> Iterator[Workers]:
    """
    Start processes on this machine; they end with the block, or with this process.

    Each runs one task at a time, with one thread for linear algebra. One that takes more than
    95 % of its memory is killed, and another takes its place.

    Parameters
    ----------
    number : int
        How many.
    memory : str, optional
        For each, e.g. ``"8GiB"``, or ``"auto"`` for an equal share of what the machine has; by
        default nothing but the machine limits them.

    Yields
    ------
    Workers

    Raises
    ------
    ClusterError
        When ``memory`` is no amount of memory, or less than a worker needs (256 MiB); when no
        process can be started.
    """
    limit = None if memory is None else _bytes_of(memory, number)
    with _LocalWorkers(number, limit) as workers:
        yield workers


class _LocalWorkers(Workers):
    def __init__(self, number: int, memory: int | None) -> None:
        self.name = "this machine"
        self.slots = self.number = number
        self.memory = memory
        self._busy: dict[Future[Outcome], _Process] = {}
        self._idle: list[_Process] = []
        self._ended = Event()

    def __enter__(self) -> Self:
        processes = [_Process() for _ in range(self.slots)]
        self._idle = [process.ready() for process in processes]
        if self.memory is not None:
            Thread(target=self._watch, args=(self.memory,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.abandon()
        # An idle one has nothing to lose, and would take a second to clear up after itself.
        while self._idle:
            self._idle.pop().end()

    def submit(self, function: Callable[[str], Outcome], file: str) -> Future[Outcome]:
        # One that died is replaced when it is missed.
        process = self._idle.pop() if self._idle else _Process().ready()
        future = process.executor.submit(function, file)
        self._busy[future] = process
        return future

    def outcome_of(self, future: Future[Outcome]) -> Outcome | None:
        process = self._busy.pop(future)
        try:
            outcome = future.result()
        except BrokenProcessPool:
            process.end()
            return None
        self._idle.append(process)
        return outcome

    def abandon(self) -> None:
        """Kill what is at work: whoever interrupts may clear away what it writes."""
        while self._busy:
            self._busy.popitem()[1].end()

    def _watch(self, memory: int) -> None:
        while not self._ended.wait(_LOOK):
            for process in list(self._busy.values()):
                with suppress(psutil.NoSuchProcess):
                    if process.status.memory_info().rss > _TOO_MUCH * memory:
                        process.status.kill()


class _Process:
    """A process with an executor of its own: a broken one loses the task of its one process."""

    def __init__(self) -> None:
        # Spawned, not forked: the libraries that tasks use have threads of their own.
        self.executor = ProcessPoolExecutor(1, get_context("spawn"), initializer=_settle)
        with _interrupts_held(), _one_thread():
            self._number = self.executor.submit(os.getpid)

    def ready(self) -> Self:
        """Wait until the process has started."""
        try:
            self.status = psutil.Process(self._number.result())
        except BrokenProcessPool:
            sentence = "cannot start worker processes (a script needs `if __name__ == ...`)"
            raise ClusterError(
                "workers", expected="processes that start", found="none", sentence=sentence
            ) from None
        return self

    def end(self) -> None:
        """Kill the process, whatever it is at, and wait for its end."""
        with suppress(psutil.NoSuchProcess):
            self.status.kill()
        self.executor.shutdown()


def _bytes_of(memory: str, number: int) -> int:
    if memory == "auto":
        # It knows what is left by control groups and limits of the user.
        from distributed.system import MEMORY_LIMIT

        return int(MEMORY_LIMIT / number)
    from dask.utils import parse_bytes

    try:
        limit = int(parse_bytes(memory))
    except ValueError:
        limit = 0
    if limit < _LEAST:
        raise ClusterError("memory", expected="256MiB or more, e.g. 8GiB", found=memory)
    return limit


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """
    Let Ctrl-C wait: half a process cannot be ended.

    What is started meanwhile inherits that it waits, for good: it is this process that ends the
    others.
    """
    # It lets interrupts through again once it has started, so it must not do that in between.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Set what processes that are started meanwhile inherit."""
    before = {name: os.environ[name] for name in _THREADS if name in os.environ}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name in _THREADS:
            del os.environ[name]
        os.environ.update(before)


def _settle() -> None:
    """Make a process a quiet worker that ends with its parent, even if that is killed."""
    # A lock made for processes that fork has no name; any other that a library makes on import,
    # as crds does, would be reported as leaked once its worker is killed.
    multiprocessing.set_start_method("fork", force=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
