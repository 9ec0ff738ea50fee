"""What several images of the same pixels show together: light moves, hot pixels stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.measure.excess import BOUNDS, UNKNOWN, Excess
from jwst_hotpix.tools.medians import ERROR_OF_MEDIAN, SIGMA_PER_MAD

__all__ = ["CONTRADICTED", "Agreed", "Rows", "Seen", "agree", "agree_of_one_pointing"]

# Rates of a pixel in two images may differ by this fraction, or by this many sigma.
_REPEAT, _SIGMAS = 0.35, 5.0
# An image that would have seen this share of the rate, and did not, contradicts.
CONTRADICTED = 0.7
# A rate that falls by this many sigma, and by this fraction, is persistence, which decays as the
# inverse of the time since illumination: by 3 % within half an hour after 16 hours. No pixel
# releases more DN/s than the last number: a full well in ten minutes.
_FALL_SIGMAS, _FALL, _PERSISTS = 2.5, 0.03, 100.0
# Fewest pixels from which to judge the size of the errors.
_MANY = 20
# DN/s for a pixel that saturated at once: higher than any measured rate.
_FULL = np.float32(1e5)
_COLUMNS = ("rate", "error", "share", "share_error")


class Rows(Protocol):
    """Hot pixels of an image: an `Excess`, or what a ledger kept of one."""

    @property
    def pixel(self) -> NDArray[np.integer]:
        """Flat indices, sorted."""

    @property
    def rate(self) -> NDArray[np.float32]:
        """Excess, DN/s; infinite where full at once."""

    @property
    def error(self) -> NDArray[np.float32]:
        """Of the excess."""

    @property
    def share(self) -> NDArray[np.float32]:
        """What the neighbors hold of it."""

    @property
    def share_error(self) -> NDArray[np.float32]:
        """Of that share."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Seen:
    """
    What ``n`` images of the same pixels show of ``c`` candidates, in order of time.

    Attributes
    ----------
    hot : ndarray of bool, shape (n, c)
        The image calls the pixel hot.
    rate, error, share, share_error : ndarray of float32, shape (n, c)
        As in `Excess`, where hot; without meaning elsewhere.
    bound : ndarray of float32, shape (n, c)
        DN/s that the pixel is not hot above, where it is not hot; infinite where the image cannot
        tell.
    """

    hot: NDArray[np.bool_]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    share: NDArray[np.float32]
    share_error: NDArray[np.float32]
    bound: NDArray[np.float32]

    @classmethod
    def gather(
        cls,
        images: Sequence[Rows],
        pixel: NDArray[np.integer],
        bound: Sequence[NDArray[np.float32]],
    ) -> Self:
        """
        Lay out the rows of images by candidate.

        Parameters
        ----------
        images : sequence of Rows
            Hot pixels of each image of the same pixels.
        pixel : ndarray of int, shape (c,)
            Candidates, sorted: all pixels that any image calls hot.
        bound : sequence of ndarray of float32, shape (c,)
            As the attribute, image by image.
        """
        shape = (len(images), pixel.size)
        hot = np.zeros(shape, bool)
        columns = {name: np.zeros(shape, np.float32) for name in _COLUMNS}
        for number, image in enumerate(images):
            place = np.searchsorted(pixel, image.pixel)
            hot[number, place] = True
            for name, values in columns.items():
                values[number, place] = np.minimum(getattr(image, name), _FULL)
        return cls(hot=hot, bound=np.array(bound).reshape(shape), **columns)


@dataclass(frozen=True, eq=False, kw_only=True)
class Agreed:
    """
    What images show of ``c`` candidates together.

    Attributes
    ----------
    hot, cold : ndarray of bool, shape (c,)
        Hot; proven not to be. The images cannot tell of others.
    rate, error, share, share_error : ndarray of float32, shape (c,)
        Of the hot ones: median rate and its error, and means.
    positions : ndarray of uint8, shape (c,)
        At how many pointings each was seen hot.
    """

    hot: NDArray[np.bool_]
    cold: NDArray[np.bool_]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    share: NDArray[np.float32]
    share_error: NDArray[np.float32]
    positions: NDArray[np.uint8]


def agree(seen: Seen, position: Sequence[int]) -> Agreed:
    """
    Put images of the same pixels together.

    A pixel is hot if two images at least say so, agree in rate, and outnumber those that would
    have seen it and did not: it may have turned hot, or have switched, in between. Where only the
    first or only the last image sees it, or where it fades, which is persistence, the images cannot
    decide.

    Parameters
    ----------
    seen : Seen
        Of two images at least.
    position : sequence of int, length n
        Pointing of each: images with the same number may show the same light at the same place.

    Returns
    -------
    Agreed
    """
    level = _median(seen.rate, seen.hot)
    slack = np.maximum(_REPEAT * level, _SIGMAS * seen.error)
    yes = seen.hot & (np.abs(seen.rate - level) <= slack)
    no = ~seen.hot & (seen.bound < CONTRADICTED * level)
    n_yes, n_no = yes.sum(axis=0), no.sum(axis=0)
    count = np.maximum(n_yes, 1).astype(np.float32)
    rate = _median(seen.rate, yes)
    full = rate >= _FULL
    error = _error_of_mean(seen.error, yes, count) * np.where(count > 2, ERROR_OF_MEDIAN, 1.0)
    return Agreed(
        hot=(n_yes >= 2) & (n_yes > n_no) & ~_fades(seen, yes),
        cold=(n_yes < 2) & (n_no > 0) & ~_one_sided(seen.hot, no),
        rate=np.where(full, np.inf, rate).astype(np.float32),
        error=np.where(full, np.inf, error).astype(np.float32),
        share=np.sum(seen.share, axis=0, where=yes) / count,
        share_error=_error_of_mean(seen.share_error, yes, count),
        positions=_positions(yes, position),
    )


