"""From sightings to intervals: from when to when each pixel was hot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import LedgerError, ListFormatError
from jwst_hotpix.history.assumptions import DEFAULT, Assumptions
from jwst_hotpix.history.chances import Chances
from jwst_hotpix.history.evidence import Evidence, weigh
from jwst_hotpix.history.markov import Posterior, posterior
from jwst_hotpix.history.priors import births_per_day
from jwst_hotpix.hotlist.schema import Intervals, Status
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.medians import ERROR_OF_MEDIAN, SIGMA_PER_MAD, grouped_median

__all__ = ["History", "find_intervals", "tally"]


@dataclass(frozen=True, eq=False, kw_only=True)
class History(Intervals):
    """
    Intervals in which pixels were hot, sorted by pixel and time.

    Attributes
    ----------
    pixel : ndarray of int32, shape (n,)
        ``y * columns + x``, full frame, zero-based; twice where a pixel recovered and turned hot
        anew. The other columns are those of `Intervals`.
    """

    pixel: NDArray[np.int32]


def find_intervals(
    sightings: Sightings,
    threshold: float,
    assumed: Assumptions = DEFAULT,
    *,
    chances: list[Chances] | None = None,
) -> History:
    """
    Find when each pixel was above a threshold.

    Parameters
    ----------
    sightings : Sightings
        What the darks saw, in the order of time.
    threshold : float
        Dark rate in DN/s.
    assumed : Assumptions
        What the darks cannot show.
    chances : list, optional
        Gets the probabilities that the intervals were cut from, in parts that follow each other.

    Returns
    -------
    History
        Every interval, however little it is to be believed.

    Raises
    ------
    LedgerError
        Without darks, with darks out of order, or when no dark could see a pixel.
    ListFormatError
        For a threshold that is no rate.
    """
    _check(sightings, threshold)
    births = births_per_day(threshold, assumed) / assumed.area
    parts = []
    for evidence in weigh(sightings, threshold, assumed):
        chance = posterior(sightings.epoch, evidence, births, assumed)
        parts.append(_decode(sightings, evidence, chance, threshold, assumed).columns())
        if chances is not None:
            chances.append(Chances.of(evidence.pixel, chance.on))
    history = History(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    return history.select(~(history.rate <= threshold))


def _check(sightings: Sightings, threshold: float) -> None:
    if not sightings.epoch.size:
        raise LedgerError("darks", expected="at least one", found=0)
    if not np.isfinite(sightings.epoch).all():
        raise LedgerError("epochs", expected="finite MJD", found="NaN or infinity")
    hidden = np.bincount(sightings.unseen_dark, minlength=sightings.epoch.size)
    shown = [window.n_pixels for window in sightings.window]
    if (hidden >= shown).all():
        raise LedgerError("pixels seen", expected="some in at least one dark", found=0)
    late = np.flatnonzero(np.diff(sightings.epoch) < 0)
    if late.size:
        where = int(late[0]) + 1
        found = f"MJD {sightings.epoch[where]} after MJD {sightings.epoch[where - 1]}"
        raise LedgerError(f"epoch of dark {where}", expected="darks in order", found=found)
    if not (np.isfinite(threshold) and threshold > 0):
        raise ListFormatError("threshold", expected="DN/s above 0", found=threshold)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Runs:
    """Runs of darks in which a pixel is on: its column, first and last dark, first and last hot."""

    column: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    first_hot: NDArray[np.integer]
    last_hot: NDArray[np.integer]


def _decode(
    sightings: Sightings,
    evidence: Evidence,
    chance: Posterior,
    threshold: float,
    assumed: Assumptions,
) -> History:
    runs = _runs(evidence, chance, assumed.on)
    n_darks, column = sightings.epoch.size, runs.column
    telegraph, ended = _judge(evidence, chance, runs, n_darks, assumed)
    cold = evidence.seen & ~evidence.hot
    onset_latest = sightings.end[runs.first_hot]
    after = _next_true(cold)[runs.last_hot, column]
    recovery_latest = np.where(ended, np.r_[sightings.end, np.inf][after], np.inf)
    before = _last_true(cold & (chance.on < assumed.cold))[runs.first_hot, column]
    onset_earliest = _earliest(sightings, before, column, recovery_latest)
    status = np.where(telegraph, Status.TELEGRAPH, np.where(ended, Status.RECOVERED, Status.STABLE))
    until = np.where(ended, runs.last_hot, n_darks - 1)
    n_hot = _count(evidence.hot, runs.first_hot, until, column)
    rate, rate_error = _rates(sightings, evidence, runs)
    # A pixel that was just below the threshold before it turned hot: most of its rates are.
    recent, recent_error = _rates(sightings, evidence, runs, last=assumed.risen_over)
    certain = recent - assumed.risen_sigmas * recent_error > threshold
    risen = ~ended & (rate <= threshold) & certain
    rate[risen], rate_error[risen] = recent[risen], recent_error[risen]
    return History(
        pixel=evidence.pixel[column],
        status=status.astype(np.uint8),
        rate=rate,
        rate_error=rate_error,
        onset_earliest=onset_earliest,
        onset_latest=onset_latest,
        recovery_earliest=np.where(
            ended, np.maximum(sightings.start[runs.last_hot], onset_latest), np.inf
        ),
        recovery_latest=recovery_latest,
        n_hot=tally(n_hot),
        n_observed=tally(_count(evidence.seen, runs.first_hot, until, column)),
        confidence=np.clip(
            _sum(chance.on * evidence.hot, runs.first_hot, until, column) / n_hot, 0, 1
        ).astype(np.float32),
    )


def _earliest(
    sightings: Sightings,
    before: NDArray[np.intp],
    column: NDArray[np.intp],
    recovery_latest: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Date the last cold look before each interval, and no interval before the end of another."""
    # A cold look dates the onset at its start, and a hot one at its end.
    onset: NDArray[np.float64] = np.r_[sightings.start, -np.inf][before]
    again = np.flatnonzero(np.diff(column) == 0)
    onset[again + 1] = np.maximum(onset[again + 1], recovery_latest[again])
    return onset


