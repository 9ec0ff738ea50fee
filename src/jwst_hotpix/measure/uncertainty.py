"""The errors that a DARK reference file gives itself (UNC), as far as they can be used."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.pixels import float_image, scatter
from jwst_hotpix.measure.units import to_dn

__all__ = ["uncertainty_of"]

# Hot pixels have larger errors than others, which distinguishes a square UNC from its transpose:
# so many of them, above this rate in DN/s and significance, must have errors larger by this factor.
_FEWEST, _HOT, _SIGMAS, _CLEARLY = 10, 1.0, 5.0, 1.2

# The median of UNC may lie within these factors of the scatter of the quiet pixels: errors much
# smaller than what the image shows, or so large that nothing is significant, are none.
_SMALLEST, _LARGEST = 1 / 3, 30.0


def uncertainty_of(
    dark: DarkFile, rate: NDArray[np.float32], gain: float | None, default: str
) -> tuple[NDArray[np.float32] | None, str]:
    """
    Return the errors of a DARK by its own UNC.

    Parameters
    ----------
    dark : DarkFile
        The open DARK reference.
    rate : ndarray of float32, shape (ny, nx)
        DN/s, the rates that the errors belong to.
    gain : float or None
        e-/DN, see `to_dn`.
    default : str
        Units of an UNC that names none.

    Returns
    -------
    error : ndarray of float32, shape (ny, nx), or None
        DN/s, in the orientation of the rates; None where there is no UNC, or none of use.
    note : str
        What was done and why; ready for the facts of a record.
    """
    image = dark.images.get("UNC")
    if image is None or len(image.shape) != 2:
        return None, "none"
    units = to_dn(dark.header, image.header, gain=gain, default=default)
    error = float_image(image.data, units["factor"])
    oriented, note = _oriented(error, rate)
    if oriented is None:
        return None, note
    usable = oriented[np.isfinite(oriented) & (oriented > 0) & np.isfinite(rate)]
    if not usable.size:
        return None, "not used: no positive errors"
    typical, shown = float(np.median(usable)), float(scatter(rate))
    if not _SMALLEST * shown <= typical <= _LARGEST * shown:
        return None, f"not used: median {typical:.2g} DN/s, scatter of the rates {shown:.2g} DN/s"
    return oriented, f"{note}, in {units['units']}"


def _oriented(
    error: NDArray[np.float32], rate: NDArray[np.float32]
) -> tuple[NDArray[np.float32] | None, str]:
    """Return the errors as the rates lie: some DARKs of ESA hold UNC transposed."""
    turned = np.ascontiguousarray(error.T)
    if error.shape != turned.shape:
        if error.shape == rate.shape:
            return error, "as stored"
        if turned.shape == rate.shape:
            return turned, "transposed, by its shape"
    if error.shape != rate.shape:
        return None, f"not used: {error.shape} for rates of {rate.shape}"
    contrast, other = _contrast(error, rate), _contrast(turned, rate)
    if other > _CLEARLY * contrast:
        return turned, "transposed, by the errors of hot pixels"
    if contrast > _CLEARLY * other:
        return error, "as stored"
    return error, "as stored; a square image that cannot be told from its transpose"


def _contrast(error: NDArray[np.float32], rate: NDArray[np.float32]) -> Any:
    """Return how much larger the errors of hot pixels are than those of all pixels."""
    hot = np.isfinite(rate) & (rate > max(_HOT, _SIGMAS * float(scatter(rate))))
    good = np.isfinite(error) & (error > 0)
    if np.count_nonzero(hot & good) < _FEWEST:
        return 1.0
    return np.median(error[hot & good]) / np.median(error[good])
