"""Open a science exposure whatever its name: what it is, and what it has in common with others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any

from astropy.io import fits

from jwst_hotpix.exceptions import ExposureError, naming
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.exposure.headers import detector_of, facts_of, readout_of
from jwst_hotpix.exposure.keywords import value_in
from jwst_hotpix.exposure.when import dates_of_exposure
from jwst_hotpix.exposure.where import window_of
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.dark_info import ScienceInfo

__all__ = [
    "SCIENCE_TYPES",
    "describe_science",
    "is_science",
    "open_science",
    "recognize_science",
]

# EXP_TYPE of spectra of the sky, by instrument. Images have sources as sharp as a pixel; lamps
# and acquisitions light all of the detector, or are too short.
SCIENCE_TYPES = {"NIRSPEC": ("NRS_MSASPEC", "NRS_IFU", "NRS_FIXEDSLIT", "NRS_BRIGHTOBJ")}

# Steps after which an image is not what the detector saw, by the card that marks it.
_LATER_STEPS = {
    "S_WCS": "assign_wcs",
    "S_BKDSUB": "background",
    "S_IMPRNT": "imprint",
    "S_MSBSUB": "master_background",
    "S_FLAT": "flat_field",
    "S_PXREPL": "pixel_replace",
    "S_PHOTOM": "photom",
    "S_RESAMP": "resample",
    "S_IFUCUB": "cube_build",
}
_NO_LAMP = {"", "NO_LAMP", "NULL", "NONE", "N/A"}


@contextmanager
def open_science(path: str | os.PathLike[str]) -> Iterator[DarkFile]:
    """
    Open a science exposure, by its content.

    Parameters
    ----------
    path : path
        The file, of any name.

    Yields
    ------
    DarkFile
        Of kind ``"science"``; nothing of its pixels has been read.

    Raises
    ------
    ExposureError
        For a file that is no FITS or truncated, an exposure of another type, a lamp, a product that
        is no rate any more, or headers without a date, a readout pattern or a corner.
    FrameMismatchError
        For an unknown detector or a subarray that reaches beyond it.
    OSError
        When the file cannot be read.
    """
    place = Path(path)
    with naming(path), open_whole(place, ExposureError) as hdus:
        yield recognize_science(place, hdus)


def is_science(header: fits.Header) -> bool:
    """Return whether a file is, by its header, an exposure of the sky, usable or not."""
    types = SCIENCE_TYPES.get(str(header.get("INSTRUME", "none")).upper(), ())
    return header.get("EXP_TYPE") in types and "REFTYPE" not in header


def describe_science(file: DarkFile) -> ScienceInfo:
    """
    Return what decides which exposures belong together, and when this one was taken.

    Parameters
    ----------
    file : DarkFile
        As `open_science` gives it.

    Returns
    -------
    ScienceInfo
    """
    header = file.header
    first, last = _span(file)
    return ScienceInfo(
        **file.info(),
        first=first,
        last=last,
        visit=_visit(header),
        configuration=_text(header, "EXP_TYPE", "SUBARRAY", "MSAMETFL", "MSAMETID"),
        disperser=_text(header, "GRATING", "FILTER"),
        pointing=_pointing(header, file.measured.header),
    )


def recognize_science(path: Path, hdus: fits.HDUList) -> DarkFile:
    """Describe an open file as a science exposure; raise as `open_science`."""
    header, images = hdus[0].header, {hdu.name: hdu for hdu in hdus[1:]}
    _check_kind(header)
    shape = images["SCI"].shape if "SCI" in images else ()
    if len(shape) not in (2, 3) or "GROUPDQ" in images:
        expected, found = "SCI of 2 or 3 axes (a _rate or _rateints)", ", ".join(images) or "none"
        raise ExposureError("extensions", expected=expected, found=found)
    for name in ("ERR", "DQ"):
        found = images[name].shape if name in images else "none"
        if found != shape:
            raise ExposureError(f"{name} of the rate", expected=shape, found=found)
    tables = [name for name in ("SCI", "ERR", "DQ") if not images[name].is_image]
    if tables:
        raise ExposureError(tables[0], expected="an image", found="a table")
    dates = dates_of_exposure(header)
    product = {2: "rate", 3: "rateints"}[len(shape)]
    facts = {"product": product, "epoch_from": dates.source, "file": path.name}
    removed = {key.lower(): value_in(header, key) for key in ("R_DARK", "S_DARK")}
    facts |= {key: str(value) for key, value in removed.items() if value is not None}
    return DarkFile(
        readout=readout_of(header, detector_of(header)),
        kind="science",
        epoch=dates.epoch,
        known=dates.known,
        window=window_of(header, shape, may_be_raw=False),
        facts=facts | facts_of(header),
        path=path,
        header=header,
        images=images,
    )


def _check_kind(header: fits.Header) -> None:
    instrument = str(header.get("INSTRUME", "none")).upper()
    if instrument not in SCIENCE_TYPES:
        expected = " or ".join(SCIENCE_TYPES)
        raise ExposureError("instrument", expected=expected, found=instrument)
    exposure, known = header.get("EXP_TYPE", "none"), SCIENCE_TYPES[instrument]
    if exposure not in known:
        expected = f"{', '.join(known[:-1])} or {known[-1]}"
        raise ExposureError("exposure type (EXP_TYPE)", expected=expected, found=exposure)
    lamp = str(header.get("LAMP", "")).strip().upper()
    if lamp not in _NO_LAMP:
        raise ExposureError("lamp (LAMP)", expected="none", found=lamp)
    if header.get("GRATING") == "MIRROR":
        raise ExposureError("disperser (GRATING)", expected="a grating or PRISM", found="MIRROR")
    for card, step in _LATER_STEPS.items():
        if header.get(card) == "COMPLETE":
            expected = "a rate product as Detector1 left it"
            raise ExposureError("product", expected=expected, found=f"{step} ({card}) COMPLETE")


def _span(file: DarkFile) -> tuple[float, float]:
    """Return start and end; where the header has neither, the middle and half of the time."""
    start, end = (file.header.get(key) for key in ("EXPSTART", "EXPEND"))
    half = float(file.header.get("EFFEXPTM", 0.0) or 0.0) / 2 / 86400
    first = float(start) if _is_number(start) else file.epoch - half
    last = float(end) if _is_number(end) else max(file.epoch + half, first)
    return first, last


def _visit(header: fits.Header) -> str:
    visit = str(header.get("VISIT_ID", "") or "").strip()
    parts = [str(header.get(key, "") or "").strip() for key in ("PROGRAM", "OBSERVTN", "VISIT")]
    return visit or ("".join(parts) if all(parts) else "")


def _text(header: fits.Header, *keys: str) -> str:
    return " ".join(str(header[key]) for key in keys if header.get(key) not in (None, ""))


def _pointing(header: fits.Header, image_header: Any) -> tuple[float, float] | None:
    """Return where the telescope looked, in arcseconds, else its offset from there."""
    ra, dec = (image_header.get(key, header.get(key)) for key in ("RA_V1", "DEC_V1"))
    if _is_number(ra) and _is_number(dec):
        return ra * cos(radians(dec)) * 3600, dec * 3600
    offsets = [header.get(key) for key in ("XOFFSET", "YOFFSET")]
    if all(_is_number(offset) for offset in offsets):
        return float(offsets[0]), float(offsets[1])
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and isfinite(value)
