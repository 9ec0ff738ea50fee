"""What a list is worth, against the truth of the world that its darks saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.testing.sightings import LitPixels

__all__ = ["Share", "first_sightings", "listed_at", "masked_at", "score", "unmasked", "until"]

# Centers this far above the threshold must be found; below it the share of pixels above the
# threshold in the darks is a matter of noise. A listed pixel is false below the second number.
_CLEAR, _NEARLY = 1.2, 0.95
_DARKS, _TELEGRAPH_DARKS = 3, 10


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of how many."""

    good: int
    of: int

    def __add__(self, other: Share) -> Share:
        return Share(good=self.good + other.good, of=self.of + other.of)

    @property
    def value(self) -> float:
        """The share, 1 where there was nothing to get right."""
        return self.good / self.of if self.of else 1.0


def _share(good: NDArray[np.bool_]) -> Share:
    return Share(good=int(good.sum()), of=good.size)


def score(
    pixels: PixelList,
    lit: LitPixels,
    darks: NDArray[np.float64],
    never_seen: NDArray[np.integer] | None = None,
) -> dict[str, Share]:
    """
    Score a list of all darks.

    Parameters
    ----------
    pixels : PixelList
    lit : LitPixels
        Of the world.
    darks : ndarray of float64, shape (m,)
        MJD (UTC), sorted.
    never_seen : ndarray of int, optional
        Pixels that no dark could see: rings are due around them, and nothing else.

    Returns
    -------
    dict of Share
        ``found``, ``true``, ``onset``, ``recovered``, ``telegraph``, ``roles``.
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


def _true(pixels: PixelList, listed: NDArray[np.int64], lit: LitPixels) -> Share:
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
) -> Share:
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


def until(sightings: Sightings, n_darks: int) -> Sightings:
    """
    Return what the first darks saw.

    Parameters
    ----------
    sightings : Sightings
    n_darks : int

    Returns
    -------
    Sightings
    """
    row, hidden = sightings.dark < n_darks, sightings.unseen_dark < n_darks
    return replace(
        sightings,
        epoch=sightings.epoch[:n_darks],
        readout=sightings.readout[:n_darks],
        kind=sightings.kind[:n_darks],
        window=sightings.window[:n_darks],
        floor=sightings.floor[:n_darks],
        pixel=sightings.pixel[row],
        dark=sightings.dark[row],
        rate=sightings.rate[row],
        error=sightings.error[row],
        unseen_pixel=sightings.unseen_pixel[hidden],
        unseen_dark=sightings.unseen_dark[hidden],
    )


def masked_at(lit: LitPixels, epoch: float, *, start: float, threshold: float) -> NDArray[np.bool_]:
    """
    Tell what the newest official mask flags: perfect, quarterly, delivered a month late.

    Parameters
    ----------
    lit : LitPixels
    epoch, start : float
        MJD (UTC) of the exposure, and of the darks of the first mask.
    threshold : float
        DN/s.

    Returns
    -------
    ndarray of bool, shape ``lit.pixel.shape``
    """
    quarter, month = 365.25 / 4, 365.25 / 12
    delivered = max(np.floor((epoch - start - month) / quarter), 0.0)
    knows = float(start + delivered * quarter)
    return lit.rate(knows, telegraph_high=True) > threshold


def listed_at(pixels: PixelList, lit: LitPixels, epoch: float) -> NDArray[np.bool_]:
    """
    Tell what a list flags at an epoch, with the earliest onset.

    Parameters
    ----------
    pixels : PixelList
    lit : LitPixels
    epoch : float
        MJD (UTC).

    Returns
    -------
    ndarray of bool, shape ``lit.pixel.shape``
    """
    active = pixels.active(epoch)
    return np.isin(lit.pixel, flat(pixels.y[active], pixels.x[active], _shape(lit)))


def first_sightings(
    lit: LitPixels, darks: NDArray[np.float64], threshold: float
) -> NDArray[np.float64]:
    """
    Return when a dark first finds each pixel above the threshold.

    Parameters
    ----------
    lit : LitPixels
    darks : ndarray of float64, shape (m,)
        MJD (UTC), sorted.
    threshold : float
        DN/s.

    Returns
    -------
    ndarray of float64, shape ``lit.pixel.shape``
        MJD (UTC); infinite where never.
    """
    first = np.full(lit.pixel.shape, np.inf)
    for epoch in darks[::-1]:
        first[lit.rate(epoch) > threshold] = epoch
    return first


def unmasked(
    lit: LitPixels,
    exposures: NDArray[np.float64],
    masks: Callable[[float], NDArray[np.bool_]],
    threshold: float,
) -> int:
    """
    Count hot pixels that are unmasked, summed over exposures.

    Parameters
    ----------
    lit : LitPixels
    exposures : ndarray of float64
        MJD (UTC).
    masks : callable
        From an epoch to what is masked, of the shape of ``lit.pixel``.
    threshold : float
        DN/s; a telegraph pixel counts while it is high.

    Returns
    -------
    int
    """
    return sum(int(np.sum((lit.rate(t) > threshold) & ~masks(t))) for t in exposures)
