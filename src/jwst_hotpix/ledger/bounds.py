"""What a science exposure proves of every pixel, in few bytes: to which bound it is cold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.crosses import count_neighbors
from jwst_hotpix.instrument.frames import Window, flat, unflat
from jwst_hotpix.ledger.compressed import pack, size_of, unpack
from jwst_hotpix.measure.excess import BOUNDS, UNKNOWN
from jwst_hotpix.measure.pixels import active_area

__all__ = ["ABOVE", "LIMITS", "STEP", "Bounds", "Lookup"]

# DN/s: a hot pixel of 1, 3 and 10 DN/s stays hot down to 0.7 times that rate.
LIMITS = np.array([0.7, 2.0, 7.0], np.float32)
_LEVELS = np.searchsorted(BOUNDS, LIMITS)
# Bounds of the classes.
ABOVE = np.append(LIMITS, np.float32(np.inf))
#: Pixels of a row that share a class.
STEP = 4
# A pixel with so many masked neighbors cannot be judged by any image.
_HIDES = 2
# Windows and masks that a lookup remembers at once.
_KEPT = 8

# Byte and bits of each pixel, and its class if nothing is known of it, otherwise 0.
_Places = tuple[NDArray[np.intp], NDArray[np.uint8], NDArray[np.uint8]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Bounds:
    """
    Bounds of the pixels of a window.

    Attributes
    ----------
    window : Window
        What the exposure shows of the detector.
    classes : bytes
        Compressed. Two bits for each `step` pixels of a row, four of these per byte, the first one
        lowest: 0 where all are proven to be below the first of `LIMITS`, ... 3 where one is not
        proven below any.
    masked : bytes
        Compressed. One bit a pixel: it has no rate, and nothing is known of it; nor of a pixel
        that has two such neighbors.
    step : int
        Pixels of a row that share a class, the first of them from the left edge of the window.
    """

    window: Window
    classes: bytes
    masked: bytes
    step: int = STEP

    @classmethod
    def of(cls, window: Window, bound: NDArray[np.uint8], masked: NDArray[np.bool_]) -> Self:
        """
        Compress the bounds of one image.

        Parameters
        ----------
        window : Window
            The part of the detector that the exposure shows.
        bound : ndarray of uint8, shape ``window.shape``
            As in `Excess`. Kept is the highest of each `STEP` pixels of a row and, between two of
            these, no less than the lower one: smoother edges of illuminated regions take fewer
            bytes.
        masked : ndarray of bool, shape ``window.shape``
            Pixels that the mask took away; those that all exposures share are kept once.
        """
        classes = np.searchsorted(_LEVELS, np.arange(UNKNOWN + 1)).astype(np.uint8)[bound]
        # Reference pixels have no bound, and none is needed; what the mask hides is known from it.
        free = _hidden(masked, count_neighbors(masked)) | ~active_area(window)
        classes[free] = 0
        shared = _by_step(classes)
        shared = _without_notches(_filled(shared, _by_step(~free) == 0))
        packed = np.pad(shared.reshape(-1), (0, -shared.size % 4)).reshape(-1, 4)
        packed = np.bitwise_or.reduce(packed << np.arange(0, 8, 2, dtype=np.uint8), axis=1)
        return cls(window=window, classes=pack(packed), masked=pack(np.packbits(masked)))

    @property
    def size(self) -> int:
        """Bytes of the classes before they were compressed."""
        return -(-self.window.shape[0] * -(-self.window.shape[1] // self.step) // 4)

    def is_whole(self) -> bool:
        """Return whether classes and mask are compressed data of the right size."""
        mask = size_of(self.masked)
        return size_of(self.classes) == self.size and mask == -(-self.window.n_pixels // 8)

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
        return ABOVE[Lookup(pixel).levels(self)]


class Lookup:
    """
    The same pixels in the bounds of many exposures: what these share is computed once.

    Parameters
    ----------
    pixel : ndarray of int, shape (n,)
        ``y * columns + x``, full frame, zero-based.
    """

    def __init__(self, pixel: NDArray[np.integer]) -> None:
        self.pixel = pixel
        self._places: dict[tuple[Window, int, bytes], _Places] = {}

    def levels(self, bounds: Bounds) -> NDArray[np.uint8]:
        """
        Return the classes of the pixels in one exposure.

        Parameters
        ----------
        bounds : Bounds
            What the exposure proves.

        Returns
        -------
        ndarray of uint8, shape (n,)
            Index of the bound of each in `ABOVE`.
        """
        key = bounds.window, bounds.step, bounds.masked
        if key not in self._places:
            if len(self._places) >= _KEPT:
                self._places.clear()
            self._places[key] = self._places_in(*key)
        byte, shift, hidden = self._places[key]
        found: NDArray[np.uint8] = unpack(bounds.classes, bounds.size).take(byte)
        found >>= shift
        found &= 3
        found |= hidden
        return found

    def _places_in(self, window: Window, step: int, masked: bytes) -> _Places:
        row, column, inside = window.locate(*unflat(self.pixel, window.detector.shape))
        place = np.zeros(self.pixel.size, np.intp)
        place[inside] = row * -(-window.shape[1] // step) + column // step
        hidden = np.full(self.pixel.size, LIMITS.size, np.uint8)
        hidden[inside] = _hidden_at(row, column, masked, window.shape) * np.uint8(LIMITS.size)
        return place >> 2, ((place & 3) << 1).astype(np.uint8), hidden


def _hidden(masked: NDArray[np.bool_], beside: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return of which pixels no image knows anything: masked, or beside so many that are."""
    return np.asarray(masked | (beside >= _HIDES))


