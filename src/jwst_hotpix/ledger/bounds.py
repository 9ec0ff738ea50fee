"""What a science exposure proves of every pixel, in few bytes: to which bound it is cold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from jwst_hotpix.instrument.frames import Window, flat, unflat
from jwst_hotpix.measure.excess import BOUNDS, UNKNOWN
from jwst_hotpix.measure.pixels import active_area

__all__ = ["ABOVE", "LIMITS", "Bounds", "pack", "unpack"]

# DN/s: a hot pixel of 1, 3 and 10 DN/s stays hot down to 0.7 times that rate.
LIMITS = np.array([0.7, 2.0, 7.0], np.float32)
_LEVELS = np.searchsorted(BOUNDS, LIMITS)
# Bounds of the classes.
ABOVE = np.append(LIMITS, np.float32(np.inf))
# Pixels that are judged together.
_RAGGED = 5
_CODEC = pa.Codec("zstd", 9)


@dataclass(frozen=True, eq=False, kw_only=True)
class Bounds:
    """
    Bounds of the pixels of a window.

    Attributes
    ----------
    window : Window
        What the exposure shows of the detector.
    classes : bytes
        Compressed. Two bits per pixel, four pixels per byte, the first one lowest: 0 where the
        pixel is proven to be below the first of `LIMITS`, ... 3 where it is not proven below any.
    masked : bytes
        Compressed. One bit a pixel: it has no rate, and nothing is known of it.
    """

    window: Window
    classes: bytes
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
            As in `Excess`. Between two pixels of a row up to 4 pixels apart, it is no lower than
            the lower of their bounds: smoother edges of illuminated regions take fewer bytes.
        masked : ndarray of bool, shape ``window.shape``
            Pixels that the mask took away; those that all exposures share are kept once.
        """
        classes = np.searchsorted(_LEVELS, np.arange(UNKNOWN + 1)).astype(np.uint8)[bound]
        # Reference pixels have no bound, and none is needed.
        dark = masked | ~active_area(window)
        classes[dark] = 0
        # Its import takes longer than measuring a dark, and only science exposures need it.
        from scipy.ndimage import maximum_filter1d, minimum_filter1d

        classes = minimum_filter1d(maximum_filter1d(classes, _RAGGED, axis=1), _RAGGED, axis=1)
        classes[dark] = 0
        packed = np.pad(classes.reshape(-1), (0, -classes.size % 4)).reshape(-1, 4)
        packed = np.bitwise_or.reduce(packed << np.arange(0, 8, 2, dtype=np.uint8), axis=1)
        return cls(window=window, classes=pack(packed), masked=pack(np.packbits(masked)))

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
        return ABOVE[self.level_at(pixel)]

    def level_at(self, pixel: NDArray[np.integer]) -> NDArray[np.uint8]:
        """
        Look up the classes of pixels.

        Parameters
        ----------
        pixel : ndarray of int, shape (n,)
            ``y * columns + x``, full frame, zero-based.

        Returns
        -------
        ndarray of uint8, shape (n,)
            Index of the bound of each in `ABOVE`.
        """
        place, inside = self._places(pixel)
        size = self.window.shape[0] * self.window.shape[1]
        packed = unpack(self.classes, -(-size // 4))
        found: NDArray[np.uint8] = (packed[place >> 2] >> ((place & 3) << 1).astype(np.uint8)) & 3
        found |= _mask(self.masked, size)[place]
        if isinstance(inside, slice):
            return found
        level = np.full(pixel.size, LIMITS.size, np.uint8)
        level[inside] = found
        return level

    def _places(
        self, pixel: NDArray[np.integer]
    ) -> tuple[NDArray[np.integer], NDArray[np.bool_] | slice]:
        """Turn flat indices of the full frame into those of the window; return which are in it."""
        if self.window.shape == self.window.detector.shape:
            return pixel, slice(None)
        row, column, inside = self.window.locate(*unflat(pixel, self.window.detector.shape))
        return flat(row, column, self.window.shape), inside


@lru_cache(maxsize=4)
def _mask(content: bytes, size: int) -> NDArray[np.uint8]:
    """Return the class of masked pixels, 0 elsewhere; consecutive exposures share their mask."""
    bits = np.unpackbits(unpack(content, -(-size // 8)), count=size)
    return bits * np.uint8(LIMITS.size)


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
