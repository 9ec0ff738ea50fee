"""How likely pixels were hot at every look, as runs of looks: in few bytes, for pages and plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chances"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Chances:
    """
    The probability that pixels were hot at every look, rounded to percent: a row per change.

    Attributes
    ----------
    pixel : ndarray of int32, shape (p,)
        ``y * columns + x``, full frame, science frame, zero-based; sorted.
    start : ndarray of int, shape (p + 1,)
        The rows of pixel ``i`` are ``start[i]`` to ``start[i + 1] - 1``, at least one.
    look : ndarray of int32, shape (n,)
        The look from which on the probability holds, up to that of the next row; 0 in the first row
        of each pixel.
    percent : ndarray of uint8, shape (n,)
        Probability in percent that the pixel has turned hot and not recovered.
    """

    pixel: NDArray[np.int32]
    start: NDArray[np.intp]
    look: NDArray[np.int32]
    percent: NDArray[np.uint8]

    @classmethod
    def of(cls, pixel: NDArray[np.int32], on: NDArray[np.floating]) -> Self:
        """
        Return the runs of some pixels.

        Parameters
        ----------
        pixel : ndarray of int32, shape (p,)
            As the attribute.
        on : ndarray of float, shape (m, p)
            Probability at each of ``m`` looks.
        """
        percent = np.rint(100 * on.T).astype(np.uint8)
        changed = np.ones(percent.shape, bool)
        np.not_equal(percent[:, 1:], percent[:, :-1], out=changed[:, 1:])
        row, look = np.nonzero(changed)
        start = np.r_[0, np.cumsum(np.bincount(row, minlength=pixel.size))]
        return cls(pixel=pixel, start=start, look=look.astype(np.int32), percent=percent[row, look])

    @classmethod
    def joined(cls, parts: Sequence[Chances]) -> Self:
        """
        Put parts together that follow each other.

        Parameters
        ----------
        parts : sequence of Chances
            At least one, in order of pixels.
        """
        sizes = np.concatenate([np.diff(part.start) for part in parts])
        return cls(
            pixel=np.concatenate([part.pixel for part in parts]),
            start=np.r_[0, np.cumsum(sizes)],
            look=np.concatenate([part.look for part in parts]),
            percent=np.concatenate([part.percent for part in parts]),
        )

    def of_pixels(self, pixel: NDArray[np.integer]) -> Chances:
        """
        Return the rows of some pixels: none for one that the history did not consider.

        Parameters
        ----------
        pixel : ndarray of int, shape (q,)
            ``y * columns + x``; sorted.
        """
        place = np.minimum(np.searchsorted(self.pixel, pixel), max(self.pixel.size - 1, 0))
        known = self.pixel[place] == pixel if self.pixel.size else np.zeros(pixel.size, bool)
        first = np.where(known, self.start[place], 0)
        size = np.where(known, self.start[1:][place] - first, 0) if self.pixel.size else known * 0
        start = np.r_[0, np.cumsum(size)]
        row = np.arange(start[-1]) + np.repeat(first - start[:-1], size)
        return Chances(
            pixel=np.asarray(pixel, np.int32),
            start=start,
            look=self.look[row],
            percent=self.percent[row],
        )
