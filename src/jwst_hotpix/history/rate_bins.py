"""Distributions of rates above a threshold, in bins of ln(rate / threshold)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["BRIGHTEST", "EDGES", "bin_of"]

#: Edges of the bins: from the threshold to 3000 times as much; an unmeasurable rate is in the last.
EDGES = np.linspace(0.0, 8.0, 81)

#: Rate over threshold that stands for all that are brighter, and for unmeasurable ones.
BRIGHTEST = np.float32(2900.0)


def bin_of(size: NDArray[np.floating]) -> NDArray[np.intp]:
    """
    Return the bin of each rate.

    Parameters
    ----------
    size : ndarray of float, shape (k,)
        ln(rate / threshold).

    Returns
    -------
    ndarray of int, shape (k,)
        Index of the bin, 0 to ``EDGES.size - 2``.
    """
    return np.clip(np.searchsorted(EDGES, size, side="right") - 1, 0, EDGES.size - 2)
