"""``hotpix ta``: how likely unmasked hot pixels spoil target acquisition."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jwst_hotpix.cli import options
from jwst_hotpix.cli.output import emit_tables, report_problems, write_figure
from jwst_hotpix.cli.parameter_types import Finite
from jwst_hotpix.target_acq.from_rates import risk_of_rates
from jwst_hotpix.target_acq.signal_in_groups import READ_NOISE
from jwst_hotpix.target_acq.stars import Stars
from jwst_hotpix.tools.plot_file import FigureFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["command"]

_MONTHS = 12.0


@click.command("ta")
@options.files_argument("exposures", "[EXPOSURE]...", required=False, kinds=["uncal"])
@click.option("--rate", "rates", metavar="R", type=float, multiple=True,
              help="New hot pixels per month; repeat for each detector.")  # fmt: skip
@options.input_option("--list", "lists", "LIST", "List (TRAD or pooled) to use in place of a rate; "
                      "repeat for each detector.", multiple=True)  # fmt: skip
@options.since_option("Date of the darks behind the TA flat, with --list.")
@options.at_option("Date to look at, with --list [that of its last dark].")
@click.option("--stars", metavar="N", type=click.IntRange(min=0), multiple=True,
              help="Reference stars on each detector, at most 1000 [8 in all].")  # fmt: skip
@click.option("--months", type=Finite(min=0),
              help="Months since the TA flat [12]; with --list, months to look ahead.")  # fmt: skip
@click.option("--at-least", "k", metavar="K", type=click.IntRange(min=1), default=1,
              show_default=True, help="Ask for at least K stars hit.")  # fmt: skip
@click.option("--risk", type=Finite(0, 1), help="Report how long a TA flat can be used before this "
              "risk (0 to 1) is reached.")  # fmt: skip
@click.option("--cluster-share", type=Finite(0, 1, max_open=True), default=0.0, show_default=True,
              help="Fraction of new hot pixels that turn hot beside another one.")  # fmt: skip
@click.option("--read-noise", type=Finite(min=0, min_open=True), default=READ_NOISE,
              show_default=True, help="Read noise in DN per read.")  # fmt: skip
@click.option("--any-readout", is_flag=True, help="Accept an IRS2 list too; its rates differ.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True,
              help="Seed of the Monte Carlo.")  # fmt: skip
@options.plot_option("Plot the risk against time, the pixels in SUB32 and the stamps hit")
@options.figures_option("Write this plot", "ta")
@options.output_option("TABLE", "ECSV of the pixels that a new TA flat must mask; one --list.")
@options.json_option
def command(  # noqa: PLR0913 (one parameter per option)
    exposures: tuple[Path, ...], *, rates: tuple[float, ...], lists: tuple[Path, ...],
    since: float | None, epoch: float | None, stars: tuple[int, ...], months: float | None, k: int,
    risk: float | None, cluster_share: float, read_noise: float, any_readout: bool, seed: int,
    plot: Path | None, figures: FigureFolder | None, output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """
    Report how likely unmasked hot pixels (3 DN/s) spoil target acquisition.

    From growth rates alone, or from the pixels that a list has seen turn hot since the last TA
    flat: then also which pixels every WATA sees, and which lie in the stamps of real MSATA and
    WATA exposures (_uncal).

    \b
    Examples:
      hotpix ta --rate 70 --months 12 --stars 8
      hotpix ta --rate 48 --stars 4 --rate 64 --stars 4 --at-least 2 --risk 0.5
      hotpix ta --list nrs1.asdf --since 2024-05-01 -o ta_nrs1.ecsv --plot ta_nrs1.png
      hotpix ta jw*_uncal.fits --list nrs1.asdf --list nrs2.asdf --since 2024-05-01
    """
    if bool(rates) == bool(lists):
        raise click.UsageError("give either --rate or --list")
    asked = Stars.on(len(rates or lists), stars, k)
    if rates:
        if exposures or output or (since, epoch) != (None, None):
            raise click.UsageError("EXPOSURE, --since, --at and --output need a --list")
        months = _MONTHS if months is None else months
        found = risk_of_rates(rates, asked, months, risk=risk, cluster_share=cluster_share)
        _draw(plot, figures, found.in_time())
        emit_tables(found.to_dict(), found.tables(), as_json=as_json)
        return
    if since is None:
        raise click.UsageError("--list needs --since DATE, that of the last TA flat")
    if output and len(lists) > 1:
        raise click.UsageError("--output is the table of one --list")
    # With asdf, which rates do without.
    from jwst_hotpix.target_acq.detector_risk import read_lists
    from jwst_hotpix.target_acq.from_lists import risk_of_lists
    from jwst_hotpix.target_acq.hits_in_files import find_hits_in_files
    from jwst_hotpix.target_acq.ta_flat import TaFlat

    flat = TaFlat(since=since, any_readout=any_readout)
    seen = read_lists(lists, flat, epoch)
    risks = risk_of_lists(
        seen, flat, asked, months=months, risk=risk, cluster_share=cluster_share,
        read_noise=read_noise, seed=seed,
    )  # fmt: skip
    hits = find_hits_in_files(exposures, [one.pixels for one in seen], flat, read_noise)
    if output:
        # With astropy.
        from jwst_hotpix.target_acq.new_pixel_table import write_new_pixels

        write_new_pixels(seen[0].new, since, output)
    _draw(plot, figures, risks.in_time(), [one.new for one in seen], hits.hits)
    tables = chain(risks.tables(), hits.tables())
    emit_tables({**risks.to_dict(), **hits.to_dict()}, tables, as_json=as_json)
    report_problems(hits.rejected.values())


def _draw(plot: Path | None, figures: FigureFolder | None, *shown: Any) -> None:
    def draw() -> Figure:
        # matplotlib takes most of a second to import.
        from jwst_hotpix.target_acq.risk_plot import risk_figure

        return risk_figure(*shown)

    write_figure("ta", draw, plots=[plot], figures=figures)
