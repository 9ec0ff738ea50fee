"""MASK references in the full science frame, whatever their readout mode or subarray."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from stdatamodels.jwst import datamodels

from jwst_hotpix.detectors import Detector, get_detector
from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError
from jwst_hotpix.frames import Window

__all__ = ["Mask", "read_mask"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Mask:
    """
    A MASK reference.

    Attributes
    ----------
    detector : Detector
    name : str
        File name.
    useafter : str
        ISO 8601, UTC.
    dq : ndarray of uint32, shape ``detector.shape``
        Standard DQ bits, full science frame; 0 outside the subarray of the mask.
    """

    detector: Detector
    name: str
    useafter: str
    dq: NDArray[np.uint32]


def read_mask(source: str | os.PathLike[str] | datamodels.MaskModel) -> Mask:
    """
    Read a MASK reference through the datamodel, which turns file bits into standard bits.

    Parameters
    ----------
    source : path or MaskModel
        Full frame (2048 rows, 3200 for IRS2) or a subarray.

    Returns
    -------
    Mask

    Raises
    ------
    ListFormatError
        When the file has no DQ image or is no MASK.
    FrameMismatchError
        When its shape fits neither its detector nor its subarray.
    """
    is_path = isinstance(source, str | os.PathLike)
    with datamodels.MaskModel(os.fspath(source) if is_path else source) as model:
        name = Path(source).name if is_path else str(model.meta.filename)
        reftype = str(model.meta.reftype).upper()
        if reftype != "MASK" or model.dq is None:
            raise ListFormatError("reftype", expected="MASK with a DQ", found=reftype, source=name)
        detector = get_detector(model.meta.instrument.detector)
        dq = _full_frame(model, detector, name)
        return Mask(detector=detector, name=name, useafter=str(model.meta.useafter), dq=dq)


def _full_frame(model: datamodels.MaskModel, detector: Detector, name: str) -> NDArray[np.uint32]:
    subarray, dq = model.meta.subarray, np.array(model.dq, dtype=np.uint32)
    if dq.shape == (detector.raw_rows, detector.shape[1]) and dq.shape != detector.shape:
        return Window(detector=detector, shape=detector.shape, raw_irs2=True).science(dq)
    if dq.shape == detector.shape:
        return dq
    window = Window(
        detector=detector,
        ystart=subarray.ystart or 1,
        xstart=subarray.xstart or 1,
        shape=dq.shape,
    )
    if dq.shape != (subarray.ysize, subarray.xsize):
        expected = f"{subarray.ysize} rows and {subarray.xsize} columns"
        raise FrameMismatchError("shape of DQ", expected=expected, found=dq.shape, source=name)
    full = np.zeros(detector.shape, dtype=np.uint32)
    rows, columns = window.shape
    y, x = window.ystart - 1, window.xstart - 1
    full[y : y + rows, x : x + columns] = dq
    return full
