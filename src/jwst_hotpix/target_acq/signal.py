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

# DN a read, TRAD; an assumption, as in `jwst_hotpix.simulate`.
READ_NOISE = 11.0

# From here a pixel counts as seen: an assumption.
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
        Seconds, e.g. of `GROUP_TIMES`.

    Returns
    -------
    ndarray of float, shape (n,)
        DN.

    Raises
    ------
    TargetAcqError
        For a negative rate, or a time that is not above 0.
    """
    rate = np.asarray(rate, dtype=np.float64)
    if (rate < 0).any():
        raise TargetAcqError("dark rate", expected="at least 0 DN/s", found=rate.min())
    _require_positive("time between groups (s)", group_time)
    return rate * group_time


def difference_noise(read_noise: float = READ_NOISE, nframes: int = 1) -> float:
    """
    Return the noise of the difference of two groups: both groups have read noise.

    Photon noise, also of the hot pixel itself, is left out.

    Parameters
    ----------
    read_noise : float
        DN, of one read.
    nframes : int
        Reads averaged into a group.

    Returns
    -------
    float
        DN, standard deviation.

    Raises
    ------
    TargetAcqError
        For a read noise that is not above 0.
    """
    _require_positive("read noise (DN)", read_noise)
    return sqrt(2 / nframes) * read_noise


def faintest_rate(group_time: float, read_noise: float = READ_NOISE) -> float:
    """
    Return the dark rate that stands out by `SIGMAS` in the difference of two groups.

    Parameters
    ----------
    group_time : float
        Seconds.
    read_noise : float
        DN, of one read.

    Returns
    -------
    float
        DN/s.

    Raises
    ------
    TargetAcqError
        For a time or read noise that is not above 0.
    """
    _require_positive("time between groups (s)", group_time)
    return SIGMAS * difference_noise(read_noise) / group_time


def stands_out(
    rate: ArrayLike, group_time: float, *, read_noise: float = READ_NOISE, nframes: int = 1
) -> NDArray[np.bool_]:
    """
    Tell which dark rates stand out by `SIGMAS` in the difference of two groups.

    Parameters
    ----------
    rate : array_like of float, shape (n,)
        DN/s; NaN, an unknown one, does not.
    group_time, read_noise, nframes
        As in `signal` and `difference_noise`.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    TargetAcqError
        As these.
    """
    limit = SIGMAS * difference_noise(read_noise, nframes)
    seen: NDArray[np.bool_] = signal(rate, group_time) >= limit
    return seen


def _require_positive(what: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise TargetAcqError(what, expected="above 0", found=value)
