"""
How far to believe a dark that no other dark can contradict.

Where several darks show the same pixels, what only one of them saw shows how often it errs. A
single dark shows nothing of the kind. Its detections are then a mixture of hot pixels and of what
is left of cosmic rays: the rates of hot pixels are distributed as those of births, the charge of
cosmic rays is log-normal, and their number scales with exposure time and window. In a CRDS DARK,
which averages many exposures, few are left. How many of the detections are hot is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.assumptions import Assumptions
from jwst_hotpix.history.rate_bins import EDGES, bin_of
from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["Mixture", "expected_false", "hit_density", "hot_density", "unmix"]

# Exposure time in seconds of a dark that does not say.
_USUAL = 1000.0

# Share of cosmic rays whose rate may be anything: no log-normal tail is known that well.
_ANY_RATE = 1e-3

_STEPS = 100

# In place of zero where one divides.
_NONE = 1e-12


@dataclass(frozen=True, eq=False, kw_only=True)
class Mixture:
    """
    What the detections of some darks are.

    Attributes
    ----------
    hot : float
        Number of them that are hot pixels.
    false : ndarray of float, shape (m,)
        Number of those of each dark that are none.
    """

    hot: float
    false: NDArray[np.float64]


def expected_false(
    sightings: Sightings, watched: NDArray[np.float64], threshold: float, assumed: Assumptions
) -> NDArray[np.float64]:
    """
    Return how many false detections to expect in each dark.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` darks.
    watched : ndarray of float, shape (m,)
        Number of pixels that each dark saw.
    threshold : float
        DN/s.
    assumed : Assumptions
        How many cosmic rays are left in a dark, and their charge.

    Returns
    -------
    ndarray of float, shape (m,)
    """
    seconds = _seconds(sightings)
    hits = assumed.false_alarms * seconds / _USUAL * watched / assumed.area
    hits *= np.where(np.array(sightings.kind) == "reference", assumed.reference_hits, 1.0)
    return np.asarray(hits * _brighter(_limits(sightings, threshold) * seconds, assumed))


def hot_density(limit: float, threshold: float, assumed: Assumptions) -> NDArray[np.float64]:
    """
    Return the distribution of the rates of hot pixels: as those of births.

    Parameters
    ----------
    limit : float
        DN/s from which a dark shows pixels.
    threshold : float
        DN/s.
    assumed : Assumptions
        Births above several rates; in between, and beyond either end, a power law.

    Returns
    -------
    ndarray of float, shape ``(EDGES.size - 1,)``
        Probability per unit of ln(rate).
    """
    known, births = np.log(THRESHOLDS), np.log(assumed.births)
    at = np.log(_edges(limit, threshold))
    slope = np.diff(births) / np.diff(known)
    piece = np.clip(np.searchsorted(known, at) - 1, 0, slope.size - 1)
    return _density(np.exp(births[piece] + slope[piece] * (at - known[piece])))


def hit_density(
    seconds: float, limit: float, threshold: float, assumed: Assumptions
) -> NDArray[np.float64]:
    """
    Return the distribution of the rates of cosmic rays that are left.

    Parameters
    ----------
    seconds : float
        Exposure time.
    limit : float
        DN/s from which a dark shows pixels.
    threshold : float
        DN/s.
    assumed : Assumptions
        Their charge.

    Returns
    -------
    ndarray of float, shape ``(EDGES.size - 1,)``
        Probability per unit of ln(rate).
    """
    density = _density(_brighter(_edges(limit, threshold) * seconds, assumed))
    return np.asarray((1 - _ANY_RATE) * density + _ANY_RATE / (EDGES[-1] - EDGES[0]))


def unmix(
    sightings: Sightings,
    size: NDArray[np.floating],
    dark: NDArray[np.int32],
    threshold: float,
    expected: NDArray[np.float64],
    assumed: Assumptions,
) -> tuple[Mixture, NDArray[np.float64]]:
    """
    Fit how many detections are hot pixels, by expectation maximization.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` darks.
    size : ndarray of float, shape (k,)
        ln(rate / threshold) of each detection.
    dark : ndarray of int, shape (k,)
        Its dark: index into ``sightings.epoch``.
    threshold : float
        DN/s.
    expected : ndarray of float, shape (m,)
        From `expected_false`.
    assumed : Assumptions
        How certain these are.

    Returns
    -------
    mixture : Mixture
        The fitted mixture of hot pixels and leftover cosmic rays.
    odds : ndarray of float, shape (k,)
        Density of each rate if hot over its density if false.
    """
    bins, m = bin_of(size), sightings.epoch.size
    looks = list(zip(_seconds(sightings), _limits(sightings, threshold), strict=True))
    hot = np.array([hot_density(limit, threshold, assumed) for _, limit in looks])[dark, bins]
    hits = np.array([hit_density(*look, threshold, assumed) for look in looks])[dark, bins]
    false = np.minimum(expected, np.bincount(dark, minlength=m) / 2)
    for _ in range(_STEPS):
        n_hot = max(size.size - false.sum(), 1.0)
        chance = false[dark] * hits / (false[dark] * hits + n_hot * hot)
        # What is expected counts as a gamma distribution of that mean, the likelier the closer.
        seen = np.bincount(dark, chance, minlength=m) + assumed.false_certainty - 1
        false = seen / (1 + assumed.false_certainty / np.maximum(expected, _NONE))
    return Mixture(hot=max(size.size - float(false.sum()), 1.0), false=false), hot / hits


def _seconds(sightings: Sightings) -> NDArray[np.float64]:
    if sightings.seconds is None:
        return np.full(sightings.epoch.size, _USUAL)
    return np.asarray(np.where(np.isfinite(sightings.seconds), sightings.seconds, _USUAL))


def _limits(sightings: Sightings, threshold: float) -> NDArray[np.float64]:
    """Return the rates from which each dark shows pixels above the threshold."""
    return np.maximum(sightings.floor.astype(np.float64), threshold)


def _edges(limit: float, threshold: float) -> NDArray[np.float64]:
    """Return the edges of the bins in DN/s, none of them where the dark shows nothing."""
    return np.maximum(threshold * np.exp(EDGES), limit)


def _brighter(charge: NDArray[np.float64], assumed: Assumptions) -> NDArray[np.float64]:
    """Return the fraction of cosmic rays that leave more than this charge, in DN."""
    deviation = np.log(charge / assumed.hit_charge) / assumed.hit_scatter
    return np.array([erfc(value / sqrt(2)) / 2 for value in deviation])


def _density(number: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn numbers above the edges of the bins into a density; the last bin has all beyond."""
    share = -np.diff(np.r_[number[:-1], 0.0]) / max(number[0], np.finfo(float).tiny)
    return np.asarray(share / np.diff(EDGES)) + _NONE
