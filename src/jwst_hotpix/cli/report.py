"""``hotpix report``: a page to look at, of all that a ledger shows."""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import join

import click

from jwst_hotpix.cli import options
from jwst_hotpix.cli.output import emit, excluding
from jwst_hotpix.cli.parameter_types import DATE
from jwst_hotpix.tools.plot_file import FigureFolder

__all__ = ["command"]


@click.command("report")
@options.input_argument("folder", "LEDGER")
@options.output_option("PAGE", "The page to write (.html).", ".html", required=True)
@options.detector_option("Detector, e.g. NRS1 [all of the ledger].")
@options.detector_threshold_option()
@options.since_option("Show looks, and fit growth, from this date on (ISO 8601, UTC).")
@options.as_of_option("Use only evidence known by this date (ISO 8601, UTC).")
@options.input_option(
    "--mask", "masks", "MASK", "MASK to compare with; repeat for each detector, readout mode and "
    "delivery [the one that CRDS selects].", multiple=True,
)  # fmt: skip
@click.option("--ta-flat", metavar="DATE", type=DATE,
              help="Date of the darks behind the TA flat [that of the newest MASK].")  # fmt: skip
@options.figures_option("Also write growth and maps", "report_growth")
@options.strict_option
@options.json_option
def command(  # noqa: PLR0913 (one parameter per option)
    folder: Path, output: Path, *, detector: str | None, threshold: float | None,
    since: float | None, as_of: float | None, ta_flat: float | None, masks: tuple[Path, ...],
    figures: FigureFolder | None, strict: bool, as_json: bool,
) -> None:  # fmt: skip
    """
    Write one page with all that a ledger shows: numbers, growth, a map, every pixel in time.

    The page needs no other file and no network: mail it, or put it on any web server.

    \b
    Examples:
      hotpix report ledger -o report.html
      hotpix report ledger -o nrs1.html --detector NRS1 --mask mask_0057.fits --mask mask_0061.fits
    """
    from jwst_hotpix.report.material import Asked
    from jwst_hotpix.report.read_material import read_material
    from jwst_hotpix.report.write_report import write_report

    asked = Asked(
        detector=detector, masks=masks, threshold=threshold, since=since, as_of=as_of,
        ta_flat=ta_flat, command=join(["hotpix", *sys.argv[1:]]),
    )  # fmt: skip
    with excluding(strict=strict) as damaged:
        material = read_material(folder, asked, damaged=damaged)
        written = write_report(material, output)
    if figures is not None:
        # matplotlib takes most of a second to import.
        from jwst_hotpix.report.figures import figures_of

        for name, figure in figures_of(material):
            figures.write(name, figure)
    emit(written.to_dict(), as_json=as_json, title=str(output))
