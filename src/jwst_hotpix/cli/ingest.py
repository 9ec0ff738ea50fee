"""``hotpix ingest``: measure darks into a ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from jwst_hotpix.cli.output import emit
from jwst_hotpix.cli.parameter_types import DATE
from jwst_hotpix.ledger.ingest import ADDED, PRESENT, REJECTED, Outcome, ingest_files

__all__ = ["command"]


@click.command("ingest")
@click.argument("ledger", metavar="LEDGER", type=click.Path(file_okay=False, path_type=Path))
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--workers", type=click.IntRange(min=1), default=1, help="Processes to use.")
@click.option("--scheduler", metavar="ADDR", help="Use the workers of this dask scheduler.")
@click.option(
    "--released", metavar="DATE", type=DATE,
    help="When these science exposures became public (ISO, UTC) [when they were taken].",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(
    ledger: Path,
    files: tuple[Path, ...],
    workers: int,
    scheduler: str | None,
    released: float | None,
    *,
    as_json: bool,
) -> None:
    """
    Measure darks and science exposures into a ledger; a second time changes nothing.

    A dark is a NIRSpec DARK reference file, or a _rate, _rateints, _dark or _uncal product of a
    dark exposure (NRS_DARK). A science exposure is a _rate or _rateints product of a spectrum. Give
    one product of each exposure.

    \b
    Examples:
      hotpix ingest ledger jwst_nirspec_dark_*.fits
      hotpix ingest ledger jw*_uncal.fits --workers 4
      hotpix ingest ledger jw*_rate.fits --scheduler tcp://cluster:8786
    """
    outcomes = ingest_files(ledger, files, workers=workers, scheduler=scheduler, released=released)
    # On stderr, and only on a terminal: stdout is for the result.
    console = Console(stderr=True)
    done = list(
        track(
            outcomes,
            "Measuring exposures",
            total=len(files),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
    )
    _report(done, as_json=as_json)


def _report(done: list[Outcome], *, as_json: bool) -> None:
    lists = {
        status: sorted(outcome.file for outcome in done if outcome.status == status)
        for status in (ADDED, PRESENT)
    }
    rejected = [
        {"file": outcome.file, "reason": outcome.reason}
        for outcome in sorted(done, key=lambda outcome: outcome.file)
        if outcome.status == REJECTED
    ]
    if as_json:
        emit({**lists, "rejected": rejected}, as_json=True, title="")
    else:
        counts = {status: len(files) for status, files in lists.items()}
        emit({**counts, "rejected": len(rejected)}, as_json=False, title="Ledger")
    for problem in rejected:
        click.echo(f"hotpix: {problem['reason']}", err=True)
    if rejected:
        sys.exit(1)
