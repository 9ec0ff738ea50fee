"""One task an item, by processes of this machine or by the workers of a cluster."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import resource_tracker
from typing import Any

import dask
import distributed
from dask.utils import parse_bytes

from jwst_hotpix.exceptions import ClusterError

__all__ = ["KILLED", "Report", "Workers", "cluster_workers", "local_workers"]

#: The reason to give for an item over which workers died.
KILLED = "its worker died twice (killed, or out of memory)"

# Enough for any cluster to see that it should grow, few enough to be no burden.
_AHEAD = 1000

# Libraries that would use every core for themselves are asked not to, by these variables.
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

# Seconds within which a worker that died must have a successor.
_RESTART = 120

# Bytes. A worker that has imported dask and nothing else takes half of it.
_LEAST = 256 * 2**20

_LOST = (distributed.CancelledError, TimeoutError, OSError)


@dataclass(frozen=True, kw_only=True)
class Report:
    """
    What became of one item.

    Attributes
    ----------
    item : object
    result : object
        What the function returned; None when it had no chance to.
    killed : bool
        The worker died over it, twice.
    attempts : int
        1 or 2.
    """

    item: Any
    result: Any
    killed: bool = False
    attempts: int = 1


@dataclass(frozen=True, kw_only=True)
class Workers:
    """
    Workers that are ready for tasks.

    Attributes
    ----------
    client : distributed.Client
    address : str
        Of the scheduler.
    number : int, optional
        Of local processes; None for a cluster, which may grow and shrink.
    memory : int, optional
        Bytes that each may take before it is killed; None where a cluster decides.
    """

    client: Any
    address: str
    number: int | None = None
    memory: int | None = None

    @property
    def _slots(self) -> int:
        """
        Tell how many tasks may be under way.

        A local worker never has a task in waiting, which would be blamed for the death of the
        worker. A cluster gets enough to see by it that it should grow.
        """
        if self.number is not None:
            return self.number
        threads: int = sum(self.client.nthreads().values())
        return max(_AHEAD, 2 * threads)

    def run(
        self,
        function: Callable[[Any], Any],
        items: Iterable[Any],
        try_again: Callable[[Any], bool] | None = None,
    ) -> Iterator[Report]:
        """
        Call a function with every item, each on some worker.

        Parameters
        ----------
        function : callable
            Of one argument. Its module must be importable by the workers; it returns what goes
            wrong rather than raise it.
        items : iterable
            Taken as workers become free.
        try_again : callable, optional
            Given a result, tells whether the item deserves a second attempt. An item whose worker
            died gets one in any case.

        Yields
        ------
        Report
            One an item, as they are done.

        Raises
        ------
        ClusterError
            When the scheduler goes away.
        """
        waiting = ((item, 1) for item in items)
        running: dict[Any, tuple[Any, int]] = {}
        completed = distributed.as_completed()

        def start(tasks: Iterable[tuple[Any, int]]) -> None:
            for item, attempt in tasks:
                future = self.client.submit(function, item, pure=False)
                running[future] = (item, attempt)
                completed.add(future)

        try:
            start(islice(waiting, self._slots))
            for future in completed:
                item, attempt = running.pop(future)
                result, killed = _result_of(future)
                if killed and self.number is not None:
                    # With its successor in place no task waits behind another one's back.
                    _await(self.client, self.number)
                if attempt == 1 and (killed or (try_again and try_again(result))):
                    start([(item, 2)])
                    continue
                start(islice(waiting, max(0, self._slots - len(running))))
                yield Report(item=item, result=result, killed=killed, attempts=attempt)
        except _LOST as error:
            raise _lost(self.address, error) from None
        finally:
            if running and self.number is not None:
                # Whoever interrupts may clear away what the tasks under way are writing.
                self.client.cluster.close()


def _await(client: Any, number: int) -> None:
    try:
        client.wait_for_workers(number, timeout=_RESTART)
    except TimeoutError:
        expected = f"{number} again within {_RESTART} s (is the memory for each enough?)"
        raise ClusterError("workers", expected=expected, found="fewer") from None


def _result_of(future: Any) -> tuple[Any, bool]:
    try:
        return future.result(), False
    except distributed.scheduler.KilledWorker:
        return None, True
    except ImportError as error:
        raise ClusterError("workers", expected="jwst_hotpix on each", found=error) from None


def _lost(address: str, error: Exception) -> ClusterError:
    found = f"{type(error).__name__}: {error}".splitlines()[0]
    return ClusterError("scheduler", expected=f"alive at {address}", found=found)


@contextmanager
def cluster_workers(scheduler: str) -> Iterator[Workers]:
    """
    Use the workers of a cluster.

    Parameters
    ----------
    scheduler : str
        Address of a dask scheduler, e.g. ``"tcp://cluster:8786"``. Its workers must see the same
        files under the same names. How often it tries an item whose worker dies is its own
        setting (``distributed.scheduler.allowed-failures``).

    Yields
    ------
    Workers

    Raises
    ------
    ClusterError
        When the scheduler cannot be reached.
    """
    _silence()
    try:
        client = distributed.Client(scheduler, timeout="5s")
    except (*_LOST, ValueError) as error:
        raise _lost(scheduler, error) from None
    with client:
        yield Workers(client=client, address=scheduler)


@contextmanager
def local_workers(number: int, *, memory: str | None = None) -> Iterator[Workers]:
    """
    Start processes on this machine; they end with the block, or with this process.

    Each runs one task at a time, with one thread for linear algebra. One that takes more than
    95 % of its memory is killed, and another takes its place.

    Parameters
    ----------
    number : int
    memory : str, optional
        For each, e.g. ``"8GiB"``; by default an equal share of what the machine has.

    Yields
    ------
    Workers

    Raises
    ------
    ClusterError
        When ``memory`` is no amount of memory, or less than a worker needs to start (256 MiB).
    """
    _silence()
    limit = "auto" if memory is None else _bytes_of(memory)
    settings = {
        "distributed.scheduler.allowed-failures": 0,
        # A long ramp fit may keep a worker from answering.
        "distributed.scheduler.worker-ttl": None,
        # Above the share that spills or pauses, nothing but the task itself could give way.
        "distributed.worker.memory.pause": False,
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.target": False,
        "distributed.worker.profile.enabled": False,
        # Of what dask sets there the threads, but not that freed memory goes back at once: an
        # exposure frees and takes the same arrays over and over, which would cost a fifth of its
        # CPU time.
        "distributed.nanny.pre-spawn-environ": dict.fromkeys(_THREADS, 1),
    }
    with ExitStack() as stack:
        with _interrupts_held():
            stack.enter_context(dask.config.set(settings))
            cluster = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=number,
                    threads_per_worker=1,
                    memory_limit=limit,
                    # No dashboard, but dask listens anyway: where nobody else does.
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                )
            )
            client = stack.enter_context(distributed.Client(cluster))
            client.register_plugin(_Quiet())
        workers = client.scheduler_info()["workers"].values()
        yield Workers(
            client=client,
            address=cluster.scheduler_address,
            number=number,
            memory=min((worker["memory_limit"] for worker in workers), default=None),
        )


def _bytes_of(memory: str) -> int:
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
    Let Ctrl-C wait: half a cluster cannot be closed.

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


def _silence() -> None:
    """Leave it to our errors to say what is lost; dask would also log it, traceback and all."""
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class _Quiet(distributed.WorkerPlugin):
    """Keep what libraries print or leave behind in a local worker from the user's terminal."""

    def setup(self, worker: Any) -> None:
        del worker
        # A lock made for processes that fork has no name; any other that a library makes on
        # import, as crds does, would be reported as leaked once its worker is killed.
        multiprocessing.set_start_method("fork", force=True)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        os.close(nowhere)
