"""An exposure by its headers: what it is, of which detector and when, what it shows."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from astropy.io import fits

from jwst_hotpix.exceptions import ExposureError, HotPixError
from jwst_hotpix.exposure import headers
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.instrument.detectors import IRS2, Detector
from jwst_hotpix.instrument.frames import Window

__all__ = ["Exposure", "read_exposure"]

# Steps after which pixels are no detector pixels any more.
_RESAMPLING = {"S_RESAMP": "resample", "S_IFUCUB": "cube_build"}


@dataclass(frozen=True, eq=False, kw_only=True)
class Exposure:
    """
    An exposure on disk, by its headers.

    Attributes
    ----------
    path : Path
        As it was given.
    product : str
        ``"uncal"``, ``"ramp"`` (it passed ``dq_init``), ``"rate"``, ``"rateints"``, ``"cal"`` or
        ``"calints"``; a single slit is a ``"cal"`` or ``"calints"`` too. By content: the name of
        the file does not count.
    detector : Detector
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    epoch : float
        MJD (UTC) of the mid-time, as `jwst_hotpix.exposure.in_memory.epoch_of` gives it.
    frame : Window
        What ``dq_init`` sees of the exposure: raw rows for an IRS2 full frame, whatever the
        product has.
    windows : tuple of Window
        What the arrays of this product show: one of an exposure, one a slit.
    header : astropy.io.fits.Header
        The primary header.
    """

    path: Path
    product: str
    detector: Detector
    readout: str
    epoch: float
    frame: Window
    windows: tuple[Window, ...]
    header: fits.Header


def read_exposure(path: str | os.PathLike[str]) -> Exposure:
    """
    Read the headers of an exposure, and no pixel.

    Parameters
    ----------
    path : path
        Of an uncal, ramp, rate, rateints or calibrated product, or of a slit.

    Returns
    -------
    Exposure

    Raises
    ------
    ExposureError
        For a file that cannot be read, is no FITS, truncated or damaged; no JWST product; a
        reference, or a product that is not in detector pixels; no date; an unknown detector; a
        subarray or slit that reaches beyond it.
    """
    place = Path(path)
    try:
        with open_whole(place, ExposureError) as hdus:
            return _describe(place, hdus)
    except FileNotFoundError:
        raise ExposureError("file", expected="one", found="none", source=place) from None
    except HotPixError as error:
        # The header code of darks is ours too: what it says of a header holds for any exposure.
        raise ExposureError(
            error.what, expected=error.expected, found=error.found, source=place
        ) from None
    except (TypeError, ValueError) as error:
        # Of values in headers that are of another kind.
        found = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ExposureError("file", expected="whole FITS", found=found, source=place) from None


def _describe(path: Path, hdus: fits.HDUList) -> Exposure:
    header = hdus[0].header
    _check_kind(header)
    images = [hdu for hdu in hdus if hdu.name == "SCI" and hdu.is_image]
    if not images:
        found = ", ".join(hdu.name for hdu in hdus[1:]) or "none"
        raise ExposureError("extensions", expected="SCI", found=found)
    slits = [image for image in images if "SLTSTRT1" in image.header]
    detector = headers.detector_of(header)
    readout = headers.readout_of(header, detector)
    whole = _whole(header, detector)
    is_raw = readout == IRS2 and whole.shape == detector.shape
    if slits:
        windows = tuple(_cut(whole, slit) for slit in slits)
    else:
        windows = (headers.window_of(header, detector, images[0].shape, raw=True),)
    return Exposure(
        path=path,
        product=_product(header, len(images[0].shape), has_slits=bool(slits)),
        detector=detector,
        readout=readout,
        epoch=headers.exposure_dates(header).epoch,
        frame=replace(whole, raw_irs2=is_raw),
        windows=windows,
        header=header,
    )


def _check_kind(header: fits.Header) -> None:
    telescope = header.get("TELESCOP")
    if telescope != "JWST":
        raise ExposureError("telescope (TELESCOP)", expected="JWST", found=telescope)
    if "REFTYPE" in header:
        found = f"a {header['REFTYPE']} reference"
        raise ExposureError("product", expected="an exposure", found=found)
    for keyword, step in _RESAMPLING.items():
        if header.get(keyword) == "COMPLETE":
            expected = "an exposure in detector pixels"
            raise ExposureError("product", expected=expected, found=f"{step} COMPLETE")


def _product(header: fits.Header, axes: int, *, has_slits: bool) -> str:
    is_ramp = header.get("S_DQINIT") == "COMPLETE"
    # Spec2 and image2 start with assign_wcs; also what they write on the way has its pixels.
    is_calibrated = has_slits or header.get("S_WCS") == "COMPLETE"
    kinds = {
        2: "cal" if is_calibrated else "rate",
        3: "calints" if is_calibrated else "rateints",
        4: "ramp" if is_ramp else "uncal",
    }
    if axes not in kinds:
        raise ExposureError("SCI", expected="2, 3 or 4 axes", found=axes)
    return kinds[axes]


def _whole(header: fits.Header, detector: Detector) -> Window:
    """Return the window of the exposure that the header, not the array, tells of."""
    shape = [header.get(keyword) for keyword in ("SUBSIZE2", "SUBSIZE1")]
    if None in shape:
        raise ExposureError("size (SUBSIZE1, SUBSIZE2)", expected="two numbers", found=shape)
    return headers.window_of(header, detector, shape, raw=False)


def _cut(whole: Window, slit: Any) -> Window:
    rows, columns = slit.shape[-2:]
    corner = [slit.header.get(keyword) for keyword in ("SLTSTRT2", "SLTSTRT1")]
    if None in corner:
        expected = "two numbers"
        raise ExposureError("slit (SLTSTRT1, SLTSTRT2)", expected=expected, found=corner)
    return whole.cut(ystart=corner[0], xstart=corner[1], shape=(rows, columns))
