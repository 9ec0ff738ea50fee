"""Where and when pixels turn hot, and how hot: the growth rates of the report."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.dates import DAYS_PER_MONTH
from jwst_hotpix.detectors import IRS2, TRAD, get_detector

__all__ = ["GROWTH", "THRESHOLDS", "draw_columns", "draw_dwell", "draw_places", "draw_rates"]

# JWST-STScI-009188, Table 1: pixels a month above each threshold in DN/s.
THRESHOLDS = (1.0, 3.0, 10.0, 100.0)
GROWTH = MappingProxyType(
    {
        ("NRS1", TRAD): (64.0, 48.0, 25.0, 5.0),
        ("NRS2", TRAD): (79.0, 64.0, 33.0, 3.0),
        ("NRS1", IRS2): (65.0, 35.0, 13.0, 5.0),
        ("NRS2", IRS2): (86.0, 44.0, 13.0, 4.0),
    }
)

# The table ends at 100 DN/s. Hotter pixels follow its last slope up to the rate that saturates
# in one full-frame read, and what would be hotter still has that rate (an assumption).
_HOTTEST = 6000.0

# Mean time in the high state, from the time of some reads to a month (an assumption).
_DWELL_DAYS = (100 / 86400, 30.0)


def draw_rates(
    rng: np.random.Generator, n: int, *, detector: str, readout: str
) -> NDArray[np.float64]:
    """
    Draw dark rates of new hot pixels.

    The survival function of Table 1 is interpolated between its four thresholds, log against
    log: it is no single power law.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    detector : str
        ``"NRS1"`` or ``"NRS2"``.
    readout : str
        ``"TRAD"`` or ``"IRS2"``.

    Returns
    -------
    ndarray of float, shape (n,)
        DN/s, from 1 to 6000.

    Raises
    ------
    KeyError
        When Table 1 has no such row.
    """
    rate = np.log([*THRESHOLDS, _HOTTEST])
    share = np.log(GROWTH[detector, readout])
    slope = (share[3] - share[2]) / (rate[3] - rate[2])
    share = np.append(share, share[3] + slope * (rate[4] - rate[3]))
    # Above 0, as it is from a half-open interval; beyond the tail, interp stays at its end.
    drawn = share[0] + np.log(1 - rng.random(n))
    rates: NDArray[np.float64] = np.exp(np.interp(drawn, share[::-1], rate[::-1]))
    return rates


def draw_places(
    rng: np.random.Generator, n: int, *, detector: str, cluster_share: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """
    Draw where pixels turn hot, uniform over the pixels that see light.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    detector : str
    cluster_share : float
        Share of the pixels that turn hot beside another one, in the same event.

    Returns
    -------
    y, x : ndarray of int, shape (n,)
        Zero-based, full-frame science frame. A place may appear twice.
    parent : ndarray of int, shape (n,)
        Index of the pixel whose event this one belongs to; its own where it is alone.
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
    n : int

    Returns
    -------
    ndarray of float, shape (n,)
        Days.
    """
    shortest, longest = np.log(_DWELL_DAYS)
    return np.exp(rng.uniform(shortest, longest, n))


def draw_columns(
    rng: np.random.Generator,
    *,
    detector: str,
    readout: str,
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
    detector, readout : str
    span : tuple of float
        First and last MJD (UTC) of births.
    stock : int
        Pixels hot before.
    telegraph_share, recovery_per_year, cluster_share : float

    Returns
    -------
    dict of ndarray, shape (n,)
        The columns of a `World`, each place once.
    """
    births = rng.poisson(GROWTH[detector, readout][0] * (span[1] - span[0]) / DAYS_PER_MONTH)
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
        "rate": draw_rates(rng, n, detector=detector, readout=readout),
        "onset": onset,
        "recovery": np.maximum(onset, span[0]) + lasting,
        "telegraph": telegraph,
        "duty": np.where(telegraph, rng.uniform(0.2, 0.8, n), 1.0),
        "dwell": np.where(telegraph, draw_dwell(rng, n), np.inf),
    }
    _, once = np.unique(y * get_detector(detector).shape[1] + x, return_index=True)
    return {name: column[once] for name, column in columns.items()}
