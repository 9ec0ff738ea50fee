"""A smooth spectrum for hot pixels to contaminate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.detectors import get_detector

__all__ = ["trace_rate", "trace_row"]

_TRACE_SIGMA, _TRACE_FLUX = 1.2, 3.0
_TRACE_ROWS = {"NRS1": 972.0, "NRS2": 1074.0}


def trace_row(detector: str) -> float:
    """
    Return the row of the simulated spectrum.

    Parameters
    ----------
    detector : str
        ``"NRS1"`` or ``"NRS2"``.

    Returns
    -------
    float
        Zero-based row of its center, full frame, science frame; inside ALLSLITS and SUB512.
    """
    return _TRACE_ROWS[detector]


def trace_rate(detector: str) -> NDArray[np.float32]:
    """
    Return the image of a smooth spectrum dispersed along the rows.

    Parameters
    ----------
    detector : str
        ``"NRS1"`` or ``"NRS2"``.

    Returns
    -------
    ndarray of float32, shape (2048, 2048)
        DN/s, science frame: a Gaussian across the rows (sigma 1.2 pixels) whose sum is 3 DN/s per
        column, about 1 at the peak.
    """
    chip = get_detector(detector)
    offset = np.arange(chip.shape[0]) - trace_row(detector)
    profile = np.exp(-0.5 * (offset / _TRACE_SIGMA) ** 2)
    profile *= _TRACE_FLUX / profile.sum()
    profile[np.abs(offset) > 6 * _TRACE_SIGMA] = 0
    column = 1 + 0.2 * np.sin(np.linspace(0, np.pi, chip.shape[1]))
    spectrum = np.outer(profile, column).astype(np.float32)
    return np.where(chip.active_area(), spectrum, np.float32(0))
