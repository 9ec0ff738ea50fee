"""Facts from the header of an exposure or a reference: detector, readout mode, product, origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jwst_hotpix.exceptions import ExposureError, HotPixError
from jwst_hotpix.exposure.keywords import history_of, value_in
from jwst_hotpix.instrument.detectors import Detector, get_detector

__all__ = [
    "SIMULATION",
    "detector_of",
    "facts_of",
    "is_simulated",
    "product_of",
    "readout_of",
    "require_detector_pixels",
]

# The target (TARGNAME or TARGPROP) of simulated exposures, which have no PEDIGREE as references do.
_SIMULATED = "SIMULATED"
#: The pedigree of what is made from them.
SIMULATION = "SIMULATION"

# Kept with every record, for those who ask where a sighting comes from.
_FACTS = (
    *("FILENAME", "READPATT", "P_READPA", "SUBARRAY", "EXP_TYPE", "NINTS", "NGROUPS", "NFRAMES"),
    *("EFFEXPTM", "PROGRAM", "EXPSTART", "EXPEND", "EXSEGNUM", "DATE-OBS", "USEAFTER"),
    *("PEDIGREE", "AUTHOR", "DESCRIP", "CAL_VER", "DATE", "CRDS_CTX", "R_MASK", "GAINFACT"),
)

# CRDS asks references to name what made them in HISTORY.
_SOFTWARE = re.compile(r"^\s*SOFTWARE:\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)

# Steps after which pixels are no detector pixels any more.
_RESAMPLING = {"S_RESAMP": "resample", "S_IFUCUB": "cube_build"}


def detector_of(header: Mapping[str, Any], error: type[HotPixError] = ExposureError) -> Detector:
    """
    Look up the detector.

    Parameters
    ----------
    header : mapping
        The primary header, or `jwst_hotpix.exposure.in_memory.header_of` a model.
    error : type of HotPixError
        What to raise.

    Returns
    -------
    Detector
        The one that DETECTOR names.

    Raises
    ------
    FrameMismatchError
        When JWST has no such detector.
    HotPixError
        As ``error``, when it is not a detector of the instrument that the header names.
    """
    detector = get_detector(value_in(header, "DETECTOR"))
    instrument = value_in(header, "INSTRUME")
    if instrument is not None and detector.instrument != str(instrument).upper():
        raise error("detector", expected=f"one of {instrument}", found=detector.name)
    return detector


def readout_of(
    header: Mapping[str, Any], detector: Detector, error: type[HotPixError] = ExposureError
) -> str:
    """
    Name the readout mode, by READPATT or, in a reference for several, P_READPA.

    Parameters
    ----------
    header : mapping
        As for `detector_of`.
    detector : Detector
        Its readout modes are the ones to choose from.
    error : type of HotPixError
        What to raise.

    Returns
    -------
    str
        ``"IRS2"`` or ``"TRAD"``.

    Raises
    ------
    HotPixError
        As ``error``, when there is no readout pattern.
    """
    for key in ("READPATT", "P_READPA"):
        pattern = str(value_in(header, key) or "").strip(" |").split("|")[0]
        if pattern and pattern not in {"ANY", "N/A"}:
            return detector.readout_of(pattern)
    raise error("readout pattern (READPATT)", expected="one", found="none")


def product_of(header: Mapping[str, Any], axes: int, *, has_slits: bool) -> str:
    """
    Name the kind of product by its content.

    Parameters
    ----------
    header : mapping
        As for `detector_of`.
    axes : int
        Of the science array.
    has_slits : bool
        The array is that of a slit.

    Returns
    -------
    str
        ``"uncal"``, ``"ramp"`` (it passed ``dq_init``), ``"rate"``, ``"rateints"``, ``"cal"`` or
        ``"calints"``; what spec2 and image2 write on the way is a ``"cal"`` too.

    Raises
    ------
    ExposureError
        For any other number of axes.
    """
    is_ramp = value_in(header, "S_DQINIT") == "COMPLETE"
    # Spec2 and image2 start with assign_wcs.
    is_calibrated = has_slits or value_in(header, "S_WCS") == "COMPLETE"
    kinds = {
        2: "cal" if is_calibrated else "rate",
        3: "calints" if is_calibrated else "rateints",
        4: "ramp" if is_ramp else "uncal",
    }
    if axes not in kinds:
        raise ExposureError("SCI", expected="2, 3 or 4 axes", found=axes)
    return kinds[axes]


def require_detector_pixels(header: Mapping[str, Any]) -> None:
    """
    Raise unless the pixels of a product are those of the detector.

    Parameters
    ----------
    header : mapping
        As for `detector_of`.

    Raises
    ------
    ExposureError
        For what resample or cube_build made.
    """
    for keyword, step in _RESAMPLING.items():
        if value_in(header, keyword) == "COMPLETE":
            expected = "an exposure in detector pixels"
            raise ExposureError("product", expected=expected, found=f"{step} COMPLETE")


def is_simulated(header: Mapping[str, Any]) -> bool:
    """
    Return whether an exposure is simulated: its target is called so.

    Parameters
    ----------
    header : mapping
        As for `detector_of`.

    Returns
    -------
    bool
    """
    return _SIMULATED in (value_in(header, "TARGNAME"), value_in(header, "TARGPROP"))


def facts_of(header: Mapping[str, Any], error: type[HotPixError] = ExposureError) -> dict[str, Any]:
    """
    Return what a record keeps of a header.

    Parameters
    ----------
    header : mapping
        The primary header.
    error : type of HotPixError
        What to raise.

    Returns
    -------
    dict
        By lower-case keyword; ready for JSON. The pedigree of a simulated exposure is SIMULATION.

    Raises
    ------
    HotPixError
        For a complex number, of which JSON has none.
    """
    software = _SOFTWARE.search(history_of(header))
    named = {"software": software.group(1).strip()} if software else {}
    values = {key.lower(): value_in(header, key) for key in _FACTS}
    for key, value in values.items():
        if isinstance(value, complex):
            raise error(key.upper(), expected="a text or a number", found=value)
    if is_simulated(header):
        named["pedigree"] = SIMULATION
    return {key: value for key, value in values.items() if value is not None} | named