def agree_of_one_pointing(images: Sequence[Excess]) -> Excess:
    """
    Put images of the same light together, such as the integrations of an exposure.

    Parameters
    ----------
    images : sequence of Excess
        Two at least, of one shape, in order of time.

    Returns
    -------
    Excess
        As of one image; its floor is the second smallest, as two must find a pixel.
    """
    pixel = np.unique(np.concatenate([image.pixel for image in images]))
    limits = np.append(BOUNDS, np.float32(np.inf))
    bounds = [limits[image.bound.reshape(-1)[pixel]] for image in images]
    agreed = agree(Seen.gather(images, pixel, bounds), [0] * len(images))
    bound, floor = _bounds(images)
    bound.reshape(-1)[pixel[~agreed.cold]] = UNKNOWN
    columns = {name: getattr(agreed, name)[agreed.hot] for name in _COLUMNS}
    return Excess(pixel=pixel[agreed.hot], bound=bound, floor=floor, **columns)


def _median(rate: NDArray[np.float32], chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Median along the first axis of what is chosen; infinite without any."""
    # Numbers that are not chosen sort last.
    ordered = np.sort(np.where(chosen, rate, np.float32(np.inf)), axis=0)
    count = np.maximum(chosen.sum(axis=0), 1)
    column = np.arange(rate.shape[1])
    low, high = ordered[(count - 1) // 2, column], ordered[count // 2, column]
    return np.asarray(np.where(low == high, low, (low + high) / 2), np.float32)


def _error_of_mean(
    error: NDArray[np.float32], yes: NDArray[np.bool_], count: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.asarray(np.sqrt(np.sum(np.square(error), axis=0, where=yes)) / count, np.float32)


def _one_sided(yes: NDArray[np.bool_], no: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where all that contradict come before all that agree, or after them."""
    number, n = np.arange(len(yes))[:, None], len(yes)
    first_yes, first_no = (np.where(which, number, n).min(axis=0) for which in (yes, no))
    last_yes, last_no = (np.where(which, number, -1).max(axis=0) for which in (yes, no))
    both = yes.any(axis=0) & no.any(axis=0)
    return np.asarray(both & ((last_no < first_yes) | (first_no > last_yes)))


def _fades(seen: Seen, yes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a straight line through the rates falls by more than the errors allow."""
    weight = np.zeros(yes.shape)
    np.divide(1.0, np.square(seen.error, dtype=float), out=weight, where=yes)
    total = np.maximum(weight.sum(axis=0), np.finfo(float).tiny)
    number = np.arange(len(yes), dtype=float)[:, None]
    level = (weight * seen.rate).sum(axis=0) / total
    away = (number - (weight * number).sum(axis=0) / total) * yes
    lever = np.maximum((weight * away**2).sum(axis=0), np.finfo(float).tiny)
    slope = (weight * away * (seen.rate - level)).sum(axis=0) / lever
    sigmas = slope * np.sqrt(lever)
    # Only noise makes rates rise, which shows by how much the errors are underestimated.
    several = yes.sum(axis=0) > 1
    rising = sigmas[several & (sigmas > 0)]
    scatter = SIGMA_PER_MAD * np.median(rising) if rising.size >= _MANY else 1.0
    steep = several & (level < _PERSISTS) & (sigmas < -_FALL_SIGMAS * max(scatter, 1.0))
    return np.asarray(steep & (-slope * np.ptp(away, axis=0) > _FALL * level))


def _bounds(images: Sequence[Excess]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Smallest bound, which proves a pixel cold, and second smallest floor: two must detect it."""
    bound, lowest = images[0].bound.copy(), images[0].floor
    floor = np.full_like(lowest, UNKNOWN)
    for image in images[1:]:
        np.minimum(bound, image.bound, out=bound)
        floor = np.minimum(floor, np.maximum(lowest, image.floor))
        lowest = np.minimum(lowest, image.floor)
    return bound, floor


def _positions(yes: NDArray[np.bool_], position: Sequence[int]) -> NDArray[np.uint8]:
    where = np.asarray(position)
    counted = [yes[where == one].any(axis=0) for one in np.unique(where)]
    return np.asarray(np.sum(counted, axis=0), np.uint8)
