"""Setting and clearing DQ bits. Functions that change an array in place say so."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.dq_flags import PIXEL

__all__ = [
    "DO_NOT_USE",
    "HOT",
    "OTHER_BAD_PIXEL",
    "TELEGRAPH",
    "clear_hot",
    "hot_without_do_not_use",
    "is_masked",
    "set_bits",
]

DO_NOT_USE = np.uint32(PIXEL["DO_NOT_USE"])
HOT = np.uint32(PIXEL["HOT"])
TELEGRAPH = np.uint32(PIXEL["TELEGRAPH"])
OTHER_BAD_PIXEL = np.uint32(PIXEL["OTHER_BAD_PIXEL"])


def is_masked(
    dq: NDArray[np.uint32], row: NDArray[np.intp], column: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """
    Determine which pixels of an exposure are already masked.

    Parameters
    ----------
    dq : ndarray of uint32, shape (..., ny, nx)
        DQ of the exposure, in pipeline bits.
    row, column : ndarray of int, shape (n,)
        Zero-based indices into ``dq``.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where DO_NOT_USE is set in all integrations.
    """
    flagged = (dq[..., row, column] & DO_NOT_USE) != 0
    masked: NDArray[np.bool_] = flagged.all(axis=tuple(range(dq.ndim - 2)))
    return masked


def set_bits(
    dq: NDArray[np.unsignedinteger],
    row: NDArray[np.intp],
    column: NDArray[np.intp],
    bits: NDArray[np.unsignedinteger] | np.unsignedinteger,
) -> None:
    """
    OR bits into a DQ array, in place: copying a ramp's ``groupdq`` would take longer than the rest.

    Parameters
    ----------
    dq : ndarray of uint8 or uint32, shape (..., ny, nx)
        Changed in place.
    row, column : ndarray of int, shape (n,)
        Zero-based indices; a pixel may appear more than once.
    bits : ndarray of uint, shape (n,), or uint
        DQ bits of each pixel, or of all.
    """
    everywhere: Any = (..., row, column)
    # ``dq[everywhere] |= bits`` would apply only one of two entries for the same pixel.
    np.bitwise_or.at(dq, everywhere, np.asarray(bits).astype(dq.dtype))


def clear_hot(
    dq: NDArray[np.uint32], row: NDArray[np.intp], column: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """
    Clear HOT and DO_NOT_USE of pixels that have no other flag, in place.

    Parameters
    ----------
    dq : ndarray of uint32, shape (ny, nx)
        Changed in place.
    row, column : ndarray of int, shape (n,)
        Zero-based indices into ``dq``; each pixel once.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where cleared.
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
    Find pixels that are HOT without DO_NOT_USE, as in the NIRSpec masks before 2023.

    Parameters
    ----------
    dq : ndarray of uint32, shape (ny, nx)
        DQ in pipeline bits.

    Returns
    -------
    row, column : ndarray of int, shape (n,)
        Zero-based indices into ``dq``.
    """
    row, column = np.nonzero((dq & (HOT | DO_NOT_USE)) == HOT)
    return row, column
