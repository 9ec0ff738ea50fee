"""An exposure by its headers: what it is, of which detector and when, what it shows."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from astropy.io.fits import VerifyError
from astropy.utils.exceptions import AstropyWarning

from jwst_hotpix.exceptions import ExposureError, HotPixError, first_line, naming
from jwst_hotpix.exposure.description import Exposure, describe
from jwst_hotpix.exposure.fits_file import units_of
from jwst_hotpix.exposure.header_blocks import HeaderUnit
from jwst_hotpix.exposure.headers import require_detector_pixels
from jwst_hotpix.exposure.keywords import value_in
from jwst_hotpix.exposure.where import window_of, window_of_slit
from jwst_hotpix.instrument.frames import Window

__all__ = ["ExposureFile", "read_exposure"]


@dataclass(frozen=True, eq=False, kw_only=True)
class ExposureFile(Exposure):
    """
    An exposure on disk, by its headers.

    Attributes
    ----------
    path : Path
        As it was given.
    windows : tuple of Window
        What the arrays of this product show: one window per exposure, or per slit that has pixels.
    units : tuple of HeaderUnit
        All headers of the file.
    """

    path: Path
    windows: tuple[Window, ...]
    units: tuple[HeaderUnit, ...]


def read_exposure(path: str | os.PathLike[str]) -> ExposureFile:
    """
    Read the headers of an exposure, and no pixel.

    Parameters
    ----------
    path : path
        Of an uncal, ramp, rate, rateints or calibrated product, or of a slit.

    Returns
    -------
    ExposureFile
        The exposure, and what its arrays show.

    Raises
    ------
    ExposureError
        For a file that cannot be read, is no FITS, truncated or damaged; no JWST product; a
        reference, or a product that is not in detector pixels; no date, or one that cannot be;
        arrays of another shape than the header gives.
    FrameMismatchError
        For an unknown detector, and a subarray or slit that reaches beyond its detector.
    """
    place = Path(path)
    with naming(path), warnings.catch_warnings():
        # What astropy warns of in a header that counts is an error here.
        warnings.simplefilter("ignore", AstropyWarning)
        try:
            return _describe(place, units_of(place, ExposureError))
        except HotPixError:
            raise
        except FileNotFoundError:
            sentence = "file not found"
            raise ExposureError("file", expected="one", found="none", sentence=sentence) from None
        except (TypeError, ValueError, OverflowError, VerifyError) as error:
            # Of values in headers that are of another kind.
            found = first_line(error)
            raise ExposureError("file", expected="whole FITS", found=found) from None


def _describe(path: Path, units: Sequence[HeaderUnit]) -> ExposureFile:
    header = units[0].header
    _require_exposure(header)
    images = [unit for unit in units if unit.name == "SCI" and unit.is_image]
    if not images:
        found = ", ".join(unit.name for unit in units[1:]) or "none"
        raise ExposureError("extensions", expected="SCI", found=found)
    has_slits = any("SLTSTRT1" in image for image in images)
    axes = len(images[0].shape)
    exposure = describe(os.fspath(path), header, axes, has_slits=has_slits)
    if has_slits:
        windows = [window_of_slit(image, exposure.frame, image.shape) for image in images]
    else:
        windows = [window_of(header, images[0].shape)]
    known = {field.name: getattr(exposure, field.name) for field in fields(exposure)}
    return ExposureFile(
        **known, path=path, windows=tuple(filter(None, windows)), units=tuple(units)
    )


def _require_exposure(header: Any) -> None:
    telescope = value_in(header, "TELESCOP")
    if telescope != "JWST":
        raise ExposureError("telescope (TELESCOP)", expected="JWST", found=telescope)
    if "REFTYPE" in header:
        found = f"a {header['REFTYPE']} reference"
        raise ExposureError("product", expected="an exposure", found=found)
    require_detector_pixels(header)
