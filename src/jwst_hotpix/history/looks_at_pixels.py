"""What every look saw of some pixels, as arrays: hot, cold below a bound, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.evidence import find_candidates, find_seen, rows_of
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["LooksAtPixels", "look_at_pixels"]


@dataclass(frozen=True, eq=False, kw_only=True)
class LooksAtPixels:
    """
    What ``m`` darks and looks saw of ``p`` pixels, as the history judges it.

    Attributes
    ----------
    limit : ndarray of float32, shape (p,)
        DN/s above which each pixel counts as hot.
    hot, cold : ndarray of bool, shape (p, m)
        Seen hot, seen cold; the look cannot tell where it is neither.
    rate, error : ndarray of float32, shape (p, m)
        DN/s; NaN where nothing was measured, and infinite where the pixel saturated at once.
    bound : ndarray of float32, shape (p, m)
        DN/s that the pixel is known to be below: the floor of the look or, where a rate was
        measured, the limit of the pixel. Infinite where it is hot or not seen.
    """

    limit: NDArray[np.float32]
    hot: NDArray[np.bool_]
    cold: NDArray[np.bool_]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    bound: NDArray[np.float32]


def look_at_pixels(
    sightings: Sightings, pixel: NDArray[np.int32], threshold: float
) -> LooksAtPixels:
    """
    Return what every look saw of some pixels.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` darks and looks.
    pixel : ndarray of int32, shape (p,)
        ``y * columns + x``, full frame, science frame, zero-based; sorted, none of them twice.
    threshold : float
        Dark rate in DN/s above which a pixel is hot. A pixel that is above it in one look is
        still hot in another one in which it is slightly below.

    Returns
    -------
    LooksAtPixels
        Pixels along the first axis, looks in order of time along the second.
    """
    alone, column, hidden = _only(sightings, pixel)
    found = find_candidates(alone, threshold)
    level, limit = np.zeros(pixel.size, np.float32), np.full(pixel.size, threshold, np.float32)
    candidate = np.searchsorted(pixel, found.pixel)
    level[candidate], limit[candidate] = found.level, found.bound
    shape = pixel.size, alone.epoch.size
    hot = np.zeros(shape, bool)
    hot[column[found.row], alone.dark[found.row]] = True
    rate, error = (np.full(shape, np.nan, np.float32) for _ in range(2))
    rate[column, alone.dark], error[column, alone.dark] = alone.rate, alone.error
    measured = np.isfinite(rate)
    bound = np.where(measured, limit[:, None], _floor(alone, pixel, hidden))
    bound[hot] = np.inf
    # Reference pixels have neither rows nor a word on being unseen.
    active = alone.detector.active_area()[unflat(pixel, alone.detector.shape)]
    bound[~active] = np.inf
    seen = find_seen(alone, pixel, limit, level).T & active[:, None]
    return LooksAtPixels(
        limit=limit, hot=hot, cold=(seen | measured) & ~hot, rate=rate, error=error, bound=bound
    )


def _only(
    sightings: Sightings, pixel: NDArray[np.int32]
) -> tuple[Sightings, NDArray[np.intp], NDArray[np.intp]]:
    """Return what was seen of these pixels, and which of them each row and unseen one is."""
    row, column = rows_of(pixel, sightings.pixel)
    hidden, hidden_column = rows_of(pixel, sightings.unseen_pixel)
    above = sightings.unseen_above
    alone = replace(
        sightings,
        pixel=sightings.pixel[row],
        dark=sightings.dark[row],
        rate=sightings.rate[row],
        error=sightings.error[row],
        unseen_pixel=sightings.unseen_pixel[hidden],
        unseen_dark=sightings.unseen_dark[hidden],
        unseen_above=None if above is None else above[hidden],
    )
    return alone, column, hidden_column


def _floor(
    alone: Sightings, pixel: NDArray[np.int32], hidden: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return what the pixels are below where they have no row; infinite if nothing is known."""
    floor = np.repeat(alone.floor[None, :], pixel.size, axis=0)
    y, x = unflat(pixel, alone.detector.shape)
    for look, window in enumerate(alone.window):
        if not window.is_whole:
            floor[~window.locate(y, x)[2], look] = np.inf
    floor[hidden, alone.unseen_dark] = np.inf if alone.unseen_above is None else alone.unseen_above
    return floor
