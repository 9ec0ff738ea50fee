"""Net growth from dated masks, where there are no darks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError, TrendError, naming
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.exposure.headers import facts_of
from jwst_hotpix.exposure.when import epoch_of_useafter
from jwst_hotpix.flag.bits import HOT
from jwst_hotpix.instrument.crosses import find_centers
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.masks.any_mask import read_mask_file
from jwst_hotpix.tools.dates import Date, epoch_of
from jwst_hotpix.trending.series import Series, method_of
from jwst_hotpix.trending.states import States

__all__ = ["DatedMask", "read_dated_mask", "series_of_masks"]


@dataclass(frozen=True, eq=False, kw_only=True)
class DatedMask:
    """
    The hot pixels of one mask.

    Attributes
    ----------
    name : str
        File name.
    detector : Detector
        Its detector.
    readout : str
        ``"IRS2"``, ``"TRAD"``, or ``"POOLED"`` where the file names none.
    epoch : float
        MJD (UTC) of its date.
    hot : ndarray of bool, shape ``detector.shape``
        Pixels that it flags as hot, science frame.
    method : dict of str to str
        How it was made, as `Series.methods`.
    """

    name: str
    detector: Detector
    readout: str
    epoch: float
    hot: NDArray[np.bool_]
    method: dict[str, str]


def read_dated_mask(
    path: str | os.PathLike[str],
    detector: Detector | None,
    *,
    epoch: Date | None = None,
    bit: int | None = None,
    edge: int | None = None,
) -> DatedMask:
    """
    Read a mask.

    Parameters
    ----------
    path : path
        A MASK reference, or another image as `read_mask_file` takes it.
    detector : Detector or None
        Its detector; None for the one that its header names.
    epoch : str, astropy.time.Time or float, optional
        Its date: ISO 8601 (UTC), a time, or MJD (UTC); by default its USEAFTER.
    bit : int, optional
        Value of the bit that means hot; by default HOT of a reference, the only value of others.
    edge : int, optional
        Pixels to exclude on all four sides; by default the border of reference pixels.

    Returns
    -------
    DatedMask
        Its hot pixels and date.

    Raises
    ------
    TrendError
        When nothing gives a date, or USEAFTER is not one.
    ListFormatError, FrameMismatchError, OSError
        As `read_mask_file`.
    """
    epoch = epoch_of(epoch)
    if detector is None:
        detector = _detector_in(Path(path))
    mask = read_mask_file(path, detector, bit)
    if epoch is None and not mask.useafter:
        raise TrendError(
            "date of the mask",
            expected="USEAFTER in the file, or DATE=FILE",
            found=None,
            source=path,
            sentence="no date: USEAFTER is not set; give DATE=FILE",
        )
    hot = (mask.dq & HOT) != 0
    hot &= detector.active_area()
    if edge:
        inside = np.zeros_like(hot)
        inside[edge:-edge, edge:-edge] = True
        hot &= inside
    header = fits.getheader(Path(path))
    if epoch is None:
        with naming(path):
            epoch = epoch_of_useafter(mask.useafter, TrendError)
    # Masks made from sky exposures depend on the light in them.
    taken = {"filter": header["FILTER"]} if "FILTER" in header else {}
    return DatedMask(
        name=mask.name,
        detector=detector,
        readout=mask.readout or POOLED,
        epoch=epoch,
        hot=hot,
        method=method_of(facts_of(header)) | taken,
    )


def _detector_in(path: Path) -> Detector:
    with naming(path), open_whole(path, TrendError) as hdus:
        return get_detector(hdus[0].header.get("DETECTOR"))


def series_of_masks(masks: Sequence[DatedMask]) -> Series:
    """
    Make a series of the masks of one detector.

    Parameters
    ----------
    masks : sequence of DatedMask
        Masks in any order.

    Returns
    -------
    Series
        Its one threshold is NaN: who made the mask decided what is hot.

    Raises
    ------
    FrameMismatchError
        For masks of several readout modes.
    TrendError
        For two masks of one date.
    """
    ordered = sorted(masks, key=lambda mask: mask.epoch)
    readouts = {mask.readout for mask in ordered}
    if len(readouts) != 1:
        found = ", ".join(sorted(readouts))
        raise FrameMismatchError("readout of the masks", expected="one", found=found)
    for one, other in pairwise(ordered):
        if one.epoch == other.epoch:
            found = f"{one.name} and {other.name} of the same"
            raise TrendError("dates of the masks", expected="all different", found=found)
    return Series(
        detector=ordered[0].detector.name,
        readout=ordered[0].readout,
        kind="mask",
        epoch=np.array([mask.epoch for mask in ordered]),
        thresholds=(float("nan"),),
        hot=(_states([mask.hot for mask in ordered]),),
        centers=(_states([find_centers(mask.hot) for mask in ordered]),),
        methods=tuple(mask.method for mask in ordered),
    )


def _states(images: Sequence[NDArray[np.bool_]]) -> States:
    pixels = [np.flatnonzero(image) for image in images]
    epoch = np.repeat(np.arange(len(pixels)), [pixel.size for pixel in pixels])
    pixel = np.concatenate(pixels).astype(np.int32)
    order = np.lexsort((epoch, pixel))
    return States(
        n_epochs=len(pixels), pixel=pixel[order], epoch=epoch[order], share=np.ones(pixel.size)
    )
