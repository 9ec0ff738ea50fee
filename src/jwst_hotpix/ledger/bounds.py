"""What a science exposure proves of every pixel, in few bytes: to which bound it is cold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from jwst_hotpix.instrument.frames import Window, flat, unflat
from jwst_hotpix.measure.excess import BOUNDS

__all__ = ["LIMITS", "Bounds", "pack", "unpack"]

# DN/s: a hot pixel of 1, 3 and 10 DN/s stays hot down to 0.7 times that rate.
LIMITS = np.array([0.7, 2.0, 7.0], np.float32)
_CODEC = pa.Codec("zstd", 9)


@dataclass(frozen=True, eq=False, kw_only=True)
class Bounds:
    """
    Bounds of the pixels of a window.

    Attributes
    ----------
    window : Window
        What the exposure shows of the detector.
    planes : bytes
        Compressed. One bit a pixel for each of `LIMITS`: it is not proven to be below.
    masked : bytes
        Compressed. One bit a pixel: it has no rate, and nothing is known of it.
    """

    window: Window
    planes: bytes
    masked: bytes

    @classmethod
    def of(cls, window: Window, bound: NDArray[np.uint8], masked: NDArray[np.bool_]) -> Self:
        """
        Compress the bounds of one image.

        Parameters
        ----------
        window : Window
            The part of the detector that the exposure shows.
        bound : ndarray of uint8, shape ``window.shape``
            As in `Excess`.
        masked : ndarray of bool, shape ``window.shape``
            Pixels that the mask took away; those that all exposures share are kept once.
        """
        levels = np.searchsorted(BOUNDS, LIMITS)
        planes = np.concatenate([np.packbits((bound > level) & ~masked) for level in levels])
        return cls(window=window, planes=pack(planes), masked=pack(np.packbits(masked)))

    def at(self, pixel: NDArray[np.integer]) -> NDArray[np.float32]:
        """
        Look bounds up.

        Parameters
        ----------
        pixel : ndarray of int, shape (n,)
            ``y * columns + x``, full frame, zero-based.

        Returns
        -------
        ndarray of float32, shape (n,)
            DN/s that each is proven to be below: one of `LIMITS`, or infinite.
        """
        place, inside = self._places(pixel)
        byte, shift = place >> 3, (7 - (place & 7)).astype(np.uint8)
        size = -(-self.window.shape[0] * self.window.shape[1] // 8)
        planes = unpack(self.planes, size * LIMITS.size).reshape(LIMITS.size, size)
        # As numpy packs them, the first bit of a byte is the highest.
        level = np.asarray(np.sum((planes[:, byte] >> shift) & 1, axis=0, dtype=np.uint8))
        masked = (unpack(self.masked, size)[byte] >> shift) & 1
        level = np.where(masked > 0, np.uint8(LIMITS.size), level)
        bound = np.full(pixel.size, np.inf, np.float32)
        bound[inside] = np.append(LIMITS, np.float32(np.inf))[level]
        return bound

    def _places(
        self, pixel: NDArray[np.integer]
    ) -> tuple[NDArray[np.integer], NDArray[np.bool_] | slice]:
        """Turn flat indices of the full frame into those of the window; return which are in it."""
        if self.window.shape == self.window.detector.shape:
            return pixel, slice(None)
        row, column, inside = self.window.locate(*unflat(pixel, self.window.detector.shape))
        return flat(row, column, self.window.shape), inside


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
    OSError, pyarrow.ArrowException
        For damaged content.
    """
    return np.frombuffer(_CODEC.decompress(content, size), np.uint8)
