"""``hotpix import``: any mask or table becomes a list."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.output import DATE
from jwst_hotpix.cli.show import describe, print_summary
from jwst_hotpix.exchange.guess_format import Format
from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.tools.dates import date_of

__all__ = ["command"]


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--detector", required=True, help="E.g. NRS1.")
@click.option(
    "--date", type=DATE, required=True, help="When the pixels were known to be hot (ISO, UTC)."
)
@click.option("-o", "--output", "target", metavar="LIST", type=click.Path(path_type=Path),
              required=True, help="The list to write (.asdf).")  # fmt: skip
@click.option(
    "--format",
    "kind",
    type=click.Choice([kind.value for kind in Format]),
    help="Default: by content.",
)
@click.option(
    "--bit", type=int, help="Value of the bit that means hot: 8, not 3. Default: HOT, if named."
)
@click.option(
    "--readout",
    type=click.Choice(["irs2", "trad", "pooled"], case_sensitive=False),
    help="Default: what a MASK says, else pooled.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(
    path: Path,
    detector: str,
    date: float,
    target: Path,
    kind: str | None,
    bit: int | None,
    readout: str | None,
    *,
    as_json: bool,
) -> None:
    """
    Make a hot pixel list of a MASK, another FITS mask, a YAML list of msaexp, or a CSV or ECSV.

    Tables have zero-based columns x and y, and may have rate (DN/s) and onset.

    \b
    Example:
      hotpix import msaexp_badpix_nrs1.yaml --detector NRS1 --date 2024-05-15 -o nrs1.asdf
    """
    pixels = import_list(
        path,
        detector=detector,
        date=date,
        format=kind,
        bit=bit,
        readout=readout and readout.upper(),
    )
    day = date_of(date)
    header = asdf_file.Header(
        useafter=str(day),
        description=f"Hot pixels of {path.name}",
        history=(f"Imported from {path.name}; known to be hot at {day} UTC.",),
    )
    asdf_file.write(pixels, target, header)
    print_summary(describe(pixels), as_json=as_json, title=f"{path.name} as {target.name}")
