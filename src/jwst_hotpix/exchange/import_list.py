"""Hot pixel lists from what others publish: masks, msaexp's lists, tables."""

from __future__ import annotations

import gzip
import logging
import math
import os
import re
import zlib
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import HotPixError, ListFormatError
from jwst_hotpix.exchange.msaexp import read_msaexp
from jwst_hotpix.exchange.pixel_tables import ECSV, Findings, read_table
from jwst_hotpix.exchange.roles_by_shape import with_rings
from jwst_hotpix.flag.bits import HOT
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.instrument.detectors import IRS2, POOLED, TRAD, Detector, get_detector
from jwst_hotpix.masks.any_mask import read_mask_file

__all__ = ["Format", "guess_format", "import_list"]

log = logging.getLogger(__name__)

# Enough of a text to see a table's header or the keys of a YAML file.
_HEAD = 65536


class Format(StrEnum):
    """What can be imported."""

    MASK = "mask"
    MSAEXP = "msaexp"
    TABLE = "table"


def import_list(
    path: str | os.PathLike[str],
    *,
    detector: str,
    date: float,
    format: Format | str | None = None,  # noqa: A002 (the name of the option)
    bit: int | None = None,
    readout: str | None = None,
    threshold: float | None = None,
) -> PixelList:
    """
    Make a hot pixel list of a mask or table. Its pixels are known to be hot at the given date.

    Rings are recognised: see `with_rings`. Reference pixels are left out.

    Parameters
    ----------
    path : path
        A MASK reference or any integer FITS image (see `read_mask_file`), YAML of msaexp (see
        `read_msaexp`), or a CSV or ECSV table with zero-based x and y (see `read_table`).
    detector : str
        E.g. ``"NRS1"``.
    date : float
        MJD (UTC) by which the pixels were seen hot.
    format : str, optional
        ``"mask"``, ``"msaexp"`` or ``"table"``; by default what the content looks like.
    bit : int, optional
        Value of the bit that counts as hot (8, not 3); the sum of several for any of them. By
        default HOT, or the only value of an image that is no reference.
    readout : str, optional
        By default TRAD or IRS2 as the rows of a MASK say; else POOLED for NIRSpec, and TRAD for
        the detectors that have no other.
    threshold : float, optional
        DN/s above which the source calls a pixel hot; by default the detector's.

    Returns
    -------
    PixelList

    Raises
    ------
    ListFormatError
        For an unknown format, and whatever the file holds that the format does not allow.
    FrameMismatchError
        For another detector or shape, and coordinates off the detector.
    """
    source, chip = Path(path), get_detector(detector)
    try:
        if not math.isfinite(date):
            raise ListFormatError("date", expected="a finite MJD", found=date)
        kind = guess_format(source) if format is None else _format_of(format)
        found = _read(kind, source, chip, bit)
        listed = PixelList.build(
            detector=chip.name,
            readout=readout or found.readout or (POOLED if IRS2 in chip.readouts else TRAD),
            threshold=_first_known(threshold, found.threshold, chip.threshold),
            provenance=Provenance(pedigree=found.pedigree or "DUMMY", as_of=date),
            **_until(found.columns, date),
        )
        listed = _without_reference_pixels(listed, chip, source.name)
        # Who has measured the roles knows better than shapes can tell.
        return listed if "role" in found.columns else with_rings(listed)
    except HotPixError as error:
        raise error.within(source.name) from None


def guess_format(path: Path) -> Format:
    """
    Tell what a file holds from its content.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Format

    Raises
    ------
    ListFormatError
        When it looks like nothing that can be imported.
    """
    head = _head_of(path)
    if head.startswith(b"SIMPLE  ="):
        return Format.MASK
    text = head.decode("utf-8", errors="ignore")
    if re.search(r"^(pixel_index|flags|files):", text, re.MULTILINE):
        return Format.MSAEXP
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    if text.startswith(ECSV) or "," in next(lines, ""):
        return Format.TABLE
    expected = "a FITS image, YAML of msaexp, or a CSV or ECSV table"
    raise ListFormatError("content", expected=expected, found=repr(text[:20]))


def _head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(_HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise ListFormatError("file", expected="whole gzip", found=error) from None


def _first_known(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _format_of(name: Format | str) -> Format:
    try:
        return Format(name)
    except ValueError:
        expected = f"one of {', '.join(Format)}"
        raise ListFormatError("format", expected=expected, found=name) from None


def _read(kind: Format, source: Path, chip: Detector, bit: int | None) -> Findings:
    match kind:
        case Format.MASK:
            mask = read_mask_file(source, chip, bit)
            y, x = np.nonzero(mask.dq & HOT)
            if not y.size:
                raise ListFormatError("DQ", expected="pixels that are HOT", found="none")
            return Findings({"y": y, "x": x}, mask.readout, mask.pedigree)
        case Format.MSAEXP:
            return read_msaexp(source, chip, bit)
        case Format.TABLE:
            if bit is not None:
                raise ListFormatError("bit", expected="none for a table", found=bit)
            return read_table(source, chip)


def _until(columns: dict[str, NDArray[Any]], date: float) -> dict[str, Any]:
    """Fill in the date as the latest onset where none is known."""
    latest = columns.get("onset_latest", np.full(columns["x"].size, np.nan))
    late = latest > date
    if late.any():
        expected = f"not after the date of the list, MJD {date}"
        raise ListFormatError("onset", expected=expected, found=latest[late][0])
    return {**columns, "onset_latest": np.where(np.isnan(latest), date, latest)}


def _without_reference_pixels(pixels: PixelList, chip: Detector, name: str) -> PixelList:
    sees = chip.active_area()[pixels.y, pixels.x]
    if sees.all():
        return pixels
    log.warning("%s: left out %d reference pixels", name, int(np.sum(~sees)))
    return pixels.select(sees)
