"""The errors that a DARK reference file gives itself (UNC), as far as they can be used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.pixels import float_image, scatter, some_of
from jwst_hotpix.measure.units import to_dn

__all__ = ["uncertainty_of"]

# Hot pixels have larger errors than others, which distinguishes a square UNC from its transpose:
# those of so many, above this rate in DN/s and significance, must be larger by this factor.
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
    if rate.shape not in (image.shape, image.shape[::-1]):
        return None, f"not used: {image.shape} for rates of {rate.shape}"
    units = to_dn(dark.header, image.header, gain=gain, default=default)
    error = float_image(image.data, units["factor"])
    noise, usable = float(scatter(rate)), some_of(error)
    usable = usable[np.isfinite(usable) & (usable > 0)]
    if not usable.size:
        return None, "not used: no positive errors"
    typical = float(np.median(usable))
    if not _SMALLEST * noise <= typical <= _LARGEST * noise:
        return None, f"not used: median {typical:.2g} DN/s, scatter of the rates {noise:.2g} DN/s"
    turned, why = _is_transposed(error, rate, max(_HOT, _SIGMAS * noise), typical)
    oriented = np.ascontiguousarray(error.T) if turned else error
    return oriented, f"{'transposed' if turned else 'as stored'}{why}, in {units['units']}"


def _is_transposed(
    error: NDArray[np.float32], rate: NDArray[np.float32], least: float, typical: float
) -> tuple[bool, str]:
    """Determine whether errors are transposed, as in some DARKs of ESA, and how that is known."""
    rows, columns = error.shape
    if rows != columns:
        turned = error.shape != rate.shape
        return turned, ", by its shape" if turned else ""
    hot = divmod(np.flatnonzero(rate > least), columns)
    stored, other = (_of_hot(image[hot], typical) for image in (error, error.T))
    if other > _CLEARLY * stored:
        return True, ", by the errors of hot pixels"
    if stored > _CLEARLY * other:
        return False, ""
    return False, "; a square image that cannot be told from its transpose"


def _of_hot(error: NDArray[np.float32], typical: float) -> float:
    """Return the median error of hot pixels, or that of all where too few have one."""
    usable = error[np.isfinite(error) & (error > 0)]
    return float(np.median(usable)) if usable.size >= _FEWEST else typical
