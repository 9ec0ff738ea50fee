"""``hotpix reprocess``: Detector1 with the step over an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jwst_hotpix.archive.many_exposures import reprocess
from jwst_hotpix.archive.one_exposure import ALREADY
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.archive.reprocessed import reprocessed
from jwst_hotpix.cli.options import (
    allow_simulated_option,
    files_argument,
    folder_option,
    json_option,
    list_options,
    min_confidence_option,
    neighbors_option,
    onset_option,
    overwrite_option,
    threshold_option,
    workers_options,
)
from jwst_hotpix.cli.output import emit, report_problems, watched
from jwst_hotpix.cli.parameter_types import OVERWRITE
from jwst_hotpix.tools.batch import SKIPPED, Batch, collect
from jwst_hotpix.tools.open_workers import open_workers
from jwst_hotpix.tools.workers import Workers

__all__ = ["command"]


@click.command("reprocess")
@click.pass_context
@files_argument(one_per_exposure=True)
@folder_option("output", "Folder for the products.", required=True)
@list_options("Folder of lists to choose from, unless CRDS has one")
@workers_options
@click.option("--memory", metavar="SIZE", help="Memory per process, e.g. 8GiB [an equal share].")
@click.option("--resume", is_flag=True, help="Skip finished exposures, redo the others.")
@overwrite_option
@click.option("--then", metavar="PIPELINE", multiple=True, help="Run this next, as strun would.")
@click.option(
    "--param", "parameters", metavar="NAME=VALUE", multiple=True,
    help="Parameter of hotpix_detector1, e.g. steps.jump.skip=true.",
)  # fmt: skip
@threshold_option()
@neighbors_option(default=None)
@onset_option(default=None)
@min_confidence_option(default=None)
@allow_simulated_option
@json_option
def command(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    output: Path,
    workers: int,
    scheduler: str | None,
    memory: str | None,
    *,
    resume: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """
    Run Detector1 with the step on raw exposures, and the step alone on all others.

    Detector1 names its products as usual (_rate.fits, _rateints.fits); any other product keeps the
    name of its exposure. Existing products are replaced only with --overwrite. The log is next to
    the product. An exposure that fails is tried once more and then
    reported; the others go on. FILE may be a folder, of which the rawest product of each exposure
    is taken, or @list.txt with a path per line.

    \b
    Examples:
      hotpix reprocess jw*_uncal.fits -o new --library lists --workers 4
      hotpix reprocess jw*_uncal.fits -o new --list nrs1.asdf --then calwebb_spec2 --resume
      hotpix reprocess jw*_rate.fits -o new --library lists --scheduler tcp://cluster:8786
    """
    recipe = Recipe.of(**options)
    names = [str(file) for file in files]
    with open_workers(workers, scheduler=scheduler, memory=memory or "auto") as pool:
        outcomes = reprocess(
            names, output, recipe, pool, resume=resume, overwrite=bool(ctx.meta.get(OVERWRITE))
        )
        click.echo(_size_of(pool), err=True)
        batch = collect(watched(outcomes, "Reprocessing", len(names)), names)
    _report(batch, pool, as_json=as_json)
    for outcome in batch.of(SKIPPED):
        if outcome.reason != ALREADY:
            click.echo(f"hotpix: {outcome}", err=True)
    report_problems(batch.problems)


def _size_of(pool: Workers) -> str:
    if pool.number is None or pool.memory is None:
        return f"Workers of {pool.name}"
    plural = "s" if pool.number > 1 else ""
    return f"{pool.number} worker{plural} of at most {pool.memory / 2**30:.1f} GiB each"


def _report(batch: Batch, pool: Workers, *, as_json: bool) -> None:
    result = reprocessed(batch, pool)
    counts = {key: len(result[key]) for key in ("done", "skipped", "failed", "retried")}
    emit(result if as_json else counts, as_json=as_json, title="" if as_json else "Reprocessed")
