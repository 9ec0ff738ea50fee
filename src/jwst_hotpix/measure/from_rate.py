"""Dark rates from exposures: rate products, and ramps through the steps of jwst."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import DarkError
from jwst_hotpix.instrument.dq_flags import bits_of, refused
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.pixels import Pixels, active_area, cores, fill_errors, float_image
from jwst_hotpix.measure.units import to_dn
from jwst_hotpix.tools.medians import ERROR_OF_MEDIAN

__all__ = ["pixels_of_rate", "read_rate"]


def read_rate(dark: DarkFile, gain: float | None) -> tuple[Pixels, dict[str, Any]]:
    """
    Measure a ``_rate`` or ``_rateints`` product of a dark exposure.

    Parameters
    ----------
    dark : DarkFile
        The open file, a rate product.
    gain : float or None
        See `to_dn`.

    Returns
    -------
    pixels : Pixels
        In DN/s; integrations combined by their median, or mean where there are fewer than three.
    facts : dict
        What the record keeps of the header; the unit is added.

    Raises
    ------
    DarkError
        When ERR or DQ is missing or differs in shape, or ERR holds a negative or no positive error.
    """
    images, shape = dark.images, dark.measured.shape
    for name in ("ERR", "DQ"):
        found = images[name].shape if name in images else "none"
        if found != shape:
            raise DarkError(f"{name} of the rate", expected=shape, found=found)
    facts = to_dn({}, dark.measured.header, gain=gain, default="DN/s")
    rate, error = (float_image(images[name].data, facts["factor"]) for name in ("SCI", "ERR"))
    if not (error > 0).any() or (error < 0).any():
        worst = f"{np.nanmin(error):.3g} DN/s" if np.isfinite(error).any() else "NaN in all pixels"
        raise DarkError("ERR of the rate", expected="positive errors", found=worst)
    pixels = pixels_of_rate(dark, rate, error, dark.flags())
    return pixels, facts


def pixels_of_rate(
    dark: DarkFile,
    rate: NDArray[np.float32],
    error: NDArray[np.float32],
    dq: NDArray[np.unsignedinteger],
    *,
    grown: bool = True,
) -> Pixels:
    """
    Return what the arrays of a rate product show of each pixel.

    Parameters
    ----------
    dark : DarkFile
        The open file, a rate product.
    rate, error : ndarray of float32, shape (ny, nx) or (nints, ny, nx)
        DN/s.
    dq : ndarray of uint32, of the same shape
        Bits of the pipeline.
    grown : bool
        Saturated pixels were grown by their neighbors.

    Returns
    -------
    Pixels
    """
    flag = bits_of(dq)
    valid = np.isfinite(rate) & ~refused(dq)
    blank = ~np.isfinite(rate) | ((rate == 0) & ((dq & flag["DO_NOT_USE"]) != 0))
    early = blank & ((dq & flag["SATURATED"]) != 0)
    reference = (dq & flag["REFERENCE_PIXEL"]) != 0
    if rate.ndim == 3:
        rate, error = _combine(rate, error, valid)
        valid, early, reference = np.any(valid, axis=0), early.all(axis=0), reference.any(axis=0)
    usable = active_area(dark.window) & ~reference
    early &= usable
    saturated = cores(early) if grown else early
    return Pixels(
        rate=rate,
        error=fill_errors(error, rate),
        seen=valid & usable,
        saturated=saturated,
    )


def _combine(
    rate: NDArray[np.float32], error: NDArray[np.float32], valid: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Combine integrations: a median forgets a cosmic ray, but takes three to do so."""
    number = valid.sum(axis=0)
    divisor = np.maximum(number, 1)
    variance = np.sum(np.square(error), axis=0, where=valid) / divisor**2
    image = np.sum(rate, axis=0, where=valid) / divisor
    image[number == 0] = np.nan
    many = number >= 3
    if many.any():
        image[many] = np.nanmedian(np.where(valid, rate, np.nan)[:, many], axis=0)
        variance[many] *= ERROR_OF_MEDIAN**2
    return image.astype(np.float32), np.sqrt(variance).astype(np.float32)
