"""A standard deviation that outliers do not move."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIGMA_PER_MAD", "mad_std"]

# Standard deviation of a normal distribution over its median absolute deviation: 1 / (the 75 %
# quantile of the standard normal distribution), rounded.
SIGMA_PER_MAD = 1.4826


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
