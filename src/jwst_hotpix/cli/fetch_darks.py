"""``hotpix fetch darks``: dark exposures from MAST."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jwst_hotpix.cli.fetch_exposures import exposure_options, fetch_and_report, make_search

__all__ = ["command"]


@click.command("darks")
@exposure_options
@click.option(
    "--product", type=click.Choice(["uncal", "dark"]), default="uncal", show_default=True,
    help="Raw exposures, or the ramps that the pipeline makes from them, which are larger.",
)  # fmt: skip
def command(
    product: str, folder: Path | None, *, dry_run: bool, as_json: bool, **limits: Any
) -> None:
    """
    Get NIRSpec dark exposures (NRS_DARK) from MAST.

    With -o the files are fetched; a file gets its name once it is complete, and after an
    interruption the same command continues where it stopped. Without -o nothing is fetched, and the
    addresses in the public cloud are printed. Standard output has one line per file, for hotpix
    ingest @-.

    \b
    Examples:
      hotpix fetch darks --detector NRS1 --readout irs2 --since 2024-01-01 --dry-run
      hotpix fetch darks --for exp_uncal.fits -o darks
    """
    from jwst_hotpix.fetch.mast import DARKS

    search = make_search(DARKS, product, **limits)
    fetch_and_report(search, folder, dry_run=dry_run, as_json=as_json)
