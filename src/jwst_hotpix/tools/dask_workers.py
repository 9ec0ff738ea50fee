"""The workers of a dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import distributed

from jwst_hotpix.exceptions import ClusterError, first_line
from jwst_hotpix.tools.batch import Outcome
from jwst_hotpix.tools.workers import Workers

__all__ = ["dask_workers"]

# Enough for any cluster to see that it should grow, few enough to be no burden.
_AHEAD = 10_000

_LOST = (CancelledError, distributed.CancelledError, TimeoutError, OSError)


@contextmanager
def dask_workers(scheduler: str, *, package: str = __name__.partition(".")[0]) -> Iterator[Workers]:
    """
    Use the workers of a cluster.

    Parameters
    ----------
    scheduler : str
        Address of a dask scheduler, e.g. ``"tcp://cluster:8786"``. Its workers must see the same
        files under the same names. How often it gives a task to another worker when one dies is
        its own setting (``distributed.scheduler.allowed-failures``).
    package : str
        What scheduler and workers must be able to import, by default this package.

    Yields
    ------
    Workers

    Raises
    ------
    ClusterError
        When the scheduler cannot be reached, or somewhere the package is not installed.
    """
    # Our errors report what is lost; dask would also log it, with a traceback.
    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(scheduler, timeout="5s")
    except (*_LOST, ValueError) as error:
        raise _no_scheduler("cannot reach", scheduler, error) from None
    with client:
        _check_installed(client, scheduler, package)
        yield _DaskWorkers(client, scheduler)


class _DaskWorkers(Workers):
    slots = _AHEAD

    def __init__(self, client: Any, scheduler: str) -> None:
        self.name = scheduler
        self._executor = client.get_executor(pure=False)

    def submit(self, function: Callable[[str], Outcome], file: str) -> Future[Outcome]:
        """Hand out one task."""
        future: Future[Outcome] = self._executor.submit(function, file)
        return future

    def outcome_of(self, future: Future[Outcome]) -> Outcome | None:
        """Return the outcome of a task that has ended; None if its worker died."""
        try:
            return future.result()
        except distributed.scheduler.KilledWorker:
            return None
        except (RuntimeError, ImportError) as error:
            # A worker that came later may be of another environment.
            found = " ".join(str(error).split())
            raise ClusterError("workers", expected="this environment", found=found) from None
        except _LOST as error:
            raise _no_scheduler("lost", self.name, error) from None

    def abandon(self) -> None:
        """Do nothing: a cluster drops what is waiting when its client goes."""


def _check_installed(client: Any, scheduler: str, package: str) -> None:
    # Defined here, it travels by value: it must work where nothing of ours can be imported.
    def is_installed() -> bool:
        return find_spec(package) is not None

    found = client.run(is_installed)
    if not all(found.values()):
        where = f"every worker of {scheduler}"
    elif not client.run_on_scheduler(is_installed):
        where = f"the dask scheduler at {scheduler}"
    else:
        return
    sentence = f"{package} is not installed on {where}"
    raise ClusterError("workers", expected=package, found="none", sentence=sentence)


def _no_scheduler(verb: str, address: str, error: BaseException) -> ClusterError:
    found = first_line(error)
    sentence = f"{verb} the dask scheduler at {address} ({found})"
    return ClusterError("scheduler", expected=f"alive at {address}", found=found, sentence=sentence)
