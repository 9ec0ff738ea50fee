"""The pixels that every WATA exposure sees: SUB32 and the aperture in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.instrument.readouts import SUBARRAYS

__all__ = ["APERTURE", "SUB32", "in_aperture", "in_sub32"]

# Always on NRS1 (JWST-STScI-009188, section 4.1).
SUB32 = Window(
    detector=get_detector("NRS1"),
    ystart=SUBARRAYS["SUB32"].ystart["NRS1"],
    xstart=SUBARRAYS["SUB32"].xstart,
    shape=SUBARRAYS["SUB32"].shape,
)

# S1600A1 seen through the target acquisition filters: first and last y and x, **one-based**
# science pixels (SIAF PRDOPSSOC-075).
APERTURE = ((984.6, 1000.0), (1408.9, 1424.5))


def in_sub32(pixels: PixelList) -> NDArray[np.bool_]:
    """
    Determine which entries of a list lie in SUB32.

    Parameters
    ----------
    pixels : PixelList
        List of any detector.

    Returns
    -------
    ndarray of bool, shape (n,)
        All False where the list is not of NRS1.
    """
    _, _, inside = SUB32.locate(pixels.y, pixels.x)
    return inside & (get_detector(pixels.detector) == SUB32.detector)


def in_aperture(pixels: PixelList) -> NDArray[np.bool_]:
    """
    Determine which entries of a list see the sky through S1600A1 in a WATA exposure.

    Parameters
    ----------
    pixels : PixelList
        List of any detector.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for pixels whose center lies in the aperture, of which there are 256.
    """
    inside = in_sub32(pixels)
    for zero_based, (first, last) in zip((pixels.y, pixels.x), APERTURE, strict=True):
        one_based = zero_based.astype(np.intp) + 1
        inside &= (one_based >= first) & (one_based <= last)
    return inside
