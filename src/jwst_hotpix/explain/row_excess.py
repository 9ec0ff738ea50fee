"""How far a pixel stands out from its row. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.tools.medians import mad_std

__all__ = ["LINE", "RowExcess", "excess_at", "mean_of_known"]

#: Excess from which a pixel counts as a line, in units of the scatter: a common choice.
LINE = 5.0

# Columns on either side to compare with, and those adjacent to the pixel, which a hot pixel lights,
# to skip. An assumption: wider than a line of a point source, but narrow enough for most continua.
_REACH, _LIT = 10, 1

# With fewer pixels the scatter itself is too uncertain.
_FEWEST = 6


@dataclass(frozen=True, eq=False, kw_only=True)
class RowExcess:
    """
    Values of pixels compared with those of their rows.

    Attributes
    ----------
    value, level, scatter : ndarray of float, shape (n,)
        Value of the pixel; median of the good pixels beside it along the dispersion; and their
        scatter, 1.4826 times the median absolute deviation. In the unit of the product; NaN where
        unknown.
    """

    value: NDArray[np.float64]
    level: NDArray[np.float64]
    scatter: NDArray[np.float64]

    @property
    def sigma(self) -> NDArray[np.float64]:
        """Excess in units of the scatter, shape (n,); NaN where the scatter is zero or unknown."""
        sigma = np.full(self.value.shape, np.nan)
        np.divide(self.value - self.level, self.scatter, out=sigma, where=self.scatter > 0)
        return sigma


def excess_at(
    image: NDArray[np.floating],
    good: NDArray[np.bool_],
    row: NDArray[np.intp],
    column: NDArray[np.intp],
) -> RowExcess:
    """
    Compare pixels with those within ten columns in the same row, except the two adjacent ones.

    A real line of several pixels raises the scatter, so that a pixel in it stands out less.

    Parameters
    ----------
    image : ndarray of float, shape (ny, nx)
        A spectrum dispersed along the rows.
    good : ndarray of bool, shape (ny, nx)
        The pixels to compare with: finite, not masked and not hot.
    row, column : ndarray of int, shape (n,)
        Zero-based indices into ``image``.

    Returns
    -------
    RowExcess
        Value, level and scatter of each pixel.
    """
    value = image[row, column].astype(np.float64)
    level, scatter = np.full((2, row.size), np.nan)
    steps = np.r_[-_REACH:-_LIT, _LIT + 1 : _REACH + 1]
    for i, (y, x) in enumerate(zip(row, column, strict=True)):
        beside = x + steps
        beside = beside[(beside >= 0) & (beside < image.shape[1])]
        values = image[y, beside[good[y, beside]]]
        if values.size >= _FEWEST:
            level[i] = np.median(values)
            scatter[i] = mad_std(values, level[i])
    return RowExcess(value=value, level=level, scatter=scatter)


def mean_of_known(values: NDArray[Any]) -> NDArray[np.float64]:
    """Average along the first axis what is finite; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    mean = np.full(count.shape, np.nan)
    np.divide(np.where(known, values, 0).sum(axis=0), count, out=mean, where=count > 0)
    return mean
