"""Random telegraph noise without memory: the state is a function of pixel and time alone."""

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
    Tell which telegraph pixels are in their high state.

    Time is cut into cycles of ``dwell / duty``, each pixel with a phase of its own. A cycle
    begins high; its high share is ``duty``, changed at random from cycle to cycle by at most half
    of the shorter state. All random numbers are hashes of pixel, cycle and seed, so that any
    two exposures agree on the state without simulating what lies between them.

    Parameters
    ----------
    pixel : ndarray of int, shape (n,)
        A number that identifies the pixel, e.g. its flat index.
    mjd : float
    duty : ndarray of float, shape (n,)
        Share of time in the high state, above 0 and up to 1.
    dwell : ndarray of float, shape (n,)
        Mean days in the high state.
    seed : int

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    phase = _uniform(pixel, np.full(pixel.shape, -1), seed)
    turns = mjd * duty / dwell + phase
    cycle = np.floor(turns)
    change = (_uniform(pixel, cycle.astype(np.int64), seed) - 0.5) * np.minimum(duty, 1 - duty)
    return turns - cycle < duty + change


def _uniform(
    pixel: NDArray[np.integer], cycle: NDArray[np.int64], seed: int
) -> NDArray[np.float64]:
    """Hash to [0, 1) by the finalizer of splitmix64 (Steele, Lea & Flood 2014)."""
    z = pixel.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z ^= cycle.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)
    z += np.array(seed % 2**32, dtype=np.uint64) << np.uint64(20)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return np.asarray((z >> np.uint64(11)) / 2.0**53)
