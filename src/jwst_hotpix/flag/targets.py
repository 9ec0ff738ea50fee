"""Which pixels of the detector an exposure must lose. Arrays in, arrays out."""

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
    """Which neighbors of a hot pixel are flagged with it."""

    NONE = "none"
    THRESHOLD = "threshold"
    CROSS = "cross"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """
    What of a list is to be flagged.

    Attributes
    ----------
    threshold : float
        DN/s; entries whose rate is not above it are left alone. An entry without a rate passes.
    neighbors : Neighbors
        None of them, those above the threshold themselves (as the STScI masks do), or all four.
    onset : Onset
        Which end of the onset interval counts.
    min_confidence : float
        Entries below it are left alone.
    """

    threshold: float
    neighbors: Neighbors = Neighbors.THRESHOLD
    onset: Onset = Onset.EARLIEST
    min_confidence: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Targets:
    """
    Pixels to flag, in the full frame.

    Attributes
    ----------
    y, x : ndarray of int, shape (n,)
        Zero-based, science frame.
    bits : ndarray of uint32, shape (n,)
        What their DQ gets.
    is_center : ndarray of bool, shape (n,)
        Centers, against neighbors.
    """

    y: NDArray[np.intp]
    x: NDArray[np.intp]
    bits: NDArray[np.uint32]
    is_center: NDArray[np.bool_]


def is_target(pixels: PixelList, epoch: float, policy: Policy) -> NDArray[np.bool_]:
    """
    Tell which entries are to be flagged at an epoch.

    Parameters
    ----------
    pixels : PixelList
    epoch : float
        MJD (UTC), the exposure's mid-time.
    policy : Policy

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    bright = np.isnan(pixels.rate) | (pixels.rate > policy.threshold)
    chosen = pixels.active(epoch, policy.onset) & bright
    chosen &= pixels.confidence >= policy.min_confidence
    if policy.neighbors is Neighbors.NONE:
        chosen &= pixels.role != Role.NEIGHBOR
    return chosen


def active_targets(pixels: PixelList, epoch: float, policy: Policy) -> Targets:
    """
    Choose the pixels to flag at an epoch.

    Parameters
    ----------
    pixels : PixelList
    epoch : float
        MJD (UTC), the exposure's mid-time.
    policy : Policy

    Returns
    -------
    Targets
        Centers and neighbors that pass the policy; no crosses yet.
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
        From the list.
    window : Window
        What the exposure shows.
    dq : ndarray of uint32, shape ``window.shape``
        The exposure's DQ in the science frame (never the raw IRS2 frame, in which neighbors
        lie apart).

    Returns
    -------
    Targets
        With the arms, which get OTHER_BAD_PIXEL where the list does not call them hot.
    """
    hot = (dq & (HOT | DO_NOT_USE)) == (HOT | DO_NOT_USE)
    # The list's own pixels count as hot before and after they are flagged, so that a second
    # pass over the same exposure sees the same centers.
    row, column, inside = window.locate(targets.y, targets.x)
    hot[row, column] = True
    centers = find_centers(hot)
    centers[row, column] = targets.is_center[inside]
    masked_y, masked_x = np.nonzero(centers)
    arm_y, arm_x = cross(
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
    pixels: PixelList, epoch: float, policy: Policy
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Find the pixels that were hot once and are cold at an epoch.

    Parameters
    ----------
    pixels : PixelList
    epoch : float
        MJD (UTC).
    policy : Policy
        Its confidence limit applies.

    Returns
    -------
    y, x : ndarray of int, shape (n,)
        Full frame, zero-based; none that another entry calls hot at the epoch.
    """
    shape = tuple(int(values.max(initial=0)) + 1 for values in (pixels.y, pixels.x))
    cold = np.zeros(shape, dtype=bool)
    healed = (pixels.recovery_latest <= epoch) & (pixels.confidence >= policy.min_confidence)
    cold[pixels.y[healed], pixels.x[healed]] = True
    active = pixels.active(epoch, policy.onset)
    cold[pixels.y[active], pixels.x[active]] = False
    y, x = np.nonzero(cold)
    return y, x