def _runs(evidence: Evidence, chance: Posterior, least: float) -> _Runs:
    on = (chance.on > least).T
    edges = np.diff(np.pad(on, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    column, first = np.nonzero(edges == 1)
    last = np.nonzero(edges == -1)[1] - 1
    first_hot = _next_true(evidence.hot)[first, column]
    last_hot = _last_true(evidence.hot)[last, column]
    seen = first_hot <= last_hot
    return _Runs(
        column=column[seen],
        first=first[seen],
        last=last[seen],
        first_hot=first_hot[seen],
        last_hot=last_hot[seen],
    )


def _judge(
    evidence: Evidence, chance: Posterior, runs: _Runs, n_darks: int, assumed: Assumptions
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Decide which runs are those of telegraph pixels, and which have ended."""
    n = _count(evidence.seen, runs.first_hot, runs.last_hot, runs.column)
    returns = _count(evidence.hot, runs.first_hot, runs.last_hot, runs.column) < n
    mean = _sum(chance.telegraph, runs.first_hot, runs.last_hot, runs.column)
    telegraph = returns & (mean > assumed.telegraph * (runs.last_hot - runs.first_hot + 1))
    rest = np.full(runs.column.size, n_darks - 1)
    cold_darks = _count(evidence.seen, runs.last_hot, rest, runs.column) - 1
    ended = (runs.last < n_darks - 1) | (~telegraph & (cold_darks >= assumed.recovered_after))
    return telegraph, ended & (cold_darks > 0)


def _last_true(values: NDArray[np.bool_]) -> NDArray[Any]:
    """Index of the last true one up to each row; -1 before the first."""
    index = _numbers(len(values))
    none = index.dtype.type(-1)
    return np.maximum.accumulate(np.where(values, index, none), axis=0)


def _next_true(values: NDArray[np.bool_]) -> NDArray[Any]:
    """Index of the first true one from each row on; the number of rows after the last."""
    n = len(values)
    index = _numbers(n)
    none = index.dtype.type(n)
    return np.minimum.accumulate(np.where(values, index, none)[::-1], axis=0)[::-1]


def _numbers(n: int) -> NDArray[Any]:
    """Return 0 to n - 1 as a column, in as few bytes as hold n."""
    fits = n <= np.iinfo(np.int16).max
    return np.arange(n).astype(np.int16 if fits else np.int32)[:, None]


def _sum(
    values: NDArray[np.generic],
    first: NDArray[np.integer],
    last: NDArray[np.integer],
    column: NDArray[np.intp],
    kind: type[np.generic] = np.float64,
) -> NDArray[Any]:
    """Sum columns from row ``first`` to row ``last`` included."""
    total = np.zeros((len(values) + 1, values.shape[1]), dtype=kind)
    np.cumsum(values, axis=0, out=total[1:])
    return np.asarray(total[last + 1, column] - total[first, column])


def _count(
    values: NDArray[np.bool_],
    first: NDArray[np.integer],
    last: NDArray[np.integer],
    column: NDArray[np.intp],
) -> NDArray[np.intp]:
    # Half of the bytes of a float take half of the time.
    return _sum(values, first, last, column, np.int32).astype(np.intp)


def tally(count: NDArray[np.integer]) -> NDArray[np.uint16]:
    """Return numbers of darks as a list holds them: 65535 stands for all beyond."""
    return np.asarray(np.minimum(count, np.iinfo(np.uint16).max), np.uint16)


def _rates(
    sightings: Sightings, evidence: Evidence, runs: _Runs, last: int | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """
    Median of the rates of each run and its error, from the scatter or, if larger, the errors.

    Either of all its rates, or of so many of the last ones.
    """
    dark = sightings.dark[evidence.row]
    n, n_darks = runs.column.size, sightings.epoch.size
    # Runs are sorted by column and dark: a sighting belongs to the last that starts before it.
    key = evidence.column * n_darks + dark
    run = np.searchsorted(runs.column * n_darks + runs.first_hot, key, side="right") - 1
    inside = (run >= 0) & np.isfinite(sightings.rate[evidence.row])
    inside &= key <= (runs.column * n_darks + runs.last_hot)[run] if n else False
    run, row = run[inside], evidence.row[inside]
    if last is not None:
        late = np.searchsorted(run, run, side="right") - np.arange(run.size) <= last
        run, row = run[late], row[late]
    values, errors = sightings.rate[row], np.nan_to_num(sightings.error[row], posinf=0.0)
    rate = grouped_median(run, values, n)
    scatter = SIGMA_PER_MAD * grouped_median(run, np.abs(values - rate[run]), n)
    noise = np.maximum(scatter, grouped_median(run, errors, n))
    count = np.maximum(np.bincount(run, minlength=n), 1)
    factor = np.where(count > 2, ERROR_OF_MEDIAN, 1.0) / np.sqrt(count)
    return rate, (noise * factor).astype(np.float32)
