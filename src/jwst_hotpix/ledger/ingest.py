"""Darks into a ledger: one, or many by whatever workers there are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.tools.batch import DONE, FAILED, SKIPPED, Outcome, reason_for
from jwst_hotpix.tools.workers import Workers

__all__ = ["ingest_file", "ingest_files"]


def ingest_file(ledger: Ledger, path: str | os.PathLike[str]) -> bool:
    """
    Measure a dark and keep it in a ledger, unless it is there already.

    Parameters
    ----------
    ledger : Ledger
        Its folder is made if it is missing.
    path : path
        As `~jwst_hotpix.measure.rate.measure` takes it.

    Returns
    -------
    bool
        Whether it is new. The same dark under another name is not.

    Raises
    ------
    DarkError, FrameMismatchError, OSError
        As `~jwst_hotpix.measure.rate.measure`; the ledger stays as it was.
    """
    # Only here: they import astropy, and workers are better at that than who starts them.
    from jwst_hotpix.measure.open import open_dark
    from jwst_hotpix.measure.rate import measure_open

    with open_dark(path) as dark, ThreadPoolExecutor(1) as helper:
        digest = helper.submit(dark.digest)
        # The steps of jwst take minutes; other darks are measured while the digest is made.
        if dark.is_ramp and ledger.holds(dark, digest.result()):
            return False
        return ledger.add(measure_open(dark, digest.result))


def ingest_files(
    folder: str | os.PathLike[str],
    files: Sequence[str | os.PathLike[str]],
    workers: Workers | None = None,
) -> Iterator[Outcome]:
    """
    Measure darks into a ledger.

    Parameters
    ----------
    folder : path
        Of the ledger; made if it is missing.
    files : sequence of path
        In any order.
    workers : Workers, optional
        From `~jwst_hotpix.tools.open_workers.open_workers`; by default this process does it all.

    Yields
    ------
    Outcome
        One per file, as they are done: ``"done"``, ``"skipped"`` if the dark is in the ledger
        already, or ``"failed"``. A file that cannot be used, or whose worker dies, fails; the
        others go on.

    Raises
    ------
    ClusterError
        When the scheduler goes away. What was done by then is in the ledger.
    """
    # The workers of a cluster may run in another folder than this process.
    one = partial(_ingest_one, str(Path(folder).absolute()), str(Path.cwd()))
    names = [os.fspath(file) for file in files]
    yield from map(one, names) if workers is None else workers.run(one, names)


def _ingest_one(folder: str, start: str, file: str) -> Outcome:
    path = str(Path(start, file))
    try:
        is_new = ingest_file(Ledger(folder), path)
    except Exception as error:  # noqa: BLE001
        # Whatever a damaged file makes a library raise concerns that file only.
        return Outcome(file=file, status=FAILED, reason=reason_for(error, file, path))
    return Outcome(file=file, status=DONE if is_new else SKIPPED)
