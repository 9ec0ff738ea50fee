"""What the step needs to know of a product, and how to copy it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from stdatamodels.jwst import datamodels

from jwst_hotpix.exceptions import ExposureError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.tools.dates import mjd

__all__ = ["check_product", "copy_of", "epoch_of", "parts_of", "window_of"]

_SUPPORTED = (
    datamodels.RampModel,
    datamodels.ImageModel,
    datamodels.IFUImageModel,
    datamodels.CubeModel,
    datamodels.SlitModel,
    datamodels.MultiSlitModel,
)


def check_product(model: Any) -> None:
    """
    Raise unless the step can flag pixels of this product.

    Parameters
    ----------
    model : JwstDataModel

    Raises
    ------
    ExposureError
        For a product that is no exposure in detector pixels, superstripes, or a ramp that did
        not pass ``dq_init``.
    """
    if not isinstance(model, _SUPPORTED):
        expected = f"one of {', '.join(kind.__name__ for kind in _SUPPORTED)}"
        raise ExposureError("product", expected=expected, found=type(model).__name__)
    subarray, steps = model.meta.subarray, model.meta.cal_step
    stripes = [getattr(subarray, key, None) for key in ("num_superstripe", "multistripe_reads1")]
    if any(stripes):
        expected = "an exposure without stripes (their rows are no detector rows)"
        raise ExposureError("subarray", expected=expected, found=subarray.name)
    for step in ("resample", "cube_build"):
        if getattr(steps, step, None) == "COMPLETE":
            expected = "an exposure in detector pixels"
            raise ExposureError("product", expected=expected, found=f"{step} COMPLETE")
    if isinstance(model, datamodels.RampModel) and steps.dq_init != "COMPLETE":
        found = steps.dq_init or "no such step"
        raise ExposureError("dq_init of the ramp", expected="COMPLETE", found=found)


def epoch_of(model: Any) -> float:
    """
    Return the mid-time of an exposure.

    Parameters
    ----------
    model : JwstDataModel

    Returns
    -------
    float
        MJD (UTC): ``meta.exposure.mid_time``, else the middle of start and end, else the start.

    Raises
    ------
    ExposureError
        When there is no date or it is not finite.
    """
    exposure, observation = model.meta.exposure, model.meta.observation
    if exposure.mid_time is not None:
        epoch = exposure.mid_time
    elif exposure.start_time is not None and exposure.end_time is not None:
        epoch = (exposure.start_time + exposure.end_time) / 2
    elif observation.date is not None:
        epoch = mjd(f"{observation.date}T{observation.time or '00:00:00'}")
    else:
        raise ExposureError("date (EXPMID, EXPSTART or DATE-OBS)", expected="one", found="none")
    if not np.isfinite(epoch):
        raise ExposureError("mid-time of the exposure", expected="a finite MJD", found=epoch)
    return float(epoch)


def window_of(model: Any) -> Window:
    """
    Return the part of the detector that an exposure shows.

    Parameters
    ----------
    model : JwstDataModel

    Returns
    -------
    Window
        Of the whole exposure; the slits of a MultiSlitModel or SlitModel lie within it.

    Raises
    ------
    ExposureError
        When the corner of the subarray is missing or not a number.
    FrameMismatchError
        When the subarray reaches beyond the detector.
    """
    detector = get_detector(model.meta.instrument.detector)
    subarray = model.meta.subarray
    corner = {"ystart": subarray.ystart, "xstart": subarray.xstart}
    size = (subarray.ysize, subarray.xsize)
    for name, value in (*corner.items(), ("ysize", size[0]), ("xsize", size[1])):
        if value is None:
            raise ExposureError(f"meta.subarray.{name}", expected="a whole number", found="none")
    if isinstance(model, datamodels.MultiSlitModel | datamodels.SlitModel):
        return Window(detector=detector, shape=size, **corner)
    rows, columns = model.data.shape[-2:]
    is_raw = rows == detector.raw_rows != detector.shape[0]
    shape = (detector.shape[0] if is_raw else rows, columns)
    return Window(detector=detector, shape=shape, raw_irs2=is_raw, **corner)


def parts_of(model: Any) -> Iterator[tuple[Window, Any]]:
    """
    Iterate over the arrays of a product: one of an exposure, one a slit.

    Parameters
    ----------
    model : JwstDataModel

    Yields
    ------
    window : Window
    part : object
        With ``pixeldq`` and ``groupdq``, or ``dq``, ``data``, ``err`` and variances.

    Raises
    ------
    ExposureError, FrameMismatchError
        As `window_of`; also for a slit that reaches beyond the detector.
    """
    window = window_of(model)
    if isinstance(model, datamodels.MultiSlitModel):
        slits = model.slits
    elif isinstance(model, datamodels.SlitModel) and model.xstart is not None:
        slits = [model]
    else:
        yield window, model
        return
    for slit in slits:
        shape = slit.data.shape[-2:]
        yield window.cut(ystart=slit.ystart, xstart=slit.xstart, shape=shape), slit


def copy_of(model: Any) -> Any:
    """
    Copy a product; of a ramp only what the step changes, its DQ arrays.

    Parameters
    ----------
    model : JwstDataModel

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
