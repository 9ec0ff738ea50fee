"""Parts common to all simulated reference files: header, flags, and the meaning of their bits."""

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

# File bits, which differ from the pipeline's: DQ_DEF translates them, as in real files.
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
    Make the primary header by which CRDS and the pipeline identify a reference file.

    Parameters
    ----------
    reftype, model, detector : str
        Reference type in upper case, name of its datamodel, ``"NRS1"`` or ``"NRS2"``.
    useafter : str
        ISO 8601, UTC.
    window : Subarray
        What the file covers; except for a DARK, the full frame serves all subarrays.

    Returns
    -------
    astropy.io.fits.PrimaryHDU
        Without data.
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
    """Set READPATT to one readout pattern of a mode and P_READPA to all, as in real files."""
    patterns = patterns_of(readout)
    primary.header["READPATT"] = patterns[0]
    primary.header["P_READPA"] = "".join(f"{pattern}|" for pattern in patterns)


def with_images(
    primary: fits.PrimaryHDU, images: dict[str, NDArray[Any]], *, flags: bool = True
) -> fits.HDUList:
    """Append images, by name, and the DQ_DEF table of their flags to a header."""
    hdus = [fits.ImageHDU(image, name=name) for name, image in images.items()]
    return fits.HDUList([primary, *hdus, *([dq_def()] if flags else [])])


def dq_def() -> fits.BinTableHDU:
    """Make the DQ_DEF table, which says what the bits of a DQ image mean."""
    dtype = [("BIT", "i4"), ("VALUE", "i4"), ("NAME", "S40"), ("DESCRIPTION", "S80")]
    rows = [(bit, 1 << bit, name, "") for bit, name in enumerate(_BITS)]
    return fits.BinTableHDU(np.array(rows, dtype=dtype), name="DQ_DEF")
