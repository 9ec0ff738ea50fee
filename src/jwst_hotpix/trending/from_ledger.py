"""All trends of a ledger: read, counted and fitted, each series on its own."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from jwst_hotpix.exceptions import HotPixError, LedgerError, TrendError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.trending.fit_trend import trend
from jwst_hotpix.trending.gathered import Gathered
from jwst_hotpix.trending.series import series_of
from jwst_hotpix.trending.wanted import KINDS, Wanted

__all__ = ["gather"]


def gather(
    source: Ledger | str | os.PathLike[str],
    wanted: Wanted,
    *,
    damaged: list[LedgerError] | None = None,
) -> Gathered:
    """
    Determine how the hot pixels of a ledger grow.

    Parameters
    ----------
    source : Ledger or path
        The ledger, or its folder.
    wanted : Wanted
        Which darks to look at.
    damaged : list, optional
        As in `Ledger.records`.

    Returns
    -------
    Gathered
        Every trend; a series whose growth cannot be determined is among the ``problems``.

    Raises
    ------
    LedgerError
        When the ledger holds nothing of the detector and readout mode; as `Ledger.records`.
    TrendError
        When it holds nothing of that kind and time.
    FrameMismatchError
        When JWST has no such detector.
    """
    ledger = source if isinstance(source, Ledger) else Ledger(source)
    folder = ledger.folder if isinstance(source, Ledger) else source
    name = None if wanted.detector is None else get_detector(wanted.detector).name
    there = [
        (detector, mode)
        for detector, mode in ledger.contents()
        if name in (None, detector) and (wanted.readout or mode).upper() == mode
    ]
    if not there:
        of_what = f"{name or ''} {(wanted.readout or '').upper()}".strip()
        raise LedgerError(
            "darks",
            expected=f"some of {of_what or 'any detector'}",
            found="none",
            source=folder,
            sentence=f"the ledger holds no darks of {of_what}" if of_what else None,
        )
    there.sort(key=lambda place: place[::-1])
    # Reading and sorting, most of the work, release the interpreter to other threads.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(partial(_of_place, ledger, wanted, damaged), there))
    every = Gathered(
        trends=tuple(one for part in parts for one in part.trends),
        records=tuple(record for part in parts for record in part.records),
        problems=tuple(problem for part in parts for problem in part.problems),
    )
    if not every.trends and not every.problems:
        raise TrendError(
            "darks",
            expected="some of that kind and time",
            found="none",
            source=folder,
            sentence="the ledger holds no darks of that kind and time",
        )
    return every


def _of_place(
    ledger: Ledger, wanted: Wanted, damaged: list[LedgerError] | None, place: tuple[str, str]
) -> Gathered:
    records = ledger.records(*place, damaged=damaged)
    problems: list[HotPixError] = []
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
