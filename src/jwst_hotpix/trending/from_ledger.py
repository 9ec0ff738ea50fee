"""All trends of a ledger: read, counted and fitted, each series for itself."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from jwst_hotpix.exceptions import HotPixError, LedgerError, TrendError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.trending.fit_trend import Trend, trend
from jwst_hotpix.trending.series import series_of

__all__ = ["KINDS", "Gathered", "Wanted", "gather"]

KINDS = ("reference", "dark")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """
    What to look for in a ledger.

    Attributes
    ----------
    detector, readout, kind : str, optional
        All of them by default; readout in either case, kind one of `KINDS`.
    thresholds : tuple of float
        DN/s, rising.
    since, as_of : float, optional
        MJD (UTC): only darks from then on; only darks that had ended by then.
    """

    detector: str | None = None
    readout: str | None = None
    kind: str | None = None
    thresholds: tuple[float, ...] = THRESHOLDS
    since: float | None = None
    as_of: float | None = None

    def takes(self, record: Record) -> bool:
        """Tell whether a record is of the time that is asked for."""
        return self.spans(record.epoch, record.known)

    def spans(self, epoch: float, known: float) -> bool:
        """Tell whether an epoch that was known at some time (both MJD) is asked for."""
        begun = self.since is None or epoch >= self.since
        return begun and (self.as_of is None or known <= self.as_of)


@dataclass(frozen=True, eq=False, kw_only=True)
class Gathered:
    """
    What a ledger says.

    Attributes
    ----------
    trends : tuple of Trend
        By readout mode, then detector, as the figures and the table of the report.
    records : tuple of Record
        All that were read.
    problems : tuple of HotPixError
        Of damaged records and of series that no growth can be told from.
    """

    trends: tuple[Trend, ...] = ()
    records: tuple[Record, ...] = ()
    problems: tuple[HotPixError, ...] = ()


def gather(folder: str | os.PathLike[str], wanted: Wanted) -> Gathered:
    """
    Find how the hot pixels of a ledger grow.

    Parameters
    ----------
    folder : path
        Of the ledger.
    wanted : Wanted

    Returns
    -------
    Gathered

    Raises
    ------
    LedgerError
        When the ledger holds nothing of the detector and readout mode.
    TrendError
        When it holds nothing of the kind and time.
    FrameMismatchError
        When JWST has no such detector.
    """
    ledger = Ledger(folder)
    name = None if wanted.detector is None else get_detector(wanted.detector).name
    there = [
        (detector, mode)
        for detector, mode in ledger.contents()
        if name in (None, detector) and (wanted.readout or mode).upper() == mode
    ]
    if not there:
        expected = f"some of {name or 'any detector'} {(wanted.readout or '').upper()}".rstrip()
        raise LedgerError("darks", expected=expected, found="none", source=folder)
    there.sort(key=lambda place: place[::-1])
    # Reading and sorting, most of the work, let other threads go on.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(partial(_of_place, ledger, wanted), there))
    every = Gathered(
        trends=tuple(one for part in parts for one in part.trends),
        records=tuple(record for part in parts for record in part.records),
        problems=tuple(problem for part in parts for problem in part.problems),
    )
    if not every.trends and not every.problems:
        raise TrendError("darks", expected="some of that kind and time", found="none")
    return every


def _of_place(ledger: Ledger, wanted: Wanted, place: tuple[str, str]) -> Gathered:
    damaged: list[LedgerError] = []
    records = ledger.records(*place, problems=damaged)
    problems: list[HotPixError] = [*damaged]
    trends = []
    for kind in KINDS if wanted.kind is None else (wanted.kind,):
        chosen = [record for record in records if record.kind == kind and wanted.takes(record)]
        if not chosen:
            continue
        try:
            trends.append(trend(series_of(chosen, wanted.thresholds)))
        except TrendError as error:
            problems.append(error if error.source else error.within(" ".join((*place, kind))))
    return Gathered(trends=tuple(trends), records=tuple(records), problems=tuple(problems))
