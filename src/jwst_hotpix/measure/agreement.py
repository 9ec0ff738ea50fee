"""What several images of the same pixels say together: light moves, hot pixels stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.measure.excess import BOUNDS, UNKNOWN, Excess
from jwst_hotpix.tools.medians import ERROR_OF_MEDIAN

__all__ = ["Agreed", "agree"]

# Rates of a pixel in two images may differ by this share, or by so many errors.
_REPEAT, _SIGMAS = 0.35, 5.0
# An image that would have seen this share of the rate, and did not, contradicts.
_CONTRADICTED = 0.7
# What falls steadily by so many errors, to this share or less, is persistence.
_FALL_SIGMAS, _FALLEN = 3.0, 0.92
# DN/s in place of the rate of a pixel that was full at once: any brighter than a rate can be.
_FULL = np.float32(1e5)


@dataclass(frozen=True, eq=False, kw_only=True)
class Agreed:
    """
    What several images say together.

    Attributes
    ----------
    excess : Excess
        As of one image. `error` is that of the median rate, `share` a mean.
    positions : ndarray of uint8, shape (n,)
        At how many pointings each hot pixel was seen hot.
    """

    excess: Excess
    positions: NDArray[np.uint8]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Seen:
    """Candidates in all images, images along the first axis, in order of time."""

    hot: NDArray[np.bool_]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    share: NDArray[np.float32]
    share_error: NDArray[np.float32]
    bound: NDArray[np.uint8]


def agree(images: Sequence[Excess], position: Sequence[int]) -> Agreed:
    """
    Put images of the same pixels together.

    A pixel is hot if two images at least say so, agree in rate, and outnumber those that would
    have seen it and did not. Where only the first or only the last images see it, it may be a
    birth, and where it fades, persistence: then the images cannot tell.

    Parameters
    ----------
    images : sequence of Excess
        Two at least, of one shape, in order of time.
    position : sequence of int
        Pointing of each: images with the same number may show the same light at the same place.

    Returns
    -------
    Agreed
    """
    pixel, seen = _gather(images)
    hot = np.where(seen.hot, seen.rate, np.nan)
    level = np.nanmedian(hot, axis=0) if pixel.size else np.empty(0, np.float32)
    slack = np.maximum(_REPEAT * level, _SIGMAS * seen.error)
    yes = seen.hot & (np.abs(seen.rate - level) <= slack)
    limits = np.append(BOUNDS, np.float32(np.inf))
    no = ~seen.hot & (limits[seen.bound] < _CONTRADICTED * level)
    n_yes, n_no = yes.sum(axis=0), no.sum(axis=0)
    found = (n_yes >= 2) & (n_yes > n_no) & ~_one_sided(yes, no) & ~_fades(seen, yes)
    cold = (n_yes < 2) & (n_no > 0) & ~_one_sided(seen.hot, no)
    bound, floor = _bounds(images)
    bound.reshape(-1)[pixel[~cold]] = UNKNOWN
    row = np.flatnonzero(found)
    return Agreed(
        excess=_median_of(seen, yes, pixel, row, bound, floor),
        positions=_positions(yes[:, row], position),
    )


def _gather(images: Sequence[Excess]) -> tuple[NDArray[np.int64], _Seen]:
    pixel = np.unique(np.concatenate([image.pixel for image in images]))
    shape = (len(images), pixel.size)
    hot = np.zeros(shape, bool)
    rate, error, share, share_error = (np.zeros(shape, np.float32) for _ in range(4))
    bound = np.empty(shape, np.uint8)
    for number, image in enumerate(images):
        column = np.searchsorted(pixel, image.pixel)
        hot[number, column] = True
        rate[number, column] = np.minimum(image.rate, _FULL)
        error[number, column] = np.minimum(image.error, _FULL)
        share[number, column] = image.share
        share_error[number, column] = image.share_error
        bound[number] = image.bound.reshape(-1)[pixel]
    return pixel, _Seen(
        hot=hot, rate=rate, error=error, share=share, share_error=share_error, bound=bound
    )


def _one_sided(yes: NDArray[np.bool_], no: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell where all that contradict come before all that agree, or after them."""
    number, n = np.arange(len(yes))[:, None], len(yes)
    first_yes, first_no = (np.where(which, number, n).min(axis=0) for which in (yes, no))
    last_yes, last_no = (np.where(which, number, -1).max(axis=0) for which in (yes, no))
    both = yes.any(axis=0) & no.any(axis=0)
    return np.asarray(both & ((last_no < first_yes) | (first_no > last_yes)))


def _fades(seen: _Seen, yes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell where the rate falls from image to image, and by more than the errors allow."""
    falls = np.ones(yes.shape[1], bool)
    before = np.full(yes.shape[1], np.inf, np.float32)
    first, last = (np.full((2, yes.shape[1]), np.nan, np.float32) for _ in range(2))
    for here, rate, error in zip(yes, seen.rate, seen.error, strict=True):
        falls &= ~here | (rate <= before)
        before = np.where(here, rate, before)
        last[:, here] = rate[here], error[here]
        start = here & np.isnan(first[0])
        first[:, start] = rate[start], error[start]
    step = first[0] - last[0] > _FALL_SIGMAS * np.hypot(first[1], last[1])
    return np.asarray(falls & step & (last[0] < _FALLEN * first[0]))


def _bounds(images: Sequence[Excess]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Smallest bound, which proves a pixel cold, and second smallest floor: two must detect it."""
    bound, lowest = images[0].bound.copy(), images[0].floor
    floor = np.full_like(lowest, UNKNOWN)
    for image in images[1:]:
        np.minimum(bound, image.bound, out=bound)
        floor = np.minimum(floor, np.maximum(lowest, image.floor))
        lowest = np.minimum(lowest, image.floor)
    return bound, floor


def _median_of(
    seen: _Seen,
    yes: NDArray[np.bool_],
    pixel: NDArray[np.int64],
    row: NDArray[np.intp],
    bound: NDArray[np.uint8],
    floor: NDArray[np.uint8],
) -> Excess:
    yes = yes[:, row]
    count = np.maximum(yes.sum(axis=0), 1).astype(np.float32)
    rate = np.where(yes, seen.rate[:, row], np.nan)
    middle = np.nanmedian(rate, axis=0) if row.size else np.empty(0, np.float32)
    noise = _error_of_mean(seen.error[:, row], yes, count) * np.where(
        count > 2, ERROR_OF_MEDIAN, 1.0
    )
    full = middle >= _FULL
    return Excess(
        pixel=pixel[row],
        rate=np.where(full, np.inf, middle).astype(np.float32),
        error=np.where(full, np.inf, noise).astype(np.float32),
        share=np.sum(seen.share[:, row], axis=0, where=yes) / count,
        share_error=_error_of_mean(seen.share_error[:, row], yes, count),
        bound=bound,
        floor=floor,
    )


def _error_of_mean(
    error: NDArray[np.float32], yes: NDArray[np.bool_], count: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.asarray(np.sqrt(np.sum(np.square(error), axis=0, where=yes)) / count, np.float32)


def _positions(yes: NDArray[np.bool_], position: Sequence[int]) -> NDArray[np.uint8]:
    where = np.asarray(position)
    counted = [yes[where == one].any(axis=0) for one in np.unique(where)]
    return np.asarray(np.sum(counted, axis=0), np.uint8)
