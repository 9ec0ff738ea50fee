"""What each dark says of each pixel: hot, cold or nothing, and how far to believe it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.assumptions import DEFAULT, Assumptions
from jwst_hotpix.history.belief_in_looks import (
    add_nothing,
    false_alarms_of_looks,
    is_science,
    stock_beside_looks,
)
from jwst_hotpix.history.overlap import Overlap, find_overlap
from jwst_hotpix.history.priors import Candidates, false_alarms, rate_odds, stock
from jwst_hotpix.history.rate_bins import BRIGHTEST
from jwst_hotpix.history.single_looks import expected_false, unmix
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.medians import grouped_median

__all__ = ["Evidence", "find_candidates", "find_seen", "rows_of", "weigh"]

# Numbers of a part: pixels times darks, a hundred megabytes of each array of 4 bytes.
_PART = 25_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """
    The evidence of ``m`` darks and looks on ``p`` pixels that any of them saw hot.

    Attributes
    ----------
    pixel : ndarray of int32, shape (p,)
        ``y * columns + x``, full frame, zero-based; sorted. Pixels that cannot be hot are
        excluded.
    hot, seen : ndarray of bool, shape (m, p)
        Seen hot; seen at all. What is seen and not hot is cold.
    ratio : ndarray of float32, shape (m, p)
        Where hot: probability of the measured rate from a hot pixel over that of a false alarm
        in that dark; 1 elsewhere.
    surprise : ndarray of float32, shape (p,)
        Factor on the probability of a birth: how common the pixel's rate is among hot pixels, in
        units of the width that `ratio` allows it.
    duty : ndarray of float32, shape (p,)
        Fraction of the darks since the first sighting that saw the pixel hot.
    stock : float
        Fraction of all pixels that were hot before the first dark.
    row, column : ndarray of int, shape (n,)
        The hot sightings: index into the sightings, and into `pixel`.
    """

    pixel: NDArray[np.int32]
    hot: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    ratio: NDArray[np.float32]
    surprise: NDArray[np.float32]
    duty: NDArray[np.float32]
    stock: float
    row: NDArray[np.intp]
    column: NDArray[np.intp]


def weigh(
    sightings: Sightings, threshold: float, assumed: Assumptions = DEFAULT
) -> Iterator[Evidence]:
    """
    Turn sightings into evidence at a threshold, some pixels at a time.

    Parameters
    ----------
    sightings : Sightings
        What the darks saw.
    threshold : float
        Dark rate in DN/s above which a pixel is hot.
    assumed : Assumptions
        What the darks cannot show.

    Yields
    ------
    Evidence
        On so many of the pixels that may have been hot that it fits into memory however many darks
        there are; in order.
    """
    found = find_candidates(sightings, threshold, assumed)
    times_hot = np.bincount(found.column, minlength=found.pixel.size)
    overlap = find_overlap(sightings)
    if is_science(sightings).any() or overlap.is_enough(sightings):
        ratio, surprise, before = _compared(
            sightings, found, times_hot, overlap, threshold, assumed
        )
    else:
        ratio, surprise, before = _alone(sightings, found, overlap, threshold, assumed)
    kept = np.flatnonzero(~_dismissed(sightings, found, times_hot, threshold, assumed))
    for part in np.array_split(kept, max(1, -(-kept.size * sightings.epoch.size // _PART))):
        yield _dense(sightings, found, part, ratio, surprise, stock=before)


def _compared(
    sightings: Sightings,
    found: Candidates,
    times_hot: NDArray[np.intp],
    overlap: Overlap,
    threshold: float,
    assumed: Assumptions,
) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Return ratio, surprise and stock of darks and looks that show how often each of them errs."""
    dark, once = sightings.dark[found.row], times_hot[found.column] == 1
    # What one dark saw where no other one looks is no false alarm.
    denied = once & overlap.is_shared(found.pixel)[found.column]
    false = false_alarms(sightings, dark[denied], overlap, threshold, assumed)
    size = _size(sightings, found, threshold)
    ratio, surprise = rate_odds(sightings, found, size, denied, dark, assumed)
    again = np.bincount(dark[~once], minlength=sightings.epoch.size)
    science = is_science(sightings)
    if science.any():
        of_looks = false_alarms_of_looks(sightings, dark[once], assumed)
        false = np.where(science, of_looks, false)
        before = stock_beside_looks(sightings, again, dark, false)
    else:
        before = stock(again, overlap)
    ratio /= false[dark]
    ratio[add_nothing(sightings, found.row, found.column, assumed)] = 1
    return ratio, surprise, before


