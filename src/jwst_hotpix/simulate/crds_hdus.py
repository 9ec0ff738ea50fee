"""What all simulated reference files share: header, flags, the meaning of their bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from jwst_hotpix.instrument.readouts import SUBARRAYS, Subarray, patterns_of

__all__ = [
    "DO_NOT_USE",
    "HOT",
    "REFERENCE_PIXEL",
    "dq_def",
    "primary_hdu",
    "set_readout",
    "with_images",
]

# Bits as this file numbers them. They are not the pipeline's: DQ_DEF translates, as in real files.
_BITS = ("DO_NOT_USE", "HOT", "REFERENCE_PIXEL")
DO_NOT_USE, HOT, REFERENCE_PIXEL = 1, 2, 4

_FULL = SUBARRAYS["FULL"]


def primary_hdu(
    reftype: str,
    model: str,
    detector: str,
    *,
    useafter: str = "2000-01-01T00:00:00",
    window: Subarray = _FULL,
) -> fits.PrimaryHDU:
    """
    Make the header by which CRDS and the pipeline know a reference file.

    Parameters
    ----------
    reftype, model, detector : str
        Reference type in upper case, name of its datamodel, ``"NRS1"`` or ``"NRS2"``.
    useafter : str
        ISO 8601, UTC.
    window : Subarray
        What the file covers; the full frame serves all subarrays, but for a DARK.

    Returns
    -------
    astropy.io.fits.PrimaryHDU
    """
    primary = fits.PrimaryHDU()
    primary.header.update(
        TELESCOP="JWST",
        INSTRUME="NIRSPEC",
        DETECTOR=detector,
        REFTYPE=reftype,
        DATAMODL=model,
        USEAFTER=useafter,
        PEDIGREE="SIMULATION",
        AUTHOR="jwst_hotpix.simulate",
        DESCRIP="Simulated, not for science",
        SUBARRAY=window.name if window is not _FULL or reftype == "DARK" else "GENERIC",
        SUBSTRT1=window.xstart,
        SUBSTRT2=window.ystart[detector],
        SUBSIZE1=window.shape[1],
        SUBSIZE2=window.shape[0],
        FASTAXIS=2 if detector == "NRS1" else -2,
        SLOWAXIS=1 if detector == "NRS1" else -1,
    )
    primary.header["HISTORY"] = "DESCRIPTION: simulated with a known truth"
    primary.header["HISTORY"] = "SOFTWARE: jwst_hotpix.simulate"
    return primary


def set_readout(primary: fits.PrimaryHDU, readout: str) -> None:
    """Name one readout pattern of a mode, and list all (P_READPA), as real files do."""
    patterns = patterns_of(readout)
    primary.header["READPATT"] = patterns[0]
    primary.header["P_READPA"] = "".join(f"{pattern}|" for pattern in patterns)


def with_images(
    primary: fits.PrimaryHDU, images: dict[str, NDArray[Any]], *, flags: bool = True
) -> fits.HDUList:
    """Put images, by name, and the meaning of their flags behind a header."""
    hdus = [fits.ImageHDU(image, name=name) for name, image in images.items()]
    return fits.HDUList([primary, *hdus, *([dq_def()] if flags else [])])


def dq_def() -> fits.BinTableHDU:
    """Tell what the bits of a DQ image mean."""
    dtype = [("BIT", "i4"), ("VALUE", "i4"), ("NAME", "S40"), ("DESCRIPTION", "S80")]
    rows = [(bit, 1 << bit, name, "") for bit, name in enumerate(_BITS)]
    return fits.BinTableHDU(np.array(rows, dtype=dtype), name="DQ_DEF")
