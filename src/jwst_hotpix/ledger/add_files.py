"""Exposures into a ledger: one, or many by the workers that are given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.ledger.add_one import Options, add_one, copy_one
from jwst_hotpix.ledger.copies import copy_ahead
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.reductions import what_counts
from jwst_hotpix.ledger.sources import sources_of
from jwst_hotpix.tools.atomic import temporary_folder
from jwst_hotpix.tools.batch import DONE, FAILED, SKIPPED, Outcome, reason_for
from jwst_hotpix.tools.folders import path_list
from jwst_hotpix.tools.remote_file import is_uri
from jwst_hotpix.tools.workers import Workers

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
        ``crds://NAME``, ``https://…`` or ``s3://…``, of which only the parts needed are downloaded.
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
        When an address is wrong, or its file cannot be downloaded.
    """
    sources = sources_of(ledger) if is_uri(os.fspath(path)) else {}
    return add_one(ledger, path, Options(released, {}, group_time, sources)) is not None


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
        The same for individual files, by their names in ``files``.
    group_time : float, optional
        Seconds between the groups of ramps of references that do not give it.

    Yields
    ------
    Outcome
        One per file, as they are done: ``"done"``, ``"skipped"`` if the exposure is in the
        ledger already, or ``"failed"``. A file that cannot be used, or whose worker dies,
        fails; the others go on. If the ledger has another product of the exposure, the reason
        states which one is used, see `what_counts`.

    Raises
    ------
    ClusterError
        When the scheduler goes away. What was done by then is in the ledger.
    """
    names = [os.fspath(file) for file in path_list(files)]
    ledger, is_remote = Ledger(Path(folder).absolute()), any(map(is_uri, names))
    sources = sources_of(ledger) if is_remote else {}
    options = Options(released, dict(released_on or {}), group_time, sources)
    # The workers of a cluster may run in another folder, and on another disk, than this process.
    one = partial(_ingest_one, str(ledger.folder), str(Path.cwd()))
    if workers is None:
        yield from (one(options, name) for name in names)
    elif workers.number is None or not is_remote:
        yield from workers.run(partial(one, options), names)
    else:
        with temporary_folder() as copies:
            options = options._replace(copies=str(copies))
            ahead = copy_ahead(names, workers.number, partial(copy_one, ledger, options))
            yield from workers.run(partial(one, options), ahead)


def _ingest_one(folder: str, start: str, options: Options, file: str) -> Outcome:
    path, ledger = file if is_uri(file) else str(Path(start, file)), Ledger(folder)
    released = options.released_on.get(file, options.released)
    try:
        new = add_one(ledger, path, options._replace(released=released))
        # Searched for after adding it: of two added at once, one finds the other.
        note = "" if new is None else what_counts(new, ledger.others(new))
    except Exception as error:  # noqa: BLE001
        # Whatever a damaged file makes a library raise concerns that file only.
        may_pass = is_uri(file) and isinstance(error, FetchError | OSError)
        reason = reason_for(error, file, path)
        return Outcome(file=file, status=FAILED, reason=reason, may_pass=may_pass)
    return Outcome(file=file, status=SKIPPED if new is None else DONE, reason=note)
