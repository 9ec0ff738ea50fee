"""Setting and clearing DQ bits. Arrays in; what is changed in place says so."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from stdatamodels.jwst.datamodels import dqflags

__all__ = [
    "DO_NOT_USE",
    "HOT",
    "OTHER_BAD_PIXEL",
    "TELEGRAPH",
    "clear_hot",
    "hot_without_do_not_use",
    "is_known",
    "set_bits",
]

DO_NOT_USE = np.uint32(dqflags.pixel["DO_NOT_USE"])
HOT = np.uint32(dqflags.pixel["HOT"])
TELEGRAPH = np.uint32(dqflags.pixel["TELEGRAPH"])
OTHER_BAD_PIXEL = np.uint32(dqflags.pixel["OTHER_BAD_PIXEL"])


def is_known(
    dq: NDArray[np.uint32], row: NDArray[np.intp], column: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """
    Tell which pixels an exposure already leaves out.

    Parameters
    ----------
    dq : ndarray of uint32, shape (..., ny, nx)
    row, column : ndarray of int, shape (n,)
        Zero-based indices into ``dq``.

    Returns
    -------
    ndarray of bool, shape (n,)
        DO_NOT_USE is set, in all integrations.
    """
    flagged = (dq[..., row, column] & DO_NOT_USE) != 0
    known: NDArray[np.bool_] = flagged.all(axis=tuple(range(dq.ndim - 2)))
    return known


def set_bits(
    dq: NDArray[np.unsignedinteger],
    row: NDArray[np.intp],
    column: NDArray[np.intp],
    bits: NDArray[np.unsignedinteger] | np.unsignedinteger,
) -> None:
    """
    OR bits into a DQ array, in place: a copy of a ramp's ``groupdq`` would cost more than all else.

    Parameters
    ----------
    dq : ndarray of uint8 or uint32, shape (..., ny, nx)
        Changed in place.
    row, column : ndarray of int, shape (n,)
        Zero-based indices; a pixel may appear more than once.
    bits : ndarray of uint, shape (n,), or uint
    """
    everywhere: Any = (..., row, column)
    # ``dq[everywhere] |= bits`` would keep only one of two entries for the same pixel.
    np.bitwise_or.at(dq, everywhere, np.asarray(bits).astype(dq.dtype))


def clear_hot(
    dq: NDArray[np.uint32], row: NDArray[np.intp], column: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """
    Clear HOT and DO_NOT_USE of pixels that nothing else is wrong with, in place.

    Parameters
    ----------
    dq : ndarray of uint32, shape (ny, nx)
        Changed in place.
    row, column : ndarray of int, shape (n,)
        Zero-based indices; each pixel once.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which were cleared.
    """
    here = dq[row, column]
    harmless = (here & ~(HOT | DO_NOT_USE | TELEGRAPH)) == 0
    clear: NDArray[np.bool_] = harmless & ((here & HOT) != 0)
    dq[row[clear], column[clear]] = 0
    return clear


def hot_without_do_not_use(
    dq: NDArray[np.uint32],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Find pixels that a mask calls HOT and yet lets through, as the NIRSpec masks before 2023 do.

    Parameters
    ----------
    dq : ndarray of uint32, shape (ny, nx)

    Returns
    -------
    row, column : ndarray of int, shape (n,)
        Zero-based indices into ``dq``.
    """
    row, column = np.nonzero((dq & (HOT | DO_NOT_USE)) == HOT)
    return row, column
