"""Measure a dark: its rate in DN/s, pixel by pixel, and which pixels it could see."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import DarkError
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.dark_info import DarkInfo
from jwst_hotpix.measure.from_ramp import read_ramp
from jwst_hotpix.measure.from_rate import read_rate
from jwst_hotpix.measure.from_reference import read_reference
from jwst_hotpix.measure.open import open_dark
from jwst_hotpix.measure.pixels import Pixels, active_area

__all__ = ["DarkRate", "measure", "measure_open"]

# A dark has few hot pixels (JWST-STScI-009188: some thousands of four million) and no pixels far
# below zero. These limits are far from both a dark and a lamp or an over-subtracted frame.
_HOT_RATE, _SIGNIFICANT = 0.1, 5.0
_MOST_HOT, _MOST_NEGATIVE = 0.2, 0.05


@dataclass(frozen=True, eq=False, kw_only=True)
class DarkRate(DarkInfo):
    """
    What one dark shows of each of its pixels.

    Attributes
    ----------
    rate, error : ndarray of float32, shape ``window.shape``
        DN/s of the full frame (in a subarray, after ``gain_scale``). Both are ``inf`` where
        `saturated`; without meaning where not `seen`.
    seen : ndarray of bool, shape ``window.shape``
        False for reference pixels and wherever the dark holds no measurement.
    saturated : ndarray of bool, shape ``window.shape``
        The pixel was full before its rate could be measured: hot, and `seen`.
    digest : str
        sha256 of the content; see `DarkFile.digest`.
    """

    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    seen: NDArray[np.bool_]
    saturated: NDArray[np.bool_]
    digest: str


def measure(
    path: str | os.PathLike[str], *, gain: float | None = None, group_time: float | None = None
) -> DarkRate:
    """
    Measure one dark.

    Parameters
    ----------
    path : path
        A NIRSpec DARK reference file, or a ``_rate``, ``_rateints``, ``_dark`` or ``_uncal``
        product of a dark exposure; known by its content, whatever its name. Ramps go through
        the steps of jwst, without dark subtraction, and need CRDS.
    gain : float, optional
        e-/DN for files in e-/s. By default that of the full frame, 1.
    group_time : float, optional
        Seconds between the groups of a reference's ramp, for a file that does not give it.

    Returns
    -------
    DarkRate

    Raises
    ------
    DarkError, FrameMismatchError
        When the file is no whole dark with a date: see `open_dark`. When its pixels are not those
        of a dark: nothing seen, infinite, lit or negative.
    OSError
        When it cannot be read.
    """
    with open_dark(path) as dark:
        return measure_open(dark, dark.digest, gain=gain, group_time=group_time)


def measure_open(
    dark: DarkFile,
    digest: Callable[[], str],
    *,
    gain: float | None = None,
    group_time: float | None = None,
) -> DarkRate:
    """
    Measure a dark that is open already.

    Parameters
    ----------
    dark : DarkFile
        The open file.
    digest : callable
        Gives `DarkFile.digest`; asked last, so that another thread may make it meanwhile.
    gain, group_time : float, optional
        As `measure`.

    Returns
    -------
    DarkRate

    Raises
    ------
    DarkError
        As `measure`.
    """
    pixels, facts = _read(dark, gain, group_time)
    _check(pixels, dark.window)
    rate, error, seen = pixels.rate, pixels.error, pixels.seen
    if pixels.saturated.any():
        rate[pixels.saturated] = error[pixels.saturated] = np.inf
        seen |= pixels.saturated
    return DarkRate(
        **dark.info() | {"facts": dark.facts | facts},
        rate=rate,
        error=error,
        seen=seen,
        saturated=pixels.saturated,
        digest=digest(),
    )


def _read(
    dark: DarkFile, gain: float | None, group_time: float | None
) -> tuple[Pixels, dict[str, Any]]:
    if dark.kind == "reference":
        return read_reference(dark, gain, group_time)
    if dark.is_ramp:
        return read_ramp(dark)
    return read_rate(dark, gain)


def _check(pixels: Pixels, window: Window) -> None:
    """Raise unless these can be the pixels of a dark."""
    rate, error, seen = pixels.rate, pixels.error, pixels.seen
    n_seen = np.count_nonzero(seen)
    if n_seen == 0:
        raise DarkError("dark rate", expected="numbers", found="NaN or no data in all pixels")
    unseen = np.flatnonzero(active_area(window) > seen)
    if n_infinite := np.count_nonzero(np.isinf(rate.reshape(-1)[unseen])):
        raise DarkError("dark rate", expected="finite", found=f"{n_infinite} infinite pixels")
    # A share needs no more than some ten thousand pixels.
    step = max(1, min(rate.shape) // 256)
    some = (slice(None, None, step), slice(None, None, step))
    rate, error = rate[some][seen[some]], error[some][seen[some]]
    significant = np.abs(rate) > np.maximum(_HOT_RATE, _SIGNIFICANT * error)
    for limit, what, chosen in (
        (_MOST_HOT, "hot", rate > 0),
        (_MOST_NEGATIVE, "negative", rate < 0),
    ):
        share = np.count_nonzero(significant & chosen) / max(rate.size, 1)
        if share > limit:
            expected = f"at most {limit:.0%} of the pixels {what} (beyond {_HOT_RATE} DN/s)"
            raise DarkError("dark rate", expected=expected, found=f"{share:.0%}")
