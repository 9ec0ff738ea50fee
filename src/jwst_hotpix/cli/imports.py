"""``hotpix import``: any mask or table becomes a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jwst_hotpix.cli.options import (
    detector_option,
    input_argument,
    json_option,
    output_option,
    readout_option,
)
from jwst_hotpix.cli.output import emit_tables
from jwst_hotpix.cli.parameter_types import DATE
from jwst_hotpix.exchange.guess_format import Format
from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.summary import Summary
from jwst_hotpix.tools.dates import iso

__all__ = ["command"]


@click.command("import")
@input_argument("path", "FILE")
@detector_option(required=True)
@click.option(
    "--date", metavar="DATE", type=DATE, required=True,
    help="When the pixels were known to be hot (ISO 8601, UTC).",
)  # fmt: skip
@output_option("LIST", "The list to write (.asdf).", ".asdf", required=True)
@click.option(
    "--format", type=click.Choice([kind.value for kind in Format]),
    help="What FILE is [decided by its content].",
)  # fmt: skip
@click.option(
    "--bit", metavar="N", type=int,
    help="Value of the bit that means hot: 8, not 3 [the one that the file names HOT].",
)  # fmt: skip
@click.option(
    "--origin", metavar="TEXT",
    help="Where the pixels come from, for the header of the list [the name of FILE].",
)  # fmt: skip
@readout_option("Readout mode of the list [that of a MASK, else pooled].", pooled=True)
@json_option
def command(
    *,
    path: Path,
    detector: str,
    date: float,
    output: Path,
    origin: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """
    Make a hot pixel list from a MASK, another FITS mask, a bad pixel list of msaexp, or a table.

    A table is text, ECSV or FITS. It has zero-based x and y, and may have rate (DN/s) and onset.

    \b
    Example:
      hotpix import msaexp_badpix_nrs1.yaml --detector NRS1 --date 2024-05-15 -o nrs1.asdf
    """
    pixels = import_list(path, detector=detector, date=date, **options)
    day = iso(date, "seconds")
    header = asdf_file.Header(
        useafter=day,
        description=origin or f"Hot pixels of {path.name}",
        history=(f"Imported from {path.name}; known to be hot at {day} UTC.",),
    )
    asdf_file.write(pixels, output, header)
    summary = Summary.of(pixels)
    emit_tables(summary.to_dict(), summary.tables(f"{output}, from {path}"), as_json=as_json)
