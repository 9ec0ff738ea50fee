"""``hotpix fetch science``: public science exposures from MAST."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jwst_hotpix.cli.fetch_exposures import exposure_options, fetch_and_report, make_search

__all__ = ["command"]


@click.command("science")
@exposure_options
@click.option(
    "--product", type=click.Choice(["rate", "rateints"]), default="rate", show_default=True,
    help="All integrations averaged, or each one separately.",
)  # fmt: skip
def command(
    product: str, folder: Path | None, *, dry_run: bool, as_json: bool, **limits: Any
) -> None:
    """
    Get the rate products of public NIRSpec spectra from MAST.

    With -o the files are fetched; a file gets its name once it is complete, and after an
    interruption the same command continues where it stopped. Without -o nothing is fetched, and the
    addresses in the public cloud are printed. Standard output has one line per file, with its
    release date, for hotpix ingest @-.

    \b
    Examples:
      hotpix fetch science --program 1234 --detector NRS1 --dry-run
      hotpix fetch science --program 1234 --detector NRS1 | hotpix ingest ledger @-
      hotpix fetch science --for exp_uncal.fits -o rates
    """
    from jwst_hotpix.fetch.mast import SCIENCE

    if not limits["program"] and not limits["exposure"] and limits["since"] is None:
        raise click.UsageError("give --program, --for or --since: MAST has very many exposures")
    search = make_search(SCIENCE, product, **limits)
    fetch_and_report(search, folder, dry_run=dry_run, as_json=as_json)
