"""Cells of a table of text: numbers, dates, coordinates and ranges of them."""

from __future__ import annotations

import numpy as np

from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError
from jwst_hotpix.tools.dates import iso, mjd

__all__ = ["epoch_in", "number_in", "span_in"]


def number_in(cell: str, what: str) -> float:
    """
    Read a number.

    Parameters
    ----------
    cell : str
        Text of the cell.
    what : str
        What it is, for the error, e.g. ``"rate in line 3"``.

    Returns
    -------
    float
        NaN for an empty cell.

    Raises
    ------
    ListFormatError
        When it is not a number.
    """
    number = _float(cell) if cell else np.nan
    if number is None:
        raise ListFormatError(what, expected="a number", found=repr(cell))
    return number


def epoch_in(cell: str, what: str) -> float:
    """
    Read an MJD, or an ISO 8601 date in UTC.

    Parameters
    ----------
    cell, what : str
        As in `number_in`.

    Returns
    -------
    float
        MJD (UTC); NaN for an empty cell.

    Raises
    ------
    ListFormatError
        When it is neither, or not in the years 1 to 9999.
    """
    if not cell:
        return np.nan
    try:
        epoch = _float(cell)
        if epoch is None:
            return mjd(cell)
        # Refuses what lies in no calendar.
        iso(epoch)
    except ValueError:
        expected = "an MJD or an ISO 8601 date"
        raise ListFormatError(what, expected=expected, found=repr(cell)) from None
    return epoch


def span_in(cell: str, what: str, size: int) -> range:
    """
    Read a coordinate, or a range of them as in the pixel lists of jwst_reffiles.

    Parameters
    ----------
    cell, what : str
        As in `number_in`. ``"199:201"`` is 199, 200 and 201; an open end is the edge.
    size : int
        Number of rows or columns of the detector.

    Returns
    -------
    range
        The coordinates, zero-based.

    Raises
    ------
    ListFormatError
        When it is neither.
    FrameMismatchError
        When it is off the detector, or the range is empty.
    """
    first, colon, last = cell.partition(":")
    try:
        low = _whole(first or "0" if colon else first)
        high = _whole(last or str(size - 1)) if colon else low
    except (ValueError, OverflowError):
        expected = "a whole number, or a range such as 199:201"
        raise ListFormatError(what, expected=expected, found=repr(cell)) from None
    if not 0 <= low <= high < size:
        raise FrameMismatchError(what, expected=f"0 to {size - 1}", found=cell)
    return range(low, high + 1)


def _float(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _whole(text: str) -> int:
    """Read 12, or 12.0 as some programs write it."""
    try:
        return int(text)
    except ValueError:
        number = float(text)
        if not number.is_integer():
            raise
        return int(number)
