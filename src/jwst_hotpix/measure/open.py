"""Open a dark whatever its name: what it is, whether it is whole, what its header gives."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from astropy.io import fits

from jwst_hotpix.exceptions import DarkError, naming
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.exposure.headers import detector_of, facts_of, readout_of
from jwst_hotpix.exposure.when import dates_of_exposure, dates_of_reference
from jwst_hotpix.exposure.where import window_of
from jwst_hotpix.measure.dark_file import IMAGES, DarkFile

__all__ = ["DARK_TYPES", "open_dark", "recognize_dark"]

#: EXP_TYPE of darks by instrument; add a row to support another instrument.
DARK_TYPES = {"NIRSPEC": "NRS_DARK"}

# Extensions that hold a value for each pixel.
_PIXELS = ("SCI", "ERR", "DQ", "UNC", *IMAGES.values())


@contextmanager
def open_dark(path: str | os.PathLike[str]) -> Iterator[DarkFile]:
    """
    Open a file as a dark, by its content.

    Parameters
    ----------
    path : path
        The file, of any name.

    Yields
    ------
    DarkFile

    Raises
    ------
    DarkError
        For a file that is no FITS or truncated; of another instrument, reference or exposure
        type; or without a date.
    FrameMismatchError
        For an unknown detector or a subarray that reaches beyond it.
    OSError
        When the file cannot be read.
    """
    path = Path(path)
    with naming(path), open_whole(path, DarkError) as hdus:
        yield recognize_dark(path, hdus)


def recognize_dark(path: Path, hdus: fits.HDUList) -> DarkFile:
    """Describe an open file as a dark; raise as `open_dark`."""
    header, images = hdus[0].header, {hdu.name: hdu for hdu in hdus[1:]}
    tables = [name for name in _PIXELS if name in images and not images[name].is_image]
    if tables:
        raise DarkError(tables[0], expected="an image", found="a table")
    instrument = str(header.get("INSTRUME", "none")).upper()
    if instrument not in DARK_TYPES:
        raise DarkError("instrument", expected=" or ".join(DARK_TYPES), found=instrument)
    is_reference = _is_reference(header)
    if is_reference:
        product = _reference_product(images)
    else:
        product = _exposure_product(header, images, DARK_TYPES[instrument])
    detector = detector_of(header, DarkError)
    dates = (dates_of_reference if is_reference else dates_of_exposure)(header, DarkError)
    origin = {"product": product, "epoch_from": dates.source, "file": path.name}
    return DarkFile(
        path=path,
        header=header,
        images=images,
        kind="reference" if is_reference else "dark",
        readout=readout_of(header, detector, DarkError),
        epoch=dates.epoch,
        known=dates.known,
        window=window_of(
            header,
            images[IMAGES.get(product, "SCI")].shape,
            DarkError,
            may_be_raw=product == "uncal",
            may_be_silent=is_reference,
        ),
        facts=origin | facts_of(header, DarkError),
    )


def _is_reference(header: fits.Header) -> bool:
    reftype = str(header.get("REFTYPE", "")).upper()
    if reftype and reftype != "DARK":
        raise DarkError("reference type (REFTYPE)", expected="DARK", found=reftype)
    return bool(reftype) or str(header.get("DATAMODL", "")).startswith("Dark")


def _reference_product(images: dict[str, Any]) -> str:
    for product, name in IMAGES.items():
        if name in images and _has_image(images[name]):
            return product
    if "SCI" in images and len(images["SCI"].shape) == 3:
        return "ramp"
    found = ", ".join(images) or "none"
    raise DarkError("extensions", expected="DRK, AVDRKCUR or SCI of 3 axes", found=found)


def _has_image(hdu: Any) -> bool:
    """Look for a row that is not zero: datamodels may write zeros where there is nothing."""
    return len(hdu.shape) == 2 and any(row.any() for row in hdu.data)


def _exposure_product(header: fits.Header, images: dict[str, Any], dark_type: str) -> str:
    found = header.get("EXP_TYPE", "none")
    if found != dark_type:
        raise DarkError("exposure type (EXP_TYPE)", expected=dark_type, found=found)
    if header.get("S_DARK") == "COMPLETE":
        # What is left of a pixel that the DARK knew is about nothing: it would look recovered.
        expected = "SKIPPED (Detector1 with --steps.dark_current.skip=true)"
        raise DarkError("dark subtraction (S_DARK)", expected=expected, found="COMPLETE")
    axes = len(images["SCI"].shape) if "SCI" in images else 0
    ramp = "dark" if "GROUPDQ" in images else "uncal"
    try:
        return {2: "rate", 3: "rateints", 4: ramp}[axes]
    except KeyError:
        raise DarkError("SCI", expected="2, 3 or 4 axes", found=axes) from None
