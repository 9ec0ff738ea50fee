"""Dates: ISO 8601 for people and files, MJD (UTC) inside the package."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jwst_hotpix.exceptions import HotPixError

__all__ = ["DAYS_PER_MONTH", "calendar", "date_of", "iso", "mjd", "mjd_of"]

DAYS_PER_MONTH = 365.25 / 12

_EPOCH = datetime(1858, 11, 17, tzinfo=UTC)


def mjd(date: str) -> float:
    """
    Convert a date to a modified Julian date.

    Parameters
    ----------
    date : str
        ISO 8601, in UTC unless it names a time zone, e.g. ``"2023-05-01T12:00:00"``.

    Returns
    -------
    float
        MJD (UTC); leap seconds are ignored, as in ``meta.exposure``.

    Raises
    ------
    ValueError
        When ``date`` is not ISO 8601, or outside the years 1 to 9999 in UTC.
    """
    moment = datetime.fromisoformat(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    epoch = (moment - _EPOCH) / timedelta(days=1)
    # A time zone, or rounding, may lead out of the calendar.
    iso(epoch)
    return epoch


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
