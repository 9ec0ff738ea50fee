"""How far a pixel stands out from its row. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.tools.mad_std import mad_std

__all__ = ["LINE", "Excess", "excess_at"]

#: So many times the scatter make a line. An assumption: a usual limit, not derived from anything.
LINE = 5.0

# Columns to either side that are compared with, and those next to the pixel that are not, for a
# hot pixel lights them. An assumption: wider than a line of a point source, narrower than most
# continua change.
_REACH, _LIT = 10, 1

# With fewer pixels the scatter is itself too uncertain.
_FEWEST = 6


@dataclass(frozen=True, eq=False, kw_only=True)
class Excess:
    """
    Values of pixels against those of their rows.

    Attributes
    ----------
    value, level, scatter : ndarray of float, shape (n,)
        Of the pixel itself; median of the good pixels beside it along the dispersion; and their
        scatter, 1.4826 times the median absolute deviation. All in the unit of the product, NaN
        where there is none.
    """

    value: NDArray[np.float64]
    level: NDArray[np.float64]
    scatter: NDArray[np.float64]

    @property
    def sigma(self) -> NDArray[np.float64]:
        """Excess in units of the scatter, shape (n,); NaN where there is no scatter."""
        sigma = np.full(self.value.shape, np.nan)
        np.divide(self.value - self.level, self.scatter, out=sigma, where=self.scatter > 0)
        return sigma


def excess_at(
    image: NDArray[np.floating],
    good: NDArray[np.bool_],
    row: NDArray[np.intp],
    column: NDArray[np.intp],
) -> Excess:
    """
    Compare pixels with those within ten columns in the same row, but for the two next to them.

    A real line of several pixels raises the scatter, so that a pixel in it counts for less.

    Parameters
    ----------
    image : ndarray of float, shape (ny, nx)
        Dispersed along the rows.
    good : ndarray of bool, shape (ny, nx)
        What may be compared with: finite, not masked and not hot.
    row, column : ndarray of int, shape (n,)

    Returns
    -------
    Excess
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
    return Excess(value=value, level=level, scatter=scatter)
