"""``hotpix show``: what a list holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from jwst_hotpix.cli.output import DATE, emit
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.tools.dates import date_of

__all__ = ["command", "describe"]


@click.command("show")
@click.argument("path", metavar="LIST", type=click.Path(path_type=Path))
@click.option("--at", "epoch", type=DATE, help="Count only what is hot at this date (ISO, UTC).")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(path: Path, epoch: float | None, *, as_json: bool) -> None:
    """
    Summarise a hot pixel list.

    \b
    Example:
      hotpix show jwst_nirspec_hotpix_nrs1_irs2_20220701.asdf --at 2024-03-01
    """
    pixels = asdf_file.read(path)
    if epoch is not None:
        pixels = pixels.select(pixels.active(epoch))
    at = "" if epoch is None else f" at {date_of(epoch)}"
    emit(describe(pixels), as_json=as_json, title=f"{path.name}{at}")


def describe(pixels: PixelList) -> dict[str, Any]:
    """
    Count a list's entries by role and status, and say where it comes from.

    Parameters
    ----------
    pixels : PixelList

    Returns
    -------
    dict
        Ready for JSON.
    """
    origin = pixels.provenance
    statuses = {status.name.lower(): int(np.sum(pixels.status == status)) for status in Status}
    first, last = origin.coverage or (None, None)
    return {
        "detector": pixels.detector,
        "readout": pixels.readout,
        "threshold": float(pixels.threshold),
        "n_pixels": len(pixels),
        "n_centers": int(np.sum(pixels.role == Role.CENTER)),
        "n_neighbors": int(np.sum(pixels.role == Role.NEIGHBOR)),
        "n_rings": int(np.sum(pixels.role == Role.INFERRED_CENTER)),
        "status": statuses,
        "n_exposures": origin.n_exposures,
        "first_dark": date_of(first),
        "last_dark": date_of(last),
        "as_of": date_of(origin.as_of),
        "growth_per_month": origin.growth_per_month,
        "supplements": origin.mask,
        "pedigree": origin.pedigree,
        "digest": pixels.digest(),
    }
