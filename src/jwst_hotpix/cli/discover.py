"""``hotpix discover``: new hot pixels from one's own science exposures."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from jwst_hotpix.cli.options import (
    detector_threshold_option,
    figures_option,
    files_argument,
    folder_option,
    input_option,
    json_option,
    overwrite_option,
)
from jwst_hotpix.cli.output import emit, print_table, report_problems, write_ecsv, write_figure
from jwst_hotpix.cli.parameter_types import OVERWRITE
from jwst_hotpix.discovery.find_new import Found, discover
from jwst_hotpix.discovery.new_pixel_rows import UNITS, rows_of
from jwst_hotpix.exceptions import PathError
from jwst_hotpix.tools.folders import files_in
from jwst_hotpix.tools.plot_file import FigureFolder

__all__ = ["command"]


@click.command("discover")
@files_argument(kinds=["rate", "rateints"])
@folder_option("output", "Folder to write lists to.", required=True)
@input_option("--ledger", "ledger", "LEDGER", "Ledger whose darks count too.")
@detector_threshold_option()
@figures_option("Also write the pictures")
@overwrite_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    output: Path,
    ledger: Path | None,
    threshold: float | None,
    *,
    figures: FigureFolder | None,
    as_json: bool,
) -> None:
    """
    Find new hot pixels in your own science exposures: no darks needed.

    FILE is a _rate or _rateints product of NIRSpec spectra (MOS, IFU, fixed slits, bright objects),
    a folder of them, or @list.txt with a path per line. Dithered exposures of a visit see most. For
    each detector and readout mode DIR gets a list that the step takes, the same as a table, and a
    picture.

    \b
    Examples:
      hotpix discover jw01345062001_*_rate.fits -o new
      hotpix reprocess jw01345062001_*_uncal.fits -o reduced --library new
    """
    if any(files_in(output, "*.asdf")) and not ctx.meta.get(OVERWRITE):
        raise PathError(
            "output",
            expected="a folder without lists",
            found="some",
            source=output,
            sentence="holds lists already; use --overwrite to replace those of the same name",
        )
    beside = partial(_write_beside, figures=figures)
    result = discover(files, output, ledger=ledger, threshold=threshold, write_beside=beside)
    rows = [found.to_dict() for found in result.lists]
    rejected = [{"file": one.file, "reason": one.reason} for one in result.rejected]
    if as_json:
        emit({"lists": rows, "rejected": rejected}, as_json=True, title="")
    else:
        # A table for each: the columns of one for all would not fit a terminal.
        for row in rows:
            print_table(_shown(row), "New hot pixels of {detector} {readout}".format(**row))
    for found in result.lists:
        if found.warning:
            click.echo(f"hotpix: warning: {found.warning}", err=True)
    report_problems(one.reason for one in result.rejected)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    shown = {name: row[name] for name in ("list", "n_exposures", "n_centers", "n_neighbors")}
    looks = ", ".join(f"{number} {kind}" for kind, number in row["looks"].items())
    shares = {
        f"judged at {rate} DN/s": f"{100 * share:.1f} %" for rate, share in row["judged"].items()
    }
    return shown | {"list": row["list"] or "none", "looks": looks} | shares


def _write_beside(found: Found, path: Path, *, figures: FigureFolder | None) -> None:
    # matplotlib takes a second to import.
    from jwst_hotpix.discovery.new_pixels_plot import found_figure

    write_ecsv(rows_of(found.pixels), path.with_suffix(".ecsv"), units=UNITS)
    name = f"discover_{found.pixels.detector}_{found.pixels.readout}".lower()
    picture = path.with_suffix(".png")
    write_figure(name, lambda: found_figure(found), plots=[picture], figures=figures)
