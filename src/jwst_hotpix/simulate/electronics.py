"""From charge to raw counts: bias, drifts, noise, reference pixels, 16 bits."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.instrument.frames import raw_rows
from jwst_hotpix.instrument.readouts import IRS2, TRAD

__all__ = ["READ_NOISE", "bias_image", "read_out", "slope_variance"]

# DN per frame (an assumption; correlated double samples have about 15 and 10 e-).
READ_NOISE = MappingProxyType({TRAD: 11.0, IRS2: 7.0})

_BIAS_LEVEL, _BIAS_PATTERN = 8000.0, 20.0

# Drift from group to group in DN: common to all outputs, and of each output individually.
_DRIFT_COMMON, _DRIFT_OUTPUT = 5.0, 2.0


def bias_image(detector: str, readout: str) -> NDArray[np.float32]:
    """
    Return the bias with its fixed pattern, which the superbias reference contains too.

    Parameters
    ----------
    detector : str
        ``"NRS1"`` or ``"NRS2"``.
    readout : str
        ``"TRAD"`` or ``"IRS2"``.

    Returns
    -------
    ndarray of float32, shape (2048, 2048), or (3200, 2048) for IRS2
        DN, in the raw frame.
    """
    chip = get_detector(detector)
    rows = chip.raw_rows if readout == IRS2 else chip.shape[0]
    rng = np.random.default_rng([ord(detector[-1]), rows])
    pattern = rng.standard_normal((rows, chip.shape[1]), dtype=np.float32)
    return np.float32(_BIAS_LEVEL) + np.float32(_BIAS_PATTERN) * pattern


def read_out(
    charge: NDArray[np.float32],
    bias: NDArray[np.float32],
    *,
    detector: str,
    readout: str,
    nframes: int,
    rng: np.random.Generator,
) -> NDArray[np.uint16]:
    """
    Turn the charge of a group into raw counts.

    Parameters
    ----------
    charge : ndarray of float32, shape (ny, nx)
        DN above bias, science frame.
    bias : ndarray of float32, shape (ny, nx), or (3200, 2048) for IRS2
        DN, raw frame; see `bias_image`.
    detector : str
        ``"NRS1"`` or ``"NRS2"``.
    readout : str
        ``"TRAD"`` or ``"IRS2"``.
    nframes : int
        Number of frames averaged on board.
    rng : numpy.random.Generator
        Source of read noise and drifts.

    Returns
    -------
    ndarray of uint16, shape of ``bias``
        DN, raw frame. Reference pixels, interleaved or on the border, drift with their output.
    """
    counts = rng.standard_normal(bias.shape, dtype=np.float32)
    counts *= np.float32(READ_NOISE[readout] / np.sqrt(nframes))
    counts += bias
    counts += _drift(bias.shape[0], get_detector(detector), rng)[:, np.newaxis]
    if readout == IRS2:
        counts[raw_rows(get_detector(detector))] += charge
    else:
        counts += charge
    np.rint(counts, out=counts)
    return np.clip(counts, 0, 65535, out=counts).astype(np.uint16)


def _drift(rows: int, detector: Detector, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw the drift of every row; each output is a band of rows, because the fast axis is y."""
    outputs = {detector.raw_rows: 5, detector.shape[0]: 4}.get(rows, 1)
    drift = rng.normal(0, _DRIFT_OUTPUT, outputs) + rng.normal(0, _DRIFT_COMMON)
    return np.repeat(drift, rows // outputs).astype(np.float32)


def slope_variance(noise: float, group_time: float, ngroups: int) -> float:
    """Return the variance, (DN/s)^2, that read noise in DN gives a line through groups."""
    return 12 * noise**2 / (group_time**2 * ngroups * (ngroups**2 - 1))
