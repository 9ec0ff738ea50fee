"""Crosses and rings in a list without rates: roles by shape alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import RING, Role, count_neighbors, cross
from jwst_hotpix.instrument.detectors import get_detector

__all__ = ["with_rings"]


def with_rings(pixels: PixelList) -> PixelList:
    """
    Assign roles by shape alone, without rates.

    An unlisted pixel with at least three listed neighbors is the center of a ring and gets an
    entry, `Role.INFERRED_CENTER`. A listed pixel of that kind is a center. Listed pixels adjacent
    to either are neighbors; all others are centers.

    Parameters
    ----------
    pixels : PixelList
        Its roles are ignored.

    Returns
    -------
    PixelList
        The given entries, and one per ring, without a rate and with the times of its first arm.
    """
    shape = get_detector(pixels.detector).shape
    y, x = pixels.y.astype(np.intp), pixels.x.astype(np.intp)
    listed = np.zeros(shape, dtype=bool)
    listed[y, x] = True
    center = count_neighbors(listed) >= RING
    arm = listed & ~center & (count_neighbors(center) > 0)
    lit = replace(pixels, role=np.where(arm[y, x], Role.NEIGHBOR, Role.CENTER).astype(np.uint8))
    ring_y, ring_x = np.nonzero(center & ~listed)
    if not ring_y.size:
        return lit
    first = _first_arms(lit, ring_y, ring_x)
    unknown = np.full(ring_y.size, np.nan)
    rings = {name: values[first] for name, values in lit.columns().items()}
    rings |= {"y": ring_y, "x": ring_x, "rate": unknown, "rate_error": unknown}
    rings["role"] = np.full(ring_y.size, Role.INFERRED_CENTER)
    return PixelList.build(
        detector=pixels.detector,
        readout=pixels.readout,
        threshold=pixels.threshold,
        provenance=pixels.provenance,
        **{name: np.concatenate([own, rings[name]]) for name, own in lit.columns().items()},
    )


def _first_arms(
    pixels: PixelList, ring_y: NDArray[np.intp], ring_x: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return per ring the entry of the arm that turned hot first: its center was hot by then."""
    shape = get_detector(pixels.detector).shape
    entry = np.full(shape, -1)
    entry[pixels.y, pixels.x] = np.arange(len(pixels))
    arm_y, arm_x, ring = cross(ring_y, ring_x, shape)
    arm = entry[arm_y, arm_x]
    arm, ring = arm[arm >= 0], ring[arm >= 0]
    order = np.lexsort((pixels.onset_latest[arm], ring))
    first = np.searchsorted(ring[order], np.arange(ring_y.size))
    return arm[order][first]
