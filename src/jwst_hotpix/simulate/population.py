"""Where and when pixels turn hot, and how hot, at the growth rates of the STScI report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.tools.dates import DAYS_PER_MONTH

__all__ = [
    "births_above",
    "counted_growth",
    "draw_columns",
    "draw_dwell",
    "draw_places",
    "draw_rates",
    "growth_behind",
]

# Table 1 ends at 100 DN/s. Above, the distribution follows its last slope up to the rate that
# saturates in one full-frame read; still hotter pixels are given that rate (an assumption).
_HOTTEST = 6000.0

# Mean time in the high state, in days: from a few reads to a month (an assumption).
_DWELL_DAYS = (100 / 86400, 30.0)


def draw_rates(rng: np.random.Generator, n: int, growth: Sequence[float]) -> NDArray[np.float64]:
    """
    Draw the dark rates of new hot pixels.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random number generator.
    n : int
        Number of pixels.
    growth : sequence of float, length 4
        Births per month; see `births_above`.

    Returns
    -------
    ndarray of float, shape (n,)
        DN/s, from 1 to 6000.
    """
    rate, births = _curve(growth)
    # random() is below 1, so the logarithm is finite; beyond the tail interp returns its end.
    drawn = births[0] + np.log(1 - rng.random(n))
    rates: NDArray[np.float64] = np.exp(np.interp(drawn, births[::-1], rate[::-1]))
    return rates


def births_above(rate: ArrayLike, growth: Sequence[float]) -> NDArray[np.float64]:
    """
    Return the births per month above any dark rate.

    The four numbers are interpolated in log-log space: Table 1 is not a single power law.

    Parameters
    ----------
    rate : array_like of float
        DN/s.
    growth : sequence of float, length 4
        Births per month above each of `THRESHOLDS`, decreasing; e.g. a row of `GROWTH`.

    Returns
    -------
    ndarray of float
        Births per month, of the shape of ``rate``; zero above 6000 DN/s.
    """
    known, births = _curve(growth)
    wanted = np.log(np.asarray(rate, dtype=np.float64))
    above = np.exp(np.interp(wanted, known, births))
    return np.where(wanted > known[-1], 0.0, above)


def _curve(growth: Sequence[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the logarithms of rates and of the births per month above them."""
    rate, births = np.log([*THRESHOLDS, _HOTTEST]), np.log(growth)
    slope = (births[3] - births[2]) / (rate[3] - rate[2])
    return rate, np.append(births, births[3] + slope * (rate[4] - rate[3]))


def draw_places(
    rng: np.random.Generator, n: int, *, detector: str, cluster_share: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """
    Draw where pixels turn hot, uniformly over the light-sensitive pixels.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random number generator.
    n : int
        Number of pixels.
    detector : str
        ``"NRS1"`` or ``"NRS2"``.
    cluster_share : float
        Fraction of the pixels that turn hot next to another one, in the same event.

    Returns
    -------
    y, x : ndarray of int, shape (n,)
        Zero-based, full frame, science frame. A pixel may appear twice.
    parent : ndarray of int, shape (n,)
        Index of the pixel whose event this one belongs to; its own if it is alone.
    """
    chip = get_detector(detector)
    low = np.array([chip.border_y, chip.border_x])
    high = np.array(chip.shape) - low
    place = rng.integers(low, high, size=(n, 2))
    parent = np.arange(n)
    n_beside = round(cluster_share * n)
    if 0 < n_beside < n:
        beside = np.arange(n - n_beside, n)
        parent[beside] = rng.integers(0, n - n_beside, n_beside)
        around = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j])
        step = around[rng.integers(0, len(around), n_beside)]
        place[beside] = np.clip(place[parent[beside]] + step, low, high - 1)
    return place[:, 0].astype(np.intp), place[:, 1].astype(np.intp), parent


