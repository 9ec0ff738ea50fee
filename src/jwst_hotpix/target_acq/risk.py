"""How likely unmasked hot pixels hit target acquisition, from growth rates alone."""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jwst_hotpix.exceptions import TargetAcqError

__all__ = [
    "ALL_PIXELS",
    "MAX_STARS",
    "STAMP",
    "at_least",
    "distribution",
    "expected_stars_hit",
    "longest_interval",
    "stamp_probability",
]

# JWST-STScI-009188, section 4.3: rows and columns of a postage stamp. The report divides by all
# pixels of a detector; 2040**2 of them see light, which makes every probability slightly larger.
STAMP = (32, 32)
ALL_PIXELS = 2048**2
# An acquisition has about eight; the work grows with the square of their number.
MAX_STARS = 1000
# Pixels per month. One in the age of the universe is 5e-12: anything slower is no growth, and its
# interval would overflow.
_NO_GROWTH = 1e-100
# The longest interval is found to the precision of a float, in at most so many steps.
_TINY, _STEPS = 1e-300, 5000


def stamp_probability(
    rate: float,
    months: float,
    *,
    cluster_share: float = 0.0,
    shape: tuple[int, int] = STAMP,
    n_pixels: int = ALL_PIXELS,
) -> float:
    """
    Return the probability that a stamp holds a pixel that turned hot since the last TA flat.

    Without clusters this is ``1 - (1 - p)**1024`` with ``p = rate * months / n_pixels``, as in
    section 4.3 of JWST-STScI-009188. With clusters the same number of pixels turns hot in fewer
    events. An event hits the stamp when any of its pixels lies inside, so it may happen in the
    stamp or beside it; the product runs over all places where it can.

    Parameters
    ----------
    rate : float
        Pixels of the detector that turn hot per month.
    months : float
        Months since the TA flat was made.
    cluster_share : float
        Share of the pixels that turn hot beside another one, in the same event, from 0 to below
        1: each at a random one of the eight neighbors of the first, their number Poisson. The
        same as in `jwst_hotpix.simulate`.
    shape : tuple of int
        Rows and columns of the stamp.
    n_pixels : int
        Number of pixels over which the hot ones are spread evenly.

    Returns
    -------
    float
        Probability; 1 where ``rate * months`` exceeds the number of pixels.

    Raises
    ------
    TargetAcqError
        For a negative or infinite rate or number of months, a share out of range, an empty stamp.
    """
    _require_rates(rate)
    _require("months", np.isfinite(months) and months >= 0, "at least 0", months)
    _require("cluster share", 0 <= cluster_share < 1, "at least 0 and below 1", cluster_share)
    _require("shape of the stamp", min(shape) > 0, "at least one pixel", shape)
    event = min(1.0, rate * (1 - cluster_share) * months / n_pixels)
    return float(1 - np.prod(1 - event * _hit_by_event(shape, cluster_share)))


def distribution(probability: ArrayLike) -> NDArray[np.float64]:
    """
    Return how likely each number of stars is hit: the Poisson-binomial distribution.

    Parameters
    ----------
    probability : array_like of float, shape (n,)
        Probability that the stamp of each star is hit. They may differ, as on two detectors.

    Returns
    -------
    ndarray of float, shape (n + 1,)
        Probability that 0, 1, ..., n stars are hit.

    Raises
    ------
    TargetAcqError
        For no stars or more than `MAX_STARS`, or a probability outside 0 to 1.
    """
    p = np.asarray(probability, dtype=np.float64)
    _require("stars", p.ndim == 1 and 1 <= p.size <= MAX_STARS, f"1 to {MAX_STARS}", p.size)
    _require("probability", bool(np.all((p >= 0) & (p <= 1))), "0 to 1", p.tolist())
    return reduce(np.convolve, np.stack([1 - p, p], axis=1), np.ones(1))


