"""``hotpix fetch references``: DARK and MASK references from CRDS."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

import click

from jwst_hotpix.cli.fetch_output import report_fetched
from jwst_hotpix.cli.options import (
    check_span,
    detector_option,
    dry_run_option,
    folder_option,
    input_option,
    json_option,
    readout_option,
    since_option,
    until_option,
)
from jwst_hotpix.cli.output import watched

__all__ = ["command"]


@click.command("references")
@input_option(
    "--for", "exposure", "EXPOSURE",
    "Those around this exposure: the last before it and the first after it.",
)  # fmt: skip
@detector_option("Only this detector, e.g. NRS1.")
@readout_option("Only this readout mode.")
@since_option("Only those with this USEAFTER or a later one (ISO 8601, UTC).")
@until_option("Only those with this USEAFTER or an earlier one.")
@click.option(
    "--type", "reftypes", type=click.Choice(["dark", "mask"]), multiple=True, default=("dark",),
    show_default=True, help="Type of references; give it twice for both.",
)  # fmt: skip
@click.option(
    "--context", metavar="NAME",
    help="Context to search, e.g. jwst_1100.pmap, FIRST:LAST for a range, or all for those in "
    "the CRDS cache [the one in use].",
)  # fmt: skip
@folder_option("folder", "Folder for the files [the CRDS cache].")
@click.option(
    "--addresses", is_flag=True,
    help="Print crds:// addresses instead of fetching; hotpix ingest reads only what it needs from "
    "these, 50 MB of a 1 GB DARK.",
)  # fmt: skip
@dry_run_option
@json_option
def command(
    exposure: Path | None,
    reftypes: tuple[str, ...],
    context: str | None,
    folder: Path | None,
    *,
    addresses: bool,
    dry_run: bool,
    as_json: bool,
    **limits: Any,
) -> None:
    """
    Get NIRSpec DARK references from CRDS into its cache, except those already there.

    CRDS is found as in the pipeline: CRDS_PATH, CRDS_SERVER_URL and CRDS_CONTEXT. After an
    interruption the same command completes the work. The path of each file is printed, for hotpix
    ingest.

    \b
    Examples:
      hotpix fetch references --for exp_uncal.fits --dry-run
      hotpix fetch references --detector NRS1 --since 2022-07-01 | hotpix ingest ledger @-
      hotpix fetch references --detector NRS1 --addresses | hotpix ingest ledger @- --workers 4
      hotpix fetch references --context jwst_1000.pmap:jwst_1100.pmap --type dark --type mask
    """
    # They import the CRDS client and astropy, which takes most of a second.
    from jwst_hotpix.exposure.ask_crds import CRDS
    from jwst_hotpix.exposure.crds_files import CrdsFiles
    from jwst_hotpix.exposure.on_disk import read_exposure
    from jwst_hotpix.fetch.choose_references import Wanted
    from jwst_hotpix.fetch.crds import contexts_of, list_references
    from jwst_hotpix.fetch.fetch_references import fetch_references

    if addresses and folder is not None:
        raise click.UsageError(
            "--addresses and -o exclude each other: with --addresses nothing is fetched"
        )
    since = -inf if limits["since"] is None else limits["since"]
    until = inf if limits["until"] is None else limits["until"]
    check_span(since, until)
    if exposure is None:
        wanted = Wanted(
            detector=limits["detector"], readout=limits["readout"], since=since, until=until
        )
    elif limits["detector"] or limits["readout"]:
        raise click.UsageError("--for implies detector and readout; give neither")
    else:
        wanted = Wanted.around(read_exposure(exposure), since, until)
    files = CrdsFiles()
    chosen = wanted.choose(list_references(contexts_of(context, files), set(reftypes), files))
    fetched = fetch_references(chosen, files, folder, dry_run=dry_run or addresses)
    done = list(watched(fetched, "Fetching references", len(chosen)))
    lines = [f"{CRDS}{one.name}" for one in chosen] if addresses else None
    report_fetched(done, as_json=as_json, dry_run=dry_run, lines=lines)
