"""When an exposure, or the darks of a reference, were taken: which keyword, and what can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwst_hotpix.exceptions import ExposureError, HotPixError
from jwst_hotpix.exposure.keywords import history_of, number_in, value_in
from jwst_hotpix.tools.dates import iso, mjd, mjd_of

__all__ = ["LAUNCH", "Dates", "dates_of_exposure", "dates_of_reference", "epoch_of_useafter"]

# JWST was launched on 2021-12-25, with propellant for more than 20 years (NASA, 2021-12-29). Dates
# outside these 30 years are no dates of its exposures, but zeros, Julian dates in place of modified
# ones, or seconds.
LAUNCH, _LAST = mjd("2021-12-25"), mjd("2051-12-25")

# "2023-04-01 2023-07-15" of a PEDIGREE, "2023-04-01 to 2023-07-15" of a HISTORY line; CRDS also
# has day/month/year in old pedigrees, which is ambiguous and ignored.
_DATE = r"(\d{4}-\d{2}-\d{2})(?:T[\d:.]+)?"
_PERIOD = re.compile(rf"{_DATE}\s*(?:to|and|until|through|-{{1,2}}|/|,)?\s*{_DATE}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Dates:
    """
    When an exposure, or the darks of a reference file, were taken.

    Attributes
    ----------
    epoch : float
        MJD (UTC) of the middle.
    known : float
        MJD (UTC) of the end of the last exposure that went in: nobody knew of it before.
    source : str
        The keywords that the epoch comes from.
    """

    epoch: float
    known: float
    source: str


def dates_of_exposure(header: Mapping[str, Any], error: type[HotPixError] = ExposureError) -> Dates:
    """
    Return the mid-time and the end of an exposure in flight.

    Parameters
    ----------
    header : mapping
        The primary header, or `jwst_hotpix.exposure.in_memory.header_of` a model.
    error : type of HotPixError
        What to raise.

    Returns
    -------
    Dates
        From EXPMID, else the middle of EXPSTART and EXPEND, else DATE-OBS and TIME-OBS, else
        EXPSTART.

    Raises
    ------
    HotPixError
        As ``error``: when there is no date, when it cannot be one of JWST in flight, or when the
        exposure ends before it starts.
    """
    start, middle, end = (number_in(header, key, error) for key in ("EXPSTART", "EXPMID", "EXPEND"))
    if start is not None and end is not None and end < start:
        sentence = f"the exposure ends (EXPEND, {end}) before it starts (EXPSTART, {start})"
        raise error("EXPEND", expected=f"at least {start}", found=end, sentence=sentence)
    if middle is not None:
        return _in_flight(middle, end, "EXPMID", error)
    if start is not None and end is not None:
        return _in_flight((start + end) / 2, end, "EXPSTART, EXPEND", error)
    date, time = value_in(header, "DATE-OBS"), value_in(header, "TIME-OBS") or "00:00:00"
    if date is not None:
        # Early products have the time in DATE-OBS too.
        text = f"{str(date)[:10]}T{time}"
        epoch = mjd_of(text, "date (DATE-OBS, TIME-OBS)", error)
        return _in_flight(epoch, None, "DATE-OBS", error)
    if start is None:
        sentence = "no date: none of EXPMID, EXPSTART, DATE-OBS is set"
        raise error("date", expected="EXPMID, EXPSTART or DATE-OBS", found="none of them",
                    sentence=sentence)  # fmt: skip
    return _in_flight(start, end, "EXPSTART", error)


def dates_of_reference(header: Mapping[str, Any], error: type[HotPixError]) -> Dates:
    """
    Return the middle and the end of the period that a reference file was made from.

    Parameters
    ----------
    header : mapping
        The primary header.
    error : type of HotPixError
        What to raise.

    Returns
    -------
    Dates
        By PEDIGREE or HISTORY where they name a period, else USEAFTER: STScI sets it to the
        middle of that period (JWST-STScI-009188, section 3). References from ground tests are
        older than the launch, so only the far future is refused.

    Raises
    ------
    HotPixError
        As ``error``: when there is no date, or it is in the far future.
    """
    texts = {"PEDIGREE": str(value_in(header, "PEDIGREE")), "HISTORY": history_of(header)}
    for source, text in texts.items():
        for match in _PERIOD.finditer(text):
            first, last = (mjd_of(date, f"date ({source})", error) for date in match.groups())
            if first < last:
                return _not_in_future((first + last) / 2, last, source, error)
    useafter = value_in(header, "USEAFTER")
    if not useafter:
        sentence = "no date: USEAFTER is not set"
        raise error("date (USEAFTER)", expected="one", found="none", sentence=sentence)
    epoch = epoch_of_useafter(useafter, error)
    return Dates(epoch=epoch, known=epoch, source="USEAFTER")


def epoch_of_useafter(useafter: object, error: type[HotPixError]) -> float:
    """
    Turn the USEAFTER of a reference into an epoch.

    Parameters
    ----------
    useafter : object
        ISO 8601 (UTC), as the header has it.
    error : type of HotPixError
        What to raise.

    Returns
    -------
    float
        MJD (UTC).

    Raises
    ------
    HotPixError
        As ``error``: when it is no date, or one in the far future.
    """
    epoch = mjd_of(str(useafter), "date (USEAFTER)", error)
    return _not_in_future(epoch, epoch, "USEAFTER", error).epoch


def _in_flight(epoch: float, end: float | None, source: str, error: type[HotPixError]) -> Dates:
    known = epoch if end is None else end
    for keyword, value in ((source, epoch), ("EXPEND", known)):
        # Neither is NaN between them.
        if not LAUNCH <= value <= _LAST:
            expected = f"an MJD from {iso(LAUNCH)[:10]}, the launch of JWST, to {iso(_LAST)[:10]}"
            raise error(f"date ({keyword})", expected=expected, found=value)
    return Dates(epoch=epoch, known=known, source=source)


def _not_in_future(epoch: float, known: float, source: str, error: type[HotPixError]) -> Dates:
    if known > _LAST:
        expected = f"one before {iso(_LAST)[:10]}"
        raise error(f"date ({source})", expected=expected, found=iso(known)[:10])
    return Dates(epoch=epoch, known=known, source=source)
