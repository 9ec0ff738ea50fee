"""
Hot pixels in the image of a spectrum: what stands out, and what nothing sharper than light does.

Light falls on several pixels: an unresolved line puts 15 to 30 % of its peak into each neighbor
along the dispersion, while a hot pixel lights its four neighbors by inter-pixel capacitance only,
with less than 3 % together. Arrays in, arrays out; the dispersion runs along the rows (x).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.measure.frame import BLOCK, COLUMNS, ROWS, Frame, framed, inner

__all__ = ["BOUNDS", "IN_ALL", "UNKNOWN", "Excess", "find_excess", "level_of"]

# DN/s: what an exposure proves of a pixel is kept as the first of these that exceeds it.
BOUNDS = np.array([0.5, 0.7, 1.0, 2.0, 3.0, 7.0, 10.0, 30.0], np.float32)
UNKNOWN = len(BOUNDS)

# A hot pixel exceeds its background by this many sigma.
_SIGMAS = 5.0
# All four neighbors hold at most the first share of its excess, a single one the second. A Gaussian
# line as narrow as a pixel (FWHM) puts 63 % and 16 % there when it is centered, and more if not.
IN_ALL, _IN_ONE = 0.30, 0.20
# Arms of a cross may have arms beside them, if the centers touch: these shares of what hot pixels
# beside them hold make them arms (IPC of H2RGs, 0.7 to 1.5 %; of NRS1 0.65 %).
_LIT = (0.004, 0.012)
# Errors that are added to what the neighbors hold.
_MARGIN = 4.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Excess:
    """
    What one image of a spectrum shows of each pixel.

    Attributes
    ----------
    pixel : ndarray of int64, shape (n,)
        Hot pixels, ``y * nx + x``; sorted.
    rate, error : ndarray of float32, shape (n,)
        Excess over the surroundings, DN/s; ``inf`` for a pixel that was full at once.
    share, share_error : ndarray of float32, shape (n,)
        What the four neighbors hold of the excess, and its error; infinite where one of those
        along the dispersion is masked or hot itself.
    bound : ndarray of uint8, shape (ny, nx)
        The pixel is not hot above ``BOUNDS[bound]``; `UNKNOWN` where the image cannot tell, and
        of hot pixels.
    floor : ndarray of uint8, shape (ny, nx)
        A pixel that is hot above ``BOUNDS[floor]`` would have been found; else `UNKNOWN`.
    """

    pixel: NDArray[np.int64]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    share: NDArray[np.float32]
    share_error: NDArray[np.float32]
    bound: NDArray[np.uint8]
    floor: NDArray[np.uint8]


def find_excess(
    rate: NDArray[np.float32],
    error: NDArray[np.float32],
    valid: NDArray[np.bool_],
    full: NDArray[np.bool_],
) -> Excess:
    """
    Find the pixels that are sharper than light, and bounds for all others.

    Parameters
    ----------
    rate, error : ndarray of float32, shape (ny, nx)
        DN/s, not flat-fielded.
    valid : ndarray of bool, shape (ny, nx)
        The pixel has a rate.
    full : ndarray of bool, shape (ny, nx)
        The pixel saturated before it could have one, and stands alone: it is hot.

    Returns
    -------
    Excess
    """
    frame = framed(rate, error, valid)
    floor, excess = _floors(frame)
    sigma = np.sqrt(inner(frame.variance))
    # Whatever shines on a pixel, it is not hotter than all of what it shows.
    bound = np.minimum(floor, np.maximum(inner(frame.rate), 0) + _MARGIN * sigma)
    hot = np.flatnonzero(excess > np.maximum(floor, BOUNDS[0]))
    hot, share, share_error = _with_company(frame, hot, excess, sigma)
    value, noise = excess.reshape(-1)[hot], sigma.reshape(-1)[hot]
    filled = np.flatnonzero(full)
    bound.reshape(-1)[hot] = np.nan
    endless = np.full(filled.size, np.inf, np.float32)
    pixel = np.concatenate([hot, filled])
    order = np.argsort(pixel, kind="stable")
    return Excess(
        pixel=pixel[order],
        rate=np.concatenate([value, endless])[order],
        error=np.concatenate([noise, endless])[order],
        share=np.concatenate([share, endless])[order],
        share_error=np.concatenate([share_error, endless])[order],
        bound=level_of(bound),
        floor=level_of(floor),
    )


def level_of(value: NDArray[np.float32]) -> NDArray[np.uint8]:
    """
    Return the first of `BOUNDS` that is not below a value.

    Parameters
    ----------
    value : ndarray of float32
        DN/s; NaN where unknown.

    Returns
    -------
    ndarray of uint8, of the same shape
        Index into `BOUNDS`, or `UNKNOWN`.
    """
    level = np.zeros(value.shape, np.uint8)
    above = ~(value <= BOUNDS[0])
    # NaN sorts after all numbers.
    level[above] = np.searchsorted(BOUNDS, value[above])
    return level


def _floors(frame: Frame) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the floor of every pixel, and its excess."""
    rows, columns = inner(frame.rate).shape
    floor, excess = (np.empty((rows, columns), np.float32) for _ in range(2))
    middle = slice(COLUMNS, COLUMNS + columns)
    for start in range(0, rows, BLOCK):
        stop = min(start + BLOCK, rows)
        part = slice(start, stop + 2 * ROWS)
        rate, variance = frame.rate[part], frame.variance[part]
        above = rate - frame.background[part]
        here = frame.background[part][1:-1, middle]
        neighbors = (
            rate[1:-1, COLUMNS - 1 : COLUMNS + columns - 1] - here,
            rate[1:-1, COLUMNS + 1 : COLUMNS + columns + 1] - here,
            above[:-2, middle],
            above[2:, middle],
        )
        noise = (
            variance[1:-1, COLUMNS - 1 : COLUMNS + columns - 1]
            + variance[1:-1, COLUMNS + 1 : COLUMNS + columns + 1]
            + variance[:-2, middle]
            + variance[2:, middle]
        )
        largest = frame.slope[part][1:-1, middle]
        for neighbor in neighbors:
            largest = np.maximum(largest, np.abs(neighbor))
        together = np.abs(neighbors[0] + neighbors[1] + neighbors[2] + neighbors[3])
        own = variance[1:-1, middle]
        floor[start:stop] = _floor(together, np.sqrt(noise), largest, np.sqrt(own))
        excess[start:stop] = above[1:-1, middle]
    # Beside masked pixels, which are few.
    blank = np.flatnonzero(np.isnan(floor) & np.isfinite(excess))
    if blank.size:
        place = frame.places(blank)
        floor.reshape(-1)[blank] = _floor_without(frame, place, excluded=False)[0]
    return floor, excess


