"""Hot pixels from a science exposure: its rate product, which needs no dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ExposureError
from jwst_hotpix.instrument.dq_flags import bits_of, refused
from jwst_hotpix.measure.agreement import agree_of_one_pointing
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
    What one science exposure shows of each of its pixels.

    Attributes
    ----------
    independent : int
        Independent images that it was measured from: 1 for a rate product, up to 4 for the
        integrations of a ``_rateints``.
    excess : Excess
        Of the window's pixels.
    masked : ndarray of bool, shape ``window.shape``
        Pixels that the mask took away; reference pixels excepted.
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
        The open rate product.

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
    excesses, masked = [], active_area(file.window).copy()
    for image in _images(file):
        excesses.append(find_excess(image.rate, image.error, image.valid, _alone(image.full)))
        masked &= image.masked
    return ScienceRate(
        **describe_science(file).setup(),
        independent=len(excesses),
        excess=excesses[0] if len(excesses) == 1 else agree_of_one_pointing(excesses),
        masked=masked,
        digest=file.digest(),
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Image:
    """
    One image: its rates in DN/s, and what there is of each pixel.

    That is: a rate; none, since it was full at once; none, since the mask took it away.
    """

    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    valid: NDArray[np.bool_]
    full: NDArray[np.bool_]
    masked: NDArray[np.bool_]


def _images(file: DarkFile) -> Iterator[_Image]:
    """Make few images of an exposure, one after the other."""
    count = 1 if file.product == "rate" else file.measured.shape[0]
    active = active_area(file.window)
    some = False
    for part in np.array_split(np.arange(count), min(count, _IMAGES)):
        image = _average(file, part)
        image.valid[~active] = image.full[~active] = False
        some |= bool(image.valid.any())
        yield image
    if not some:
        raise ExposureError("rate", expected="numbers", found="NaN or DO_NOT_USE in all pixels")


def _average(file: DarkFile, part: NDArray[np.intp]) -> _Image:
    """Average some integrations, one in memory at a time: of time series there are thousands."""
    if part.size == 1:
        return _one(file, int(part[0]))
    total, variance = (np.zeros(file.window.shape, np.float32) for _ in range(2))
    number = np.zeros(file.window.shape, np.uint16)
    full, masked = (np.ones(file.window.shape, bool) for _ in range(2))
    for index in part:
        image = _one(file, int(index))
        np.add(total, image.rate, out=total, where=image.valid)
        np.add(variance, np.square(image.error), out=variance, where=image.valid)
        number += image.valid
        full &= image.full
        masked &= image.masked
    divisor = np.maximum(number, 1).astype(np.float32)
    spread: NDArray[np.float32] = np.sqrt(variance)
    spread /= divisor
    return _Image(
        rate=total / divisor,
        error=spread,
        # Half of the integrations are enough for an average.
        valid=2 * number >= part.size,
        full=full,
        masked=masked,
    )


def _one(file: DarkFile, index: int) -> _Image:
    if file.product == "rate":
        rate, error, dq = (file.images[name].data for name in ("SCI", "ERR", "DQ"))
    else:
        rate, error, dq = (file.images[name].section[index] for name in ("SCI", "ERR", "DQ"))
    rate, error = (np.array(image, np.float32) for image in (rate, error))
    flag = bits_of(dq)
    number = np.isfinite(rate)
    full = ~number & ((dq & flag["SATURATED"]) != 0)
    full &= (dq & (flag["HOT"] | flag["REFERENCE_PIXEL"])) == 0
    valid = number & ~refused(dq) & ((dq & flag["REFERENCE_PIXEL"]) == 0) & (error > 0)
    # What saturation and cosmic rays took away is another in each exposure.
    passing = (dq & (flag["SATURATED"] | flag["JUMP_DET"])) != 0
    return _Image(rate=rate, error=error, valid=valid, full=full, masked=~valid & ~passing)


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
