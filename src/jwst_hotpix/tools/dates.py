"""Dates: ISO 8601 for people and files, MJD (UTC) inside the package."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import isnan
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jwst_hotpix.exceptions import CallError, HotPixError

__all__ = ["DAYS_PER_MONTH", "Date", "calendar", "date_of", "epoch_of", "iso", "mjd", "mjd_of"]

DAYS_PER_MONTH = 365.25 / 12

_EPOCH = datetime(1858, 11, 17, tzinfo=UTC)


class _Time(Protocol):
    """What is used of astropy's ``Time``, which takes a second to import."""

    @property
    def utc(self) -> Any: ...


#: How callers may give a date: ISO 8601 (UTC), astropy's ``Time``, a `datetime.date`, or MJD (UTC).
Date: TypeAlias = str | float | date | _Time


def mjd(given: Date) -> float:
    """
    Convert a date to a modified Julian date.

    Parameters
    ----------
    given : str, astropy.time.Time, datetime.date or float
        ISO 8601, in UTC unless it names a time zone, e.g. ``"2023-05-01T12:00:00"``; an instant on
        any time scale; or MJD (UTC), which is returned as it is.

    Returns
    -------
    float
        MJD (UTC); leap seconds are ignored, as in ``meta.exposure``.

    Raises
    ------
    CallError
        When it is none of these; a `ValueError`.
    ValueError
        When it is outside the years 1 to 9999 in UTC.
    """
    if isinstance(given, date):
        return _parsed(given.isoformat())
    if isinstance(given, str):
        return _parsed(given)
    try:
        epoch = float(given.utc.mjd if hasattr(given, "utc") else given)
    except (TypeError, ValueError):
        raise _no_date(given) from None
    if isnan(epoch):
        raise _no_date(given)
    return epoch


def _parsed(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _no_date(text) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    epoch = (moment - _EPOCH) / timedelta(days=1)
    # A time zone, or rounding, may lead out of the calendar.
    iso(epoch)
    return epoch


def _no_date(given: object) -> CallError:
    expected = "ISO 8601 (UTC) such as 2024-03-01, an astropy Time, or an MJD"
    return CallError("date", expected=expected, found=repr(given))


def epoch_of(given: Date | None) -> float | None:
    """
    Convert a date, if there is one, to a modified Julian date.

    Parameters
    ----------
    given : str, astropy.time.Time, datetime.date, float or None
        As in `mjd`.

    Returns
    -------
    float or None
        MJD (UTC); None for None.
    """
    return None if given is None else mjd(given)


def iso(epoch: float, timespec: str = "milliseconds") -> str:
    """
    Convert a modified Julian date to ISO 8601.

    Parameters
    ----------
    epoch : float
        MJD (UTC).
    timespec : str
        As in `datetime.datetime.isoformat`, e.g. ``"seconds"``.

    Returns
    -------
    str
        ``YYYY-MM-DDThh:mm:ss.sss``, rounded to a millisecond and truncated to ``timespec``.

    Raises
    ------
    ValueError
        When it is outside the years 1 to 9999, or not finite.
    """
    try:
        moment = _EPOCH + timedelta(milliseconds=round(epoch * 86_400_000))
    except (OverflowError, ValueError):
        raise ValueError(f"expected an MJD in the years 1 to 9999, found {epoch}") from None
    return moment.replace(tzinfo=None).isoformat(timespec=timespec)


def mjd_of(text: str, what: str, error: type[HotPixError]) -> float:
    """
    Convert a date found in a file to an MJD, or raise the error of its reader.

    Parameters
    ----------
    text : str
        ISO 8601, as in `mjd`.
    what : str
        What the date is, for the error, e.g. ``"USEAFTER"``.
    error : type of HotPixError
        Class of the error.

    Returns
    -------
    float
        MJD (UTC).

    Raises
    ------
    HotPixError
        Of class ``error``, when the text is not such a date.
    """
    try:
        return mjd(text.strip())
    except ValueError:
        raise error(what, expected="an ISO 8601 date", found=repr(text)) from None


def date_of(epoch: float | None) -> str | None:
    """
    Convert an MJD, if there is one, to ISO 8601 in whole seconds.

    Parameters
    ----------
    epoch : float or None
        MJD (UTC).

    Returns
    -------
    str or None
        ``YYYY-MM-DDThh:mm:ss``; None for None.
    """
    return None if epoch is None else iso(epoch, "seconds")


def calendar(epoch: ArrayLike) -> NDArray[np.datetime64]:
    """
    Convert modified Julian dates to dates for the axis of a plot.

    Parameters
    ----------
    epoch : array_like of float
        MJD (UTC).

    Returns
    -------
    ndarray of datetime64[s]
        UTC, of the same shape, rounded to a second.
    """
    start = np.datetime64(_EPOCH.replace(tzinfo=None), "s")
    return start + np.round(np.asarray(epoch) * 86400).astype("timedelta64[s]")
