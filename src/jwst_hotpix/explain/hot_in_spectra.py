"""The hot pixels in the spectra of one product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from jwst_hotpix.explain.row_excess import excess_at
from jwst_hotpix.explain.strips import Strip, strips_of
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.tools.finite import finite

__all__ = ["HotPixel", "find_hot"]


@dataclass(frozen=True, kw_only=True)
class HotPixel:
    """
    A hot pixel in a spectrum. Positions are zero-based; what is unknown is None.

    Attributes
    ----------
    slit : str, optional
        Name of the slit, or of the slice of an IFU.
    source_id : int, optional
        Number of the source in the slit.
    source_name : str, optional
        Name of the source in the slit.
    x, y : int
        Place on the detector, full frame, science frame.
    column, row : int
        Place in the slit, or in the part of the image that contains the slice.
    wavelength_um : float, optional
        Wavelength in micrometers; None outside the trace.
    rate : float, optional
        Dark rate in DN/s.
    onset : float
        MJD (UTC) of the first dark in which it was hot.
    last_cold : float, optional
        MJD (UTC) of the last dark before, in which it was cold; None if there is none.
    role, status : str
        Role and status in the list, in lower case.
    masked : bool
        Whether the product already masks it.
    value, level : float, optional
        Value of the pixel, and level of its row.
    unit : str, optional
        Unit of both, as in BUNIT.
    sigma : float, optional
        Value minus level, in units of the scatter in the row.
    expected : float, optional
        What the dark rate adds to the value, if the product is in DN/s.
    """

    slit: str | None
    source_id: int | None
    source_name: str | None
    x: int
    y: int
    column: int
    row: int
    wavelength_um: float | None
    rate: float | None
    onset: float
    last_cold: float | None
    role: str
    status: str
    masked: bool
    value: float | None
    level: float | None
    unit: str | None
    sigma: float | None
    expected: float | None


def find_hot(
    model: Any, pixels: PixelList, *, with_masked: bool = False
) -> Iterator[tuple[Strip, list[HotPixel]]]:
    """
    Find the hot pixels in every spectrum of a product.

    Parameters
    ----------
    model : JwstDataModel
        A product with spectra, or a rate.
    pixels : PixelList
        The pixels that are hot at the mid-time of the exposure.
    with_masked : bool
        Include those that the product already masks.

    Yields
    ------
    strip : Strip
        A spectrum.
    found : list of HotPixel
        The hot pixels in it, those that stand out most first.

    Raises
    ------
    ExposureError, FrameMismatchError
        As `strips_of`.
    """
    for strip in strips_of(model):
        found = _in_strip(strip, pixels)
        if not with_masked:
            found = [pixel for pixel in found if not pixel.masked]
        yield strip, sorted(found, key=lambda pixel: -abs(pixel.sigma or 0))


def _in_strip(strip: Strip, pixels: PixelList) -> list[HotPixel]:
    row, column, inside = strip.window.locate(pixels.y, pixels.x)
    good = np.isfinite(strip.image) & ~strip.is_masked
    good[row, column] = False
    excess = excess_at(strip.image, good, row, column)
    wavelength = strip.wavelength(row, column)
    here = pixels.select(inside)
    is_rate = str(strip.unit).upper() == "DN/S"
    return [
        HotPixel(
            slit=strip.name,
            source_id=strip.source_id,
            source_name=strip.source_name,
            x=int(here.x[i]),
            y=int(here.y[i]),
            column=int(column[i]),
            row=int(row[i]),
            wavelength_um=finite(wavelength[i]),
            rate=finite(here.rate[i]),
            onset=float(here.onset_latest[i]),
            last_cold=finite(here.onset_earliest[i]),
            role=Role(here.role[i]).name.lower(),
            status=Status(here.status[i]).name.lower(),
            masked=bool(strip.is_masked[row[i], column[i]]),
            value=finite(excess.value[i]),
            level=finite(excess.level[i]),
            unit=strip.unit,
            sigma=finite(excess.sigma[i]),
            expected=finite(here.rate[i]) if is_rate else None,
        )
        for i in range(row.size)
    ]