def _floor(
    together: NDArray[np.float32],
    noise: NDArray[np.float32],
    largest: NDArray[np.float32],
    sigma: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the least excess that no light can have, by what the neighbors hold."""
    floor: NDArray[np.float32] = together + np.float32(_MARGIN) * noise
    floor /= np.float32(IN_ALL)
    np.maximum(floor, (largest + noise / 2) / np.float32(_IN_ONE), out=floor)
    np.maximum(floor, np.float32(_SIGMAS) * sigma, out=floor)
    return floor


def _floor_without(
    frame: Frame, place: NDArray[np.intp], excluded: NDArray[np.bool_] | bool, *, least: int = 3
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """
    Return floors from those neighbors that are neither masked nor hot themselves.

    Parameters
    ----------
    frame : Frame
        The image and what surrounds each pixel, in DN/s.
    place : ndarray of int, shape (n,)
        Flat indices of pixels, zero-based.
    excluded : ndarray of bool, shape (4, n), or bool
        Which neighbors do not count; those without a rate never do.
    least : int
        Neighbors that must count.

    Returns
    -------
    floor : ndarray of float32, shape (n,)
        NaN where too few neighbors count.
    together, noise : ndarray of float32, shape (n,)
        What the neighbors hold and its error, DN/s; infinite where one along the dispersion does
        not count.
    """
    excess, variance = frame.around(place)
    counted = np.isfinite(excess) & ~np.asarray(excluded)
    number = counted.sum(axis=0)
    scale = np.where(number >= least, 4 / np.maximum(number, 1), np.nan).astype(np.float32)
    together = np.abs(np.sum(excess, axis=0, where=counted)) * scale
    noise = np.sqrt(np.sum(variance, axis=0, where=counted)) * scale
    largest = np.max(np.abs(excess), axis=0, where=counted, initial=0)
    largest = np.maximum(largest, frame.slope.reshape(-1)[place])
    sigma = np.sqrt(frame.variance.reshape(-1)[place])
    floor = _floor(together, noise, largest, sigma)
    beside = ~counted[:2].all(axis=0)
    together[beside] = noise[beside] = np.inf
    return floor, together, noise


def _with_company(
    frame: Frame,
    alone: NDArray[np.intp],
    excess: NDArray[np.float32],
    sigma: NDArray[np.float32],
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]:
    """
    Add pixels that are sharp except for hot neighbors: pairs, and arms of crosses.

    Parameters
    ----------
    frame : Frame
        The image and what surrounds each pixel, in DN/s.
    alone : ndarray of int, shape (k,)
        Pixels that are hot by all of their neighbors.
    excess, sigma : ndarray of float32, shape (ny, nx)
        DN/s.

    Returns
    -------
    pixel : ndarray of int, shape (n,)
        With those alone; sorted.
    share, share_error : ndarray of float32, shape (n,)
        As in `Excess`.
    """
    flat = excess.reshape(-1)
    stands_out = flat > np.maximum(np.float32(_SIGMAS) * sigma.reshape(-1), BOUNDS[0])
    stands_out[alone] = False
    other = np.flatnonzero(stands_out)
    hot = np.zeros(frame.rate.size, bool)
    hot[frame.places(alone)] = True
    hot[_pairs(frame, frame.places(other), flat[other])] = True
    place = frame.places(other)
    beside_hot = hot[frame.beside(place)]
    floor, _, _ = _floor_without(frame, place, beside_hot, least=2)
    company = (flat[other] > np.maximum(floor, BOUNDS[0])) & beside_hot.any(axis=0)
    beside, _ = frame.around(place)
    lit_by = np.sum(beside, axis=0, where=beside_hot)
    company |= (flat[other] > _LIT[0] * lit_by) & (flat[other] < _LIT[1] * lit_by)
    pixel = np.sort(np.concatenate([alone, other[company | hot[place]]]))
    place = frame.places(pixel)
    excluded = hot[frame.beside(place)] & ~np.isin(pixel, alone)
    _, together, noise = _floor_without(frame, place, excluded, least=2)
    return pixel, together / flat[pixel], noise / flat[pixel]


def _pairs(frame: Frame, place: NDArray[np.intp], excess: NDArray[np.float32]) -> NDArray[np.intp]:
    """Find pairs of pixels, each of which is sharp except for the other one."""
    beside, _ = frame.around(place)
    brightest = np.argmax(np.where(np.isfinite(beside), beside, -np.inf), axis=0)
    excluded = np.arange(4)[:, None] == brightest
    floor, _, _ = _floor_without(frame, place, excluded)
    sharp = np.flatnonzero(excess > np.maximum(floor, BOUNDS[0]))
    place, mate = place[sharp], frame.beside(place)[brightest[sharp], sharp]
    back = dict(zip(place.tolist(), mate.tolist(), strict=True))
    mutual = [back.get(other) == one for one, other in back.items()]
    return np.asarray(place[np.array(mutual, bool)])