def _hidden_at(
    row: NDArray[np.intp], column: NDArray[np.intp], mask: bytes, shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Look hidden pixels up in a compressed mask; counting beside all its bits takes longer."""
    bits = _unpacked(mask, -(-shape[0] * shape[1] // 8))

    def masked(y: NDArray[np.intp], x: NDArray[np.intp]) -> NDArray[np.bool_]:
        inside = (y >= 0) & (y < shape[0]) & (x >= 0) & (x < shape[1])
        place = np.where(inside, flat(y, x, shape), 0)
        shift = (7 - (place & 7)).astype(np.uint8)
        return np.asarray(inside & ((bits[place >> 3] >> shift) & 1 > 0))

    steps = ((-1, 0), (1, 0), (0, -1), (0, 1))
    beside = np.sum([masked(row + dy, column + dx) for dy, dx in steps], axis=0)
    return _hidden(masked(row, column), beside)


@lru_cache(maxsize=4)
def _unpacked(mask: bytes, size: int) -> NDArray[np.uint8]:
    """Decompress a mask; consecutive exposures share theirs."""
    return unpack(mask, size)


def _by_step(values: NDArray[np.generic]) -> NDArray[Any]:
    """Return the largest value of each `STEP` pixels of a row."""
    padded = np.pad(values, ((0, 0), (0, -values.shape[1] % STEP)))
    # Several times faster than the maximum along an axis of four.
    return reduce(np.maximum, (padded[:, start::STEP] for start in range(STEP)))


def _filled(classes: NDArray[np.uint8], blank: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return classes with those that nobody asks for like the one before: fewer changes."""
    number = np.arange(classes.size, dtype=np.int32).reshape(classes.shape)
    number[blank] = 0
    return classes.reshape(-1)[np.maximum.accumulate(number.reshape(-1))].reshape(classes.shape)


def _without_notches(classes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Raise what lies between two higher ones of a row to the lower of these."""
    raised = classes.copy()
    between = np.minimum(classes[:, :-2], classes[:, 2:])
    np.maximum(raised[:, 1:-1], between, out=raised[:, 1:-1])
    return raised
