"""``hotpix show``: what a list holds."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.options import at_option, input_argument, json_option
from jwst_hotpix.cli.output import emit_tables
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.summary import Summary
from jwst_hotpix.tools.dates import date_of

__all__ = ["command"]


@click.command("show")
@input_argument("path", "LIST")
@at_option("Count only the pixels that are hot at this date (ISO 8601, UTC).")
@json_option
def command(path: Path, epoch: float | None, *, as_json: bool) -> None:
    """
    Summarize a hot pixel list: its pixels, its darks, and where it comes from.

    \b
    Example:
      hotpix show jwst_nirspec_hotpix_nrs1_irs2_20220701.asdf --at 2024-03-01
    """
    pixels = asdf_file.read(path)
    title = str(path)
    if epoch is not None:
        pixels = pixels.select(pixels.active(epoch))
        title = f"{path} at {date_of(epoch)}"
    summary = Summary.of(pixels)
    emit_tables(summary.to_dict(), summary.tables(title), as_json=as_json)
