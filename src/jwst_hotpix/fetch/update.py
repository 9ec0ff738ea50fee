"""What CRDS and MAST have that a ledger has not seen: found, ingested, and remembered."""

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
from jwst_hotpix.ledger.add_files import ingest_files
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.sources import sources_of
from jwst_hotpix.ledger.update_log import UpdateLog
from jwst_hotpix.tools.batch import FAILED, SKIPPED, Outcome
from jwst_hotpix.tools.workers import Workers

__all__ = ["KINDS", "News", "Scope", "Unread", "find_news", "take_in"]

#: What an update looks for.
KINDS = ("references", "darks", "science")

# Days. MAST lists exposures some time after the date of their release.
_LATE = 30.0
# Days that the first look at MAST goes back: as long as references take to be made anew.
_FIRST = 120.0


@dataclass(frozen=True, kw_only=True)
class Scope:
    """
    What a ledger is to be kept current of.

    Attributes
    ----------
    kinds : tuple of str
        Of `KINDS`.
    detector, readout : str, optional
        ``"NRS1"`` or ``"NRS2"``, ``"IRS2"`` or ``"TRAD"``; None for both.
    programs : tuple of int
        Of science exposures; none for all.
    since : float, optional
        MJD (UTC): earliest USEAFTER of references and release of exposures. By default all
        references, and the exposures released since the last look, or in the last 4 months.
    """

    kinds: tuple[str, ...] = ("references", "darks")
    detector: str | None = None
    readout: str | None = None
    programs: tuple[int, ...] = ()
    since: float | None = None


@dataclass(frozen=True, kw_only=True)
class Unread:
    """
    A file that the ledger has not seen.

    Attributes
    ----------
    uri : str
        Its address.
    bytes : int or None
        Its size, of which not all may travel; None where it is not known.
    released : float or None
        MJD (UTC) of its release; None for references.
    """

    uri: str
    bytes: int | None
    released: float | None = None


@dataclass(frozen=True, kw_only=True)
class News:
    """
    What one search found.

    Attributes
    ----------
    search : str
        What distinguishes the search from others.
    files : tuple of Unread
        In order of time.
    problem : str
        Why nothing could be found, in a line; else empty.
    """

    search: str
    files: tuple[Unread, ...] = ()
    problem: str = ""


def find_news(ledger: str | os.PathLike[str], scope: Scope, now: float) -> list[News]:
    """
    Look for what is new to a ledger.

    Parameters
    ----------
    ledger : path
        Its folder; a missing one is an empty ledger.
    scope : Scope
        What to look for.
    now : float
        MJD (UTC). What is not public by then is no news yet.

    Returns
    -------
    list of News
        One per search. One that fails does not stop the others.
    """
    log = UpdateLog(Ledger(ledger))
    seen = log.settled | sources_of(Ledger(ledger)).keys()
    news = []
    for search, ask in _searches(scope, log, now):
        try:
            files = tuple(file for file in ask() if file.uri not in seen)
        except FetchError as error:
            news.append(News(search=search, problem=str(error)))
        else:
            news.append(News(search=search, files=files))
    return news


def take_in(
    ledger: str | os.PathLike[str], news: Iterable[News], now: float, workers: Workers | None = None
) -> Iterator[Outcome]:
    """
    Ingest what is new, and remember what has been looked at.

    Parameters
    ----------
    ledger : path
        Its folder; made if it is missing.
    news : iterable of News
        From `find_news`.
    now : float
        MJD (UTC), as for `find_news`.
    workers : Workers, optional
        By default this process does it all.

    Yields
    ------
    Outcome
        One per file, as they are done. What fails in passing is new again next time, what cannot be
        used is not.

    Raises
    ------
    ClusterError
        When the scheduler of the workers goes away.
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
                log.settle(outcome.file, outcome.reason or "the ledger holds it from elsewhere")
            yield outcome
        if is_done:
            log.look(one.search, now)


def _searches(
    scope: Scope, log: UpdateLog, now: float
) -> Iterator[tuple[str, Callable[[], Iterable[Unread]]]]:
    """Yield each search by name, and how to do it."""
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
        since = scope.since if scope.since is not None else (last or now - _FIRST) - _LATE
        search = Search(
            types=types, product=product, program=program, released_since=since,
            detector=scope.detector, readout=scope.readout,
        )  # fmt: skip
        yield name, partial(_exposures, search, now)


def _references(scope: Scope) -> Iterator[Unread]:
    files = CrdsFiles()
    since = -inf if scope.since is None else scope.since
    wanted = Wanted(detector=scope.detector, readout=scope.readout, since=since)
    found = list_references(contexts_of(None, files), ["dark"], files)
    for one in sorted(wanted.choose(found), key=lambda one: (one.useafter, one.name)):
        yield Unread(uri=f"{CRDS}{one.name}", bytes=files.size(one.name))


def _exposures(search: Search, now: float) -> Iterator[Unread]:
    for file in find_in_mast(search):
        if file.is_public(now):
            yield Unread(uri=file.url, bytes=file.bytes, released=file.released)
