"""What ``hotpix fetch darks`` and ``hotpix fetch science`` have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

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
from jwst_hotpix.exposure.find import line_of
from jwst_hotpix.instrument.published_growth import RENEWAL_DAYS
from jwst_hotpix.tools.dates import mjd

if TYPE_CHECKING:
    from jwst_hotpix.fetch.mast import Search

__all__ = ["exposure_options", "fetch_and_report", "make_search", "now"]

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    input_option(
        "--for", "exposure", "EXPOSURE",
        "Those within 4 months of this exposure, with its detector and readout mode.",
    ),
    detector_option("Only this detector, e.g. NRS1."),
    readout_option("Only this readout mode."),
    click.option("--program", metavar="P", type=click.IntRange(1, 99999),
                 help="Only this program, e.g. 1234."),
    since_option("Only those taken at this date or later (ISO 8601, UTC)."),
    until_option("Only those taken at this date or earlier."),
    folder_option(
        "folder",
        "Fetch the files into this folder [print their addresses in the public cloud].",
    ),
    dry_run_option,
    json_option,
)  # fmt: skip


def exposure_options(function: _F) -> _F:
    """Add the options of both verbs."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def now() -> float:
    """Return the time, MJD (UTC)."""
    return mjd(datetime.now(UTC).isoformat())


def make_search(types: tuple[str, ...], product: str, **limits: Any) -> Search:
    """
    Make a search from the options.

    Parameters
    ----------
    types, product
        As in `~jwst_hotpix.fetch.mast.Search`.
    **limits
        ``exposure``, ``detector``, ``readout``, ``program``, ``since``, ``until``, as the options
        give them.

    Returns
    -------
    Search
    """
    from jwst_hotpix.fetch.mast import Search

    path = limits.pop("exposure")
    limits = {name: value for name, value in limits.items() if value is not None}
    if path is not None:
        if limits.keys() & {"detector", "readout"}:
            raise click.UsageError("--for implies detector and readout; give neither")
        from jwst_hotpix.exposure.on_disk import read_exposure

        exposure = read_exposure(path)
        limits |= {"detector": exposure.detector.name, "readout": exposure.readout}
        limits.setdefault("since", exposure.epoch - RENEWAL_DAYS)
        limits.setdefault("until", exposure.epoch + RENEWAL_DAYS)
    check_span(limits.get("since", -inf), limits.get("until", inf))
    return Search(types=types, product=product, **limits)


def fetch_and_report(search: Search, folder: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """
    Search MAST, fetch the files, and report the outcome of each.

    Parameters
    ----------
    search : Search
        Which exposures.
    folder : Path or None
        Where to put them; None to print their addresses.
    dry_run, as_json : bool
        As the options.
    """
    from jwst_hotpix.fetch.fetch_exposures import fetch_exposures
    from jwst_hotpix.fetch.fetched import FAILED
    from jwst_hotpix.fetch.mast import find_in_mast

    files = find_in_mast(search)
    fetched = fetch_exposures(files, folder, now=now(), dry_run=dry_run)
    done = list(watched(fetched, "Fetching exposures", len(files)))
    released = {file.name: file.released for file in files}
    lines = [line_of(one.place, released[one.name]) for one in done if one.state != FAILED]
    report_fetched(done, as_json=as_json, dry_run=dry_run, lines=lines)