def at_least(probability: ArrayLike, k: int = 1) -> float:
    """
    Return the probability that at least ``k`` stars are hit.

    Parameters
    ----------
    probability : array_like of float, shape (n,)
        Probability that the stamp of each star is hit.
    k : int
        Number of stars, from 1 to n.

    Raises
    ------
    TargetAcqError
        As `distribution`, and for another ``k``.
    """
    chance = distribution(probability)
    _require("stars hit", 1 <= k < chance.size, f"1 to {chance.size - 1}, the stars", k)
    # Rounding may lead to more than 1.
    return min(float(chance[k:].sum()), 1.0)


def expected_stars_hit(probability: ArrayLike) -> float:
    """
    Return the mean number of stars that are hit.

    Parameters
    ----------
    probability : array_like of float, shape (n,)
        Probability that the stamp of each star is hit.

    Raises
    ------
    TargetAcqError
        As `distribution`.
    """
    chance = distribution(probability)
    return float(chance @ np.arange(chance.size))


def longest_interval(
    rates: ArrayLike,
    risk: float,
    *,
    k: int = 1,
    cluster_share: float = 0.0,
    n_pixels: int = ALL_PIXELS,
) -> float:
    """
    Return how long a TA flat can be used before at least ``k`` stars are hit with ``risk``.

    Parameters
    ----------
    rates : array_like of float, shape (n,)
        Pixels that turn hot per month on the detector of each star.
    risk : float
        Accepted probability, from 0 to 1.
    k : int
        Number of stars, from 1 to n.
    cluster_share, n_pixels
        As in `stamp_probability`.

    Returns
    -------
    float
        Months; infinite where the risk is never exceeded (no growth on enough of the
        detectors, or a risk of 1). Less than 1e-100 pixels per month is no growth.

    Raises
    ------
    TargetAcqError
        For a value that `stamp_probability` or `at_least` refuses, or a risk outside 0 to 1.
    """
    from scipy.optimize import brentq

    _require("risk", 0 <= risk <= 1, "0 to 1", risk)
    rates = np.asarray(rates, dtype=np.float64)
    _require_rates(rates)

    def excess(months: float) -> float:
        of_rate = {
            rate: stamp_probability(rate, months, cluster_share=cluster_share, n_pixels=n_pixels)
            for rate in set(rates.tolist())
        }
        return at_least([of_rate[rate] for rate in rates.tolist()], k) - risk

    growing = rates[rates > _NO_GROWTH].tolist()
    # Always evaluated: it also refuses what has no answer.
    if excess(0.0) <= 0 and not growing:
        return np.inf
    # By the first, every place of the fastest detector has turned hot; by the last, of all.
    first, last = (n_pixels / (rate * (1 - cluster_share)) for rate in (max(growing), min(growing)))
    if excess(last) <= 0:
        return np.inf
    # Rates may differ so much that the root must be bracketed in steps.
    low, high = 0.0, first
    while high < last and excess(high) < 0:
        low, high = high, min(10 * high, last)
    return float(brentq(excess, low, high, xtol=_TINY, maxiter=_STEPS))


def _hit_by_event(shape: tuple[int, int], cluster_share: float) -> NDArray[np.float64]:
    """Return the probability that an event hits the stamp, for every place in and around it."""
    inside = np.pad(np.ones(shape, dtype=bool), 1)
    # Fraction of the eight neighbors of a place beside the stamp that lies in the stamp.
    beside = np.outer(*(np.convolve(np.ones(size), np.ones(3)) for size in shape)) / 8
    children = cluster_share / (1 - cluster_share)
    return np.where(inside, 1.0, 1 - np.exp(-children * beside))


def _require_rates(rates: float | NDArray[np.float64]) -> None:
    good = bool(np.all(np.isfinite(rates) & (np.asarray(rates) >= 0)))
    _require("rate", good, "at least 0 pixels per month", np.asarray(rates).tolist())


def _require(what: str, good: bool, expected: str, found: object) -> None:
    if not good:
        raise TargetAcqError(what, expected=expected, found=found)
