"""``hotpix update``: ingest whatever is new in CRDS and MAST."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jwst_hotpix.cli.fetch_exposures import now
from jwst_hotpix.cli.options import (
    detector_option,
    json_option,
    ledger_argument,
    readout_option,
    since_option,
    workers_options,
)
from jwst_hotpix.cli.output import emit, print_rows, report_problems, watched

if TYPE_CHECKING:
    from jwst_hotpix.fetch.update import SearchResult

__all__ = ["command"]


@click.command("update")
@ledger_argument
@click.option(
    "--from", "kinds", type=click.Choice(["references", "darks", "science"]), multiple=True,
    help="What to search for; may be repeated [references and darks; with --program also science].",
)  # fmt: skip
@detector_option("Only this detector, e.g. NRS1.")
@readout_option("Only this readout mode.")
@click.option(
    "--program", "programs", metavar="P", type=click.IntRange(1, 99999), multiple=True,
    help="Science exposures of this program, e.g. 1234; may be repeated.",
)  # fmt: skip
@since_option(
    "Only references with this USEAFTER or a later one, and exposures released at this date or "
    "later [exposures: since the last search; the first search goes back 4 months]."
)
@workers_options
@click.option("--dry-run", is_flag=True, help="List what is new; ingest nothing.")
@json_option
def command(
    ledger: Path,
    kinds: tuple[str, ...],
    programs: tuple[int, ...],
    workers: int,
    scheduler: str | None,
    *,
    dry_run: bool,
    as_json: bool,
    **limits: Any,
) -> None:
    """
    Ingest whatever is new in CRDS and MAST; if nothing is new, nothing is done.

    Files are read in place, as with hotpix ingest. If a run is interrupted or a server fails, the
    next run completes the work. A file that cannot be used is reported once. Exit status 0: the
    ledger is current; 1: a search, a transfer or a file failed; 2: invalid options.

    \b
    Examples:
      hotpix update ledger --dry-run
      hotpix update ledger --detector NRS1 --workers 2
      hotpix update ledger --from science --program 1234 --json
    """
    # They import the CRDS client and astropy, which takes most of a second.
    from jwst_hotpix.fetch.update import Scope, find_new, ingest_new
    from jwst_hotpix.ledger.ingested import ingested
    from jwst_hotpix.tools.batch import collect
    from jwst_hotpix.tools.open_workers import open_workers

    if programs and kinds and "science" not in kinds:
        raise click.UsageError("--program is of science exposures; add --from science")
    chosen = kinds or ("references", "darks", *(("science",) if programs else ()))
    moment = now()
    news = find_new(ledger, Scope(kinds=chosen, programs=programs, **limits), moment)
    if dry_run:
        _list(news, as_json=as_json)
        return
    names = [file.uri for one in news for file in one.files]
    is_alone = not names or (scheduler is None and workers == 1)
    with nullcontext() if is_alone else open_workers(workers, scheduler=scheduler) as pool:
        outcomes = ingest_new(ledger, news, moment, pool)
        batch = collect(watched(outcomes, "Measuring exposures", len(names)), names)
    problems = [one.problem for one in news if one.problem]
    result = {**ingested(batch), "problems": problems}
    if as_json:
        emit(result, as_json=True, title="")
    elif not names and not problems:
        click.echo(f"{ledger}: nothing new")
    else:
        counts = {key: len(found) for key, found in result.items()}
        emit(counts, as_json=False, title=str(ledger))
    report_problems([*problems, *batch.problems])


def _list(news: list[SearchResult], *, as_json: bool) -> None:
    files = [file for one in news for file in one.files]
    rows = [{"file": file.uri, "bytes": file.bytes} for file in files]
    problems = [one.problem for one in news if one.problem]
    if as_json:
        emit({"new": rows, "problems": problems}, as_json=True, title="")
    elif rows:
        print_rows(rows, f"{len(rows)} files are new")
    elif not problems:
        click.echo("nothing new")
    report_problems(problems)
