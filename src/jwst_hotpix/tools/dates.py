"""Dates: ISO 8601 for people and files, MJD (UTC) for everything in between."""

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
    Turn a date into a modified Julian date.

    Parameters
    ----------
    date : str
        ISO 8601, taken as UTC where it names no zone, e.g. ``"2023-05-01T12:00:00"``.

    Returns
    -------
    float
        MJD, UTC; leap seconds are ignored, as in ``meta.exposure``.

    Raises
    ------
    ValueError
        When ``date`` is not ISO 8601, or in UTC not in the years 1 to 9999.
    """
    moment = datetime.fromisoformat(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    epoch = (moment - _EPOCH) / timedelta(days=1)
    # A zone, or rounding, may lead out of the calendar.
    iso(epoch)
    return epoch


def iso(epoch: float, timespec: str = "milliseconds") -> str:
    """
    Turn a modified Julian date into ISO 8601.

    Parameters
    ----------
    epoch : float
        MJD, UTC.
    timespec : str
        As `datetime.datetime.isoformat` takes it, e.g. ``"seconds"``.

    Returns
    -------
    str
        ``YYYY-MM-DDThh:mm:ss.sss``, rounded to a millisecond and cut after ``timespec``.

    Raises
    ------
    ValueError
        When it is not in the years 1 to 9999, or not finite.
    """
    try:
        moment = _EPOCH + timedelta(milliseconds=round(epoch * 86_400_000))
    except (OverflowError, ValueError):
        raise ValueError(f"expected an MJD in the years 1 to 9999, found {epoch}") from None
    return moment.replace(tzinfo=None).isoformat(timespec=timespec)


def mjd_of(text: str, what: str, error: type[HotPixError]) -> float:
    """
    Turn a date found in a file into an MJD, or raise the error of its reader.

    Parameters
    ----------
    text : str
        ISO 8601, as `mjd` takes it.
    what : str
        Where it was found, e.g. ``"USEAFTER"``.
    error : type of HotPixError
        What to raise.

    Returns
    -------
    float
        MJD, UTC.

    Raises
    ------
    HotPixError
        As ``error``, when it is no such date.
    """
    try:
        return mjd(text.strip())
    except ValueError:
        raise error(what, expected="an ISO 8601 date", found=repr(text)) from None


def date_of(epoch: float | None) -> str | None:
    """
    Write an MJD (UTC) as an ISO 8601 date-time.

    Parameters
    ----------
    epoch : float or None

    Returns
    -------
    str or None
    """
    return None if epoch is None else iso(epoch, "seconds")


def calendar(epoch: ArrayLike) -> NDArray[np.datetime64]:
    """
    Turn modified Julian dates into the dates that a plot's axis takes.

    Parameters
    ----------
    epoch : array_like of float
        MJD, UTC.

    Returns
    -------
    ndarray of datetime64[s], of the same shape
    """
    start = np.datetime64(_EPOCH.replace(tzinfo=None), "s")
    return start + np.round(np.asarray(epoch) * 86400).astype("timedelta64[s]")
