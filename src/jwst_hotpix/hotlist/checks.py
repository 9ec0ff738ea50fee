"""What the columns of a hot pixel list may hold."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ListFormatError
from jwst_hotpix.hotlist.schema import Columns, Status
from jwst_hotpix.instrument.crosses import Role

__all__ = ["as_column", "check_columns", "check_lengths"]


def as_column(name: str, values: Any, dtype: type[np.generic]) -> NDArray[Any]:
    """Copy to the schema's type; refuse what would not survive, as 70000 in uint16."""
    array = np.asarray(values)
    if array.dtype.kind not in "iufb" or array.ndim != 1:
        found = f"{array.dtype} of shape {array.shape}"
        raise ListFormatError(name, expected=f"numbers of {np.dtype(dtype)}, 1-D", found=found)
    if issubclass(dtype, np.integer):
        limits = np.iinfo(dtype)
        fits = (array >= limits.min) & (array <= limits.max) & (array == np.floor(array))
        if not fits.all():
            expected = f"whole numbers {limits.min} to {limits.max}"
            raise ListFormatError(name, expected=expected, found=array[~fits][0])
    column = array.astype(dtype)
    column.flags.writeable = False
    return column


def check_columns(columns: Columns, shape: tuple[int, int]) -> None:
    """
    Raise unless every value is one that the format allows.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
        All columns of a `PixelList` by name, in their types.
    shape : tuple of int
        Rows and columns of the detector.

    Raises
    ------
    ListFormatError
        Naming the column, the entry and the value.
    """
    check_lengths(columns)
    _check_ranges(columns, shape)
    _check_times(columns)
    _check_order(columns)


def check_lengths(arrays: Columns) -> None:
    """Raise unless all arrays are as long as ``x``."""
    n = arrays["x"].shape
    for name, values in arrays.items():
        if values.shape != n:
            raise ListFormatError(f"shape of {name}", expected=f"{n} as x", found=values.shape)


def _require(name: str, values: NDArray[Any], good: NDArray[np.bool_], expected: str) -> None:
    if not good.all():
        where = int(np.flatnonzero(~good)[0])
        raise ListFormatError(f"{name} of entry {where}", expected=expected, found=values[where])


def _check_ranges(columns: Columns, shape: tuple[int, int]) -> None:
    for name, size in (("y", shape[0]), ("x", shape[1])):
        values = columns[name]
        _require(name, values, values < size, f"0 to {size - 1}")
    _require("role", columns["role"], columns["role"] <= max(Role), "0, 1 or 2")
    _require("status", columns["status"], columns["status"] <= max(Status), "0, 1 or 2")
    for name in ("rate", "rate_error"):
        values = columns[name]
        _require(name, values, (values >= 0) & (values < np.inf) | np.isnan(values), "DN/s or NaN")
    confidence = columns["confidence"]
    _require("confidence", confidence, (confidence >= 0) & (confidence <= 1), "0 to 1")
    _require(
        "n_hot", columns["n_hot"], columns["n_hot"] <= columns["n_observed"], "at most n_observed"
    )


def _check_times(columns: Columns) -> None:
    """Require last cold <= first hot <= last hot <= cold again; NaN fails every comparison."""
    steps = ("onset_earliest", "onset_latest", "recovery_earliest", "recovery_latest")
    for name in steps:
        values = columns[name]
        _require(name, values, ~np.isnan(values), "an MJD")
    for before, after in pairwise(steps):
        values = columns[after]
        _require(after, values, columns[before] <= values, f"not before {before}")
    _require(
        "onset_latest",
        columns["onset_latest"],
        np.isfinite(columns["onset_latest"]),
        "a finite MJD",
    )


def _check_order(columns: Columns) -> None:
    """Require sorted entries, and that a pixel has recovered before it turns hot again."""
    place = columns["y"].astype(np.int64) * (1 << 16) + columns["x"]
    again = np.diff(place) == 0
    _require("order of (y, x)", place[1:], np.diff(place) >= 0, "sorted by (y, x, onset_earliest)")
    onset = columns["onset_earliest"][1:]
    apart = ~again | (columns["recovery_latest"][:-1] <= onset)
    _require("onset_earliest", onset, apart, "after the recovery of the same pixel before it")
