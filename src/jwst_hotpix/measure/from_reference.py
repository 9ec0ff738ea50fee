"""Dark rates from a CRDS DARK reference file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import DarkError
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.group_time import group_time
from jwst_hotpix.measure.pixels import Pixels, active_area, fill_errors, float_image
from jwst_hotpix.measure.reference_ramp import fit_ramp
from jwst_hotpix.measure.uncertainty import uncertainty_of
from jwst_hotpix.measure.units import to_dn

__all__ = ["read_reference"]


def read_reference(
    dark: DarkFile, gain: float | None, seconds: float | None = None
) -> tuple[Pixels, dict[str, Any]]:
    """
    Measure a DARK reference file.

    Parameters
    ----------
    dark : DarkFile
        With DRK, AVDRKCUR or a cumulative ramp, in this order of preference, and UNC; what is not
        used is not read.
    gain : float or None
        See `to_dn`.
    seconds : float, optional
        Time between the groups of a ramp; see `group_time`.

    Returns
    -------
    pixels : Pixels
        In DN/s. A finite rate is kept even where DQ says DO_NOT_USE: hot pixels have that flag.
    facts : dict
        ``units``, ``units_from``, ``factor``, ``gain``, ``unc`` and, of a ramp, ``group_time`` and
        ``group_time_from``. Ready for JSON.

    Raises
    ------
    DarkError
        For unknown units, or a ramp without a time scale.
    """
    # The datamodels document AVDRKCUR in electrons per second.
    default = "e-/s" if dark.product == "avdrkcur" else "DN/s"
    facts = to_dn(dark.header, dark.measured.header, gain=gain, default=default)
    rate, error, stretch, saturated = _rates(dark, facts, seconds)
    own, facts["unc"] = uncertainty_of(dark, rate, gain, facts["units"])
    error = error if own is None else np.multiply(own, stretch, out=own)
    active = active_area(dark.window)
    seen = np.isfinite(rate) & active
    # A measurement, even of a quiet pixel, is never exactly zero.
    blocked, full = _flags(dark, np.flatnonzero(active > (seen & (rate != 0))))
    seen.reshape(-1)[blocked] = False
    saturated.reshape(-1)[full] = True
    error = fill_errors(error, rate)
    return Pixels(rate=rate, error=error, seen=seen, saturated=saturated), facts


def _rates(
    dark: DarkFile, facts: dict[str, Any], seconds: float | None
) -> tuple[NDArray[np.float32], NDArray[np.float32], Any, NDArray[np.bool_]]:
    """Return rates, their errors (0: unknown), how these stretch, and what saturated; add facts."""
    factor = np.float32(facts["factor"])
    if dark.product == "ramp":
        facts["group_time"], facts["group_time_from"] = group_time(dark, seconds)
        fit = fit_ramp(dark.measured.data, facts["group_time"])
        return fit.slope * factor, fit.error * factor, fit.stretch, fit.saturated
    rate = float_image(dark.measured.data, facts["factor"])
    # Unlike zeros_like, zeros takes no memory before it is written to.
    return rate, np.zeros(rate.shape, rate.dtype), np.float32(1), np.zeros(rate.shape, bool)


def _flags(dark: DarkFile, blank: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Look up which pixels without a rate must not be used, and which are saturated."""
    images = dark.images
    if blank.size == 0 or "DQ" not in images or "DQ_DEF" not in images:
        return blank[:0], blank[:0]
    if images["DQ"].shape != dark.window.shape:
        found = images["DQ"].shape
        raise DarkError("shape of DQ", expected=dark.window.shape, found=found)
    # The bits of a reference file are defined by its own DQ_DEF.
    meaning = images["DQ_DEF"].data
    names = [str(name).strip() for name in meaning["NAME"]]
    bits = dict(zip(names, meaning["VALUE"].tolist(), strict=True))
    flags = dark.flags(blank)
    is_set = [(flags & np.uint32(bits.get(name, 0))) != 0 for name in ("DO_NOT_USE", "SATURATED")]
    return blank[is_set[0]], blank[is_set[1]]
