"""Lists in formats that need no plugin: user-supplied DQ, DS9 regions, ECSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jwst_hotpix.hotlist.pixellist import UNITS, PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.tools.atomic import atomic_path

if TYPE_CHECKING:
    from astropy.table import Table

    from jwst_hotpix.flag.targets import Targets

__all__ = ["export_ds9", "export_ecsv", "export_user_dq", "to_table"]

_COLORS = {Role.CENTER: "red", Role.NEIGHBOR: "orange", Role.INFERRED_CENTER: "magenta"}


def export_user_dq(targets: Targets, window: Window, path: Path) -> int:
    """
    Write an image for ``dq_init.user_supplied_dq``, in standard bits.

    Parameters
    ----------
    targets : Targets
        Pixels to flag and their bits, full frame.
    window : Window
        Frame of the exposure that the image is meant for; raw rows for IRS2.
    path : pathlib.Path
        Where to write, a FITS file.

    Returns
    -------
    int
        Number of pixels flagged in the frame.
    """
    # astropy takes several tenths of a second to import, and regions do without.
    from astropy.io import fits

    image = np.zeros(window.array_shape, np.uint32)
    row, column, inside = window.locate(targets.y, targets.x)
    np.bitwise_or.at(image, (window.array_rows(row), column), targets.bits[inside])
    with atomic_path(path) as temporary:
        fits.PrimaryHDU(image).writeto(temporary)
    return row.size


def export_ds9(pixels: PixelList, path: Path) -> int:
    """
    Write DS9 regions: circles, red for centers, orange for neighbors, magenta for inferred centers.

    Parameters
    ----------
    pixels : PixelList
        One region per entry, labeled with its rate in DN/s.
    path : pathlib.Path
        Where to write, a region file (.reg).

    Returns
    -------
    int
        Number of regions.
    """
    lines = ["# Region file format: DS9 version 4.1", "image"]
    # Pixels in DS9 are one-based.
    for y, x, role, rate in zip(pixels.y, pixels.x, pixels.role, pixels.rate, strict=True):
        text = "" if np.isnan(rate) else f" text={{{rate:.1f}}}"
        lines.append(f"circle({x + 1},{y + 1},0.7) # color={_COLORS[Role(role)]}{text}")
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(pixels)


def export_ecsv(pixels: PixelList, path: Path) -> int:
    """
    Write an ECSV table with units and metadata, see `to_table`.

    Parameters
    ----------
    pixels : PixelList
        One row per entry.
    path : pathlib.Path
        Where to write (.ecsv).

    Returns
    -------
    int
        Number of rows.
    """
    table = to_table(pixels)
    with atomic_path(path) as temporary:
        table.write(temporary, format="ascii.ecsv")
    return len(pixels)


def to_table(pixels: PixelList) -> Table:
    """
    Convert a list to an astropy table with units and metadata.

    Parameters
    ----------
    pixels : PixelList
        The list to convert.

    Returns
    -------
    astropy.table.Table
        One row per entry, with the columns of the schema; x and y are zero-based, full frame,
        science frame, epochs are MJD (UTC).
    """
    from astropy.table import Table

    table = Table({name: np.array(values) for name, values in pixels.columns().items()})
    for name, unit in UNITS.items():
        table[name].unit = unit
    origin = pixels.provenance
    table.meta = {
        "detector": pixels.detector,
        "readout": pixels.readout,
        "threshold_dn_per_s": float(pixels.threshold),
        "frame": "science (DMS), full frame, zero-based x and y; epochs MJD (UTC)",
        "roles": {int(role): role.name.lower() for role in Role},
        "statuses": {int(status): status.name.lower() for status in Status},
        "pedigree": origin.pedigree,
        "coverage": list(origin.coverage) if origin.coverage else None,
        "digest": pixels.digest(),
    }
    return table
