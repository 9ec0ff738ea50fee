"""The pixels to flag in an exposure. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.flag.bits import DO_NOT_USE, HOT, OTHER_BAD_PIXEL, TELEGRAPH
from jwst_hotpix.hotlist.pixellist import Onset, PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role, cross, find_centers
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.tools.dates import Date, mjd

__all__ = [
    "Neighbors",
    "Policy",
    "Targets",
    "active_targets",
    "add_crosses",
    "is_target",
    "recovered",
]


class Neighbors(StrEnum):
    """Which neighbors of a hot pixel are flagged along with it."""

    NONE = "none"
    THRESHOLD = "threshold"
    CROSS = "cross"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """
    Which entries of a list to flag.

    Attributes
    ----------
    threshold : float, optional
        Dark rate in DN/s, by default that of the list; entries at or below it are ignored. An entry
        without a rate passes.
    neighbors : Neighbors
        No neighbors, those above the threshold themselves (as in the STScI masks), or all four.
    onset : Onset
        Which end of the onset interval to use.
    min_confidence : float
        Entries of lower confidence, 0 to 1, are ignored.
    """

    threshold: float | None = None
    neighbors: Neighbors = Neighbors.THRESHOLD
    onset: Onset = Onset.EARLIEST
    min_confidence: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Targets:
    """
    Pixels to flag.

    Attributes
    ----------
    y, x : ndarray of int, shape (n,)
        Zero-based, full frame, science frame.
    bits : ndarray of uint32, shape (n,)
        The DQ bits to set, in pipeline bits.
    is_center : ndarray of bool, shape (n,)
        True for centers, False for neighbors.
    """

    y: NDArray[np.intp]
    x: NDArray[np.intp]
    bits: NDArray[np.uint32]
    is_center: NDArray[np.bool_]


def is_target(pixels: PixelList, epoch: Date, policy: Policy) -> NDArray[np.bool_]:
    """
    Determine which entries to flag at an epoch.

    Parameters
    ----------
    pixels : PixelList
        The list.
    epoch : str, astropy.time.Time or float
        Mid-time of the exposure: any `Date`, e.g. MJD (UTC).
    policy : Policy
        Which entries to flag.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for each entry to flag.
    """
    threshold = pixels.threshold if policy.threshold is None else policy.threshold
    bright = np.isnan(pixels.rate) | (pixels.rate > threshold)
    chosen = pixels.active(epoch, policy.onset) & bright
    chosen &= pixels.confidence >= policy.min_confidence
    if policy.neighbors is Neighbors.NONE:
        chosen &= pixels.role != Role.NEIGHBOR
    return chosen


def active_targets(pixels: PixelList, epoch: Date, policy: Policy) -> Targets:
    """
    Return the pixels to flag at an epoch, and their bits.

    Parameters
    ----------
    pixels : PixelList
        The list.
    epoch : str, astropy.time.Time or float
        Mid-time of the exposure: any `Date`, e.g. MJD (UTC).
    policy : Policy
        Which entries to flag.

    Returns
    -------
    Targets
        Centers and neighbors that satisfy the policy; crosses are not added yet.
    """
    chosen = is_target(pixels, epoch, policy)
    telegraph = np.where(pixels.status == Status.TELEGRAPH, TELEGRAPH, np.uint32(0))
    return Targets(
        y=pixels.y[chosen].astype(np.intp),
        x=pixels.x[chosen].astype(np.intp),
        bits=(HOT | DO_NOT_USE | telegraph)[chosen],
        is_center=(pixels.role != Role.NEIGHBOR)[chosen],
    )


def add_crosses(targets: Targets, window: Window, dq: NDArray[np.uint32]) -> Targets:
    """
    Add the four neighbors of all centers, those of the list and those of the active mask.

    Parameters
    ----------
    targets : Targets
        Targets from the list.
    window : Window
        What the exposure shows of the detector.
    dq : ndarray of uint32, shape ``window.shape``
        DQ of the exposure in the science frame (not the raw IRS2 frame, in which neighbors are
        not adjacent).

    Returns
    -------
    Targets
        With the neighbors, which get OTHER_BAD_PIXEL unless the list has them as hot.
    """
    hot = (dq & (HOT | DO_NOT_USE)) == (HOT | DO_NOT_USE)
    # The list's own pixels count as hot before and after they are flagged, so that a second
    # pass over the same exposure sees the same centers.
    row, column, inside = window.locate(targets.y, targets.x)
    hot[row, column] = True
    centers = find_centers(hot)
    centers[row, column] = targets.is_center[inside]
    masked_y, masked_x = np.nonzero(centers)
    arm_y, arm_x, _ = cross(
        np.concatenate([targets.y[targets.is_center], masked_y + window.ystart - 1]),
        np.concatenate([targets.x[targets.is_center], masked_x + window.xstart - 1]),
        window.detector.shape,
    )
    arms = np.zeros(window.detector.shape, dtype=bool)
    arms[arm_y, arm_x] = True
    arms[targets.y, targets.x] = False
    y, x = np.nonzero(arms & window.detector.active_area())
    return Targets(
        y=np.concatenate([targets.y, y]),
        x=np.concatenate([targets.x, x]),
        bits=np.concatenate([targets.bits, np.full(y.size, OTHER_BAD_PIXEL | DO_NOT_USE)]),
        is_center=np.concatenate([targets.is_center, np.zeros(y.size, dtype=bool)]),
    )


def recovered(
    pixels: PixelList, epoch: Date, policy: Policy
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Find the pixels that were once hot and are cold at an epoch.

    Parameters
    ----------
    pixels : PixelList
        The list.
    epoch : str, astropy.time.Time or float
        Mid-time of the exposure: any `Date`, e.g. MJD (UTC).
    policy : Policy
        Its confidence limit and end of the onset interval apply.

    Returns
    -------
    y, x : ndarray of int, shape (n,)
        Zero-based, full frame, science frame; without pixels that another entry has as hot at the
        epoch.
    """
    shape = tuple(int(values.max(initial=0)) + 1 for values in (pixels.y, pixels.x))
    cold = np.zeros(shape, dtype=bool)
    healed = (pixels.recovery_latest <= mjd(epoch)) & (pixels.confidence >= policy.min_confidence)
    cold[pixels.y[healed], pixels.x[healed]] = True
    active = pixels.active(epoch, policy.onset)
    cold[pixels.y[active], pixels.x[active]] = False
    y, x = np.nonzero(cold)
    return y, x
