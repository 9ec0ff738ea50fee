"""A list against the next delivered MASK: what was right, what was missed."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray
from stdatamodels.jwst.datamodels import dqflags

from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError
from jwst_hotpix.flag.bits import DO_NOT_USE, HOT
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import Role, find_centers
from jwst_hotpix.instrument.detectors import POOLED, get_detector
from jwst_hotpix.masks.any_mask import MaskFile, read_mask_file
from jwst_hotpix.masks.delivery_score import Reconciliation
from jwst_hotpix.tools.dates import mjd_of

__all__ = ["reconcile", "reconcile_files"]

# A pixel that a delivery rejects for one of these reasons and does not call HOT was never a hot
# pixel to be found.
_OTHER_CAUSES = np.uint32(
    sum(
        dqflags.pixel[name]
        for name in ("DEAD", "LOW_QE", "OPEN", "ADJ_OPEN", "NON_SCIENCE", "REFERENCE_PIXEL")
    )
)


def reconcile(
    pixels: PixelList, old: NDArray[np.uint32], new: NDArray[np.uint32], epoch: float
) -> Reconciliation:
    """
    Compare a list with what a new mask adds to an old one.

    A mask rejects a pixel by HOT or DO_NOT_USE: old masks set only one of them. What it adds as
    dead, open or the like, without HOT, is not missed by a list of hot pixels.

    Parameters
    ----------
    pixels : PixelList
    old, new : ndarray of uint32, shape (ny, nx)
        Standard DQ bits, full science frame.
    epoch : float
        MJD (UTC) of the new mask.

    Returns
    -------
    Reconciliation

    Raises
    ------
    FrameMismatchError
        When a mask is not of the shape of the list's detector.
    """
    detector = get_detector(pixels.detector)
    for name, dq in (("old mask", old), ("new mask", new)):
        if dq.shape != detector.shape:
            raise FrameMismatchError(
                f"shape of the {name}", expected=detector.shape, found=dq.shape
            )
    sees = detector.active_area()
    before, after = (sees & ((dq & (HOT | DO_NOT_USE)) != 0) for dq in (old, new))
    hot = after & (((new & HOT) != 0) | ((new & _OTHER_CAUSES) == 0))
    here = (pixels.y.astype(np.intp), pixels.x.astype(np.intp))
    active = pixels.active(epoch)
    listed, listed_active = np.zeros_like(sees), np.zeros_like(sees)
    listed[here] = True
    listed_active[here[0][active], here[1][active]] = True
    missed_y, missed_x = np.nonzero(hot & ~before & ~listed)
    arm = (hot & ~find_centers(hot))[missed_y, missed_x]
    return Reconciliation(
        pixels=pixels,
        confirmed=active & (after & ~before)[here],
        unconfirmed=active & (sees & ~after & ~before)[here],
        known=active & before[here],
        missed_y=missed_y,
        missed_x=missed_x,
        missed_role=np.where(arm, Role.NEIGHBOR, Role.CENTER).astype(np.uint8),
        n_inactive=int(np.sum(after & ~before & listed & ~listed_active)),
        n_gone=int(np.sum(before & ~after)),
    )


def reconcile_files(
    pixels: PixelList,
    old: str | os.PathLike[str],
    new: str | os.PathLike[str],
    *,
    bit: int | None = None,
    epoch: float | None = None,
) -> Reconciliation:
    """
    Compare a list with two mask files of its detector and readout mode.

    Parameters
    ----------
    pixels : PixelList
    old, new : path
        MASK references, or other images as `read_mask_file` takes them.
    bit : int, optional
        Value of the bit that counts as hot; by default HOT or DO_NOT_USE of a MASK.
    epoch : float, optional
        MJD (UTC) of the new mask; by default its USEAFTER.

    Returns
    -------
    Reconciliation

    Raises
    ------
    ListFormatError
        As `read_mask_file`, and for a new mask that names no date when none is given.
    FrameMismatchError
        For another detector, shape or readout mode.
    """
    detector = get_detector(pixels.detector)
    before, after = (read_mask_file(path, detector, bit) for path in (old, new))
    for mask in (before, after):
        if mask.readout and pixels.readout not in (POOLED, mask.readout):
            raise FrameMismatchError(
                "readout mode", expected=f"{pixels.readout} as the list", found=mask.readout,
                source=mask.name,
            )  # fmt: skip
    return reconcile(pixels, before.dq, after.dq, _date_of(after) if epoch is None else epoch)


def _date_of(mask: MaskFile) -> float:
    if mask.useafter is None:
        expected = "a date, in the file or given (--at)"
        raise ListFormatError("USEAFTER", expected=expected, found="none", source=mask.name)
    try:
        return mjd_of(mask.useafter, "USEAFTER", ListFormatError)
    except ListFormatError as error:
        raise error.within(mask.name) from None
