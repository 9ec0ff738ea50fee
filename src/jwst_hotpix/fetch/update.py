"""Find and ingest what is new in CRDS and MAST, and record what has been searched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import inf

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.exposure.ask_crds import CRDS
from jwst_hotpix.exposure.crds_files import CrdsFiles
from jwst_hotpix.fetch.choose_references import Wanted
from jwst_hotpix.fetch.crds import contexts_of, list_references
from jwst_hotpix.fetch.mast import DARKS, SCIENCE, Search, find_in_mast
from jwst_hotpix.instrument.published_growth import RENEWAL_DAYS
from jwst_hotpix.ledger.add_files import ingest_files
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.sources import sources_of
from jwst_hotpix.ledger.update_log import UpdateLog
from jwst_hotpix.tools.batch import FAILED, SKIPPED, Outcome
from jwst_hotpix.tools.workers import Workers

__all__ = ["NewFile", "Scope", "SearchResult", "find_new", "ingest_new"]

# Days. Exposures appear in MAST some time after their release date.
_LATE = 30.0


@dataclass(frozen=True, kw_only=True)
class Scope:
    """
    What evidence to search for.

    Attributes
    ----------
    kinds : tuple of str
        Of ``"references"``, ``"darks"`` and ``"science"``.
    detector, readout : str, optional
        ``"NRS1"`` or ``"NRS2"``, ``"IRS2"`` or ``"TRAD"``; None for both.
    programs : tuple of int
        Programs of science exposures; empty for all.
    since : float, optional
        MJD (UTC): earliest USEAFTER of references and release of exposures. By default all
        references, and the exposures released since the last search, or in the last 4 months.
    """

    kinds: tuple[str, ...] = ("references", "darks")
    detector: str | None = None
    readout: str | None = None
    programs: tuple[int, ...] = ()
    since: float | None = None


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """
    A file that is not in the ledger.

    Attributes
    ----------
    uri : str
        Its address.
    bytes : int or None
        Its size, not all of which need be downloaded; None if unknown.
    released : float or None
        MJD (UTC) of its release; None for references.
    """

    uri: str
    bytes: int | None
    released: float | None = None


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """
    The result of one search.

    Attributes
    ----------
    search : str
        Name that identifies the search.
    files : tuple of NewFile
        Those that are not in the ledger, in order of time.
    problem : str
        Why the search failed, in one line; otherwise empty.
    """

    search: str
    files: tuple[NewFile, ...] = ()
    problem: str = ""


def find_new(ledger: str | os.PathLike[str], scope: Scope, now: float) -> list[SearchResult]:
    """
    Search for files that are not in a ledger.

    Parameters
    ----------
    ledger : path
        Its folder; if missing, the ledger is empty.
    scope : Scope
        What to search for.
    now : float
        MJD (UTC). Exposures that are not public by then are ignored.

    Returns
    -------
    list of SearchResult
        One per search. A failure does not stop the others.
    """
    log = UpdateLog(Ledger(ledger))
    seen = log.settled | sources_of(Ledger(ledger)).keys()
    news = []
    for search, ask in _searches(scope, log, now):
        try:
            files = tuple(file for file in ask() if file.uri not in seen)
        except FetchError as error:
            news.append(SearchResult(search=search, problem=str(error)))
        else:
            news.append(SearchResult(search=search, files=files))
    return news


def ingest_new(
    ledger: str | os.PathLike[str],
    news: Iterable[SearchResult],
    now: float,
    workers: Workers | None = None,
) -> Iterator[Outcome]:
    """
    Ingest new files, and record what has been searched.

    Parameters
    ----------
    ledger : path
        Its folder; created if missing.
    news : iterable of SearchResult
        From `find_new`.
    now : float
        MJD (UTC), as for `find_new`.
    workers : Workers, optional
        By default this process measures all files.

    Yields
    ------
    Outcome
        One per file, as they are done. After a transient failure a file is new again next time; one
        that cannot be used is not.

    Raises
    ------
    ClusterError
        When the connection to the scheduler of the workers is lost.
    OSError
        When the ledger cannot be written.
    """
    log = UpdateLog(Ledger(ledger))
    for one in news:
        is_done = not one.problem
        names = [file.uri for file in one.files]
        dates = {file.uri: file.released for file in one.files if file.released is not None}
        for outcome in ingest_files(ledger, names, workers, released_on=dates):
            if outcome.status == FAILED and outcome.may_pass:
                is_done = False
            elif outcome.status in {FAILED, SKIPPED}:
                log.settle(outcome.file, outcome.reason or "already in the ledger")
            yield outcome
        if is_done:
            log.look(one.search, now)


def _searches(
    scope: Scope, log: UpdateLog, now: float
) -> Iterator[tuple[str, Callable[[], Iterable[NewFile]]]]:
    """Yield the name of each search, and a function that performs it."""
    part = f"{scope.detector or 'both'} {scope.readout or 'both'}"
    if "references" in scope.kinds:
        yield f"references {part}", partial(_references, scope)
    exposures: list[tuple[str, tuple[str, ...], str, int | None]] = []
    if "darks" in scope.kinds:
        exposures.append(("darks", DARKS, "uncal", None))
    if "science" in scope.kinds:
        programs: tuple[int | None, ...] = scope.programs or (None,)
        exposures += [(f"science {one or 'all'}", SCIENCE, "rate", one) for one in programs]
    for kind, types, product, program in exposures:
        name = f"{kind} {part}"
        last = log.last_look(name)
        since = scope.since if scope.since is not None else (last or now - RENEWAL_DAYS) - _LATE
        search = Search(
            types=types, product=product, program=program, released_since=since,
            detector=scope.detector, readout=scope.readout,
        )  # fmt: skip
        yield name, partial(_exposures, search, now)


def _references(scope: Scope) -> Iterator[NewFile]:
    files = CrdsFiles()
    since = -inf if scope.since is None else scope.since
    wanted = Wanted(detector=scope.detector, readout=scope.readout, since=since)
    found = list_references(contexts_of(None, files), ["dark"], files)
    for one in sorted(wanted.choose(found), key=lambda one: (one.useafter, one.name)):
        yield NewFile(uri=f"{CRDS}{one.name}", bytes=files.size(one.name))


def _exposures(search: Search, now: float) -> Iterator[NewFile]:
    for file in find_in_mast(search):
        if file.is_public(now):
            yield NewFile(uri=file.url, bytes=file.bytes, released=file.released)
