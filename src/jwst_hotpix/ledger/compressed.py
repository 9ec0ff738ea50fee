"""Bytes in few bytes: what records keep of every pixel."""

from __future__ import annotations

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from jwst_hotpix.exceptions import LedgerError

__all__ = ["pack", "size_of", "unpack"]

_CODEC = pa.Codec("zstd", 12)
# The size of what a compressed frame holds is kept in 1, 2, 4 or 8 bytes of its header.
_MAGIC, _HEADER, _SIZES = b"\x28\xb5\x2f\xfd", 5, (1, 2, 4, 8)


def pack(values: NDArray[np.uint8]) -> bytes:
    """
    Compress bytes.

    Parameters
    ----------
    values : ndarray of uint8, shape (n,)
        Classes of bounds, in the order of the pixels.

    Returns
    -------
    bytes
    """
    return bytes(_CODEC.compress(values.tobytes()))


def unpack(content: bytes, size: int) -> NDArray[np.uint8]:
    """
    Decompress bytes.

    Parameters
    ----------
    content : bytes
        From `pack`.
    size : int
        How many there were.

    Returns
    -------
    ndarray of uint8, shape (size,)

    Raises
    ------
    LedgerError
        For damaged content. The error does not name the file.
    """
    try:
        return np.frombuffer(_CODEC.decompress(content, size), np.uint8)
    except (OSError, pa.ArrowException) as error:
        raise LedgerError("bounds", expected=f"{size} bytes", found=error) from error


def size_of(content: bytes) -> int:
    """
    Return how many bytes a compressed frame holds, by its header (RFC 8878).

    Parameters
    ----------
    content : bytes
        From `pack`, or damaged.

    Returns
    -------
    int
        -1 if there is no such header.
    """
    if content[:4] != _MAGIC or len(content) < _HEADER:
        return -1
    how = content[4]
    is_single, size = how >> 5 & 1, how >> 6
    start = 5 + (1 - is_single) + (0, 1, 2, 4)[how & 3]
    n_bytes = _SIZES[size] if size or is_single else 0
    value = int.from_bytes(content[start : start + n_bytes], "little")
    return value + 256 if size == 1 else value
