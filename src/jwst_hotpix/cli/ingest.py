"""``hotpix ingest``: measure darks into a ledger."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from jwst_hotpix.cli.options import (
    files_argument,
    json_option,
    ledger_argument,
    workers_options,
)
from jwst_hotpix.cli.output import emit, report_problems, watched
from jwst_hotpix.cli.parameter_types import DATE, Finite
from jwst_hotpix.exposure.find import Dated
from jwst_hotpix.ledger.add_files import ingest_files
from jwst_hotpix.ledger.ingested import ingested
from jwst_hotpix.tools.batch import DONE, Batch, collect
from jwst_hotpix.tools.open_workers import open_workers

__all__ = ["command"]


@click.command("ingest")
@ledger_argument
@files_argument(
    kinds=["rate", "rateints", "dark", "uncal"],
    reference="dark",
    one_per_exposure=True,
    dated=True,
)
@workers_options
@click.option(
    "--released", metavar="DATE", type=DATE,
    help="When these science exposures became public (ISO 8601, UTC) [when they were taken].",
)  # fmt: skip
@click.option(
    "--group-time", metavar="SECONDS", type=Finite(min=0, min_open=True),
    help="Time between groups, for ramps of references whose header does not give it.",
)  # fmt: skip
@json_option
def command(
    ledger: Path,
    files: tuple[Dated, ...],
    workers: int,
    scheduler: str | None,
    released: float | None,
    group_time: float | None,
    *,
    as_json: bool,
) -> None:
    """
    Measure darks and science exposures into a ledger; a second time changes nothing.

    A dark is a NIRSpec DARK reference file, or a _rate, _rateints, _dark or _uncal product of a
    dark exposure (NRS_DARK). A science exposure is a _rate or _rateints product of a spectrum. Give
    one product of each exposure; from a folder, one of each is taken. Of two reductions of an
    exposure the newer one is used. Of a remote file, given by address (crds://, https:// or s3://),
    only the parts needed are downloaded. @list.txt names a file with one path per line, @- reads
    such lines from standard input; a line may end in a tab and released= with the date when the
    exposure became public, which overrides --released.

    \b
    Examples:
      hotpix ingest ledger jwst_nirspec_dark_*.fits
      hotpix ingest ledger darks/ --workers 4
      hotpix ingest ledger crds://jwst_nirspec_dark_0374.fits
      hotpix ingest ledger jw*_rate.fits --scheduler tcp://cluster:8786
    """
    names = [str(file.path) for file in files]
    dates = {str(one.path): one.released for one in files if one.released is not None}
    is_alone = scheduler is None and workers == 1
    with nullcontext() if is_alone else open_workers(workers, scheduler=scheduler) as pool:
        outcomes = ingest_files(
            ledger, names, pool, released=released, released_on=dates, group_time=group_time
        )
        batch = collect(watched(outcomes, "Measuring exposures", len(names)), names)
    _report(batch, as_json=as_json)
    for outcome in batch.of(DONE):
        if outcome.reason:
            click.echo(f"hotpix: {outcome.file}: {outcome.reason}", err=True)
    report_problems(batch.problems)


def _report(batch: Batch, *, as_json: bool) -> None:
    result = ingested(batch)
    counts = {key: len(result[key]) for key in ("ingested", "already_present", "rejected")}
    emit(result if as_json else counts, as_json=as_json, title="Ledger")
