"""What the step does to the arrays of a product, all of it in place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from stdatamodels.jwst import datamodels

from jwst_hotpix.flag.bits import (
    DO_NOT_USE,
    clear_hot,
    hot_without_do_not_use,
    is_known,
    set_bits,
)
from jwst_hotpix.flag.stamp import Counts
from jwst_hotpix.flag.targets import Targets, add_crosses
from jwst_hotpix.instrument.frames import Window

__all__ = ["flag_hot", "promote", "unflag"]

_PER_PIXEL = ("data", "err", "var_poisson", "var_rnoise", "var_flat")


def _dq_of(part: Any) -> NDArray[np.uint32]:
    """
    Return the pixel DQ of a part, made if it is missing.

    Parameters
    ----------
    part : object
        From `parts_of`.

    Returns
    -------
    ndarray of uint32, shape (..., ny, nx)
        The array of the model itself, not a copy.
    """
    name = "pixeldq" if isinstance(part, datamodels.RampModel) else "dq"
    if getattr(part, name) is None:
        # A fresh model has no DQ until somebody asks for it (stdatamodels >= 5).
        setattr(part, name, np.zeros(part.data.shape, dtype=np.uint32))
    dq: NDArray[np.uint32] = getattr(part, name)
    return dq


def flag_hot(window: Window, part: Any, targets: Targets, *, crosses: bool) -> Counts:
    """
    Flag the targets that a part does not leave out already, in place.

    Parameters
    ----------
    window : Window
    part : object
        With its window from `parts_of`.
    targets : Targets
        Full frame.
    crosses : bool
        Add all four neighbors of the centers, the active mask's included.

    Returns
    -------
    Counts
    """
    if crosses:
        targets = add_crosses(targets, window, window.science(_common(_dq_of(part))))
    row, column, inside = window.locate(targets.y, targets.x)
    new = _flag(part, window.array_rows(row), column, targets.bits[inside])
    center = targets.is_center[inside]
    return Counts(
        active=row.size,
        known=int(np.sum(~new)),
        centers=int(np.sum(new & center)),
        neighbors=int(np.sum(new & ~center)),
    )


def promote(part: Any) -> Counts:
    """
    Give DO_NOT_USE to the pixels that a mask calls HOT only, in place.

    Parameters
    ----------
    part : object
        From `parts_of`.

    Returns
    -------
    Counts
    """
    row, column = hot_without_do_not_use(_common(_dq_of(part)))
    new = _flag(part, row, column, np.full(row.size, DO_NOT_USE))
    return Counts(promoted=int(new.sum()))


def unflag(window: Window, part: Any, y: NDArray[np.intp], x: NDArray[np.intp]) -> Counts:
    """
    Clear what a mask says of recovered pixels, in place.

    Parameters
    ----------
    window : Window
    part : RampModel
        Only a ramp still holds the values of a masked pixel.
    y, x : ndarray of int, shape (n,)
        Full frame, zero-based.

    Returns
    -------
    Counts
    """
    row, column, _ = window.locate(y, x)
    row = window.array_rows(row)
    cleared = clear_hot(_dq_of(part), row, column)
    part.groupdq[..., row[cleared], column[cleared]] &= ~np.uint8(DO_NOT_USE)
    return Counts(cleared=int(cleared.sum()))


def _common(dq: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the bits that all integrations have, shape (ny, nx)."""
    return np.bitwise_and.reduce(dq.reshape(-1, *dq.shape[-2:]), axis=0) if dq.ndim > 2 else dq


def _flag(
    part: Any, row: NDArray[np.intp], column: NDArray[np.intp], bits: NDArray[np.uint32]
) -> NDArray[np.bool_]:
    """Set bits, and NaN outside ramps, where DO_NOT_USE is not set yet; return where."""
    dq = _dq_of(part)
    new = ~is_known(dq, row, column)
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
