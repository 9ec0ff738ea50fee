"""Facts from the header of a dark: detector, readout mode, window, dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from jwst_hotpix.exceptions import DarkError
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.tools.dates import iso, mjd_of

__all__ = [
    "Dates",
    "detector_of",
    "exposure_dates",
    "facts_of",
    "readout_of",
    "reference_dates",
    "window_of",
]

# Kept with every record, for those who ask where a sighting comes from.
_FACTS = (
    *("FILENAME", "READPATT", "P_READPA", "SUBARRAY", "EXP_TYPE", "NINTS", "NGROUPS", "NFRAMES"),
    *("EFFEXPTM", "PROGRAM", "EXPSTART", "EXPEND", "EXSEGNUM", "DATE-OBS", "USEAFTER"),
    *("PEDIGREE", "AUTHOR", "DESCRIP", "CAL_VER", "CRDS_CTX", "R_MASK", "GAINFACT"),
)

# "2023-04-01 2023-07-15" of a PEDIGREE, "2023-04-01 to 2023-07-15" of a HISTORY line; CRDS also
# has day/month/year in old pedigrees, which says nothing certain and is left alone.
_DATE = r"(\d{4}-\d{2}-\d{2})(?:T[\d:.]+)?"
_PERIOD = re.compile(rf"{_DATE}\s*(?:to|and|until|through|-{{1,2}}|/|,)?\s*{_DATE}", re.IGNORECASE)

# CRDS asks references to name what made them in HISTORY.
_SOFTWARE = re.compile(r"^\s*SOFTWARE:\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Dates:
    """
    When a dark was taken.

    Attributes
    ----------
    epoch : float
        MJD (UTC) that stands for the dark: its middle.
    known : float
        MJD (UTC) of the end of the last exposure that went in: nobody knew of it before.
    source : str
        Where the epoch comes from.

    Raises
    ------
    DarkError
        For a date outside the calendar, which nobody could be shown.
    """

    epoch: float
    known: float
    source: str

    def __post_init__(self) -> None:
        for epoch in (self.epoch, self.known):
            try:
                iso(epoch)
            except ValueError:
                expected = "an MJD in the years 1 to 9999"
                raise DarkError(f"date ({self.source})", expected=expected, found=epoch) from None


def detector_of(header: Any) -> Detector:
    """
    Look the detector up.

    Raises
    ------
    FrameMismatchError
        When JWST has no such detector.
    DarkError
        When it is not one of the instrument.
    """
    detector = get_detector(header.get("DETECTOR"))
    instrument = str(header.get("INSTRUME")).upper()
    if detector.instrument != instrument:
        raise DarkError("detector", expected=f"one of {instrument}", found=detector.name)
    return detector


def readout_of(header: Any, detector: Detector) -> str:
    """
    Name the readout mode, by READPATT or, in a reference for several, P_READPA.

    Raises
    ------
    DarkError
        When there is no readout pattern.
    """
    for key in ("READPATT", "P_READPA"):
        pattern = str(header.get(key, "")).strip(" |").split("|")[0]
        if pattern and pattern not in {"ANY", "N/A"}:
            return detector.readout_of(pattern)
    raise DarkError("readout pattern (READPATT)", expected="one", found="none")


def window_of(header: Any, detector: Detector, shape: Sequence[int], *, raw: bool) -> Window:
    """
    Return the part of the detector that an array shows.

    Parameters
    ----------
    header : mapping
    detector : Detector
    shape : sequence of int
        Of the array; the last two axes are rows and columns.
    raw : bool
        The array may be a raw IRS2 frame.

    Raises
    ------
    DarkError
        When the shape is not what the header says, or a subarray has no corner.
    FrameMismatchError
        When it reaches beyond the detector.
    """
    rows, columns = shape[-2:]
    is_raw = raw and rows == detector.raw_rows != detector.shape[0]
    found = (detector.shape[0] if is_raw else rows, columns)
    said = (header.get("SUBSIZE2", found[0]), header.get("SUBSIZE1", found[1]))
    if found != said:
        raise DarkError("shape", expected=f"{said} (SUBSIZE2, SUBSIZE1)", found=found)
    if header.get("SSTR_NST") or header.get("MSTR_RD1"):
        expected = "a subarray without stripes (their rows are no detector rows)"
        raise DarkError("subarray", expected=expected, found=header.get("SUBARRAY"))
    whole = 1 if found == detector.shape else None
    corner = [header.get(key, whole) for key in ("SUBSTRT2", "SUBSTRT1")]
    if None in corner:
        raise DarkError("corner (SUBSTRT1, SUBSTRT2)", expected="two numbers", found=corner)
    ystart, xstart = (int(start) for start in corner)
    return Window(detector=detector, ystart=ystart, xstart=xstart, shape=found, raw_irs2=is_raw)


def exposure_dates(header: Any) -> Dates:
    """
    Return the mid-time and the end of an exposure.

    Raises
    ------
    DarkError
        When there is no date, or it is outside the calendar.
    """
    start, middle, end = (_number(header.get(key)) for key in ("EXPSTART", "EXPMID", "EXPEND"))
    if middle is not None:
        return Dates(epoch=middle, known=end or middle, source="EXPMID")
    if start is not None and end is not None:
        return Dates(epoch=(start + end) / 2, known=end, source="EXPSTART, EXPEND")
    date, time = header.get("DATE-OBS"), header.get("TIME-OBS", "00:00:00")
    epoch = (
        start
        if date is None
        else mjd_of(f"{str(date)[:10]}T{time}", "date (DATE-OBS, TIME-OBS)", DarkError)
    )
    if epoch is None:
        raise DarkError("date (EXPMID, EXPSTART or DATE-OBS)", expected="one", found="none")
    return Dates(epoch=epoch, known=epoch, source="DATE-OBS" if date else "EXPSTART")


def reference_dates(header: Any) -> Dates:
    """
    Return the middle and the end of the period that a reference file was made from.

    Returns
    -------
    Dates
        By PEDIGREE or HISTORY where they name a period, else USEAFTER: STScI sets it to the
        middle of that period (JWST-STScI-009188, section 3).

    Raises
    ------
    DarkError
        When there is neither.
    """
    texts = {"PEDIGREE": str(header.get("PEDIGREE", "")), "HISTORY": _history(header)}
    for source, text in texts.items():
        for match in _PERIOD.finditer(text):
            first, last = (mjd_of(date, f"date ({source})", DarkError) for date in match.groups())
            if first < last:
                return Dates(epoch=(first + last) / 2, known=last, source=source)
    useafter = header.get("USEAFTER")
    if not useafter:
        raise DarkError("date (USEAFTER)", expected="one", found="none")
    epoch = mjd_of(str(useafter), "date (USEAFTER)", DarkError)
    return Dates(epoch=epoch, known=epoch, source="USEAFTER")


def facts_of(header: Any) -> dict[str, Any]:
    """Return what a record keeps of the header, by lower-case keyword; ready for JSON."""
    software = _SOFTWARE.search(_history(header))
    named = {"software": software.group(1).strip()} if software else {}
    return {key.lower(): header[key] for key in _FACTS if key in header} | named


def _history(header: Any) -> str:
    return "\n".join(str(line) for line in header.get("HISTORY", ()))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) else None
