"""How many hot pixels exposures are left with that no mask and no list flags in time."""

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
        Of all darks.
    n_darks : int
        How many of them to keep, in the order of time.

    Returns
    -------
    Sightings
        Of these darks; the digest is that of all.
    """
    row, hidden = sightings.dark < n_darks, sightings.unseen_dark < n_darks
    return replace(
        sightings,
        epoch=sightings.epoch[:n_darks],
        readout=sightings.readout[:n_darks],
        kind=sightings.kind[:n_darks],
        window=sightings.window[:n_darks],
        seconds=None if sightings.seconds is None else sightings.seconds[:n_darks],
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
    Return what the newest official mask flags, were masks perfect, quarterly and a month late.

    Parameters
    ----------
    lit : LitPixels
        The pixels of a world.
    epoch, start : float
        MJD (UTC) of the exposure, and of the darks of the first mask.
    threshold : float
        Dark rate in DN/s above which a pixel is flagged.

    Returns
    -------
    ndarray of bool, shape ``lit.pixel.shape``
        Flagged by the mask.
    """
    quarter, month = 365.25 / 4, 365.25 / 12
    delivered = max(np.floor((epoch - start - month) / quarter), 0.0)
    knows = float(start + delivered * quarter)
    return lit.rate(knows, telegraph_high=True) > threshold


def listed_at(pixels: PixelList, lit: LitPixels, epoch: float) -> NDArray[np.bool_]:
    """
    Return what a list flags at an epoch, with the earliest onset.

    Parameters
    ----------
    pixels : PixelList
        The list.
    lit : LitPixels
        The pixels of a world of the same detector.
    epoch : float
        MJD (UTC).

    Returns
    -------
    ndarray of bool, shape ``lit.pixel.shape``
        Flagged by the list.
    """
    active, shape = pixels.active(epoch), get_detector(lit.world.detector).shape
    return np.isin(lit.pixel, flat(pixels.y[active], pixels.x[active], shape))


def first_sightings(
    lit: LitPixels, darks: NDArray[np.float64], threshold: float
) -> NDArray[np.float64]:
    """
    Return when a dark without noise first sees each pixel hot.

    Parameters
    ----------
    lit : LitPixels
        The pixels of a world.
    darks : ndarray of float64, shape (m,)
        MJD (UTC), sorted.
    threshold : float
        Dark rate in DN/s above which a pixel is hot.

    Returns
    -------
    ndarray of float64, shape ``lit.pixel.shape``
        MJD (UTC); infinite for a pixel that no dark sees hot.
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
    Count the hot pixels that are unmasked, summed over exposures.

    Parameters
    ----------
    lit : LitPixels
        The pixels of a world.
    exposures : ndarray of float64
        MJD (UTC).
    masks : callable
        Returns what is masked at an epoch (MJD, UTC), with the shape of ``lit.pixel``.
    threshold : float
        Dark rate in DN/s above which a pixel is hot; a telegraph pixel counts while it is high.

    Returns
    -------
    int
        Pairs of a pixel and an exposure.
    """
    return sum(int(np.sum((lit.rate(t) > threshold) & ~masks(t))) for t in exposures)
