"""What masks an exposure already: the MASK that it used or will use, or its own DQ."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ExposureError, HotPixError, MissingMaskError
from jwst_hotpix.exposure.ask_crds import CRDS, CrdsClient, parameters_of
from jwst_hotpix.exposure.description import Exposure
from jwst_hotpix.exposure.fits_file import read_flags_of_unit
from jwst_hotpix.exposure.keywords import value_in
from jwst_hotpix.exposure.on_disk import ExposureFile
from jwst_hotpix.flag.bits import DO_NOT_USE
from jwst_hotpix.masks.reference_mask import Mask, read_mask
from jwst_hotpix.tools.dates import mjd
from jwst_hotpix.tools.folders import path_list

__all__ = ["Masks", "is_masked_in_product"]

# The name of a reference of CRDS, as headers give it; all else is a path.
_NAME = re.compile(r"(crds://)?jwst_[a-z]+_mask_\w+\.fits")

# A full-frame IRS2 mask takes 26 MB. An archive in order of time uses few at once.
_KEPT = 16


class Masks:
    """
    The masks of any number of exposures, each read once.

    Parameters
    ----------
    given : sequence of path
        MASK references to choose from. By default the MASK is the one that the header records
        (R_MASK), or the one that the CRDS context in use selects for an exposure without record.

    Raises
    ------
    ListFormatError, FrameMismatchError
        When one of ``given`` is not a MASK.
    """

    def __init__(self, given: Sequence[str | os.PathLike[str]] = ()) -> None:
        self._given = tuple(read_mask(path) for path in path_list(given))
        self._crds = CrdsClient("mask", MissingMaskError)
        self._load = lru_cache(maxsize=_KEPT)(self._load_reference)

    def of(self, exposure: Exposure) -> Mask:
        """
        Find the mask of an exposure.

        Parameters
        ----------
        exposure : Exposure
            On disk or in memory.

        Returns
        -------
        Mask
            Shared by all exposures that use it.

        Raises
        ------
        MissingMaskError
            When it is not available, or ``dq_init`` used none (R_MASK is N/A).
        ListFormatError, FrameMismatchError
            When its file is broken or not a MASK.
        """
        if self._given:
            return self._choose(exposure)
        recorded = str(value_in(exposure.header, "R_MASK") or "").strip()
        if exposure.product == "uncal" or not recorded:
            recorded = CRDS + self._select(exposure)
        mask = self._load(recorded)
        if isinstance(mask, HotPixError):
            raise mask
        return mask

    def _select(self, exposure: Exposure) -> str:
        name = self._crds.recommend(parameters_of(exposure.header))
        if name is None:
            kind = f"{exposure.detector.name} {value_in(exposure.header, 'SUBARRAY')}"
            sentence = f"the CRDS context in use has no MASK for {kind} at its date"
            raise MissingMaskError("MASK", expected="one in CRDS", found="none", sentence=sentence)
        return name

    def _load_reference(self, recorded: str) -> Mask | HotPixError:
        """Return the error rather than raise it, so that it is remembered too."""
        try:
            return read_mask(self._find(recorded))
        except HotPixError as error:
            return error

    def _find(self, recorded: str) -> Path:
        """Find the file that R_MASK names; what a header holds may be anything."""
        if recorded.upper() in {"N/A", "NONE"}:
            sentence = f"R_MASK is {recorded}: dq_init used no MASK"
            raise MissingMaskError("R_MASK", expected="a MASK", found=recorded, sentence=sentence)
        if _NAME.fullmatch(recorded):
            return self._crds.fetch(recorded)
        if not Path(recorded).is_file():
            sentence = f"the MASK that R_MASK names, {recorded}, is not here"
            raise MissingMaskError("R_MASK", expected="a file", found=recorded, sentence=sentence)
        return Path(recorded)

    def _choose(self, exposure: Exposure) -> Mask:
        """Choose as CRDS does: detector, readout and window, then the newest USEAFTER."""
        fitting = [
            mask
            for mask in self._given
            if mask.readout == exposure.readout
            and _covers(mask, exposure)
            and _start(mask) <= exposure.epoch
        ]
        if not fitting:
            kind = f"{exposure.detector.name} {exposure.readout}"
            found = ", ".join(mask.name for mask in self._given)
            sentence = f"no MASK for {kind} and its date and window among {found}"
            raise MissingMaskError(
                "MASK", expected=f"one of {kind}", found=found, sentence=sentence
            )
        return max(fitting, key=_start)


def is_masked_in_product(
    exposure: ExposureFile, y: NDArray[np.intp], x: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """
    Look up which pixels the DQ of a product masks, without reading any others.

    Parameters
    ----------
    exposure : ExposureFile
        Any product except an uncal.
    y, x : ndarray of int, shape (n,)
        Pixels of the full science frame, zero-based.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where DO_NOT_USE is set in all integrations, and in every slit that has the pixel.

    Raises
    ------
    ExposureError
        When the product has no DQ, or one of another shape than its data.
    """
    masked = np.ones(y.shape, dtype=bool)
    name = "PIXELDQ" if exposure.product == "ramp" else "DQ"
    # Slits without pixels have no window.
    numbers = [
        number
        for number, unit in enumerate(exposure.units)
        if unit.name == name and all(unit.shape)
    ]
    if len(numbers) != len(exposure.windows):
        expected, found = f"{len(exposure.windows)} of {name}", len(numbers)
        raise ExposureError("extensions", expected=expected, found=found, source=exposure.name)
    for window, number in zip(exposure.windows, numbers, strict=True):
        shape = exposure.units[number].shape
        if shape[-2:] != window.array_shape:
            expected = "{} rows and {} columns".format(*window.array_shape)
            raise ExposureError(name, expected=expected, found=shape, source=exposure.name)
        row, column, inside = window.locate(y, x)
        if row.size:
            pixel = window.array_rows(row) * shape[-1] + column
            frames = np.arange(np.prod(shape[:-2], dtype=int))[:, np.newaxis]
            places = frames * np.prod(shape[-2:]) + pixel
            flags = read_flags_of_unit(exposure.path, exposure.units, number, places.ravel())
            masked[inside] &= ((flags.reshape(places.shape) & DO_NOT_USE) != 0).all(axis=0)
    return masked


def _start(mask: Mask) -> float:
    """Return when a mask begins to apply (MJD, UTC); one without a date always does."""
    try:
        return mjd(mask.useafter)
    except ValueError:
        return -np.inf


def _covers(mask: Mask, exposure: Exposure) -> bool:
    inner, outer = exposure.frame, mask.window
    return inner.detector == outer.detector and all(
        theirs >= ours and theirs + size <= ours + room
        for theirs, size, ours, room in zip(
            (inner.ystart, inner.xstart), inner.shape, (outer.ystart, outer.xstart), outer.shape,
            strict=True,
        )
    )  # fmt: skip
