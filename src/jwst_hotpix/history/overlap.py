"""Which pixels several darks look at, so that one can contradict another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["Overlap", "find_overlap"]

# Darks that share less of the largest window than this say too little of each other.
_ENOUGH = 0.1


@dataclass(frozen=True, eq=False, kw_only=True)
class Overlap:
    """
    What ``m`` darks look at.

    Attributes
    ----------
    watched : ndarray of float64, shape (m,)
        Number of pixels that each dark saw, at least 1.
    shared : ndarray of float64, shape (m,)
        Number of pixels in the window of each dark that the window of another one shows too.
    largest : int
        The first dark with the largest window.
    twice : ndarray of bool, shape (rows * columns,), optional
        Pixels in two windows at least; None where all are.
    """

    watched: NDArray[np.float64]
    shared: NDArray[np.float64]
    largest: int
    twice: NDArray[np.bool_] | None

    def is_enough(self, sightings: Sightings) -> bool:
        """Return whether darks show how often they err, rather than each standing alone."""
        n_pixels = sightings.window[self.largest].n_pixels
        return bool(self.shared[self.largest] >= _ENOUGH * n_pixels)

    def is_shared(self, pixel: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which pixels (``y * columns + x``) lie in two windows at least."""
        return np.ones(pixel.size, bool) if self.twice is None else self.twice[pixel]


def find_overlap(sightings: Sightings) -> Overlap:
    """
    Find which pixels several darks look at.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` darks.

    Returns
    -------
    Overlap
    """
    chip, windows = sightings.detector, sightings.window
    size = np.array([window.n_pixels for window in windows], dtype=float)
    hidden = np.bincount(sightings.unseen_dark, minlength=size.size)
    parts = [window.part for window in windows]
    twice = None
    shared = size
    # With two full frames, the usual case, all is seen twice.
    if np.count_nonzero(size == chip.shape[0] * chip.shape[1]) < 2:
        looks = np.zeros(chip.shape, np.int32)
        for part in parts:
            looks[part] += 1
        shared = np.array([np.count_nonzero(looks[part] > 1) for part in parts], dtype=float)
        twice = looks.reshape(-1) > 1
    return Overlap(
        watched=np.maximum(size - hidden, 1.0),
        shared=shared,
        largest=int(np.argmax(size)),
        twice=twice,
    )
