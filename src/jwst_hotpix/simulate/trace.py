"""A smooth spectrum, so that a hot pixel has something to spoil."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.detectors import get_detector

__all__ = ["trace_rate", "trace_row"]

_TRACE_SIGMA, _TRACE_FLUX = 1.2, 3.0
_TRACE_ROWS = {"NRS1": 972.0, "NRS2": 1074.0}


def trace_row(detector: str) -> float:
    """
    Return where the spectrum lies.

    Parameters
    ----------
    detector : str

    Returns
    -------
    float
        Zero-based full-frame row of its center; inside ALLSLITS and SUB512.
    """
    return _TRACE_ROWS[detector]


def trace_rate(detector: str) -> NDArray[np.float32]:
    """
    Return a smooth spectrum along the rows.

    Parameters
    ----------
    detector : str

    Returns
    -------
    ndarray of float32, shape (2048, 2048)
        DN/s; Gaussian across (sigma 1.2 pixels), 3 DN/s a column in sum, so about 1 at the peak.
    """
    chip = get_detector(detector)
    offset = np.arange(chip.shape[0]) - trace_row(detector)
    profile = np.exp(-0.5 * (offset / _TRACE_SIGMA) ** 2)
    profile *= _TRACE_FLUX / profile.sum()
    profile[np.abs(offset) > 6 * _TRACE_SIGMA] = 0
    column = 1 + 0.2 * np.sin(np.linspace(0, np.pi, chip.shape[1]))
    spectrum = np.outer(profile, column).astype(np.float32)
    return np.where(chip.active_area(), spectrum, np.float32(0))
