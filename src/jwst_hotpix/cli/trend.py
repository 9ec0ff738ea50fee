"""``hotpix trend``: how fast the number of hot pixels grows."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli import options
from jwst_hotpix.cli.output import emit_tables, excluding, report_problems, write_figure
from jwst_hotpix.cli.parameter_types import DATE
from jwst_hotpix.exceptions import PathError
from jwst_hotpix.exposure.find import read_lists
from jwst_hotpix.tools.plot_file import FigureFolder
from jwst_hotpix.trending.from_ledger import gather
from jwst_hotpix.trending.table_1 import TABLE_ENDINGS, write_table
from jwst_hotpix.trending.wanted import KINDS, Wanted

__all__ = ["command"]


@click.command("trend")
@click.argument(
    "sources", metavar="LEDGER|[DATE=]MASK...", nargs=-1, required=True,
    callback=lambda _ctx, _param, sources: tuple(read_lists(sources)),
)  # fmt: skip
@options.detector_option("Detector, e.g. NRS1 [all of the ledger].")
@options.readout_option("Readout mode [both].")
@click.option("--kind", type=click.Choice(KINDS),
              help="CRDS DARKs or single darks [both, each as a series of its own].")  # fmt: skip
@options.threshold_option(
    "Dark rate in DN/s above which a pixel is hot; repeat for several [1 3 10 100].",
    multiple=True, above_zero=True,
)  # fmt: skip
@options.since_option("Use only darks or masks from this date on (ISO 8601, UTC).")
@options.as_of_option("Use only darks or masks known by this date (ISO 8601, UTC).")
@options.input_option("--mask", "checked", "MASK", "Compare the pixels that this MASK flags HOT "
                      "with those of the nearest DARK.", multiple=True)  # fmt: skip
@click.option("--bit", metavar="VALUE", type=int, help="Value of the bit of masks that means hot.")
@click.option("--edge", metavar="N", type=click.IntRange(min=0),
              help="Pixels of masks to exclude on all four sides.")  # fmt: skip
@options.plot_option("Plot counts and fits", multiple=True)
@options.figures_option("Write this plot", "trend")
@options.output_option("TABLE", "Write Table 1 of the report.", *TABLE_ENDINGS)
@options.strict_option
@options.json_option
def command(  # noqa: PLR0913 (one parameter per option)
    *, sources: tuple[str, ...], detector: str | None, readout: str | None, kind: str | None,
    thresholds: tuple[float, ...], since: float | None, as_of: float | None,
    checked: tuple[Path, ...], bit: int | None, edge: int | None, plots: tuple[Path, ...],
    figures: FigureFolder | None, output: Path | None, strict: bool, as_json: bool,
) -> None:  # fmt: skip
    """
    Report how fast the number of hot pixels grows, in pixels per month, with errors that hold.

    From a ledger of darks, or from masks of several dates (also as @list.txt, one per line). A
    change of method is detected and fitted as a step; darks that cannot be compared are refused.

    \b
    Examples:
      hotpix trend ledger --detector NRS1 --plot nrs1.png -o table.md
      hotpix trend ledger --mask jwst_nirspec_mask_0057.fits
      hotpix trend 2023-01-20=old.fits 2023-07-01=new.fits --detector NRCALONG --bit 1
    """
    wanted = Wanted(detector=detector, readout=readout, kind=kind, since=since, as_of=as_of)
    if thresholds:
        wanted = wanted.above(thresholds)
    if len(sources) == 1 and Path(sources[0]).is_dir():
        with excluding(strict=strict) as damaged:
            found = gather(sources[0], wanted, damaged=damaged)
    else:
        if not any(_dated(source)[0].exists() for source in sources):
            raise PathError(
                "source", expected="a ledger or masks", found="none", source=sources[0],
                sentence="there is no such ledger or mask",
            )  # fmt: skip
        if kind or thresholds:
            raise click.UsageError("--kind and --threshold are of darks: masks have neither")
        if detector is None:
            raise click.UsageError("masks need --detector (and a ledger is a folder)")
        # With astropy, which ledgers do without.
        from jwst_hotpix.trending.from_masks import gather_masks

        found = gather_masks([_dated(source) for source in sources], wanted, bit=bit, edge=edge)
    if checked:
        from jwst_hotpix.trending.from_masks import check_masks

        found = check_masks(found, checked, wanted, bit=bit, edge=edge)
    if output is not None and found.trends:
        write_table(found.trends, output)
    if found.trends:
        write_figure("trend", found.plot, plots=plots, figures=figures)
    emit_tables(found.to_dict(), found.tables(), as_json=as_json)
    report_problems(found.problems)


def _dated(source: str) -> tuple[Path, float | None]:
    """Split ``DATE=FILE``; a path may hold an equals sign itself."""
    date, equals, path = source.rpartition("=")
    if not equals or Path(source).exists():
        return Path(source), None
    return Path(path), DATE.convert(date, None, None)
