"""The hot pixels that a TA flat does not know, as a table for whoever makes the next flat."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.table import MaskedColumn

from jwst_hotpix.exchange.export_list import to_table
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.target_acq.wata import in_aperture, in_sub32
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import Date, iso, mjd

__all__ = ["write_new_pixels"]


def write_new_pixels(pixels: PixelList, since: Date, path: Path) -> int:
    """
    Write the hot pixels of target acquisition as an ECSV table.

    Parameters
    ----------
    pixels : PixelList
        From `jwst_hotpix.target_acq.new_pixels`.
    since : str, astropy.time.Time or float
        Date of the TA flat, any `Date`, that they are counted from.
    path : pathlib.Path
        Table to write. One row per entry, with all columns of a list, the place counted from one
        as well, and whether it lies in SUB32 and in S1600A1. An unknown rate is an empty cell.

    Returns
    -------
    int
        Number of rows.
    """
    table = to_table(pixels)
    for name in ("rate", "rate_error"):
        values = np.array(table[name])
        table[name] = MaskedColumn(values, mask=np.isnan(values), unit=table[name].unit)
    for at, name in enumerate(("x", "y"), start=2):
        table.add_column(table[name] + 1, name=f"{name}_one_based", index=at)
    table["in_sub32"], table["in_s1600a1"] = in_sub32(pixels), in_aperture(pixels)
    table.meta |= {
        "frame_one_based": "science (DMS), full frame: x_one_based, y_one_based",
        "ta_threshold_dn_per_s": get_detector(pixels.detector).ta_threshold,
        "first_seen_hot_after": iso(mjd(since), "seconds"),
    }
    with atomic_path(path) as temporary:
        table.write(temporary, format="ascii.ecsv")
    return len(table)
