"""``hotpix build``: from the ledger to a list."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from jwst_hotpix.cli.options import (
    as_of_option,
    detector_option,
    detector_threshold_option,
    input_argument,
    input_option,
    json_option,
    output_option,
    readout_option,
    strict_option,
)
from jwst_hotpix.cli.output import emit_tables, excluding
from jwst_hotpix.history.assumptions import DEFAULT
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.summary import Summary
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.tools.dates import iso

__all__ = ["command"]


def _explain(context: click.Context, _option: click.Parameter, value: bool) -> None:
    """Print what a build assumes, and end."""
    if not value or context.resilient_parsing:
        return
    for name, meaning in DEFAULT.explained().items():
        numbers = np.atleast_1d(getattr(DEFAULT, name))
        click.echo(f"{name} = {', '.join(f'{number:.7g}' for number in numbers)}")
        click.echo(click.wrap_text(meaning, 96, "    ", "    "))
    click.echo(f"sha256, as lists carry it: {DEFAULT.digest()}")
    context.exit()


@click.command("build")
@input_argument("folder", "LEDGER")
@detector_option(required=True)
@readout_option(
    "Use the darks of one readout mode, or of both together.", pooled=True, required=True
)
@output_option("LIST", "The list to write (.asdf).", ".asdf", required=True)
@detector_threshold_option()
@as_of_option()
@input_option("--mask", "mask", "MASK", "MASK whose hot pixels may explain rings of neighbors.")
@strict_option
@click.option(
    "--explain",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Print what a build assumes, with the sources, and exit.",
)
@json_option
def command(  # noqa: PLR0913 (one parameter per option)
    folder: Path,
    detector: str,
    readout: str,
    output: Path,
    threshold: float | None,
    as_of: float | None,
    mask: Path | None,
    *,
    strict: bool,
    as_json: bool,
) -> None:
    """
    Make a list of all hot pixels from a ledger of darks.

    \b
    Example:
      hotpix build ledger --detector NRS1 --readout irs2 -o nrs1.asdf --as-of 2024-03-01
    """
    with excluding(strict=strict) as damaged:
        sightings = Ledger(folder).sightings(
            detector, readout=readout, as_of=as_of, damaged=damaged
        )
    hot = None
    if mask is not None:
        # The datamodels take a second to import, and only a mask needs them.
        from jwst_hotpix.masks.reference_mask import read_hot

        hot = read_hot(mask, detector)
    pixels = build_list(sightings, threshold=threshold, readout=readout, mask=hot, as_of=as_of)
    # The list serves exposures from its first dark on: before it nothing is known.
    header = asdf_file.Header(useafter=iso(float(sightings.epoch[0]), "seconds"))
    asdf_file.write(pixels, output, header)
    summary = Summary.of(pixels)
    emit_tables(summary.to_dict(), summary.tables(str(output)), as_json=as_json)
