"""Hot pixel lists from what others publish: masks, lists of msaexp, tables."""

from __future__ import annotations

import logging
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ListFormatError, naming
from jwst_hotpix.exchange.findings import Findings
from jwst_hotpix.exchange.guess_format import Format, guess_format
from jwst_hotpix.exchange.msaexp import read_msaexp
from jwst_hotpix.exchange.pixel_tables import read_table
from jwst_hotpix.exchange.roles_by_shape import with_rings
from jwst_hotpix.exposure.when import LAUNCH
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.instrument.readouts import IRS2, POOLED, TRAD
from jwst_hotpix.tools.dates import Date, iso, mjd

__all__ = ["import_list"]

log = logging.getLogger(__name__)

# DQ values have 32 bits.
_BITS = 1 << 32


def import_list(
    path: str | os.PathLike[str],
    *,
    detector: str,
    date: Date,
    format: Format | str | None = None,  # noqa: A002 (the name of the option)
    bit: int | None = None,
    readout: str | None = None,
    threshold: float | None = None,
) -> PixelList:
    """
    Make a hot pixel list from a mask or table whose pixels are known to be hot at a given date.

    Rings of neighbors are recognized: see `with_rings`. Reference pixels are excluded.

    Parameters
    ----------
    path : path
        A MASK reference or any integer FITS image (see `read_mask_file`), YAML of msaexp (see
        `read_msaexp`), or a table with zero-based x and y (see `read_table`).
    detector : str
        E.g. ``"NRS1"``.
    date : str, astropy.time.Time or float
        Date by which the pixels had been seen hot: ISO 8601 (UTC), a time, or MJD (UTC).
    format : str, optional
        ``"mask"``, ``"msaexp"`` or ``"table"``; by default judged by the content.
    bit : int, optional
        Value of the bit that means hot (8, not 3), or the sum of several, any of which does. By
        default HOT, or the only value of an image that is not a reference file.
    readout : str, optional
        By default the readout mode of a MASK; else POOLED for NIRSpec and TRAD for detectors with
        a single mode.
    threshold : float, optional
        Dark rate in DN/s above which the source calls a pixel hot; by default the detector's.

    Returns
    -------
    PixelList
        Each pixel with the date as its latest onset, unless the file gives an earlier one.

    Raises
    ------
    ListFormatError
        For an unknown format, and for contents that the format does not allow.
    FrameMismatchError
        For another detector or shape, and for coordinates off the detector.
    """
    source, chip = Path(path), get_detector(detector)
    with naming(path):
        date = mjd(date)
        if not math.isfinite(date):
            raise ListFormatError("date", expected="a finite MJD", found=date)
        if bit is not None and not 0 < bit < _BITS:
            raise ListFormatError("bit", expected=f"1 to {_BITS - 1}", found=bit)
        kind = guess_format(source) if format is None else _format_of(format)
        found = _read(kind, source, chip, bit)
        listed = PixelList.build(
            detector=chip.name,
            readout=readout or found.readout or (POOLED if IRS2 in chip.readouts else TRAD),
            threshold=_first_known(threshold, found.threshold, chip.threshold),
            provenance=Provenance(pedigree=found.pedigree or _pedigree_at(date), as_of=date),
            **_until(found.columns, date),
        )
        listed = _without_reference_pixels(listed, chip, path)
        # Measured roles are better than roles by shape.
        return listed if "role" in found.columns else with_rings(listed)


def _pedigree_at(date: float) -> str:
    """Return the pedigree of pixels that were hot by a date, before or after launch."""
    return "INFLIGHT" if date >= LAUNCH else "GROUND"


def _first_known(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _format_of(name: Format | str) -> Format:
    try:
        return Format(name)
    except ValueError:
        known = ", ".join(Format)
        raise ListFormatError(
            "format", expected=f"one of {known}", found=name,
            sentence=f"unknown format {name!r}; the formats are {known}",
        ) from None  # fmt: skip


def _read(kind: Format, source: Path, chip: Detector, bit: int | None) -> Findings:
    match kind:
        case Format.MASK:
            return _read_mask(source, chip, bit)
        case Format.MSAEXP:
            return read_msaexp(source, chip, bit)
        case Format.TABLE:
            if bit is not None:
                raise ListFormatError(
                    "bit", expected="none", found=bit, sentence="a table has no bits to choose from"
                )
            return read_table(source, chip)


def _read_mask(source: Path, chip: Detector, bit: int | None) -> Findings:
    # With the datamodels, which take a second to import; tables do without.
    from jwst_hotpix.flag.bits import HOT
    from jwst_hotpix.masks.any_mask import read_mask_file

    mask = read_mask_file(source, chip, bit)
    y, x = np.nonzero(mask.dq & HOT)
    if not y.size:
        raise ListFormatError(
            "DQ", expected="HOT pixels", found="none", sentence="no pixel is flagged HOT"
        )
    return Findings({"y": y, "x": x}, mask.readout, mask.pedigree)


def _until(columns: dict[str, NDArray[Any]], date: float) -> dict[str, Any]:
    """Fill in the date as the latest onset of pixels without one."""
    latest = columns.get("onset_latest", np.full(columns["x"].size, np.nan))
    late = latest[latest > date]
    if late.size:
        raise ListFormatError(
            "onset", expected=f"MJD {date} at the latest", found=late[0],
            sentence=f"the onset {_day(late[0])} is later than the date of the list, {_day(date)}",
        )  # fmt: skip
    return {**columns, "onset_latest": np.where(np.isnan(latest), date, latest)}


def _day(epoch: float) -> str:
    return f"{iso(epoch)[:10]} (MJD {epoch:g})" if math.isfinite(epoch) else str(epoch)


def _without_reference_pixels(
    pixels: PixelList, chip: Detector, source: str | os.PathLike[str]
) -> PixelList:
    sees = chip.active_area()[pixels.y, pixels.x]
    if sees.all():
        return pixels
    log.warning("%s: %d reference pixels excluded", source, int(np.sum(~sees)))
    return pixels.select(sees)
