"""
Which groups of a ramp are still linear, and the slope of a line through them.

A hot pixel may lose its bias as it fills, and its ramp bends: in a real DARK of NIRSpec
(``jwst_nirspec_dark_0046.fits``, SUB512, ground) all 15 pixels above 1000 DN/s gain 2 to 38 times
as much in the first of nine intervals as in the last, long before any of them reaches half the
well. A line through all groups then measures the length of the ramp, not the pixel, and its
residuals are no noise.

The rule: groups beyond saturation never count. A ramp that passes 2000 DN and bends is measured
from its first groups below 2000 DN, from two at least; every other ramp from all groups. It bends
if it gains less in the last third of its intervals than in the first, by more than a tenth and by
more than five sigma. The first interval itself does not count for that, and medians are compared:
what only one interval shows is a cosmic ray. Two thousand DN are a thirtieth of the well, where the
nonlinearity of the detector itself is less than a percent (an assumption).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.tools.medians import ERROR_OF_MEDIAN, mad_std

__all__ = [
    "LINEAR",
    "SATURATED",
    "LinearGroups",
    "find_linear_groups",
    "noise_of_group",
    "slope_of",
]

# DN above bias at which a pixel of a DARK's ramp counts as saturated: the wells hold 55000 to
# 65000 DN (an assumption) and neighbors and nonlinearity start to show before.
SATURATED = 40_000.0

# DN above bias up to which a bending ramp is fitted; what a bend is: see above.
LINEAR = 2_000.0
_BEND, _SIGMAS = 0.1, 5.0

# About so many pixels give the noise of a group.
_SAMPLE = 1 << 15


@dataclass(frozen=True, eq=False, kw_only=True)
class LinearGroups:
    """
    How many groups of some ramps count.

    Attributes
    ----------
    count : ndarray of int, shape (n,)
        Leading groups that are fitted; 0 for a ramp that is saturated in its first group.
    bends : ndarray of bool, shape (n,)
        The ramp bends: later groups were dropped although they are not saturated.
    """

    count: NDArray[np.intp]
    bends: NDArray[np.bool_]


def find_linear_groups(
    ramp: NDArray[np.floating], noise: float, saturated: NDArray[np.bool_] | None = None
) -> LinearGroups:
    """
    Return which groups of ramps are fitted.

    Parameters
    ----------
    ramp : ndarray of float, shape (ngroups, n)
        DN above bias, a pixel in each column.
    noise : float
        DN, standard deviation of a single group.
    saturated : ndarray of bool, shape (ngroups, n), optional
        Groups that are saturated; above `SATURATED` by default.

    Returns
    -------
    LinearGroups
    """
    usable = _leading(ramp <= SATURATED if saturated is None else ~saturated)
    first = np.minimum(np.maximum(_leading(ramp <= LINEAR), 2), usable)
    early, late, number = _gains(ramp, usable)
    # A gain has the noise of two groups and that of its charge, at 1 e-/DN; two medians of gains
    # are compared.
    sigma = ERROR_OF_MEDIAN * np.sqrt(2 * (2 * noise**2 + np.abs(early)) / np.maximum(number, 1))
    bends = (first < usable) & (number > 0)
    bends &= early - late > np.maximum(_BEND * early, _SIGMAS * sigma)
    return LinearGroups(count=np.where(bends, first, usable), bends=bends)


def slope_of(
    ramp: NDArray[np.floating], count: NDArray[np.intp], step: float
) -> NDArray[np.float64]:
    """
    Fit lines to the first groups of ramps by least squares.

    Parameters
    ----------
    ramp : ndarray of float, shape (ngroups, n)
        DN.
    count : ndarray of int, shape (n,)
        Groups to fit, from 2.
    step : float
        Seconds between groups.

    Returns
    -------
    ndarray of float, shape (n,)
        DN/s.
    """
    group = np.arange(len(ramp))[:, np.newaxis]
    offset = np.where(group < count, group - (count - 1) / 2, 0.0)
    return np.asarray((offset * ramp).sum(axis=0) / (step * (offset**2).sum(axis=0)))


def noise_of_group(cube: NDArray[Any]) -> float:
    """
    Return the noise of one group, from what some quiet pixels gain between the last two.

    Parameters
    ----------
    cube : ndarray, shape (ngroups, ny, nx)
        DN.

    Returns
    -------
    float
        DN; 0 where there is one group only.
    """
    if len(cube) < 2:
        return 0.0
    gain = (cube[-1] - np.asarray(cube[-2], np.float64)).reshape(-1)
    gain = gain[:: max(1, gain.size // _SAMPLE)]
    return float(mad_std(gain[np.isfinite(gain)]) / np.sqrt(2))


def _leading(good: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Count the groups before the first that is not good."""
    return np.asarray(np.logical_and.accumulate(good, axis=0).sum(axis=0))


def _gains(
    ramp: NDArray[np.floating], usable: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return the median gains of early and of late intervals, and how many intervals each has."""
    gain = np.diff(ramp, axis=0)
    interval = np.arange(len(gain))[:, np.newaxis]
    # The first interval is excluded.
    number = np.maximum(usable - 2, 0) // 3 + (usable >= 4)
    last = usable - 1
    early = (interval >= 1) & (interval < 1 + number)
    late = (interval >= last - number) & (interval < last)
    return _median(gain, early), _median(gain, late), number


def _median(values: NDArray[np.floating], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the median of the chosen values of each column, 0 where there is none."""
    some = chosen.any(axis=0)
    median = np.zeros(values.shape[1])
    median[some] = np.nanmedian(np.where(chosen, values, np.nan)[:, some], axis=0)
    return median
