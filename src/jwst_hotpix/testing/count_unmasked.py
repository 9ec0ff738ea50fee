"""What exposures are left with: the hot pixels that neither a mask nor a list flags in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.testing.lit_pixels import LitPixels

__all__ = ["first_sightings", "listed_at", "masked_at", "unmasked", "until"]


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
    active, shape = pixels.active(epoch), get_detector(lit.world.detector).shape
    return np.isin(lit.pixel, flat(pixels.y[active], pixels.x[active], shape))


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
