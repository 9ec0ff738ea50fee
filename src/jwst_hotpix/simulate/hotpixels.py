"""Hot pixels with a known history: where, how hot, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jwst_hotpix.simulate.telegraph import is_high

__all__ = ["HotPixels"]

_DTYPES: dict[str, type] = {
    "y": np.intp,
    "x": np.intp,
    "rate": np.float64,
    "onset": np.float64,
    "recovery": np.float64,
    "telegraph": np.bool_,
    "duty": np.float64,
    "dwell": np.float64,
}

# Any number above the width of the detector makes y * _ROW + x unique.
_ROW = 4096


@dataclass(frozen=True, eq=False, kw_only=True)
class HotPixels:
    """
    Hot pixels of one detector, one entry per pixel.

    Attributes
    ----------
    seed : int
        Seed of the telegraph states.
    y, x : ndarray of int, shape (n,)
        Zero-based, full frame, science frame; each pixel once.
    rate : ndarray of float, shape (n,)
        DN/s while hot, before inter-pixel capacitance (IPC).
    onset, recovery : ndarray of float, shape (n,)
        MJD (UTC); hot in ``[onset, recovery)``. Infinite values are allowed.
    telegraph : ndarray of bool, shape (n,)
        Whether the pixel switches between a high and a low state while hot.
    duty : ndarray of float, shape (n,)
        Fraction of time in the high state; 1 for pixels that are not telegraph.
    dwell : ndarray of float, shape (n,)
        Mean time in the high state, in days; infinite for pixels that are not telegraph.

    Raises
    ------
    ValueError
        When the columns differ in length, or a pixel appears twice.
    """

    seed: int = 0
    y: NDArray[np.intp]
    x: NDArray[np.intp]
    rate: NDArray[np.float64]
    onset: NDArray[np.float64]
    recovery: NDArray[np.float64]
    telegraph: NDArray[np.bool_]
    duty: NDArray[np.float64]
    dwell: NDArray[np.float64]

    def __post_init__(self) -> None:
        shapes = {name: getattr(self, name).shape for name in _DTYPES}
        if len(set(shapes.values())) > 1:
            msg = f"columns differ in length: {shapes}"
            raise ValueError(msg)
        if np.unique(self._place()).size < len(self):
            raise ValueError("a pixel appears twice")

    def __len__(self) -> int:
        return self.y.size

    @staticmethod
    def no_columns() -> dict[str, Any]:
        """Return the columns of an empty set of pixels."""
        return {name: np.empty(0, dtype) for name, dtype in _DTYPES.items()}

    def with_pixels(
        self,
        y: ArrayLike,
        x: ArrayLike,
        rate: ArrayLike,
        *,
        onset: ArrayLike = -np.inf,
        recovery: ArrayLike = np.inf,
        telegraph: bool = False,
        duty: float = 0.5,
        dwell: float = 1.0,
    ) -> Self:
        """
        Add hot pixels, replacing those at the same places.

        Parameters
        ----------
        y, x : array of int, shape (n,) or scalar
            Zero-based, full frame, science frame.
        rate, onset, recovery : array of float, shape (n,) or scalar
            Like the attributes of the same name.
        telegraph : bool
            Make them telegraph pixels.
        duty, dwell : float
            Like the attributes of the same name; for telegraph pixels only.

        Returns
        -------
        HotPixels
            A new object of the same class; this one is left unchanged.

        Raises
        ------
        ValueError
            When shapes differ, or a pixel is given twice.
        """
        y, x = (np.atleast_1d(np.asarray(place, dtype=np.intp)) for place in (y, x))
        states = (telegraph, duty, dwell) if telegraph else (False, 1.0, np.inf)
        given = (y, x, rate, onset, recovery, *states)
        kept = ~np.isin(self._place(), y * _ROW + x)
        columns: dict[str, Any] = {}
        for (name, dtype), values in zip(_DTYPES.items(), given, strict=True):
            new: NDArray[Any] = np.broadcast_to(np.asarray(values, dtype=dtype), y.shape)
            columns[name] = np.concatenate([getattr(self, name)[kept], new])
        return replace(self, **columns)

    def center_rate(self, epoch: float, *, telegraph_high: bool = False) -> NDArray[np.float64]:
        """
        Return what each hot pixel adds to its quiet dark rate at an instant.

        Parameters
        ----------
        epoch : float
            MJD, UTC.
        telegraph_high : bool
            Count telegraph pixels as high, like the maximum over many darks.

        Returns
        -------
        ndarray of float, shape (n,)
            DN/s before IPC; 0 for pixels that are cold or in the low state.
        """
        on = (self.onset <= epoch) & (epoch < self.recovery)
        if not telegraph_high:
            some = np.flatnonzero(self.telegraph & on)
            duty, dwell = self.duty[some], self.dwell[some]
            on[some] = is_high(self._place()[some], epoch, duty=duty, dwell=dwell, seed=self.seed)
        return np.where(on, self.rate, 0.0)

    def _place(self) -> NDArray[np.intp]:
        return self.y * _ROW + self.x
