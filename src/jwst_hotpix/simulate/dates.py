"""Dates of the simulation: ISO 8601 in, MJD (UTC) out, as exposures carry them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from jwst_hotpix.provenance import DAYS_PER_MONTH

__all__ = ["DAYS_PER_MONTH", "iso", "mjd"]

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
        When ``date`` is not ISO 8601.
    """
    moment = datetime.fromisoformat(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) / timedelta(days=1)


def iso(epoch: float) -> str:
    """
    Turn a modified Julian date into ISO 8601.

    Parameters
    ----------
    epoch : float
        MJD, UTC.

    Returns
    -------
    str
        ``YYYY-MM-DDThh:mm:ss.sss``, rounded to a millisecond.
    """
    moment = _EPOCH + timedelta(milliseconds=round(epoch * 86_400_000))
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
