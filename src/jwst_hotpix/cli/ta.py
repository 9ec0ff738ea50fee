"""``hotpix ta``: what hot pixels do to target acquisition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from jwst_hotpix.cli.output import DATE, Finite, emit, print_rows, print_table
from jwst_hotpix.target_acq import READ_NOISE, stamp_probability
from jwst_hotpix.target_acq.stars import Stars, percent, share_out
from jwst_hotpix.tools.dates import date_of

__all__ = ["command", "print_odds"]

_FILE = click.Path(path_type=Path)
_MONTHS = 12.0


@click.command("ta")
@click.argument("exposures", metavar="[EXPOSURE]...", nargs=-1, type=_FILE)
@click.option("--rate", "rates", type=float, multiple=True,
              help="Pixels of a detector that turn hot, a month; once a detector.")  # fmt: skip
@click.option("--list", "lists", metavar="LIST", type=_FILE, multiple=True,
              help="In place of a rate: a list (TRAD or pooled); once a detector.")  # fmt: skip
@click.option("--since", type=DATE, help="Date of the darks of the TA flat, with --list.")
@click.option("--at", type=DATE, help="Date to look at, with --list [default: its last dark].")
@click.option("--stars", type=click.IntRange(min=0), multiple=True,
              help="Reference stars on each detector, 1000 at most [8, shared out].")  # fmt: skip
@click.option("--months", type=Finite(min=0),
              help="Since the TA flat [default: 12]; with --list: to look ahead.")  # fmt: skip
@click.option("--at-least", "k", metavar="K", type=click.IntRange(min=1), default=1,
              show_default=True, help="Stars that must be hit to count.")  # fmt: skip
@click.option(
    "--risk", type=Finite(0, 1), help="How long may a TA flat stay for this risk (0 to 1)?"
)
@click.option("--cluster-share", type=Finite(0, 1, max_open=True), default=0.0, show_default=True,
              help="Share of the pixels that turn hot beside another one.")  # fmt: skip
@click.option("--read-noise", type=Finite(min=0, min_open=True), default=READ_NOISE,
              show_default=True, help="DN a read.")  # fmt: skip
@click.option("--any-readout", is_flag=True, help="Take an IRS2 list too; its rates differ.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True,
              help="Of the Monte Carlo.")  # fmt: skip
@click.option("-o", "--output", metavar="TABLE", type=_FILE,
              help="ECSV of the pixels that a new TA flat must mask; one --list.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(  # noqa: PLR0913 (one parameter an option)
    exposures: tuple[Path, ...], *, rates: tuple[float, ...], lists: tuple[Path, ...],
    since: float | None, at: float | None, stars: tuple[int, ...], months: float | None, k: int,
    risk: float | None, cluster_share: float, read_noise: float, any_readout: bool, seed: int,
    output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """
    Say how likely unmasked hot pixels (3 DN/s) spoil target acquisition.

    From growth rates alone, or from what a list has seen since the last TA flat: then also which
    pixels every WATA sees, and which lie in the stamps of real MSATA and WATA exposures (_uncal).

    \b
    Examples:
      hotpix ta --rate 70 --months 12 --stars 8
      hotpix ta --rate 48 --stars 4 --rate 64 --stars 4 --at-least 2 --risk 0.5
      hotpix ta --list nrs1.asdf --since 2024-05-01 -o ta_nrs1.ecsv
      hotpix ta jw*_uncal.fits --list nrs1.asdf --list nrs2.asdf --since 2024-05-01
    """
    if bool(rates) == bool(lists):
        raise click.UsageError("give either --rate or --list")
    asked = Stars(
        numbers=share_out(stars, len(rates or lists)), k=k, cluster_share=cluster_share, risk=risk
    )
    if rates:
        if exposures or output or (since, at) != (None, None):
            raise click.UsageError("EXPOSURE, --since, --at and --output need a --list")
        _from_rates(rates, _MONTHS if months is None else months, asked, as_json=as_json)
        return
    if since is None:
        raise click.UsageError("--list needs --since DATE, that of the last TA flat")
    if output and len(lists) > 1:
        raise click.UsageError("--output is the table of one --list")
    # Rates alone need none of this.
    from jwst_hotpix.cli import ta_report
    from jwst_hotpix.target_acq import risk_of_lists

    flat = risk_of_lists.Flat(since=since, at=at, any_readout=any_readout)
    seen = risk_of_lists.look(lists, flat)
    result = {
        "since": date_of(since),
        **asked.describe(),
        **risk_of_lists.risk_now(seen, asked, seed=seed),
        **risk_of_lists.risk_ahead(seen, asked, months),
        **ta_report.details(seen, asked, read_noise),
        **ta_report.exposure_rows(exposures, seen, flat, read_noise),
    }
    if output:
        # The only part that needs the datamodels.
        from jwst_hotpix.target_acq.table import write_table

        write_table(seen[0].new, since, output)
    ta_report.report(result, as_json=as_json)


def _from_rates(rates: tuple[float, ...], months: float, asked: Stars, *, as_json: bool) -> None:
    probability = [
        stamp_probability(rate, months, cluster_share=asked.cluster_share) for rate in rates
    ]
    result = {
        "months": months,
        **asked.describe(),
        **asked.odds(probability),
        **asked.interval(rates),
    }
    detectors = [
        {"pixels_per_month": rate, "stars": n, "stamp_probability": p}
        for rate, n, p in zip(rates, asked.numbers, probability, strict=True)
    ]
    if as_json:
        emit({**result, "detectors": detectors}, as_json=True, title="")
        return
    print_odds(result)
    if len(detectors) > 1:
        shown = [
            row | {"stamp_probability": percent(row["stamp_probability"])} for row in detectors
        ]
        print_rows(shown, "Detectors")


def print_odds(result: Mapping[str, Any]) -> None:
    """
    Print what is said of all stars on stdout, probabilities as percent.

    Parameters
    ----------
    result : mapping
        With what `Stars` says; what it says twice is left out.
    """
    said = {"at_least", "longest_interval_months"}
    if result["at_least"] == 1:
        said |= {name for name in result if name.endswith("at_least_probability")}
    shown = {
        name: percent(value) if name.endswith(("probability", "monte_carlo_error")) else value
        for name, value in result.items()
        if name not in said
    }
    print_table(shown, "Target acquisition")
