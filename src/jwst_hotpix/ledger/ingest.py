"""Many darks into a ledger: one after the other, by processes, or by a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from jwst_hotpix.exceptions import ClusterError, HotPixError, reason_of
from jwst_hotpix.ledger.ledger import Ledger

__all__ = ["ADDED", "PRESENT", "REJECTED", "Outcome", "ingest_files"]

_Ingest = Callable[[str, str], "Outcome"]

ADDED, PRESENT, REJECTED = "ingested", "already_present", "rejected"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """
    What became of one file.

    Attributes
    ----------
    file : str
    status : str
        ``"ingested"``, ``"already_present"`` or ``"rejected"``.
    reason : str
        Why it was rejected.
    """

    file: str
    status: str
    reason: str = ""


def ingest_files(
    folder: str | os.PathLike[str],
    files: Sequence[str | os.PathLike[str]],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    released: float | None = None,
) -> Iterator[Outcome]:
    """
    Measure darks and science exposures into a ledger.

    Parameters
    ----------
    folder : path
        Of the ledger; made where it is missing.
    files : sequence of path
        In any order.
    workers : int
        Processes of this machine.
    scheduler : str, optional
        Address of a dask scheduler, whose workers must see the same files. In place of
        ``workers``.
    released : float, optional
        MJD (UTC) of the public release of science exposures; by default their ends.

    Yields
    ------
    Outcome
        One a file, as they are done. A file that cannot be used is rejected; the others go on.

    Raises
    ------
    ClusterError
        When the scheduler cannot be reached or goes away, or a process is killed. What was done
        by then is in the ledger.
    """
    ingest = partial(ingest_one, released=released)
    ledger, paths = str(Path(folder).absolute()), [str(Path(file).absolute()) for file in files]
    if scheduler is not None:
        yield from _by_cluster(ingest, ledger, paths, scheduler)
    elif workers > 1 and len(paths) > 1:
        yield from _by_processes(ingest, ledger, paths, workers)
    else:
        for path in paths:
            yield ingest(ledger, path)


def ingest_one(folder: str, path: str, *, released: float | None = None) -> Outcome:
    """
    Measure one dark or science exposure into a ledger.

    Parameters
    ----------
    folder, path : str
    released : float, optional
        As in `ingest_files`.

    Returns
    -------
    Outcome
    """
    try:
        status = ADDED if Ledger(folder).ingest(path, released=released) else PRESENT
    except (HotPixError, OSError, MemoryError) as error:
        return Outcome(file=path, status=REJECTED, reason=reason_of(error))
    return Outcome(file=path, status=status)


def _by_processes(
    ingest: _Ingest, ledger: str, paths: Sequence[str], workers: int
) -> Iterator[Outcome]:
    # Spawned, not forked: the libraries below have threads of their own.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(paths)), mp_context=context) as pool:
        try:
            for future in as_completed([pool.submit(ingest, ledger, path) for path in paths]):
                yield future.result()
        except BrokenProcessPool:
            raise ClusterError("workers", expected="alive", found="one was killed") from None
        finally:
            pool.shutdown(cancel_futures=True)


def _by_cluster(
    ingest: _Ingest, ledger: str, paths: Sequence[str], scheduler: str
) -> Iterator[Outcome]:
    # Takes half a second to import, and few need it.
    from jwst_hotpix.tools.workers import KILLED, cluster_workers

    with cluster_workers(scheduler) as workers:
        for report in workers.run(partial(ingest, ledger), paths):
            if report.killed:
                yield Outcome(file=report.item, status=REJECTED, reason=f"{report.item}: {KILLED}")
            else:
                yield report.result
