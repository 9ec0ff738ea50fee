"""Hot pixels with a known history: where, how hot, from when to when."""

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

# Any number above the width of the detector tells its pixels apart.
_ROW = 4096


@dataclass(frozen=True, eq=False, kw_only=True)
class HotPixels:
    """
    Hot pixels of one detector, one entry each.

    Attributes
    ----------
    seed : int
        Of the telegraph states.
    y, x : ndarray of int, shape (n,)
        Zero-based, full-frame science frame; no place twice.
    rate : ndarray of float, shape (n,)
        DN/s while hot, before inter-pixel capacitance (IPC).
    onset, recovery : ndarray of float, shape (n,)
        MJD, UTC; hot in ``[onset, recovery)``. Infinite values are allowed.
    telegraph : ndarray of bool, shape (n,)
        Whether the pixel jumps between hot and cold while hot.
    duty : ndarray of float, shape (n,)
        Share of time in the high state; 1 where not telegraph.
    dwell : ndarray of float, shape (n,)
        Mean days in the high state; infinite where not telegraph.

    Raises
    ------
    ValueError
        When the columns differ in length, or a place is there twice.
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
            msg = f"columns: expected one length, found {shapes}"
            raise ValueError(msg)
        if np.unique(self._place()).size < len(self):
            raise ValueError("places: expected each once, found one twice")

    def __len__(self) -> int:
        return self.y.size

    @staticmethod
    def no_columns() -> dict[str, Any]:
        """Return the columns of no pixels at all."""
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
        Plant hot pixels, in place of those that are there already.

        Parameters
        ----------
        y, x : array of int, shape (n,) or scalar
            Zero-based, full-frame science frame.
        rate, onset, recovery : array of float, shape (n,) or scalar
            As the attributes of the same name.
        telegraph : bool
        duty, dwell : float
            Only used for telegraph pixels.

        Returns
        -------
        HotPixels
            A new object of the same class; this one stays as it is.

        Raises
        ------
        ValueError
            When shapes differ, or a place is given twice.
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
        Return what each pixel adds to its own dark current at an instant.

        Parameters
        ----------
        epoch : float
            MJD, UTC.
        telegraph_high : bool
            Count telegraph pixels as high, as the maximum over many darks would.

        Returns
        -------
        ndarray of float, shape (n,)
            DN/s before IPC; 0 where cold or in the low state.
        """
        on = (self.onset <= epoch) & (epoch < self.recovery)
        if not telegraph_high:
            some = np.flatnonzero(self.telegraph & on)
            duty, dwell = self.duty[some], self.dwell[some]
            on[some] = is_high(self._place()[some], epoch, duty=duty, dwell=dwell, seed=self.seed)
        return np.where(on, self.rate, 0.0)

    def _place(self) -> NDArray[np.intp]:
        return self.y * _ROW + self.x
