"""The parts of a product that contain one spectrum each: slits, slices, or the whole image."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stdatamodels.jwst import datamodels

from jwst_hotpix.explain.row_excess import mean_of_known
from jwst_hotpix.exposure.in_memory import parts_of
from jwst_hotpix.flag.bits import DO_NOT_USE
from jwst_hotpix.instrument.frames import Window

__all__ = ["Strip", "strips_of"]

# Rows of the tallest slit, with room to spare; the mean over more rows is no spectrum.
_TALLEST = 128

# (row, column) in the strip, zero-based, to wavelength in micrometers.
_Wavelength = Callable[[NDArray[np.intp], NDArray[np.intp]], NDArray[np.float64]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Strip:
    """
    Part of a product with one spectrum, dispersed along the rows as everywhere in NIRSpec.

    Attributes
    ----------
    name : str, optional
        Name of the slit, or ``"slice 1"`` to ``"slice 30"`` in an IFU, as in REGIONS; None for a
        whole image.
    source_id : int, optional
        Number of the source in the slit.
    source_name : str, optional
        Name of the source in the slit.
    window : Window
        Where the strip lies on the detector.
    unit : str, optional
        Unit of the image, as in BUNIT.
    image : ndarray of float, shape (ny, nx)
        The values; for a time series their mean over the integrations.
    is_masked : ndarray of bool, shape (ny, nx)
        True where DO_NOT_USE is set in all integrations.
    wavelength : callable
        Maps rows and columns, zero-based in the strip and of shape (n,), to micrometers; NaN
        outside the trace or where the wavelength is unknown.
    """

    name: str | None
    source_id: int | None
    source_name: str | None
    window: Window
    unit: str | None
    image: NDArray[np.floating]
    is_masked: NDArray[np.bool_]
    wavelength: _Wavelength

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole image, whose rows belong to no single spectrum."""
        return self.name is None and self.image.shape[0] > _TALLEST


def strips_of(model: Any) -> Iterator[Strip]:
    """
    Iterate over the strips of a product.

    Wavelengths come from the WAVELENGTH array, else from the WCS.

    Parameters
    ----------
    model : JwstDataModel
        A product accepted by `jwst_hotpix.exposure.in_memory.check_product`, except a ramp.

    Yields
    ------
    Strip
        In the order of the product.

    Raises
    ------
    ExposureError, FrameMismatchError
        As `parts_of`.
    """
    for window, part in parts_of(model):
        if isinstance(part, datamodels.IFUImageModel) and _has_wcs(part):
            yield from _slices(window, part)
        else:
            yield _strip(
                window,
                part,
                name=getattr(part, "name", None),
                source_id=getattr(part, "source_id", None),
                source_name=getattr(part, "source_name", None),
                wavelength=_from_array(part) or _from_wcs(part),
            )


def _slices(window: Window, model: Any) -> Iterator[Strip]:
    # The pipeline takes seconds to import and is needed for IFU exposures only.
    from jwst.assign_wcs.nirspec import nrs_ifu_wcs

    rows, columns = model.data.shape[-2:]
    for number, wcs in enumerate(nrs_ifu_wcs(model), start=1):
        (left, right), (bottom, top) = wcs.bounding_box[0], wcs.bounding_box[1]
        x0, y0 = (max(int(np.ceil(edge)), 0) for edge in (left, bottom))
        x1, y1 = min(int(right) + 1, columns), min(int(top) + 1, rows)
        if x0 >= x1 or y0 >= y1:
            continue
        cut = window.cut(ystart=y0 + 1, xstart=x0 + 1, shape=(y1 - y0, x1 - x0))
        yield _strip(
            cut,
            model,
            name=f"slice {number}",
            wavelength=_wcs_of(wcs, y0, x0),
            place=(slice(y0, y1), slice(x0, x1)),
        )


def _strip(
    window: Window,
    part: Any,
    *,
    wavelength: _Wavelength,
    name: str | None,
    source_id: int | None = None,
    source_name: str | None = None,
    place: tuple[slice, slice] = (slice(None), slice(None)),
) -> Strip:
    data = np.asarray(part.data)[..., *place]
    dq = np.zeros(data.shape, np.uint32) if part.dq is None else np.asarray(part.dq)[..., *place]
    data, dq = (array.reshape(-1, *array.shape[-2:]) for array in (data, dq))
    return Strip(
        name=name,
        source_id=source_id,
        source_name=source_name,
        window=window,
        unit=getattr(part.meta, "bunit_data", None),
        image=mean_of_known(data),
        is_masked=((dq & DO_NOT_USE) != 0).all(axis=0),
        wavelength=wavelength,
    )


def _has_wcs(part: Any) -> bool:
    return getattr(part.meta, "wcs", None) is not None


def _from_array(part: Any) -> _Wavelength | None:
    array = getattr(part, "wavelength", None)
    # The datamodels fill wavelengths that were never set with zero.
    if array is None or array.shape != part.data.shape[-2:] or not np.any(array > 0):
        return None
    known = np.where(array > 0, array, np.nan).astype(np.float64)
    return lambda row, column: known[row, column]


def _from_wcs(part: Any) -> _Wavelength:
    if not _has_wcs(part):
        return lambda row, _: np.full(row.shape, np.nan)
    return _wcs_of(part.meta.wcs, 0, 0)


def _wcs_of(wcs: Any, y0: int, x0: int) -> _Wavelength:
    """Return the wavelength part of a WCS (RA, Dec, wavelength) for a strip at this corner."""

    def wavelength(row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.float64]:
        sky = wcs(column.astype(np.float64) + x0, row.astype(np.float64) + y0)
        return np.asarray(sky[2] if len(sky) > 2 else np.full(row.shape, np.nan), np.float64)

    return wavelength