def draw_dwell(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """
    Draw how long telegraph pixels stay high, log-uniform from 100 s to 30 days.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random number generator.
    n : int
        Number of pixels.

    Returns
    -------
    ndarray of float, shape (n,)
        Mean time in the high state, in days.
    """
    shortest, longest = np.log(_DWELL_DAYS)
    return np.exp(rng.uniform(shortest, longest, n))


def draw_columns(
    rng: np.random.Generator,
    *,
    detector: str,
    growth: Sequence[float],
    span: tuple[float, float],
    stock: int,
    telegraph_share: float,
    recovery_per_year: float,
    cluster_share: float,
) -> dict[str, NDArray[Any]]:
    """
    Draw all the hot pixels of a world.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random number generator.
    detector : str
        ``"NRS1"`` or ``"NRS2"``.
    growth : sequence of float, length 4
        Births per month; see `births_above`.
    span : tuple of float
        First and last MJD (UTC) of births.
    stock : int
        Number of pixels that were hot before.
    telegraph_share, recovery_per_year, cluster_share : float
        As in `World.draw`.

    Returns
    -------
    dict of ndarray, shape (n,)
        The columns of a `World`, each pixel once.
    """
    births = rng.poisson(growth[0] * (span[1] - span[0]) / DAYS_PER_MONTH)
    n = stock + births
    y, x, parent = draw_places(rng, n, detector=detector, cluster_share=cluster_share)
    onset = np.full(n, -np.inf)
    onset[rng.permutation(n)[:births]] = rng.uniform(*span, births)
    # A cluster is one event, unless one of its pixels belongs to the stock.
    together = np.isfinite(onset) & np.isfinite(onset[parent])
    onset[together] = onset[parent][together]
    # Exponential with this mean, and never where the chance is zero.
    lasting = rng.exponential(1.0, n) * 365.25 / recovery_per_year if recovery_per_year else np.inf
    telegraph = rng.random(n) < telegraph_share
    columns = {
        "y": y,
        "x": x,
        "rate": draw_rates(rng, n, growth),
        "onset": onset,
        "recovery": np.maximum(onset, span[0]) + lasting,
        "telegraph": telegraph,
        "duty": np.where(telegraph, rng.uniform(0.2, 0.8, n), 1.0),
        "dwell": np.where(telegraph, draw_dwell(rng, n), np.inf),
    }
    _, once = np.unique(flat(y, x, get_detector(detector).shape), return_index=True)
    return {name: column[once] for name, column in columns.items()}


def counted_growth(
    growth: Sequence[float], alpha: float, *, neighbors: bool
) -> NDArray[np.float64]:
    """
    Return the births that an observer counts: IPC dims a pixel and lights its neighbors.

    Parameters
    ----------
    growth : sequence of float, length 4
        Births per month above each of `THRESHOLDS`, before IPC.
    alpha : float
        Fraction of a pixel's signal that leaks into each of its four neighbors.
    neighbors : bool
        Also count the neighbors above the threshold.

    Returns
    -------
    ndarray of float, shape (4,)
        Pixels per month that appear above each of `THRESHOLDS`.
    """
    limit = np.array(THRESHOLDS)
    counted = births_above(limit / (1 - 4 * alpha), growth)
    return counted + 4 * births_above(limit / alpha, growth) if neighbors else counted


def growth_behind(counted: Sequence[float], alpha: float) -> tuple[float, ...]:
    """
    Return the births for which an observer counts the given number of centers.

    Parameters
    ----------
    counted : sequence of float, length 4
        Centers per month that appear above each of `THRESHOLDS`, e.g. a row of `GROWTH`.
    alpha : float
        As in `counted_growth`.

    Returns
    -------
    tuple of float, length 4
        Births per month above each of `THRESHOLDS`, before IPC.
    """
    wanted = np.array(counted, dtype=np.float64)
    growth = tuple(counted)
    # Each pass corrects for what is missing, a few per cent at first.
    for _ in range(20):
        factor = wanted / counted_growth(growth, alpha, neighbors=False)
        growth = tuple((factor * growth).tolist())
    return growth
