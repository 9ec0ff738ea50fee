"""The hot pixels in the spectra of one product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.explain.excess import excess_at
from jwst_hotpix.explain.strips import Strip, strips_of
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role

__all__ = ["HotPixel", "find_hot"]


@dataclass(frozen=True, kw_only=True)
class HotPixel:
    """
    A hot pixel in a spectrum. Positions are zero-based; what is not known is None.

    Attributes
    ----------
    slit : str, optional
        Name of the slit, or the slice of an IFU.
    source_id : int, optional
    source_name : str, optional
    x, y : int
        Full frame, science frame.
    column, row : int
        In the slit, or in the part of the image that holds the slice.
    wavelength_um : float, optional
        None outside the trace.
    rate : float, optional
        Dark rate in DN/s.
    onset, last_cold : float
        MJD (UTC) of the first dark that saw it hot, and of the last before that saw it cold; None
        if none did.
    role, status : str
        As in the list, in lower case.
    masked : bool
        The product leaves it out already.
    value, level : float, optional
        Of the pixel and of its row.
    unit : str, optional
        Of both, as in BUNIT.
    sigma : float, optional
        How far the value is above the level, in units of the scatter in the row.
    expected : float, optional
        What the dark rate adds to the value, where the product is in DN/s.
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
        A product that holds spectra, or a rate.
    pixels : PixelList
        What is hot at the mid-time of the exposure, and nothing else.
    with_masked : bool
        Also those that the product leaves out already.

    Yields
    ------
    strip : Strip
    found : list of HotPixel
        Those in the strip, the most outstanding first.

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
            wavelength_um=_known(wavelength, i),
            rate=_known(here.rate, i),
            onset=float(here.onset_latest[i]),
            last_cold=_known(here.onset_earliest, i),
            role=Role(here.role[i]).name.lower(),
            status=Status(here.status[i]).name.lower(),
            masked=bool(strip.is_masked[row[i], column[i]]),
            value=_known(excess.value, i),
            level=_known(excess.level, i),
            unit=strip.unit,
            sigma=_known(excess.sigma, i),
            expected=_known(here.rate, i) if is_rate else None,
        )
        for i in range(row.size)
    ]


def _known(values: NDArray[np.floating], i: int) -> float | None:
    return float(values[i]) if np.isfinite(values[i]) else None
