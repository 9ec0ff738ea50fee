"""``hotpix export``: lists for those who do without the step."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.options import (
    at_option,
    input_argument,
    input_option,
    json_option,
    neighbors_option,
    output_option,
    threshold_option,
)
from jwst_hotpix.cli.output import emit
from jwst_hotpix.exchange.export_formats import EXPORT_FORMATS, Request
from jwst_hotpix.hotlist import asdf_file

__all__ = ["command"]


@click.command("export")
@input_argument("listed", "LIST")
@click.option(
    "--to", "kind", required=True, type=click.Choice(list(EXPORT_FORMATS)),
    help="; ".join(f"{name}: {kind.text}" for name, kind in EXPORT_FORMATS.items()),
)  # fmt: skip
@output_option("OUT", "The file to write.", required=True)
@input_option("--base", "base", "MASK", "MASK to add to (mask), or of the exposures (npy).")
@input_option("--like", "like", "EXPOSURE", "Exposure that gives frame and date (user-dq, npy).")
@at_option(
    "Export what is hot at this date (ISO 8601, UTC). Without it a mask gets what is hot at the "
    "last dark, an image what is hot at its exposure, and ds9 and ecsv get all entries."
)
@threshold_option()
@neighbors_option("none", "threshold")
@json_option
def command(  # noqa: PLR0913 (one parameter per option)
    *,
    listed: Path,
    kind: str,
    output: Path,
    base: Path | None,
    like: Path | None,
    epoch: float | None,
    threshold: float | None,
    neighbors: str,
    as_json: bool,
) -> None:
    """
    Write a list in a format that needs no plugin.

    \b
    Examples:
      hotpix export list.asdf --to mask --base jwst_nirspec_mask_0057.fits -o mask.fits
      hotpix export list.asdf --to ecsv -o list.ecsv
    """
    chosen = EXPORT_FORMATS[kind]
    options = {"base": base, "like": like, "threshold": threshold}
    given = {name for name, value in options.items() if value is not None}
    for name in chosen.needs - given:
        raise click.UsageError(f"--to {kind} needs --{name}")
    for name in given - chosen.needs - chosen.takes:
        raise click.UsageError(f"--to {kind} takes no --{name}")
    request = Request(
        pixels=asdf_file.read(listed),
        epoch=epoch,
        threshold=threshold,
        neighbors=neighbors,
        base=base,
        like=like,
    )
    n = chosen.write(request, output)
    emit({"n_pixels": n}, as_json=as_json, title=str(output))
