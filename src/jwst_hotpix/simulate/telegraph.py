"""Random telegraph noise without memory: the state depends on pixel and time alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["is_high"]


def is_high(
    pixel: NDArray[np.integer],
    mjd: float,
    *,
    duty: NDArray[np.float64],
    dwell: NDArray[np.float64],
    seed: int,
) -> NDArray[np.bool_]:
    """
    Determine which telegraph pixels are in their high state.

    Time is divided into cycles of ``dwell / duty``, with an individual phase for each pixel. A
    cycle begins high; its high fraction is ``duty``, varied at random from cycle to cycle by at
    most half of the shorter state. All random numbers are hashes of pixel, cycle and seed, so that
    any two exposures agree on the state without simulating the time between them.

    Parameters
    ----------
    pixel : ndarray of int, shape (n,)
        A number that identifies the pixel, e.g. its flat index.
    mjd : float
        MJD (UTC).
    duty : ndarray of float, shape (n,)
        Fraction of time in the high state, above 0 and up to 1.
    dwell : ndarray of float, shape (n,)
        Mean time in the high state, in days.
    seed : int
        The same seed gives the same states.

    Returns
    -------
    ndarray of bool, shape (n,)
        True in the high state.
    """
    phase = _uniform(pixel, np.full(pixel.shape, -1), seed)
    turns = mjd * duty / dwell + phase
    cycle = np.floor(turns)
    change = (_uniform(pixel, cycle.astype(np.int64), seed) - 0.5) * np.minimum(duty, 1 - duty)
    return turns - cycle < duty + change


def _uniform(
    pixel: NDArray[np.integer], cycle: NDArray[np.int64], seed: int
) -> NDArray[np.float64]:
    """Hash to [0, 1) with the finalizer of splitmix64 (Steele, Lea & Flood 2014)."""
    z = pixel.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z ^= cycle.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)
    z += np.array(seed % 2**32, dtype=np.uint64) << np.uint64(20)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return np.asarray((z >> np.uint64(11)) / 2.0**53)
