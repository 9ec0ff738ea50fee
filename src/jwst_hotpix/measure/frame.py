"""The image of a spectrum with what surrounds each pixel: background, slope, noise, neighbors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "COLUMNS", "ROWS", "Frame", "framed", "inner"]

# Rows worked on at once: what fits into a processor's cache.
BLOCK = 32
# Columns and rows without data on every side.
COLUMNS, ROWS = 4, 1
# Pixel-to-pixel response is still in a rate product: this share of the background is noise.
_FLAT = 0.02


@dataclass(frozen=True, eq=False, kw_only=True)
class Frame:
    """
    An image with a margin of NaN all around; pixels are counted in it, margin included.

    Attributes
    ----------
    rate, background, slope, variance : ndarray of float32, shape (ny + 2, nx + 8)
        DN/s and their square: the image, what surrounds each pixel along the dispersion, half the
        step from one side to the other, and the noise against this background.
    """

    rate: NDArray[np.float32]
    background: NDArray[np.float32]
    slope: NDArray[np.float32]
    variance: NDArray[np.float32]

    @property
    def width(self) -> int:
        """Columns, margin included."""
        return int(self.rate.shape[1])

    def places(self, inner: NDArray[np.intp]) -> NDArray[np.intp]:
        """Turn flat indices without the margin into such with it."""
        row, column = np.divmod(inner, self.width - 2 * COLUMNS)
        return (row + ROWS) * self.width + column + COLUMNS

    def beside(self, place: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the neighbors of pixels: left, right, below, above; shape (4, n)."""
        steps = np.array([-1, 1, -self.width, self.width])
        return np.asarray(place + steps[:, None])

    def around(self, place: NDArray[np.intp]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return excess and variance of the neighbors of pixels, shape (4, n)."""
        background, beside = self.background.reshape(-1), self.beside(place)
        # Along the dispersion the background is the pixel's own; across it, that of the neighbor.
        own = np.broadcast_to(background[place], (2, place.size))
        under = np.concatenate([own, background[beside[2:]]])
        return self.rate.reshape(-1)[beside] - under, self.variance.reshape(-1)[beside]


def framed(
    rate: NDArray[np.float32], error: NDArray[np.float32], valid: NDArray[np.bool_]
) -> Frame:
    """
    Surround an image by a margin, and find what surrounds its pixels.

    Parameters
    ----------
    rate, error : ndarray of float32, shape (ny, nx)
        DN/s.
    valid : ndarray of bool, shape (ny, nx)
        The pixel has a rate.

    Returns
    -------
    Frame
    """
    margin = ((ROWS, ROWS), (COLUMNS, COLUMNS))
    image = np.pad(rate, margin, constant_values=np.nan)
    blank = ~np.pad(valid, margin)
    image[blank] = np.nan
    filled = _filled(image, np.flatnonzero(blank))
    background, slope = (np.full(image.shape, np.nan, np.float32) for _ in range(2))
    variance = np.pad(error, margin, constant_values=np.nan)
    for start in range(0, image.shape[0], BLOCK):
        rows = slice(start, start + BLOCK)
        level, step = _surroundings(filled[rows])
        background[rows, COLUMNS:-COLUMNS], slope[rows, COLUMNS:-COLUMNS] = level, step
        variance[rows] *= variance[rows]
        variance[rows] += np.square(np.float32(_FLAT) * background[rows])
    return Frame(rate=image, background=background, slope=slope, variance=variance)


def _filled(image: NDArray[np.float32], blank: NDArray[np.intp]) -> NDArray[np.float32]:
    """Give pixels without a value that of the nearest one in their row, up to three away."""
    filled = image.copy()
    flat, source = filled.reshape(-1), image.reshape(-1)
    for step in (-1, 1, -2, 2, -3, 3):
        near = source[np.clip(blank + step, 0, source.size - 1)]
        found = np.isfinite(near)
        flat[blank[found]] = near[found]
        blank = blank[~found]
    return filled


def _surroundings(
    filled: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean of the medians of x-4..x-2 and x+2..x+4, and half of their difference."""
    one, two, three = filled[:, :-2], filled[:, 1:-1], filled[:, 2:]
    median = np.maximum(np.minimum(one, two), np.minimum(np.maximum(one, two), three))
    before, after = median[:, :-6], median[:, 6:]
    level: NDArray[np.float32] = np.float32(0.5) * (before + after)
    step: NDArray[np.float32] = np.float32(0.5) * np.abs(after - before)
    # At an edge there is one side only.
    blank = np.isnan(level)
    level[blank] = np.fmax(before[blank], after[blank])
    step[blank] = 0
    return level, step


def inner(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return an image of a `Frame` without its margin; a view."""
    return image[ROWS:-ROWS, COLUMNS:-COLUMNS]
