"""A list compared with the next delivered MASK: what was right, what was missed."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError, naming
from jwst_hotpix.exposure.when import epoch_of_useafter
from jwst_hotpix.flag.bits import DO_NOT_USE, HOT
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import Role, find_centers
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.dq_flags import PIXEL
from jwst_hotpix.masks.any_mask import MaskFile, read_mask_file
from jwst_hotpix.masks.delivery_score import Reconciliation
from jwst_hotpix.masks.same_readout import require_same
from jwst_hotpix.tools.dates import Date, epoch_of, iso

__all__ = ["reconcile", "reconcile_files"]

# A pixel that a delivery rejects for one of these reasons, and not as HOT, is not a hot pixel that
# a list could have missed.
_OTHER_CAUSES = np.uint32(
    sum(
        PIXEL[name]
        for name in ("DEAD", "LOW_QE", "OPEN", "ADJ_OPEN", "NON_SCIENCE", "REFERENCE_PIXEL")
    )
)


def reconcile(
    pixels: PixelList, old: NDArray[np.uint32], new: NDArray[np.uint32], epoch: Date
) -> Reconciliation:
    """
    Compare a list with what a new mask adds to an old one.

    A mask rejects a pixel with HOT or DO_NOT_USE, of which old masks set only one. Pixels that it
    adds as dead, open or the like, without HOT, do not count as missed by a list of hot pixels.

    Parameters
    ----------
    pixels : PixelList
        The list.
    old, new : ndarray of uint32, shape (ny, nx)
        DQ of the masks in pipeline bits, full frame, science frame.
    epoch : str, astropy.time.Time or float
        Date of the new mask: any `Date`, e.g. MJD (UTC).

    Returns
    -------
    Reconciliation
        Pixels confirmed, missed and unconfirmed.

    Raises
    ------
    FrameMismatchError
        When the shape of a mask is not that of the list's detector.
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
        already_masked=active & before[here],
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
    epoch: Date | None = None,
) -> Reconciliation:
    """
    Compare a list with two mask files of its detector and readout mode.

    Parameters
    ----------
    pixels : PixelList
        The list.
    old, new : path
        MASK references, or other images that `read_mask_file` reads.
    bit : int, optional
        Value of the bit that means hot; by default HOT or DO_NOT_USE in a MASK.
    epoch : str, astropy.time.Time or float, optional
        Date of the new mask: ISO 8601 (UTC), a time, or MJD (UTC); by default its USEAFTER.

    Returns
    -------
    Reconciliation
        Pixels confirmed, missed and unconfirmed.

    Raises
    ------
    ListFormatError
        As `read_mask_file`; when the new mask has no date and none is given; when it applies
        earlier than the old one.
    FrameMismatchError
        For another detector, shape or readout mode.
    """
    detector = get_detector(pixels.detector)
    before, after = (read_mask_file(path, detector, bit) for path in (old, new))
    for path, mask in ((old, before), (new, after)):
        require_same(pixels, detector.name, mask.readout, path)
    earlier, later = _date_of(before, old), _date_of(after, new)
    epoch = later if epoch is None else epoch_of(epoch)
    if epoch is None:
        raise ListFormatError(
            "USEAFTER", expected="a date", found="none", source=new,
            sentence="no USEAFTER in the header; give the date of this mask with --at",
        )  # fmt: skip
    if earlier is not None and earlier > epoch:
        raise ListFormatError(
            "old mask", expected=f"one from {iso(epoch)} or before", found=iso(earlier), source=old,
            sentence=f"the old mask applies from {iso(earlier)[:10]}, after the new one "
            f"({iso(epoch)[:10]}): are the two swapped?",
        )  # fmt: skip
    return reconcile(pixels, before.dq, after.dq, epoch)


def _date_of(mask: MaskFile, path: str | os.PathLike[str]) -> float | None:
    """Return the USEAFTER of a mask, MJD (UTC), or None if it has none."""
    if not mask.useafter:
        return None
    with naming(path):
        return epoch_of_useafter(mask.useafter, ListFormatError)
