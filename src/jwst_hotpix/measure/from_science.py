"""Hot pixels from a science exposure: its rate product, which needs no dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ExposureError
from jwst_hotpix.measure.agreement import agree
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.dark_info import ScienceInfo
from jwst_hotpix.measure.excess import Excess, find_excess
from jwst_hotpix.measure.open_science import describe_science, open_science
from jwst_hotpix.measure.pixels import active_area, cores
from jwst_hotpix.measure.units import to_dn

__all__ = ["ScienceRate", "measure_science", "read_science"]

# So many images are made of the integrations of an exposure, one after the other: enough to tell
# cosmic rays, and as few as may be, for the noise of each.
_IMAGES = 4


@dataclass(frozen=True, eq=False, kw_only=True)
class ScienceRate(ScienceInfo):
    """
    What one science exposure says of the pixels it shows.

    Attributes
    ----------
    independent : int
        Independent images that it was measured from: 1 for a rate product, up to 4 for the
        integrations of a ``_rateints``.
    excess : Excess
        Of the window's pixels.
    masked : ndarray of bool, shape ``window.shape``
        Pixels without a rate; reference pixels excepted.
    digest : str
        Of the content; see `DarkFile.digest`.
    """

    independent: int
    excess: Excess
    masked: NDArray[np.bool_]
    digest: str


def read_science(path: str | os.PathLike[str]) -> ScienceRate:
    """
    Measure a science exposure.

    Parameters
    ----------
    path : path
        A ``_rate`` or ``_rateints`` product of NIRSpec spectra: MOS, IFU, fixed slits or a bright
        object; as Detector1 left it.

    Returns
    -------
    ScienceRate

    Raises
    ------
    ExposureError, FrameMismatchError
        As `open_science`; also for arrays that do not fit or no data at all.
    DarkError
        For units that are none of a rate.
    OSError
        When it cannot be read.
    """
    with open_science(path) as file:
        return measure_science(file)


def measure_science(file: DarkFile) -> ScienceRate:
    """
    Measure a science exposure that is open already.

    Parameters
    ----------
    file : DarkFile

    Returns
    -------
    ScienceRate

    Raises
    ------
    ExposureError
        As `read_science`.
    """
    units = to_dn({}, file.measured.header, gain=None, default="DN/s")
    if units["units"] != "DN/s":
        raise ExposureError("units (BUNIT)", expected="DN/s", found=units["units"])
    images = list(_images(file))
    excesses = [find_excess(*image) for image in images]
    return ScienceRate(
        **describe_science(file).setup(),
        independent=len(images),
        excess=excesses[0] if len(images) == 1 else agree(excesses, [0] * len(images)).excess,
        masked=_masked(file, images),
        digest=file.digest(),
    )


def _images(
    file: DarkFile,
) -> Iterator[tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]]:
    """Return rate, error, where there is a rate, and where a pixel was full, image by image."""
    count = 1 if file.product == "rate" else file.measured.shape[0]
    active = active_area(file.window)
    some = False
    for part in np.array_split(np.arange(count), min(count, _IMAGES)):
        rate, error, valid, full = _average(file, part)
        valid &= active
        some |= bool(valid.any())
        yield rate, error, valid, _alone(full & active)
    if not some:
        raise ExposureError("rate", expected="numbers", found="NaN or DO_NOT_USE in all pixels")


def _average(
    file: DarkFile, part: NDArray[np.intp]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]:
    """Average some integrations, one in memory at a time: of time series there are thousands."""
    if part.size == 1:
        return _one(file, int(part[0]))
    total, variance = (np.zeros(file.window.shape, np.float32) for _ in range(2))
    number = np.zeros(file.window.shape, np.uint16)
    always = np.ones(file.window.shape, bool)
    for index in part:
        rate, error, valid, full = _one(file, int(index))
        np.add(total, rate, out=total, where=valid)
        np.add(variance, np.square(error), out=variance, where=valid)
        number += valid
        always &= full
    divisor = np.maximum(number, 1)
    # Half of the integrations are enough for an average.
    return total / divisor, np.sqrt(variance) / divisor, 2 * number >= part.size, always


def _one(
    file: DarkFile, index: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]:
    from stdatamodels.jwst.datamodels import dqflags

    if file.product == "rate":
        rate, error, dq = (file.images[name].data for name in ("SCI", "ERR", "DQ"))
    else:
        rate, error, dq = (file.images[name].section[index] for name in ("SCI", "ERR", "DQ"))
    rate, error = (np.array(image, np.float32) for image in (rate, error))
    flag = {name: dq.dtype.type(bit) for name, bit in dqflags.pixel.items()}
    number = np.isfinite(rate)
    # A hot pixel that has a rate in spite of its flag was measured, as in a dark.
    refused = (dq & (flag["DO_NOT_USE"] | flag["HOT"])) == flag["DO_NOT_USE"]
    full = ~number & ((dq & flag["SATURATED"]) != 0)
    full &= (dq & (flag["HOT"] | flag["REFERENCE_PIXEL"])) == 0
    valid = number & ~refused & ((dq & flag["REFERENCE_PIXEL"]) == 0) & (error > 0)
    return rate, error, valid, full


def _alone(full: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the full pixels that nothing but their own growth stands beside: no bright source."""
    if not full.any():
        return full
    middle = cores(full)
    framed = np.pad(full, 2).astype(np.uint8)
    centers = np.pad(middle, 2).astype(np.uint8)
    y, x = np.nonzero(middle)
    steps = [(dy, dx) for dy in range(5) for dx in range(5)]
    blank = sum(framed[y + dy, x + dx] for dy, dx in steps)
    others = sum(centers[y + dy, x + dx] for dy, dx in steps)
    kept = ((blank == 1) | (blank == 9)) & (others == 1)
    alone = np.zeros_like(full)
    alone[y[kept], x[kept]] = True
    return alone


def _masked(file: DarkFile, images: list[Any]) -> NDArray[np.bool_]:
    masked = active_area(file.window).copy()
    for _, _, valid, full in images:
        masked &= ~(valid | full)
    return masked
