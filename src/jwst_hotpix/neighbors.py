"""Inter-pixel capacitance (IPC): crosses, their arms and their centers. Arrays in, arrays out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DEFAULT_ALPHA", "count_neighbors", "cross", "find_centers", "spread"]

# Edge of the CRDS kernel of NRS1 (ground data, 2019); H2RGs range from 0.7 to 1.5 %
# (Donlon et al. 2018, arXiv:1805.09413).
DEFAULT_ALPHA = 0.0065

# A pixel with at least this many hot 4-neighbors is the center of a cross.
RING = 3


def cross(
    y: NDArray[np.integer], x: NDArray[np.integer], shape: tuple[int, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    List the four neighbors of pixels, without those beyond the edge.

    Parameters
    ----------
    y, x : ndarray of int, shape (n,)
        Zero-based, science frame.
    shape : tuple of int
        Rows and columns of the frame.

    Returns
    -------
    y, x : ndarray of int, shape (m,)
        ``m <= 4 n``; a pixel between two centers appears twice.
    """
    # Cast first: an unsigned zero minus one wraps to the far end of the detector.
    y, x = np.asarray(y).astype(np.intp), np.asarray(x).astype(np.intp)
    arm_y = np.concatenate([y - 1, y + 1, y, y])
    arm_x = np.concatenate([x, x, x - 1, x + 1])
    inside = (arm_y >= 0) & (arm_y < shape[0]) & (arm_x >= 0) & (arm_x < shape[1])
    return arm_y[inside], arm_x[inside]


def count_neighbors(hot: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """
    Count the hot 4-neighbors of every pixel.

    Parameters
    ----------
    hot : ndarray of bool, shape (ny, nx)

    Returns
    -------
    ndarray of uint8, shape (ny, nx)
        0 to 4.
    """
    return _sum_of_neighbors(hot.astype(np.uint8))


def find_centers(hot: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    Tell the centers of an image of hot pixels from the arms of their crosses.

    A hot pixel is an arm when it touches a hot pixel that has at least three hot neighbors
    and has fewer itself; all other hot pixels are centers.

    Parameters
    ----------
    hot : ndarray of bool, shape (ny, nx)

    Returns
    -------
    ndarray of bool, shape (ny, nx)
    """
    full = hot & (count_neighbors(hot) >= RING)
    centers: NDArray[np.bool_] = hot & (full | (count_neighbors(full) == 0))
    return centers


def spread(image: NDArray[np.floating], alpha: float) -> NDArray[np.floating]:
    """
    Let every pixel leak to its four neighbors.

    Parameters
    ----------
    image : ndarray of float, shape (ny, nx)
    alpha : float
        Share of a pixel's signal that appears in each neighbor; the pixel keeps
        ``1 - 4 alpha``, more at the edge of the frame, so that the sum is kept.

    Returns
    -------
    ndarray of float, shape (ny, nx)
    """
    arms = np.full_like(image, 4.0)
    arms[[0, -1], :] -= 1
    arms[:, [0, -1]] -= 1
    kept: NDArray[np.floating] = image * (1 - alpha * arms) + alpha * _sum_of_neighbors(image)
    return kept.astype(image.dtype, copy=False)


def _sum_of_neighbors(image: NDArray[Any]) -> NDArray[Any]:
    total = np.zeros_like(image)
    total[1:] += image[:-1]
    total[:-1] += image[1:]
    total[:, 1:] += image[:, :-1]
    total[:, :-1] += image[:, 1:]
    return total
