"""Medians: of many small groups at once, and the standard deviation that they give."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ERROR_OF_MEDIAN", "SIGMA_PER_MAD", "grouped_median", "mad_std"]

# Standard deviation of a normal distribution over its median absolute deviation: 1 / (the 75 %
# quantile of the standard normal distribution), rounded.
SIGMA_PER_MAD = 1.4826

# Standard error of the median of many normal numbers over that of their mean: sqrt(pi / 2).
ERROR_OF_MEDIAN = 1.2533


def grouped_median(
    group: NDArray[np.integer], values: NDArray[np.floating], n: int
) -> NDArray[np.float32]:
    """
    Return the median of the values of each group.

    Parameters
    ----------
    group : ndarray of int, shape (k,)
        Group of each value, 0 to ``n - 1``.
    values : ndarray of float, shape (k,)
        The values, without NaN.
    n : int
        Number of groups.

    Returns
    -------
    ndarray of float32, shape (n,)
        Medians; NaN for a group without values.
    """
    count = np.bincount(group, minlength=n)
    first = np.cumsum(count) - count
    filled = count > 0
    ranked = _ranked(group, values)
    median = np.full(n, np.nan, dtype=np.float32)
    low = ranked[(first + (count - 1) // 2)[filled]]
    high = ranked[(first + count // 2)[filled]]
    # The mean of a finite and an infinite value is infinite, and that of two infinities not NaN.
    median[filled] = np.where(low == high, low, low / 2 + high / 2)
    return median


def _ranked(group: NDArray[np.integer], values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Sort values within their groups; one integer key is ten times faster than two keys."""
    bits = values.astype(np.float32).view(np.uint32)
    # IEEE floats sort like integers once the negative ones are inverted and put below the others.
    sign = np.uint32(1 << 31)
    bits = np.where(bits & sign, ~bits, bits | sign)
    key = np.sort((group.astype(np.uint64) << np.uint64(32)) | bits)
    bits = (key & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return np.where(bits & sign, bits & ~sign, ~bits).view(np.float32)


def mad_std(values: NDArray[np.floating], about: float | None = None) -> Any:
    """
    Estimate a standard deviation from the median absolute deviation.

    The same as ``scipy.stats.median_abs_deviation(values, None, scale="normal")``, whose module
    takes a second to import.

    Parameters
    ----------
    values : ndarray of float
        All of them count, whatever the shape; a NaN makes the result NaN.
    about : float, optional
        What deviations are measured from; the median by default.

    Returns
    -------
    float
        In the unit and precision of the values.
    """
    center = np.median(values) if about is None else about
    return SIGMA_PER_MAD * np.median(np.abs(values - center))
