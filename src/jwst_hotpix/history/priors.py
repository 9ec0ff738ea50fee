"""How far a detection is to be believed: how often pixels turn hot, and how often darks err."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.assumptions import Assumptions
from jwst_hotpix.history.overlap import Overlap
from jwst_hotpix.history.rate_bins import EDGES, bin_of
from jwst_hotpix.history.single_looks import expected_false
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.dates import DAYS_PER_MONTH
from jwst_hotpix.tools.medians import grouped_median

__all__ = [
    "Candidates",
    "births_per_day",
    "false_alarms",
    "rate_odds",
    "stock",
]


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidates:
    """
    Pixels above the threshold at least once, with their hot sightings.

    Attributes
    ----------
    pixel : ndarray of int32, shape (p,)
        ``y * columns + x``, full frame, zero-based; sorted.
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


def births_per_day(threshold: float, assumed: Assumptions) -> float:
    """
    Return how many pixels of one detector turn hot per day.

    Parameters
    ----------
    threshold : float
        DN/s; births are interpolated in log-log, and constant beyond either end.
    assumed : Assumptions
        Its ``births``.

    Returns
    -------
    float
        Per day, for the pixels of its ``area``.
    """
    births = np.exp(np.interp(np.log(threshold), np.log(THRESHOLDS), np.log(assumed.births)))
    return float(births) / DAYS_PER_MONTH


def false_alarms(
    sightings: Sightings,
    once: NDArray[np.int32],
    overlap: Overlap,
    threshold: float,
    assumed: Assumptions,
) -> NDArray[np.float32]:
    """
    Estimate how often each dark errs from the pixels that no other dark saw hot.

    In the last dark all new pixels are among them: the number expected since the dark before it is
    subtracted.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` darks.
    once : ndarray of int, shape (k,)
        The dark of each of these pixels, which lie in the window of another dark too: index into
        ``sightings.epoch``.
    overlap : Overlap
        What the darks look at.
    threshold : float
        DN/s.
    assumed : Assumptions
        What a dark that shares nothing with another one cannot show.

    Returns
    -------
    ndarray of float32, shape (m,)
        Probability that a cold pixel is seen hot, in each dark.
    """
    epoch = sightings.epoch
    # Of what a dark shares with others, it saw as much as of all.
    seen = overlap.shared * overlap.watched / [one.n_pixels for one in sightings.window]
    alone = np.bincount(once, minlength=epoch.size).astype(float)
    per_day = births_per_day(threshold, assumed)
    since = epoch[-1] - epoch[-2] if epoch.size > 1 else 0.0
    born = per_day * since * seen[-1] / assumed.area
    alone[-1] = max(alone[-1] - born, 0.0)
    # Half a detection more than seen: not once in one dark does not mean never.
    expected = expected_false(sightings, overlap.watched, threshold, assumed) / overlap.watched
    false = np.where(seen >= 1, (alone + 0.5) / np.maximum(seen, 1.0), expected)
    return np.maximum(false, assumed.false_lowest).astype(np.float32)


def rate_odds(
    sightings: Sightings,
    found: Candidates,
    size: NDArray[np.float32],
    once: NDArray[np.bool_],
    dark: NDArray[np.int32],
    assumed: Assumptions,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """
    Compare how likely each rate is for a hot pixel and for a false detection.

    Both densities come from the sightings: hot pixels are those seen often enough, false
    detections those seen once.

    Parameters
    ----------
    sightings : Sightings
        What the darks saw.
    found : Candidates
        The pixels, and their ``k`` hot sightings.
    size : ndarray of float32, shape (k,)
        ln(rate / threshold) of each hot sighting.
    once : ndarray of bool, shape (k,)
        The only one of its pixel.
    dark : ndarray of int, shape (k,)
        Its dark: index into ``sightings.epoch``.
    assumed : Assumptions
        How well rates repeat, and how births cluster.

    Returns
    -------
    odds : ndarray of float32, shape (k,)
        Density if hot over density if false.
    surprise : ndarray of float32, shape (p,)
        How common the pixel's level is among hot pixels, in units of the width that ``odds``
        allows it, times the excess of births beside hot pixels.
    """
    n = np.bincount(found.column, minlength=found.pixel.size)
    established = n >= assumed.established_after
    level = grouped_median(found.column, size, found.pixel.size)
    hot = _density(level[established], assumed.rate_unseen)
    hits = _density(size[once & (dark < sightings.epoch.size - 1)], assumed.rate_unseen)
    if not established.any():
        hot = hits
    bins = bin_of(size)
    with np.errstate(invalid="ignore"):  # a saturated pixel: infinite rate and error
        error = sightings.error[found.row] / np.maximum(sightings.rate[found.row], 1e-3)
    width = np.hypot(assumed.rate_sigma, np.nan_to_num(error, nan=0.0, posinf=0.0))
    peak = assumed.rate_fraction / (np.sqrt(2 * np.pi) * width)
    off = (size - level[found.column]) / width
    if_hot = peak * np.exp(-(off**2) / 2) + (1 - assumed.rate_fraction) * hot[bins]
    surprise = np.zeros(found.pixel.size, dtype=np.float32)
    # The widths of one pixel are alike; the last one written stands for all.
    surprise[found.column] = np.sqrt(2 * np.pi) * width / assumed.rate_fraction
    surprise *= hot[bin_of(level)]
    beside = _beside(found.pixel, established, sightings.detector.shape, assumed.births_beside)
    surprise = np.minimum(surprise, 1) * beside
    return (if_hot / hits[bins]).astype(np.float32), surprise.astype(np.float32)


def _density(sample: NDArray[np.floating], unseen: float) -> NDArray[np.float64]:
    """Smooth a histogram of ln(rate) into a density, with the bandwidth of Scott's rule."""
    width = np.diff(EDGES)[0]
    count = np.bincount(bin_of(sample), minlength=EDGES.size - 1).astype(float)
    band = max(sample.std() * sample.size ** (-1 / 5), width) if sample.size > 1 else 1.0
    away = EDGES[:-1, None] - EDGES[None, :-1]
    kernel = np.exp(-((away / band) ** 2) / 2)
    # What is smeared out beyond the ends comes back.
    count = kernel @ (count / kernel.sum(axis=0)) + unseen / count.size
    return np.asarray(count / count.sum() / width)


def _beside(
    pixel: NDArray[np.int32], established: NDArray[np.bool_], shape: tuple[int, int], excess: float
) -> NDArray[np.float32]:
    """Return how much more often a pixel turns hot where it touches a hot one."""
    around = np.zeros((shape[0] + 2, shape[1] + 2), dtype=bool)
    y, x = unflat(pixel, shape)
    for step_y in (0, 1, 2):
        for step_x in (0, 1, 2):
            around[y[established] + step_y, x[established] + step_x] = True
    around[y[established] + 1, x[established] + 1] = False
    touching = max(around.sum(), 1) / (shape[0] * shape[1])
    more = 1 + excess / touching
    return np.where(around[y + 1, x + 1], more, 1.0).astype(np.float32)


def stock(again: NDArray[np.intp], overlap: Overlap) -> float:
    """
    Estimate how many pixels were hot before the first dark: those that it and another one saw.

    Parameters
    ----------
    again : ndarray of int, shape (m,)
        Sightings, in each of ``m`` darks, of pixels seen more than once.
    overlap : Overlap
        What the darks look at; the first of those that show most counts.

    Returns
    -------
    float
        Fraction of all pixels of the detector.
    """
    first = overlap.largest
    return max(float(again[first]), 1.0) / float(overlap.shared[first])