def _alone(
    sightings: Sightings,
    found: Candidates,
    overlap: Overlap,
    threshold: float,
    assumed: Assumptions,
) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Return ratio, surprise and stock of a single dark, or of some that share next to nothing."""
    dark, size = sightings.dark[found.row], _size(sightings, found, threshold)
    expected = expected_false(sightings, overlap.watched, threshold, assumed)
    mixture, odds = unmix(sightings, size, dark, threshold, expected, assumed)
    ratio = odds / (mixture.false / overlap.watched)[dark]
    surprise = np.ones(found.pixel.size, dtype=np.float32)
    return ratio.astype(np.float32), surprise, mixture.hot / float(overlap.watched.sum())


def _size(sightings: Sightings, found: Candidates, threshold: float) -> NDArray[np.float32]:
    rate = sightings.rate[found.row] / np.float32(threshold)
    return np.asarray(np.log(np.minimum(rate, BRIGHTEST)))


def find_candidates(
    sightings: Sightings, threshold: float, assumed: Assumptions = DEFAULT
) -> Candidates:
    """
    Find the pixels that anything saw above the threshold, and all sightings of them as hot.

    Parameters
    ----------
    sightings : Sightings
        What the darks saw.
    threshold : float
        Dark rate in DN/s above which a pixel is hot.
    assumed : Assumptions
        How far below the threshold such a pixel counts as hot.

    Returns
    -------
    Candidates
        Each judged by its own sightings alone.
    """
    above = np.flatnonzero(sightings.rate > threshold)
    pixel, column = np.unique(sightings.pixel[above], return_inverse=True)
    rate = np.minimum(sightings.rate[above], BRIGHTEST * np.float32(threshold))
    level = grouped_median(column, rate, pixel.size)
    error = np.where(np.isfinite(sightings.rate[above]), sightings.error[above], 0)
    error = grouped_median(column, np.nan_to_num(error, posinf=0.0), pixel.size)
    lowest = assumed.hysteresis_fraction * threshold
    bound = _bounds(level, error, lowest, threshold, assumed)
    # Rows of these pixels between their own bound and the threshold are hot as well.
    near = np.flatnonzero(sightings.rate > lowest)
    index, place = rows_of(pixel, sightings.pixel[near])
    hot = sightings.rate[near[index]] > bound[place]
    return Candidates(
        pixel=pixel, level=level, bound=bound, row=near[index[hot]], column=place[hot]
    )


def _bounds(
    level: NDArray[np.float32],
    error: NDArray[np.float32],
    lowest: float,
    threshold: float,
    assumed: Assumptions,
) -> NDArray[np.float32]:
    """Return the rate from which each pixel counts as hot: the less its rate repeats, the lower."""
    slack = assumed.hysteresis_sigmas * np.hypot(error, assumed.repeatability * level)
    bound: NDArray[np.float32] = np.clip(level - slack, lowest, threshold).astype(np.float32)
    return bound


def _dismissed(
    sightings: Sightings,
    found: Candidates,
    times_hot: NDArray[np.intp],
    threshold: float,
    assumed: Assumptions,
) -> NDArray[np.bool_]:
    """Find the pixels seen hot only once, and cold in enough darks after that."""
    last = np.zeros(found.pixel.size, dtype=np.intp)
    np.maximum.at(last, found.column, sightings.dark[found.row])
    whole = [window.is_whole for window in sightings.window]
    # Only darks of the full frame count, so that it does not matter where the others look.
    looks = np.array(whole) & (sightings.floor < assumed.hysteresis_fraction * threshold)
    after = int(looks.sum()) - np.cumsum(looks)
    hidden, column = rows_of(found.pixel, sightings.unseen_pixel)
    late = looks[sightings.unseen_dark[hidden]]
    late &= sightings.unseen_dark[hidden] > last[column]
    late &= ~_seen_after_all(sightings, hidden, found.bound[column])
    lost = np.bincount(column[late], minlength=found.pixel.size)
    is_dark = np.array([kind != "reference" for kind in sightings.kind])
    cold = np.asarray(after[last] - lost >= assumed.dismissed_after)
    return np.asarray((times_hot == 1) & cold & is_dark[last])


def rows_of(
    pixel: NDArray[np.int32], every: NDArray[np.int32]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Find a few pixels in the rows of many.

    Parameters
    ----------
    pixel : ndarray of int32, shape (p,)
        ``y * columns + x``; sorted, each once.
    every : ndarray of int32, shape (n,)
        The pixel of each row, sorted.

    Returns
    -------
    row : ndarray of int, shape (k,)
        Rows of these pixels, rising.
    column : ndarray of int, shape (k,)
        Which of the pixels each is of.
    """
    # To look up each of the many among the few would take ten times as long.
    first, last = (np.searchsorted(every, pixel, side=side) for side in ("left", "right"))
    column = np.repeat(np.arange(pixel.size), last - first)
    before = np.cumsum(last - first) - (last - first)
    return np.arange(column.size) - (before - first)[column], column


