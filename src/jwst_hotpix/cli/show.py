"""``hotpix show``: what a list holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np

from jwst_hotpix.cli.output import DATE, emit, print_table
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH, Births
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.tools.dates import date_of

__all__ = ["command", "describe", "print_summary"]


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
    print_summary(describe(pixels), as_json=as_json, title=f"{path.name}{at}")


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
        "growth_error": origin.growth_error,
        "supplements": origin.mask,
        "pedigree": origin.pedigree,
        "digest": pixels.digest(),
    }


def print_summary(summary: Mapping[str, Any], *, as_json: bool, title: str) -> None:
    """
    Print what `describe` returns on stdout, in a table with a word on births.

    Parameters
    ----------
    summary : mapping
        As `describe` returns it, or with more.
    as_json : bool
        Print JSON instead.
    title : str
        Title of the table.
    """
    if as_json:
        emit(summary, as_json=True, title=title)
        return
    rows = dict(summary)
    growth, error = rows.pop("growth_per_month"), rows.pop("growth_error")
    if growth is None:
        print_table(rows, title)
        return
    births = f"{growth:.1f}" if error is None else str(Births(per_month=growth, error=error))
    print_table({**rows, "births_per_month": births}, title)
    click.echo(BIRTHS_AND_NET_GROWTH)
