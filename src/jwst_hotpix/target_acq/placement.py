"""How likely the pixels of an actual list hit stamps that may lie anywhere on the detector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.target_acq.risk import STAMP

__all__ = ["draw_stars_hit", "places_hit"]


def places_hit(pixels: PixelList, shape: tuple[int, int] = STAMP) -> NDArray[np.bool_]:
    """
    Determine for every place of a stamp whether it holds a pixel of the list.

    The mean is the exact probability that a stamp is hit, if it may lie anywhere on the detector,
    wholly inside. Clusters and crowded regions count as they are.

    Parameters
    ----------
    pixels : PixelList
        From `jwst_hotpix.target_acq.new_pixels`.
    shape : tuple of int
        Rows and columns of the stamp.

    Returns
    -------
    ndarray of bool, shape (ny - rows + 1, nx - columns + 1)
        By the zero-based corner of the stamp, full frame, science frame.
    """
    hit = np.zeros(get_detector(pixels.detector).shape, dtype=bool)
    hit[pixels.y, pixels.x] = True
    # Along one axis, then the other: windows of doubling width, each the union of two narrower.
    for size in shape:
        width = 1
        while width < size:
            step = min(width, size - width)
            hit = hit[:-step] | hit[step:]
            width += step
        hit = hit.T
    return hit


def draw_stars_hit(
    hits: Sequence[NDArray[np.bool_]], *, n_draws: int, seed: int
) -> NDArray[np.intp]:
    """
    Draw target acquisitions and count the stars that are hit in each.

    Parameters
    ----------
    hits : sequence of ndarray of bool, shape (rows, columns), one per star
        From `places_hit`, of the detector of each star.
    n_draws : int
        Number of acquisitions.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    ndarray of int, shape (n_draws,)
        Number of stars hit in each acquisition.
    """
    rng = np.random.default_rng(seed)
    n_hit = np.zeros(n_draws, dtype=np.intp)
    for hit in hits:
        n_hit += hit.ravel()[rng.integers(0, hit.size, n_draws)]
    return n_hit
