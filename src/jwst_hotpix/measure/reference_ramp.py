"""Rates from the cumulative ramp of a DARK reference file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.measure.linear_groups import (
    LINEAR,
    SATURATED,
    find_linear_groups,
    noise_of_group,
    slope_of,
)
from jwst_hotpix.measure.pixels import scatter

__all__ = ["FittedRamp", "fit_ramp"]

# Pixels whose ramps are in memory at once.
_CHUNK = 1 << 14


@dataclass(frozen=True, eq=False, kw_only=True)
class FittedRamp:
    """
    The rates of a ramp.

    Attributes
    ----------
    slope, error : ndarray of float32, shape (ny, nx)
        DN/s. The error is that of white noise.
    stretch : ndarray of float32, shape (ny, nx)
        Error of the slope over that of a line through all groups: more than 1 where only the
        first groups count.
    saturated : ndarray of bool, shape (ny, nx)
        The pixel is full too early to have a slope.
    """

    slope: NDArray[np.float32]
    error: NDArray[np.float32]
    stretch: NDArray[np.float32]
    saturated: NDArray[np.bool_]


def fit_ramp(cube: NDArray[Any], step: float) -> FittedRamp:
    """
    Fit lines to the ramps of a DARK, plane by plane: the cube may exceed the memory.

    Parameters
    ----------
    cube : ndarray, shape (ngroups, ny, nx)
        DN above bias.
    step : float
        Seconds between groups.

    Returns
    -------
    FittedRamp
        Which groups count is the rule of `jwst_hotpix.measure.linear_groups`.
    """
    slope, error, highest = _fit_lines(cube, step)
    # The ramp of a DARK may be a rate times time: its residuals alone would mean nothing.
    error = np.maximum(error, scatter(slope))
    stretch, saturated = np.ones_like(slope), np.zeros(slope.shape, bool)
    bright, noise = np.flatnonzero(highest > LINEAR), noise_of_group(cube)
    for start in range(0, bright.size, _CHUNK):
        pixel = bright[start : start + _CHUNK]
        ramp = np.stack([np.reshape(plane, -1)[pixel] for plane in cube]).astype(np.float64)
        part, weight = _fit_linear(ramp, step, noise)
        slope.reshape(-1)[pixel], stretch.reshape(-1)[pixel] = part, weight
        saturated.reshape(-1)[pixel] = np.isnan(part) & (np.fmax.reduce(ramp) > SATURATED)
    return FittedRamp(slope=slope, error=error * stretch, stretch=stretch, saturated=saturated)


def _fit_lines(
    cube: NDArray[Any], step: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return slope, error and highest value of every pixel, from one pass over the planes."""
    n = len(cube)
    time = step * np.arange(1, n + 1)
    offset = time - time.mean()
    total, moment, square, bend, last, gain = np.zeros((6, *cube.shape[1:]))
    highest = np.full(cube.shape[1:], -np.inf, np.float32)
    for group, seconds in enumerate(offset):
        plane = np.asarray(cube[group], np.float64)
        total += plane
        moment += seconds * plane
        square += np.square(plane)
        np.fmax(highest, plane, out=highest, casting="same_kind")
        if group > 1:
            bend += np.square(plane - last - gain)
        last, gain = plane, plane - last
    spread = np.sum(offset**2)
    slope = moment / spread if n > 1 else total / time[0]
    variance = np.maximum(square - total**2 / n - slope**2 * spread, 0) / max(n - 2, 1)
    if n > 3:
        # A ramp that bends has residuals that are no noise. The changes of its gains, with six
        # times the variance of a group each, have less of the bend in them.
        variance = np.minimum(variance, bend / (6 * (n - 2)))
    error = np.sqrt(variance / max(spread, step**2))
    return slope.astype(np.float32), error.astype(np.float32), highest


def _fit_linear(
    ramp: NDArray[np.float64], step: float, noise: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return slopes of ramps from their linear groups, NaN without any, and their stretch."""
    count = find_linear_groups(ramp, noise).count
    slope = np.full(count.size, np.nan)
    # One group alone has a slope only where it holds the charge of a whole interval: many DARKs
    # count from their first group, which is zero.
    one = (count == 1) & (ramp[0] > LINEAR / 2)
    slope[one] = ramp[0, one] / step
    many = count > 1
    slope[many] = slope_of(ramp[:, many], count[many], step)
    return slope, np.sqrt(_weight(len(ramp)) / _weight(count))


def _weight(count: Any) -> Any:
    """Return 1 over the variance of the slope through so many groups, one as good as two."""
    n = np.maximum(count, 2)
    return n * (n**2 - 1) / 12
