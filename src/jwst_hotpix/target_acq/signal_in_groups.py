"""What a hot pixel adds to a target acquisition image, against its noise."""

from __future__ import annotations

from math import sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jwst_hotpix.exceptions import TargetAcqError
from jwst_hotpix.instrument import readouts

__all__ = [
    "GROUP_TIMES",
    "READ_NOISE",
    "SIGMAS",
    "difference_noise",
    "faintest_rate",
    "signal",
    "stands_out",
]

# DN per read, TRAD; an assumption, as in `jwst_hotpix.simulate`.
READ_NOISE = 11.0

# A pixel counts as seen from here on: an assumption.
SIGMAS = 5.0


# Seconds between groups of the readouts used for target acquisition.
GROUP_TIMES = MappingProxyType(
    {
        "NRSRAPID": readouts.group_time("NRSRAPID", "FULL"),
        "NRSRAPIDD6": readouts.group_time("NRSRAPIDD6", "FULL"),
        "SUB32": readouts.group_time("NRSRAPID", "SUB32"),
    }
)


def signal(rate: ArrayLike, group_time: float) -> NDArray[np.float64]:
    """
    Return what dark rates add to the difference of two groups.

    Parameters
    ----------
    rate : array_like of float, shape (n,)
        DN/s; NaN where unknown.
    group_time : float
        Seconds between groups, e.g. one of `GROUP_TIMES`.

    Returns
    -------
    ndarray of float, shape (n,)
        DN; NaN where the rate is unknown.

    Raises
    ------
    TargetAcqError
        For a negative rate, or a time of 0 or less.
    """
    rate = np.asarray(rate, dtype=np.float64)
    if (rate < 0).any():
        raise TargetAcqError("dark rate", expected="at least 0 DN/s", found=rate.min())
    _require_positive("time between groups (s)", group_time)
    return rate * group_time


def difference_noise(read_noise: float = READ_NOISE, nframes: int = 1) -> float:
    """
    Return the noise of the difference of two groups: both groups have read noise.

    Photon noise, that of the hot pixel included, is neglected.

    Parameters
    ----------
    read_noise : float
        DN per read.
    nframes : int
        Reads averaged into a group.

    Returns
    -------
    float
        DN, standard deviation.

    Raises
    ------
    TargetAcqError
        For a read noise of 0 or less.
    """
    _require_positive("read noise (DN)", read_noise)
    return sqrt(2 / nframes) * read_noise


def faintest_rate(group_time: float, read_noise: float = READ_NOISE) -> float:
    """
    Return the dark rate that stands out by `SIGMAS` in the difference of two groups.

    Parameters
    ----------
    group_time : float
        Seconds between groups.
    read_noise : float
        DN per read.

    Returns
    -------
    float
        DN/s.

    Raises
    ------
    TargetAcqError
        For a time or a read noise of 0 or less.
    """
    _require_positive("time between groups (s)", group_time)
    return SIGMAS * difference_noise(read_noise) / group_time


def stands_out(
    rate: ArrayLike, group_time: float, *, read_noise: float = READ_NOISE, nframes: int = 1
) -> NDArray[np.bool_]:
    """
    Determine which dark rates stand out by `SIGMAS` in the difference of two groups.

    Parameters
    ----------
    rate : array_like of float, shape (n,)
        DN/s; an unknown rate, NaN, does not stand out.
    group_time : float
        Seconds between groups.
    read_noise : float
        DN per read.
    nframes : int
        Reads averaged into a group.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where the signal is at least `SIGMAS` times the noise.

    Raises
    ------
    TargetAcqError
        As `signal` and `difference_noise`.
    """
    limit = SIGMAS * difference_noise(read_noise, nframes)
    seen: NDArray[np.bool_] = signal(rate, group_time) >= limit
    return seen


def _require_positive(what: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise TargetAcqError(what, expected="above 0", found=value)
