"""A MASK reference that flags what another one flags, and a list."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray
from stdatamodels.jwst.datamodels import dqflags

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.flag.targets import Targets
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import POOLED
from jwst_hotpix.masks.reference_mask import Mask, read_mask
from jwst_hotpix.tools.atomic import atomic_path

__all__ = ["export_mask"]

_FLAGS = ("DO_NOT_USE", "HOT", "TELEGRAPH")


def export_mask(
    pixels: PixelList, targets: Targets, base: str | os.PathLike[str], path: Path
) -> int:
    """
    Write a MASK that flags what another one flags, and the targets.

    Everything else of the base stays as it is, bit by bit.

    Parameters
    ----------
    pixels : PixelList
        Where the targets come from.
    targets : Targets
        Full frame.
    base : path
        A MASK reference of the same detector and readout mode.
    path : pathlib.Path

    Returns
    -------
    int
        Pixels that the base did not leave out.

    Raises
    ------
    ListFormatError, FrameMismatchError
        As `read_mask`; when the base is of another detector or readout mode.
    """
    mask = read_mask(base)
    _require_same(pixels, mask)
    with fits.open(base, memmap=False) as file:
        values = _define(file, mask)
        row, column, inside = mask.window.locate(targets.y, targets.x)
        new = ~mask.has("DO_NOT_USE", targets.y, targets.x)
        bits = _file_bits(targets.bits[inside], values)
        place = (mask.window.array_rows(row), column)
        np.bitwise_or.at(file["DQ"].data, place, bits.astype(file["DQ"].data.dtype))
        _describe(file[0].header, pixels, mask, path)
        with atomic_path(path) as temporary:
            file.writeto(temporary)
    return int(np.sum(new & inside))


def _require_same(pixels: PixelList, mask: Mask) -> None:
    found = mask.window.detector.name
    if found != pixels.detector:
        raise FrameMismatchError(
            "detector", expected=pixels.detector, found=found, source=mask.name
        )
    if pixels.readout not in (mask.readout, POOLED):
        raise FrameMismatchError(
            "readout", expected=pixels.readout, found=mask.readout, source=mask.name
        )


def _define(file: fits.HDUList, mask: Mask) -> dict[str, int]:
    """Make sure that DQ_DEF names all flags in use, each with a bit that the base leaves free."""
    values = dict(mask.values)
    missing = [flag for flag in _FLAGS if flag not in values]
    if not missing:
        return values
    free = (bit for bit in range(31) if (1 << bit) not in values.values())
    old = file["DQ_DEF"].data
    table = np.zeros(len(old) + len(missing), dtype=old.dtype.newbyteorder("="))
    table[: len(old)] = old
    for row, flag in enumerate(missing, start=len(old)):
        bit = next(free)
        values[flag] = 1 << bit
        table[row] = (bit, 1 << bit, flag, "Added by jwst_hotpix")
    header = file["DQ_DEF"].header
    file["DQ_DEF"] = fits.BinTableHDU(table, header=header, name="DQ_DEF")
    largest = max(values.values())
    if largest > np.iinfo(file["DQ"].data.dtype).max:
        file["DQ"] = fits.ImageHDU(file["DQ"].data.astype(np.uint32), name="DQ")
    return values


def _file_bits(standard: NDArray[np.uint32], values: Mapping[str, int]) -> NDArray[np.int64]:
    bits = np.zeros(standard.shape, dtype=np.int64)
    for flag in _FLAGS:
        bits |= np.where(standard & np.uint32(dqflags.pixel[flag]), values[flag], 0)
    return bits


def _describe(header: fits.Header, pixels: PixelList, mask: Mask, path: Path) -> None:
    header["FILENAME"] = path.name
    header["DATE"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    header["AUTHOR"] = "jwst_hotpix"
    header["DESCRIP"] = f"{mask.name} and newer hot pixels"
    header.add_history(f"DESCRIPTION: {mask.name} with the hot pixels of an interim list.")
    header.add_history("DOCUMENT: JWST-STScI-009188 describes the need.")
    header.add_history(f"SOFTWARE: jwst_hotpix {version('jwst_hotpix')}")
    header.add_history(f"DATA USED: {mask.name}; list of {pixels.detector} {pixels.readout}")
    header.add_history(f"with sha256 {pixels.digest()[:32]}")
    header.add_history("DIFFERENCES: DO_NOT_USE and HOT at the pixels of the list.")
