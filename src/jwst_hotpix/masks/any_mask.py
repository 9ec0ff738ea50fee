"""Bad pixel images of any origin: MASK references through DQ_DEF, others by a bit of theirs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError, naming
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.flag.bits import DO_NOT_USE, HOT
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.frames import to_science_frame
from jwst_hotpix.instrument.readouts import IRS2
from jwst_hotpix.masks.mask_checks import check_bit, check_detector, name_values
from jwst_hotpix.masks.reference_mask import read_mask

__all__ = ["MaskFile", "read_mask_file"]


@dataclass(frozen=True, eq=False, kw_only=True)
class MaskFile:
    """
    A bad pixel image of any origin.

    Attributes
    ----------
    name : str
        File name.
    dq : ndarray of uint32, shape ``detector.shape``
        Standard DQ bits, full science frame; only HOT and DO_NOT_USE if a bit was chosen or the
        file is not a MASK reference.
    readout : str, optional
        ``"IRS2"`` or ``"TRAD"`` of a MASK reference, ``"IRS2"`` of any image of 3200 rows.
    useafter, pedigree : str, optional
        USEAFTER (ISO 8601, UTC) and PEDIGREE of a MASK reference.
    """

    name: str
    dq: NDArray[np.uint32]
    readout: str | None = None
    useafter: str | None = None
    pedigree: str | None = None


def read_mask_file(
    path: str | os.PathLike[str], detector: Detector, bit: int | None = None
) -> MaskFile:
    """
    Read a MASK reference, or any integer FITS image in its place.

    Parameters
    ----------
    path : path
        FITS, plain or gzipped. A file whose header names a REFTYPE must be a MASK with DQ_DEF.
    detector : Detector
        The detector of the image; a header that names another is an error.
    bit : int, optional
        Value, not number, of the bit that counts as hot; the sum of several for any of them.
        A standard bit for a MASK reference; for other images the default is the only nonzero
        value.

    Returns
    -------
    MaskFile
        The image in the full science frame.

    Raises
    ------
    ListFormatError
        For another REFTYPE, no DQ_DEF, no integer image, a bit that no pixel has, several values
        of which none is chosen, or a broken file.
    FrameMismatchError
        For another detector or shape.
    OSError
        When the file cannot be read.
    """
    source = Path(path)
    with naming(path):
        with open_whole(source, ListFormatError) as hdus:
            header = hdus[0].header
            check_detector(header.get("DETECTOR"), detector)
            if "REFTYPE" not in header:
                return _community_mask(source.name, hdus, detector, bit)
        mask = read_mask(path)
        dq = mask.dq if bit is None else _as_hot(mask.dq, bit)
    return MaskFile(
        name=source.name,
        dq=dq,
        readout=mask.readout,
        useafter=mask.useafter or None,
        pedigree=header.get("PEDIGREE"),
    )


def _as_hot(image: NDArray[np.integer], bit: int) -> NDArray[np.uint32]:
    check_bit(image[image != 0], bit)
    # In 64 bits: the bit may be larger than the image's own type can hold.
    chosen = (image.astype(np.int64) & bit) != 0
    return np.where(chosen, HOT | DO_NOT_USE, 0).astype(np.uint32)


def _community_mask(name: str, hdus: fits.HDUList, detector: Detector, bit: int | None) -> MaskFile:
    image = _integer_image(hdus)
    tall = (detector.raw_rows, detector.shape[1])
    readout = None
    if image.shape == tall != detector.shape:
        image, readout = to_science_frame(image, detector), IRS2
    if image.shape != detector.shape:
        expected = " or ".join(str(shape) for shape in dict.fromkeys((detector.shape, tall)))
        raise FrameMismatchError("shape of the image", expected=expected, found=image.shape)
    if bit is None:
        bit = _only_value(image)
    return MaskFile(name=name, dq=_as_hot(image, bit), readout=readout)


def _integer_image(hdus: fits.HDUList) -> NDArray[np.integer]:
    """Return the image to read: the only integer one, or the DQ among several."""
    images = [hdu for hdu in hdus if hdu.is_image and hdu.header["NAXIS"] == 2]
    whole = [hdu for hdu in images if hdu.header["BITPIX"] > 0 and hdu.data.dtype.kind in "iu"]
    named = [hdu for hdu in whole if hdu.name == "DQ"]
    best = whole if len(whole) == 1 else named
    if len(best) != 1:
        kinds = [f"{hdu.name} of {hdu.data.dtype.name}" for hdu in images]
        found = ", ".join(kinds) or "no image"
        raise ListFormatError(
            "images", expected="one 2-D image of integers", found=found,
            sentence=f"expected one 2-D image of integers, found {found}",
        )  # fmt: skip
    image: NDArray[np.integer] = best[0].data
    return image


def _only_value(image: NDArray[np.integer]) -> int:
    """Return the value that marks bad pixels; several may mean anything, an edge for instance."""
    values = image[image != 0]
    kinds = np.unique(values)
    if kinds.size != 1:
        found = name_values(values)
        sentence = f"the image has the values {found}; choose the bit that means hot with --bit"
        raise ListFormatError(
            "values of the image", expected="one nonzero value", found=found,
            sentence=sentence if kinds.size else "no pixel is flagged: the image is zero",
        )  # fmt: skip
    return int(kinds[0])