def _dense(
    sightings: Sightings,
    found: Candidates,
    kept: NDArray[np.intp],
    ratio: NDArray[np.float32],
    surprise: NDArray[np.float32],
    *,
    stock: float,
) -> Evidence:
    new = np.full(found.pixel.size, -1)
    new[kept] = np.arange(kept.size)
    chosen = new[found.column] >= 0
    row, column = found.row[chosen], new[found.column[chosen]]
    pixel, dark = found.pixel[kept], sightings.dark[found.row[chosen]]
    hot = np.zeros((sightings.epoch.size, pixel.size), dtype=bool)
    hot[dark, column] = True
    weight = np.ones(hot.shape, dtype=np.float32)
    weight[dark, column] = ratio[chosen]
    seen = find_seen(sightings, pixel, found.bound[kept], found.level[kept]) | hot
    since = np.logical_or.accumulate(hot, axis=0)
    # Beta(1, 1) prior.
    duty = (hot.sum(axis=0) + 1) / ((since & seen).sum(axis=0) + 2)
    return Evidence(
        pixel=pixel,
        hot=hot,
        seen=seen,
        ratio=weight,
        surprise=surprise[kept],
        duty=duty.astype(np.float32),
        stock=stock,
        row=row,
        column=column,
    )


def find_seen(
    sightings: Sightings,
    pixel: NDArray[np.int32],
    bound: NDArray[np.float32],
    level: NDArray[np.float32],
) -> NDArray[np.bool_]:
    """
    Find where a missing row means cold: in the window, not unseen, the floor low enough.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` darks.
    pixel : ndarray of int32, shape (p,)
        ``y * columns + x``, full frame, zero-based; sorted.
    bound, level : ndarray of float32, shape (p,)
        As in `Candidates`; a level of 0 for pixels that nothing saw hot.

    Returns
    -------
    ndarray of bool, shape (m, p)
        True where the dark would have seen the pixel if it were hot.
    """
    # A pixel far above a high floor would have been seen there although the threshold is not.
    least = np.maximum(bound, level / 2)
    seen = sightings.floor[:, None] <= least
    y, x = unflat(pixel, sightings.detector.shape)
    for dark, window in enumerate(sightings.window):
        if not window.is_whole:
            seen[dark] &= window.locate(y, x)[2]
    hidden, column = rows_of(pixel, sightings.unseen_pixel)
    blind = ~_seen_after_all(sightings, hidden, least[column])
    seen[sightings.unseen_dark[hidden[blind]], column[blind]] = False
    return np.asarray(seen)


def _seen_after_all(
    sightings: Sightings, hidden: NDArray[np.intp], least: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Determine which unseen pixels would have been seen if they were hot."""
    if sightings.unseen_above is None:
        return np.zeros(hidden.size, bool)
    return np.asarray(sightings.unseen_above[hidden] <= least)
