"""How far a detection is to be believed: how often pixels turn hot, and how often darks err."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.instrument.published_growth import GROWTH, THRESHOLDS
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.dates import DAYS_PER_MONTH
from jwst_hotpix.tools.medians import grouped_median

__all__ = [
    "BRIGHTEST",
    "GROWTH_AREA",
    "Candidates",
    "births_per_day",
    "false_alarms",
    "rate_odds",
    "stock",
]

# New hot pixels per month above each threshold of the report, and of how many pixels: the mean of
# the two detectors and readout modes.
_GROWTH = np.mean([*GROWTH.values()], axis=0)
GROWTH_AREA = get_detector("NRS1").n_active

# False detections in one dark where one dark is all there is to learn them from: 500 of a full
# frame (an assumption: jump detection leaves a hundredth of the hits of 1000 s).
_FALSE_UNKNOWN = 500 / GROWTH_AREA
_FALSE_LOWEST = 1e-9

# Rates of one hot pixel repeat within this scatter of ln(rate); the share beyond it follows the
# rates of all hot pixels.
_LEVEL_SIGMA, _LEVEL_SHARE = 0.1, 0.9

# ln(rate / threshold) from 0 to ln(3000); an unmeasurable rate is in the last bin.
_BINS = np.linspace(0.0, 8.0, 81)
BRIGHTEST = np.float32(2900.0)
# Counts, spread over all bins, that stand for what was never seen.
_UNHEARD_OF = 3.0

# Pixels that turn hot beside a hot one (of eight): 10 % more than chance, between none and 16 %
# in the NIRCam lists of grizli.
_BESIDE_SHARE = 0.1


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidates:
    """
    Pixels above the threshold at least once, with their hot sightings.

    Attributes
    ----------
    pixel : ndarray of int32, shape (p,)
    level, bound : ndarray of float32, shape (p,)
        DN/s: median above the threshold; rate from which on the pixel counts as hot.
    row, column : ndarray of int, shape (k,)
        The hot sightings: index into the sightings, and into ``pixel``.
    """

    pixel: NDArray[np.int32]
    level: NDArray[np.float32]
    bound: NDArray[np.float32]
    row: NDArray[np.intp]
    column: NDArray[np.intp]


def births_per_day(threshold: float) -> float:
    """
    Return how many pixels of one detector turn hot in a day, from the report.

    Parameters
    ----------
    threshold : float
        DN/s; interpolated log against log, and extrapolated with the last value on either side.

    Returns
    -------
    float
        For 2040 x 2040 pixels.
    """
    growth = np.exp(np.interp(np.log(threshold), np.log(THRESHOLDS), np.log(_GROWTH)))
    return float(growth) / DAYS_PER_MONTH


def false_alarms(
    sightings: Sightings, once: NDArray[np.int32], threshold: float
) -> NDArray[np.float32]:
    """
    Estimate each dark's chance of a false detection from the pixels that no other dark saw hot.

    In the last dark all new pixels are among them: as many as are born since the dark before it
    are taken off.

    Parameters
    ----------
    sightings : Sightings
    once : ndarray of int, shape (k,)
        Darks of these pixels.
    threshold : float
        DN/s.

    Returns
    -------
    ndarray of float32, shape (m,)
        Probability for one pixel in each dark.
    """
    epoch, shape = sightings.epoch, sightings.detector.shape
    watched = np.array([np.prod(window.shape) for window in sightings.window], dtype=float)
    watched -= np.bincount(sightings.unseen_dark, minlength=epoch.size)
    watched = np.maximum(watched, 1.0)
    if epoch.size == 1:
        return np.full(1, _FALSE_UNKNOWN, dtype=np.float32)
    alone = np.bincount(once, minlength=epoch.size).astype(float)
    born = births_per_day(threshold) * (epoch[-1] - epoch[-2]) * watched[-1] / GROWTH_AREA
    alone[-1] = max(alone[-1] - born, 0.0)
    # Half a detection more than seen: none in one dark does not mean never.
    false = np.maximum((alone + 0.5) / np.minimum(watched, np.prod(shape)), _FALSE_LOWEST)
    return np.asarray(false, dtype=np.float32)


def rate_odds(
    sightings: Sightings,
    found: Candidates,
    size: NDArray[np.float32],
    once: NDArray[np.bool_],
    dark: NDArray[np.int32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """
    Compare how likely each rate is of a hot pixel and of a false detection.

    Both densities come from the sightings: hot pixels are those with three of them at least, false
    detections those without another of the same pixel.

    Parameters
    ----------
    sightings : Sightings
    found : Candidates
    size : ndarray of float32, shape (k,)
        ln(rate / threshold) of each hot sighting.
    once : ndarray of bool, shape (k,)
        The only one of its pixel.
    dark : ndarray of int, shape (k,)

    Returns
    -------
    odds : ndarray of float32, shape (k,)
        Density if hot over density if false.
    surprise : ndarray of float32, shape (p,)
        How common the pixel's level is among hot pixels, in units of the width that ``odds``
        allows it, times the excess of births beside hot pixels.
    """
    n = np.bincount(found.column, minlength=found.pixel.size)
    repeated = n >= 3
    level = grouped_median(found.column, size, found.pixel.size)
    hot = _density(level[repeated])
    hits = _density(size[once & (dark < sightings.epoch.size - 1)])
    if not repeated.any():
        hot = hits
    bins = _bin(size)
    with np.errstate(invalid="ignore"):  # a saturated pixel: infinite rate and error
        error = sightings.error[found.row] / np.maximum(sightings.rate[found.row], 1e-3)
    width = np.hypot(_LEVEL_SIGMA, np.nan_to_num(error, nan=0.0, posinf=0.0))
    peak = _LEVEL_SHARE / (np.sqrt(2 * np.pi) * width)
    off = (size - level[found.column]) / width
    if_hot = peak * np.exp(-(off**2) / 2) + (1 - _LEVEL_SHARE) * hot[bins]
    surprise = np.zeros(found.pixel.size, dtype=np.float32)
    # The widths of one pixel are alike; the last one written stands for all.
    surprise[found.column] = np.sqrt(2 * np.pi) * width / _LEVEL_SHARE
    surprise *= hot[_bin(level)]
    surprise = np.minimum(surprise, 1) * _beside(found.pixel, repeated, sightings.detector.shape)
    return (if_hot / hits[bins]).astype(np.float32), surprise.astype(np.float32)


def _density(sample: NDArray[np.floating]) -> NDArray[np.float64]:
    """Smooth a histogram of ln(rate) into a density, with the bandwidth of Scott's rule."""
    width = np.diff(_BINS)[0]
    count = np.bincount(_bin(sample), minlength=_BINS.size - 1).astype(float)
    band = max(sample.std() * sample.size ** (-1 / 5), width) if sample.size > 1 else 1.0
    away = _BINS[:-1, None] - _BINS[None, :-1]
    kernel = np.exp(-((away / band) ** 2) / 2)
    # What is smeared out beyond the ends comes back.
    count = kernel @ (count / kernel.sum(axis=0)) + _UNHEARD_OF / count.size
    return np.asarray(count / count.sum() / width)


