"""A MASK reference made from another one by adding the pixels of a list."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from jwst_hotpix.flag.targets import Targets
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.dq_flags import PIXEL
from jwst_hotpix.masks.reference_mask import Mask, read_mask
from jwst_hotpix.masks.same_readout import require_same
from jwst_hotpix.tools.ascii_text import in_ascii
from jwst_hotpix.tools.atomic import atomic_path

__all__ = ["export_mask"]

_FLAGS = ("DO_NOT_USE", "HOT", "TELEGRAPH")


def export_mask(
    pixels: PixelList, targets: Targets, base: str | os.PathLike[str], path: Path
) -> int:
    """
    Write a copy of a MASK that also flags the targets.

    Everything else in the base is kept, bit by bit.

    Parameters
    ----------
    pixels : PixelList
        The list that the targets come from.
    targets : Targets
        Pixels to flag, full frame.
    base : path
        A MASK reference of the same detector and readout mode.
    path : pathlib.Path
        Where to write, a FITS file.

    Returns
    -------
    int
        Number of pixels that were not DO_NOT_USE in the base.

    Raises
    ------
    ListFormatError, FrameMismatchError
        As `read_mask`, and when the base belongs to another detector or readout mode.
    """
    mask = read_mask(base)
    require_same(pixels, mask.window.detector.name, mask.readout, base)
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


def _define(file: fits.HDUList, mask: Mask) -> dict[str, int]:
    """Add the flags in use to DQ_DEF where it lacks them, each with a bit that is free."""
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
        bits |= np.where(standard & np.uint32(PIXEL[flag]), values[flag], 0)
    return bits


def _describe(header: fits.Header, pixels: PixelList, mask: Mask, path: Path) -> None:
    base = in_ascii(mask.name)
    header["FILENAME"] = in_ascii(path.name)
    header["DATE"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    header["AUTHOR"] = "jwst_hotpix"
    header["DESCRIP"] = f"{base} and newer hot pixels"
    header.add_history(f"DESCRIPTION: {base} with the hot pixels of an interim list.")
    header.add_history("DOCUMENT: JWST-STScI-009188 describes the need.")
    header.add_history(f"SOFTWARE: jwst_hotpix {version('jwst_hotpix')}")
    header.add_history(f"DATA USED: {base}; list of {pixels.detector} {pixels.readout}")
    header.add_history(f"with sha256 {pixels.digest()[:32]}")
    header.add_history("DIFFERENCES: DO_NOT_USE and HOT at the pixels of the list.")
