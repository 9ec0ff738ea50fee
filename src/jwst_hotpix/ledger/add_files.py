"""Exposures into a ledger: one, or many by the workers that are given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jwst_hotpix.exceptions import DarkError, FetchError, HotPixError
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.reductions import what_counts
from jwst_hotpix.ledger.science_record import ScienceRecord, science_record_of
from jwst_hotpix.ledger.sources import Sources, is_settled, sources_of
from jwst_hotpix.tools.batch import DONE, FAILED, SKIPPED, Outcome, reason_for
from jwst_hotpix.tools.remote_file import is_uri
from jwst_hotpix.tools.workers import Workers

if TYPE_CHECKING:
    from jwst_hotpix.measure.rate import DarkRate

__all__ = ["ingest_file", "ingest_files"]


def ingest_file(
    ledger: Ledger,
    path: str | os.PathLike[str],
    *,
    released: float | None = None,
    group_time: float | None = None,
) -> bool:
    """
    Measure a dark or a science exposure and keep it in a ledger, unless it is there already.

    Parameters
    ----------
    ledger : Ledger
        Its folder is made if it is missing.
    path : path
        As `~jwst_hotpix.measure.rate.measure` or
        `~jwst_hotpix.measure.from_science.read_science` takes it; or an address such as
        ``crds://NAME``, ``https://…`` or ``s3://…``, of which only the parts that are needed
        travel.
    released : float, optional
        MJD (UTC) of the public release of a science exposure: no list as of an earlier date uses
        it. By default its end.
    group_time : float, optional
        Seconds between the groups of a reference's ramp, for a file that does not give it.

    Returns
    -------
    bool
        Whether it is new. The same exposure under another name is not.

    Raises
    ------
    DarkError, ExposureError, FrameMismatchError, OSError
        As these two; the ledger stays as it was.
    FetchError
        When an address leads nowhere, or the file there cannot be had.
    """
    sources = sources_of(ledger) if is_uri(os.fspath(path)) else {}
    return _added(ledger, path, _Options(released, {}, group_time, sources)) is not None


def ingest_files(
    folder: str | os.PathLike[str],
    files: Sequence[str | os.PathLike[str]],
    workers: Workers | None = None,
    *,
    released: float | None = None,
    released_on: Mapping[str, float] | None = None,
    group_time: float | None = None,
) -> Iterator[Outcome]:
    """
    Measure darks and science exposures into a ledger.

    Parameters
    ----------
    folder : path
        Of the ledger; made if it is missing.
    files : sequence of path
        Files or addresses, as `ingest_file` takes them, in any order.
    workers : Workers, optional
        From `~jwst_hotpix.tools.open_workers.open_workers`; by default this process does it all.
    released : float, optional
        MJD (UTC) of the public release of science exposures; by default their ends.
    released_on : mapping of str to float, optional
        The same by file, as ``files`` has it, for those whose own date is known.
    group_time : float, optional
        Seconds between the groups of ramps of references that do not give it.

    Yields
    ------
    Outcome
        One per file, as they are done: ``"done"``, ``"skipped"`` if the exposure is in the
        ledger already, or ``"failed"``. A file that cannot be used, or whose worker dies,
        fails; the others go on. Where the ledger holds another product of the exposure, the
        reason says which one counts, see `what_counts`.

    Raises
    ------
    ClusterError
        When the scheduler goes away. What was done by then is in the ledger.
    """
    # The workers of a cluster may run in another folder than this process.
    names = [os.fspath(file) for file in files]
    sources = sources_of(Ledger(folder)) if any(map(is_uri, names)) else {}
    options = _Options(released, dict(released_on or {}), group_time, sources)
    one = partial(_ingest_one, str(Path(folder).absolute()), str(Path.cwd()), options)
    yield from map(one, names) if workers is None else workers.run(one, names)


class _Options(NamedTuple):
    """What holds for all files, the release dates of some, and what need not travel again."""

    released: float | None
    released_on: dict[str, float]
    group_time: float | None
    sources: Sources


def _added(
    ledger: Ledger, path: str | os.PathLike[str], options: _Options
) -> DarkRate | ScienceRecord | None:
    """Measure a file and keep it; None if the ledger holds it already."""
    name = os.fspath(path)
    if not is_uri(name):
        return _added_here(ledger, path, options, {})
    try:
        return _added_from(ledger, name, options)
    except HotPixError as error:
        # Other names are those of copies that are gone by now.
        raise error.within(name) from error


def _added_from(ledger: Ledger, uri: str, options: _Options) -> DarkRate | ScienceRecord | None:
    """Do the same for a file elsewhere."""
    from jwst_hotpix.exposure.remote import RemoteExposure
    from jwst_hotpix.measure.needed import needed_of

    if is_settled(ledger, options.sources, {"uri": uri}):
        return None
    found = RemoteExposure.find(uri)
    if is_settled(ledger, options.sources, found.facts):
        return None
    try:
        with found.excerpt(needed_of) as path:
            return _added_here(ledger, path, options, found.facts)
    except DarkError as error:
        # A DRK of zeros beside the ramp that counts.
        if error.what != "extensions":
            raise
        with found.whole() as path:
            return _added_here(ledger, path, options, found.facts)


def _added_here(
    ledger: Ledger, path: str | os.PathLike[str], options: _Options, origin: dict[str, str]
) -> DarkRate | ScienceRecord | None:
    # Only here: they import astropy, and workers are better at that than who starts them.
    from jwst_hotpix.measure.from_science import read_science
    from jwst_hotpix.measure.open import open_dark
    from jwst_hotpix.measure.open_science import is_science
    from jwst_hotpix.measure.rate import measure_open

    if is_science(path):
        record = science_record_of(read_science(path), released=options.released)
        record = replace(record, facts=record.facts | origin)
        return record if ledger.add_science(record) else None
    with open_dark(path) as dark, ThreadPoolExecutor(1) as helper:
        digest = helper.submit(dark.digest)
        # The steps of jwst take minutes; other darks are measured while the digest is made.
        if dark.is_ramp and ledger.holds(dark, digest.result()):
            return None
        rate = measure_open(dark, digest.result, group_time=options.group_time)
        rate = replace(rate, facts=rate.facts | origin)
        return rate if ledger.add(rate) else None


def _ingest_one(folder: str, start: str, options: _Options, file: str) -> Outcome:
    path, ledger = file if is_uri(file) else str(Path(start, file)), Ledger(folder)
    released = options.released_on.get(file, options.released)
    try:
        new = _added(ledger, path, options._replace(released=released))
        # Looked for once it is kept: of two that are added at once, one meets the other.
        note = "" if new is None else what_counts(new, ledger.others(new))
    except Exception as error:  # noqa: BLE001
        # Whatever a damaged file makes a library raise concerns that file only.
        may_pass = is_uri(file) and isinstance(error, FetchError | OSError)
        reason = reason_for(error, file, path)
        return Outcome(file=file, status=FAILED, reason=reason, may_pass=may_pass)
    return Outcome(file=file, status=SKIPPED if new is None else DONE, reason=note)
