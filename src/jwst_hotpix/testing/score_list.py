"""Scores of a list against the truth of the world that its darks saw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.testing.lit_pixels import LitPixels
from jwst_hotpix.tools.proportion import Proportion

__all__ = ["score"]

# Centers this far above the threshold must be found; whether a fainter one is hot is a matter of
# noise. A listed pixel is false below the second number.
_CLEAR, _NEARLY = 1.2, 0.95
_DARKS, _TELEGRAPH_DARKS = 3, 10


def _share(good: NDArray[np.bool_]) -> Proportion:
    return Proportion(part=int(good.sum()), total=good.size)


def score(
    pixels: PixelList,
    lit: LitPixels,
    darks: NDArray[np.float64],
    never_seen: NDArray[np.integer] | None = None,
) -> dict[str, Proportion]:
    """
    Score a list made from all darks.

    Parameters
    ----------
    pixels : PixelList
        Made from all darks.
    lit : LitPixels
        The pixels of the world that the darks saw.
    darks : ndarray of float64, shape (m,)
        MJD (UTC), sorted.
    never_seen : ndarray of int, optional
        Pixels (``y * columns + x``) that no dark could see: only their rings can be listed.

    Returns
    -------
    dict of Proportion
        ``found``: bright centers with enough darks that are listed; ``true``: listed centers that
        the world lights in their interval; ``onset``: onsets within their bracket; ``recovered``:
        recoveries recognized; ``telegraph``: telegraph pixels still listed; ``roles``: neighbors
        and inferred centers with their role.
    """
    world, shape = lit.world, _shape(lit)
    place, own = flat(world.y, world.x, shape), (1 - 4 * world.alpha) * world.rate
    since = darks.size - np.searchsorted(darks, world.onset)
    cold = darks.size - np.searchsorted(darks, world.recovery)
    due = (own >= _CLEAR * pixels.threshold) & (since - cold >= _DARKS)
    due &= ~np.isin(place, [] if never_seen is None else never_seen)
    listed = flat(pixels.y, pixels.x, shape)
    first, last = _entries(listed, place)
    there = due & (first >= 0)
    earliest, latest = pixels.onset_earliest[first], pixels.onset_latest[first]
    bracketed = (earliest <= world.onset) & (world.onset <= latest)
    healed = there & ~world.telegraph & (cold >= _DARKS)
    flickers = due & world.telegraph & (cold == 0) & (since >= _TELEGRAPH_DARKS)
    kept = (last >= 0) & pixels.active(float(darks[-1]))[last]
    return {
        "found": _share(there[due]),
        "true": _true(pixels, listed, lit),
        "onset": _share(bracketed[there]),
        "recovered": _share(np.isfinite(pixels.recovery_latest[last])[healed]),
        "telegraph": _share(kept[flickers]),
        "roles": _roles(pixels, listed, lit, never_seen),
    }


def _shape(lit: LitPixels) -> tuple[int, int]:
    return get_detector(lit.world.detector).shape


def _entries(
    listed: NDArray[np.int64], place: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first and the last entry of each place, -1 where it is not listed."""
    first = np.searchsorted(listed, place)
    last = np.searchsorted(listed, place, side="right") - 1
    return np.where(first <= last, first, -1), np.where(first <= last, last, -1)


def _true(pixels: PixelList, listed: NDArray[np.int64], lit: LitPixels) -> Proportion:
    """Count the listed centers that the world lights, and in their interval."""
    peak = np.zeros(int(max(listed.max(initial=0), lit.pixel.max(initial=0))) + 1)
    peak[lit.pixel] = lit.lit_by(lit.world.rate)
    good = peak[listed] > _NEARLY * pixels.threshold
    recovery = np.full(peak.shape, np.inf)
    recovery[flat(lit.world.y, lit.world.x, _shape(lit))] = lit.world.recovery
    good &= pixels.onset_earliest <= recovery[listed]
    return _share(good[pixels.role != Role.NEIGHBOR])


def _roles(
    pixels: PixelList,
    listed: NDArray[np.int64],
    lit: LitPixels,
    never_seen: NDArray[np.integer] | None,
) -> Proportion:
    """Count neighbors (lit by others alone) and centers of rings that have their role."""
    world, shape = lit.world, _shape(lit)
    place = flat(world.y, world.x, shape)
    neighbor = ~np.isin(listed, place) & np.isin(listed, lit.pixel)
    right = pixels.role[neighbor] == Role.NEIGHBOR
    ring_due = np.zeros(0, dtype=np.int64)
    if never_seen is not None:
        bright = world.alpha * world.rate > _CLEAR * pixels.threshold
        ring_due = np.intersect1d(never_seen, place[bright])
    rings = np.isin(ring_due, listed[pixels.role == Role.INFERRED_CENTER])
    return _share(np.concatenate([right, rings]))
