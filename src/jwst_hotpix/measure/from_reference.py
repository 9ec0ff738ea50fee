"""Dark rates from a CRDS DARK reference file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import DarkError
from jwst_hotpix.instrument.readouts import frame_time
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.pixels import Pixels, active_area, fill_errors, float_image, scatter
from jwst_hotpix.measure.units import to_dn

__all__ = ["read_reference"]

# DN above bias at which a pixel of a DARK's ramp counts as saturated: the wells hold 55000 to
# 65000 DN (an assumption) and neighbors and nonlinearity start to show before.
_SATURATED = 40_000.0


def read_reference(dark: DarkFile, gain: float | None) -> tuple[Pixels, dict[str, Any]]:
    """
    Measure a DARK reference file.

    Parameters
    ----------
    dark : DarkFile
        With DRK (and UNC), AVDRKCUR or a cumulative ramp, in this order of preference; what is
        not used is not read.
    gain : float or None
        See `to_dn`.

    Returns
    -------
    pixels : Pixels
        In DN/s. A finite rate is kept even where DQ says DO_NOT_USE: hot pixels have that flag.
    facts : dict

    Raises
    ------
    DarkError
        For unknown units, or a ramp without a time scale.
    """
    # The datamodels document AVDRKCUR in electrons per second.
    default = "e-/s" if dark.product == "avdrkcur" else "DN/s"
    facts = to_dn(dark.header, dark.measured.header, gain=gain, default=default)
    factor = facts["factor"]
    early = np.zeros(0, np.intp)
    if dark.product == "ramp":
        rate, error, early = _fit_ramp(dark)
        rate, error = rate * np.float32(factor), error * np.float32(factor)
    else:
        rate = float_image(dark.measured.data, factor)
        error = _uncertainty(dark, rate, factor)
    active = active_area(dark.window)
    seen = np.isfinite(rate) & active
    # A measurement, even of a quiet pixel, is never exactly zero.
    blocked, full = _flags(dark, np.flatnonzero(active > (seen & (rate != 0))))
    seen.reshape(-1)[blocked] = False
    saturated = np.zeros(rate.shape, bool)
    saturated.reshape(-1)[full] = saturated.reshape(-1)[early] = True
    error = fill_errors(error, rate)
    return Pixels(rate=rate, error=error, seen=seen, saturated=saturated), facts


def _uncertainty(dark: DarkFile, rate: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    image = dark.images.get("UNC")
    if dark.product == "drk" and image is not None and image.shape == rate.shape:
        return float_image(image.data, factor)
    return np.zeros_like(rate)


def _flags(dark: DarkFile, blank: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Look up which pixels without a rate must not be used, and which are saturated."""
    images = dark.images
    if blank.size == 0 or "DQ" not in images or "DQ_DEF" not in images:
        return blank[:0], blank[:0]
    if images["DQ"].shape != dark.window.shape:
        found = images["DQ"].shape
        raise DarkError("shape of DQ", expected=dark.window.shape, found=found)
    # Bits of a reference file mean what its own DQ_DEF says.
    meaning = images["DQ_DEF"].data
    names = [str(name).strip() for name in meaning["NAME"]]
    bits = dict(zip(names, meaning["VALUE"].tolist(), strict=True))
    flags = dark.flags(blank)
    is_set = [(flags & np.uint32(bits.get(name, 0))) != 0 for name in ("DO_NOT_USE", "SATURATED")]
    return blank[is_set[0]], blank[is_set[1]]


def _fit_ramp(
    dark: DarkFile,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]:
    """Fit a line to the cumulative ramp, plane by plane; errors from the residuals and scatter."""
    cube = dark.images["SCI"].data
    step = _group_time(dark)
    time = step * np.arange(1, len(cube) + 1)
    offset = time - time.mean()
    total, moment, square = np.zeros((3, *dark.window.shape))
    for plane, seconds in zip(cube, offset, strict=True):
        total += plane
        moment += seconds * plane
        square += np.square(plane, dtype=np.float64)
    spread = np.sum(offset**2)
    slope = moment / spread if len(cube) > 1 else total / time[0]
    residual = np.maximum(square - total**2 / len(cube) - slope**2 * spread, 0)
    error = np.sqrt(residual / (max(len(cube) - 2, 1) * max(spread, step**2)))
    slope, error = slope.astype(np.float32), error.astype(np.float32)
    # The ramp of a DARK may be a rate times time: its residuals alone would say nothing.
    error = np.maximum(error, scatter(slope))
    return slope, error, _refit_saturated(cube, time, slope)


def _refit_saturated(
    cube: NDArray[np.float32], time: NDArray[np.floating], slope: NDArray[np.float32]
) -> NDArray[np.intp]:
    """Correct, in place, the slopes that saturation flattened; tell which have none at all."""
    early = []
    for y, x in np.argwhere(np.asarray(cube[-1]) > _SATURATED):
        ramp = np.asarray(cube[:, y, x], dtype=np.float64)
        good = ramp <= _SATURATED
        if not good[0]:
            early.append(y * slope.shape[1] + x)
        elif good.sum() > 1:
            slope[y, x] = np.polyfit(time[good], ramp[good], 1)[0]
        else:
            slope[y, x] = ramp[0] / time[0]
    return np.array(early, np.intp)


def _group_time(dark: DarkFile) -> float:
    header, window = dark.header, dark.window
    if header.get("TGROUP"):
        return float(header["TGROUP"])
    frame = header.get("TFRAME")
    if not frame and window.shape == window.detector.shape:
        frame = frame_time("FULL", dark.readout)
    if not frame:
        raise DarkError("time of a group (TGROUP or TFRAME)", expected="seconds", found="none")
    return float(frame) * int(header.get("NFRAMES", 1) + header.get("GROUPGAP", 0))
