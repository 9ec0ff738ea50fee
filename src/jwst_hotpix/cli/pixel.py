"""``hotpix pixel``: what every look saw of one pixel."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.options import (
    detector_option,
    detector_threshold_option,
    figures_option,
    input_argument,
    json_option,
    plot_option,
    readout_option,
    strict_option,
)
from jwst_hotpix.cli.output import emit_tables, excluding, write_figure
from jwst_hotpix.tools.plot_file import FigureFolder

__all__ = ["command"]


@click.command("pixel")
@input_argument("folder", "LEDGER")
@click.argument("x", metavar="X", type=int)
@click.argument("y", metavar="Y", type=int)
@detector_option(required=True)
@readout_option("Readout mode, or both together [each on its own].", pooled=True)
@detector_threshold_option("the pixel")
@plot_option("Plot its dark rate against time")
@figures_option("Write this plot")
@strict_option
@json_option
def command(  # noqa: PLR0913 (one parameter per option)
    folder: Path,
    x: int,
    y: int,
    *,
    detector: str,
    readout: str | None,
    threshold: float | None,
    plot: Path | None,
    figures: FigureFolder | None,
    strict: bool,
    as_json: bool,
) -> None:
    """
    Report what every look saw of one pixel, and when it was hot.

    X and Y are the column and the row of the pixel, both counted from zero, in the science frame of
    the full detector: one less than in DS9 or in SUBSTRT1 and SUBSTRT2. A look is a dark, or the
    science exposures of a visit. Intervals are those of a list that hotpix build makes of the
    ledger, and those that are too uncertain for it.

    \b
    Examples:
      hotpix pixel ledger 1182 986 --detector NRS1
      hotpix pixel ledger 1182 986 --detector NRS1 --readout irs2 --plot pixel.png
    """
    from jwst_hotpix.history.one_pixel import histories_in

    with excluding(strict=strict) as damaged:
        found = histories_in(
            folder, detector, x, y, readout=readout, threshold=threshold, damaged=damaged
        )
    name = f"pixel_{detector}_{x}_{y}".lower()
    write_figure(name, found.plot, plots=[plot], figures=figures)
    emit_tables(found.to_dict(), found.tables(), as_json=as_json)
