"""An exposure as a data model: what it is, what its arrays show, and how to copy it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from stdatamodels.jwst import datamodels

from jwst_hotpix.exceptions import ExposureError
from jwst_hotpix.exposure.description import Exposure, describe
from jwst_hotpix.exposure.headers import require_detector_pixels
from jwst_hotpix.exposure.where import frame_of, window_of, window_of_slit
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.instrument.readouts import TRAD

__all__ = ["check_product", "copy_of", "describe_model", "header_of", "name_of", "parts_of"]

# What users of the step try first.
_RAW = (
    "this is a raw exposure, and the step needs one that has passed dq_init: run hotpix_detector1, "
    "which is Detector1 with the step, or use the step as a hook of dq_init"
)

_SUPPORTED = (
    datamodels.RampModel,
    datamodels.ImageModel,
    datamodels.IFUImageModel,
    datamodels.CubeModel,
    datamodels.SlitModel,
    datamodels.MultiSlitModel,
)

# Where the models keep what counts here (the schemas of stdatamodels), by the FITS keyword.
_META = {
    "INSTRUME": "instrument.name",
    "DETECTOR": "instrument.detector",
    "FILTER": "instrument.filter",
    "GRATING": "instrument.grating",
    "EXP_TYPE": "exposure.type",
    "READPATT": "exposure.readpatt",
    "EXPSTART": "exposure.start_time",
    "EXPMID": "exposure.mid_time",
    "EXPEND": "exposure.end_time",
    "DATE-OBS": "observation.date",
    "TIME-OBS": "observation.time",
    "SUBARRAY": "subarray.name",
    "SUBSTRT1": "subarray.xstart",
    "SUBSTRT2": "subarray.ystart",
    "SUBSIZE1": "subarray.xsize",
    "SUBSIZE2": "subarray.ysize",
    "SSTR_NST": "subarray.num_superstripe",
    "MSTR_RD1": "subarray.multistripe_reads1",
    "S_DQINIT": "cal_step.dq_init",
    "S_WCS": "cal_step.assign_wcs",
    "S_RESAMP": "cal_step.resample",
    "S_IFUCUB": "cal_step.cube_build",
    "R_MASK": "ref_file.mask.name",
}
_SLIT = {"SLTSTRT1": "xstart", "SLTSTRT2": "ystart", "SLTSIZE1": "xsize", "SLTSIZE2": "ysize"}


def header_of(model: Any) -> Mapping[str, Any]:
    """
    Return the metadata of a model by FITS keyword, as the header of its file would have it.

    Parameters
    ----------
    model : JwstDataModel
        An exposure of any kind.

    Returns
    -------
    mapping of str to object
        By FITS keyword; only what counts here, and without what is missing.
    """
    # The plain dictionary below the model: attributes take milliseconds.
    meta = model.meta.instance
    values = {keyword: _look_up(meta, place) for keyword, place in _META.items()}
    return MappingProxyType({key: value for key, value in values.items() if value is not None})


def name_of(model: Any) -> str:
    """
    Name a model in errors.

    Parameters
    ----------
    model : JwstDataModel
        Or a container of several, which has no file name.

    Returns
    -------
    str
        Its file name, else its type.
    """
    name = getattr(getattr(model, "meta", None), "filename", None)
    return str(name or type(model).__name__)


def describe_model(model: Any) -> Exposure:
    """
    Describe an exposure in memory.

    Parameters
    ----------
    model : JwstDataModel
        An exposure of any kind.

    Returns
    -------
    Exposure
        The same as its file would give.

    Raises
    ------
    ExposureError, FrameMismatchError
        As `jwst_hotpix.exposure.description.describe`.
    """
    slits = _slits_of(model)
    arrays = [model] if slits is None else slits
    data = next((part.data for part in arrays if part.data is not None), None)
    axes = 2 if data is None else data.ndim
    return describe(name_of(model), header_of(model), axes, has_slits=slits is not None)


def check_product(model: Any) -> None:
    """
    Raise unless the step can flag pixels of this product.

    Parameters
    ----------
    model : JwstDataModel
        An exposure of any kind.

    Raises
    ------
    ExposureError
        For a product that is no exposure in detector pixels, stripes, a ramp that did not pass
        ``dq_init``, or an array of another shape than the header gives.
    FrameMismatchError
        For a subarray or slit that reaches beyond the detector.
    """
    if not isinstance(model, _SUPPORTED):
        expected = f"one of {', '.join(kind.__name__ for kind in _SUPPORTED)}"
        is_raw = isinstance(model, datamodels.Level1bModel)
        raise ExposureError(
            "product",
            expected=expected,
            found=type(model).__name__,
            sentence=_RAW if is_raw else None,
        )
    header = header_of(model)
    require_detector_pixels(header)
    if isinstance(model, datamodels.RampModel) and header.get("S_DQINIT") != "COMPLETE":
        found = header.get("S_DQINIT", "no such step")
        raise ExposureError("dq_init of the ramp", expected="COMPLETE", found=found)
    for _ in parts_of(model):
        pass


def parts_of(model: Any) -> Iterator[tuple[Window, Any]]:
    """
    Iterate over the arrays of a product: one per exposure, or one per slit that has pixels.

    Parameters
    ----------
    model : JwstDataModel
        An exposure of any kind.

    Yields
    ------
    window : Window
        Where the array lies on the detector.
    part : object
        With ``pixeldq`` and ``groupdq``, or ``dq``, ``data``, ``err`` and variances.

    Raises
    ------
    ExposureError, FrameMismatchError
        As `jwst_hotpix.exposure.where.window_of` and `jwst_hotpix.exposure.where.window_of_slit`.
    """
    header, slits = header_of(model), _slits_of(model)
    if slits is None:
        yield window_of(header, model.data.shape), model
        return
    frame = frame_of(header, TRAD)
    for slit in slits:
        of_slit = {keyword: getattr(slit, place) for keyword, place in _SLIT.items()}
        window = window_of_slit(of_slit, frame, slit.data.shape)
        if window is not None:
            yield window, slit


def copy_of(model: Any) -> Any:
    """
    Copy a product; of a ramp only what the step changes, its DQ arrays.

    Parameters
    ----------
    model : JwstDataModel
        An exposure of any kind.

    Returns
    -------
    JwstDataModel
        Shares the science arrays of a ramp with the original.
    """
    if not isinstance(model, datamodels.RampModel):
        return model.copy()
    shared = [
        value
        for name, value in model.instance.items()
        if isinstance(value, np.ndarray) and name not in {"pixeldq", "groupdq"}
    ]
    return model.copy(memo={id(array): array for array in shared})


def _slits_of(model: Any) -> list[Any] | None:
    """Return the slits of a product; None for a product that has none."""
    if isinstance(model, datamodels.MultiSlitModel):
        return list(model.slits)
    is_slit = isinstance(model, datamodels.SlitModel) and model.xstart is not None
    return [model] if is_slit else None


def _look_up(node: Any, place: str) -> Any:
    """Return an entry by its dotted name; None where there is no such place."""
    for name in place.split("."):
        node = node.get(name) if isinstance(node, Mapping) else None
    return node
