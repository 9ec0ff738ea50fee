"""Flagging pixels in the arrays of a product, all in place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from stdatamodels.jwst import datamodels

from jwst_hotpix.flag.bits import (
    DO_NOT_USE,
    clear_hot,
    hot_without_do_not_use,
    is_masked,
    set_bits,
)
from jwst_hotpix.flag.stamp import Counts
from jwst_hotpix.flag.targets import Targets, add_crosses
from jwst_hotpix.instrument.frames import Window

__all__ = ["flag_hot", "promote", "unflag"]

_PER_PIXEL = ("data", "err", "var_poisson", "var_rnoise", "var_flat")


def _dq_of(part: Any) -> NDArray[np.uint32]:
    """
    Return the pixel DQ of a part, created if missing.

    Parameters
    ----------
    part : object
        A part from `parts_of`.

    Returns
    -------
    ndarray of uint32, shape (..., ny, nx)
        The model's own array, not a copy.
    """
    name = "pixeldq" if isinstance(part, datamodels.RampModel) else "dq"
    if getattr(part, name) is None:
        # A new model has no DQ until it is first accessed (stdatamodels >= 5).
        setattr(part, name, np.zeros(part.data.shape, dtype=np.uint32))
    dq: NDArray[np.uint32] = getattr(part, name)
    return dq


def flag_hot(window: Window, part: Any, targets: Targets, *, crosses: bool) -> Counts:
    """
    Flag the targets that are not masked in a part yet, in place.

    Parameters
    ----------
    window : Window
        What the part shows of the detector; from `parts_of`, like the part.
    part : object
        A product or slit, with its DQ.
    targets : Targets
        Pixels to flag, full frame.
    crosses : bool
        Also flag all four neighbors of the centers, those of the active mask included.

    Returns
    -------
    Counts
        Targets in the window, masked before, and newly flagged.
    """
    if crosses:
        targets = add_crosses(targets, window, window.science(_common(_dq_of(part))))
    row, column, inside = window.locate(targets.y, targets.x)
    new = _flag(part, window.array_rows(row), column, targets.bits[inside])
    center = targets.is_center[inside]
    return Counts(
        active=row.size,
        masked=int(np.sum(~new)),
        centers=int(np.sum(new & center)),
        neighbors=int(np.sum(new & ~center)),
    )


def promote(part: Any) -> Counts:
    """
    Set DO_NOT_USE for the pixels that a mask flags as HOT only, in place.

    Parameters
    ----------
    part : object
        A part from `parts_of`.

    Returns
    -------
    Counts
        Pixels promoted.
    """
    row, column = hot_without_do_not_use(_common(_dq_of(part)))
    new = _flag(part, row, column, np.full(row.size, DO_NOT_USE))
    return Counts(promoted=int(new.sum()))


def unflag(window: Window, part: Any, y: NDArray[np.intp], x: NDArray[np.intp]) -> Counts:
    """
    Clear the flags that a mask sets for recovered pixels, in place.

    Parameters
    ----------
    window : Window
        What the ramp shows of the detector.
    part : RampModel
        Only a ramp still holds the values of masked pixels.
    y, x : ndarray of int, shape (n,)
        Zero-based, full frame, science frame.

    Returns
    -------
    Counts
        Pixels cleared.
    """
    row, column, _ = window.locate(y, x)
    row = window.array_rows(row)
    cleared = clear_hot(_dq_of(part), row, column)
    part.groupdq[..., row[cleared], column[cleared]] &= ~np.uint8(DO_NOT_USE)
    return Counts(cleared=int(cleared.sum()))


def _common(dq: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the bits that are set in all integrations, shape (ny, nx)."""
    return np.bitwise_and.reduce(dq.reshape(-1, *dq.shape[-2:]), axis=0) if dq.ndim > 2 else dq


def _flag(
    part: Any, row: NDArray[np.intp], column: NDArray[np.intp], bits: NDArray[np.uint32]
) -> NDArray[np.bool_]:
    """Set bits where DO_NOT_USE is not set yet, and NaN except in ramps; return where."""
    dq = _dq_of(part)
    new = ~is_masked(dq, row, column)
    row, column = row[new], column[new]
    set_bits(dq, row, column, bits[new])
    if isinstance(part, datamodels.RampModel):
        set_bits(part.groupdq, row, column, DO_NOT_USE)
        return new
    # Asking for an array that is not there makes one (stdatamodels < 5), and the product gains it.
    for name in filter(part.hasattr, _PER_PIXEL):
        array = getattr(part, name)
        if array is not None and array.shape[-2:] == dq.shape[-2:]:
            array[..., row, column] = np.nan
    return new
