"""Whether the darks of both readout modes agree on which pixels are hot."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.instrument.readouts import IRS2, TRAD
from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["in_one_mode_only", "warn_of_disagreement"]

log = logging.getLogger(__name__)

# A pixel is hot in one mode only if most darks of that mode saw it hot and few of the other, with
# so many of each. A telegraph pixel, seen hot at random, rarely qualifies.
_MOST, _FEW, _DARKS = 0.9, 0.1, 3

# Detectors that are one may differ in so many pixels: those near the threshold.
_TOLERATED = 0.05


def warn_of_disagreement(sightings: Sightings, pixels: PixelList) -> None:
    """
    Warn when many pixels of a pooled list are hot in one readout mode and cold in the other.

    Parameters
    ----------
    sightings : Sightings
        The darks of both modes.
    pixels : PixelList
        The list made from them.
    """
    n = int(in_one_mode_only(sightings, pixels).sum())
    if n > _TOLERATED * len(pixels):
        log.warning(
            "%d of %d pixels are hot in one readout mode and cold in the other; a pooled list "
            "takes them for telegraph pixels. Build one list per readout mode.",
            n,
            len(pixels),
        )


def in_one_mode_only(sightings: Sightings, pixels: PixelList) -> NDArray[np.bool_]:
    """
    Find pixels that are hot in the darks of one readout mode and cold in those of the other.

    Parameters
    ----------
    sightings : Sightings
        The darks of both modes.
    pixels : PixelList
        The list made from them.

    Returns
    -------
    ndarray of bool, shape (n,)
        One per entry, judged by the darks from its onset to its last sighting.
    """
    shares = [_share_of_hot(sightings, pixels, mode) for mode in (TRAD, IRS2)]
    low, high = np.minimum(*shares), np.maximum(*shares)
    # Comparisons with NaN, of a mode with too few darks, are false.
    alone: NDArray[np.bool_] = (high >= _MOST) & (low <= _FEW)
    return alone


def _share_of_hot(sightings: Sightings, pixels: PixelList, mode: str) -> NDArray[np.float64]:
    """Return the fraction of darks of a mode that saw each entry hot; NaN for too few darks."""
    of_mode = np.array([readout == mode for readout in sightings.readout], dtype=bool)
    epoch = sightings.epoch[of_mode]
    first, last = pixels.onset_latest, pixels.recovery_earliest
    n_darks = np.searchsorted(epoch, last, "right") - np.searchsorted(epoch, first, "left")
    hot = of_mode[sightings.dark] & (sightings.rate > pixels.threshold)
    place = flat(pixels.y, pixels.x, get_detector(pixels.detector).shape)
    n_hot = _count(place, first, last, sightings.pixel[hot], sightings.epoch[sightings.dark[hot]])
    unseen = of_mode[sightings.unseen_dark]
    n_darks = n_darks - _count(
        place, first, last,
        sightings.unseen_pixel[unseen], sightings.epoch[sightings.unseen_dark[unseen]],
    )  # fmt: skip
    share = np.full(len(pixels), np.nan)
    np.divide(n_hot, n_darks, out=share, where=n_darks >= _DARKS)
    return share


def _count(
    place: NDArray[np.intp],
    first: NDArray[np.float64],
    last: NDArray[np.float64],
    pixel: NDArray[np.int32],
    epoch: NDArray[np.float64],
) -> NDArray[np.intp]:
    """Count the rows of each entry, sorted by (pixel, epoch), between its first and last epoch."""
    # One key for both: epochs have their order in place of their value.
    days = np.unique(epoch)
    rows = pixel.astype(np.int64) * (days.size + 1) + np.searchsorted(days, epoch)
    place = place.astype(np.int64) * (days.size + 1)
    start = np.searchsorted(rows, place + np.searchsorted(days, first, "left"), "left")
    end = np.searchsorted(rows, place + np.searchsorted(days, last, "right"), "left")
    return end - start