def _bin(size: NDArray[np.floating]) -> NDArray[np.intp]:
    return np.clip(np.searchsorted(_BINS, size, side="right") - 1, 0, _BINS.size - 2)


def _beside(
    pixel: NDArray[np.int32], established: NDArray[np.bool_], shape: tuple[int, int]
) -> NDArray[np.float32]:
    """How much likelier than anywhere a pixel turns hot, for touching one that has been hot."""
    around = np.zeros((shape[0] + 2, shape[1] + 2), dtype=bool)
    y, x = unflat(pixel, shape)
    for step_y in (0, 1, 2):
        for step_x in (0, 1, 2):
            around[y[established] + step_y, x[established] + step_x] = True
    around[y[established] + 1, x[established] + 1] = False
    share = max(around.sum(), 1) / (shape[0] * shape[1])
    more = 1 + _BESIDE_SHARE / share
    return np.where(around[y + 1, x + 1], more, 1.0).astype(np.float32)


def stock(sightings: Sightings, again: NDArray[np.intp], dark: NDArray[np.int32]) -> float:
    """
    Estimate the share of pixels hot before the first dark: those that it and any other saw.

    Parameters
    ----------
    sightings : Sightings
    again : ndarray of int, shape (m,)
        Sightings in each dark of pixels seen more than once.
    dark : ndarray of int, shape (k,)
        Dark of each hot sighting.

    Returns
    -------
    float
        Of all pixels.
    """
    n_first = float(again[0]) if again.size > 1 else dark.size - _FALSE_UNKNOWN * GROWTH_AREA
    return max(n_first, 1.0) / float(np.prod(sightings.detector.shape))
