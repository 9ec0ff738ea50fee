"""``hotpix reprocess``: Detector1 with the step over an archive."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.archive.reprocess import REPEATED, Outcome, reprocess
from jwst_hotpix.archive.strun import Call
from jwst_hotpix.archive.task import ALREADY, DONE, FAILED, SKIPPED
from jwst_hotpix.cli.output import emit
from jwst_hotpix.exceptions import ClusterError
from jwst_hotpix.hotlist.library import ENVIRONMENT
from jwst_hotpix.tools.workers import Workers, cluster_workers, local_workers

__all__ = ["command"]

_FILE = click.Path(path_type=Path)

# Options of this command that are parameters of the step.
_OF_STEP = ("threshold", "neighbors", "onset", "min_confidence")


@click.command("reprocess")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@click.option(
    "-o", "output", metavar="DIR", required=True, help="Where products go.",
    type=click.Path(file_okay=False, path_type=Path),
)  # fmt: skip
@click.option("--list", "list_path", metavar="LIST", type=_FILE, help="Use this list.")
@click.option(
    "--library", metavar="DIR", envvar=ENVIRONMENT, type=_FILE,
    help=f"Choose from these lists, unless CRDS has one [${ENVIRONMENT}].",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(min=1), default=1, help="Processes to use.")
@click.option("--memory", metavar="SIZE", help="For each of them, e.g. 8GiB [an equal share].")
@click.option("--scheduler", metavar="ADDR", help="Use the workers of this dask scheduler.")
@click.option("--resume", is_flag=True, help="Leave alone what is done already.")
@click.option("--then", metavar="PIPELINE", multiple=True, help="Run it next, as strun would.")
@click.option(
    "--param", "parameters", metavar="NAME=VALUE", multiple=True,
    help="Of hotpix_detector1, e.g. steps.jump.skip=true.",
)  # fmt: skip
@click.option("--threshold", type=click.FloatRange(min=0), help="DN/s [the list's].")
@click.option("--neighbors", type=click.Choice(["none", "threshold", "cross"]))
@click.option("--onset", type=click.Choice(["earliest", "midpoint", "latest"]))
@click.option("--min-confidence", type=click.FloatRange(0, 1))
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(
    files: tuple[Path, ...],
    output: Path,
    workers: int,
    memory: str | None,
    scheduler: str | None,
    *,
    resume: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """
    Run Detector1 with the step on raw exposures, and the step alone on all others.

    A product of Detector1 is called as ever (_rate.fits, _rateints.fits); any other keeps the
    name of its exposure. Beside it lies the log. What fails is tried once more, reported, and
    stops nothing else.

    \b
    Examples:
      hotpix reprocess jw*_uncal.fits -o new --library lists --workers 4
      hotpix reprocess jw*_uncal.fits -o new --list nrs1.asdf --then calwebb_spec2 --resume
      hotpix reprocess jw*_rate.fits -o new --library lists --scheduler tcp://cluster:8786
    """
    recipe = _recipe(**options)
    console = Console(stderr=True)
    with _open(workers, memory, scheduler) as pool:
        console.print(f"[dim]{_size_of(pool)}", highlight=False)
        done, lost = _watch(console, files, output, recipe, pool, resume=resume)
    _report(done, lost, pool, as_json=as_json)


def _recipe(
    list_path: Path | None,
    library: Path | None,
    then: tuple[str, ...],
    parameters: tuple[str, ...],
    **of_step: Any,
) -> Recipe:
    pairs = [parameter.partition("=") for parameter in parameters]
    for parameter, (name, equals, _) in zip(parameters, pairs, strict=True):
        if not (name and equals):
            raise click.BadParameter(f"expected NAME=VALUE, found {parameter!r}")
    given = {name.removeprefix("--"): value.strip() for name, _, value in pairs}
    given |= {
        f"steps.hotpix.{name}": str(of_step[name]) for name in _OF_STEP if of_step[name] is not None
    }
    recipe = Recipe(
        list_path=None if list_path is None else str(list_path.absolute()),
        library=None if library is None else str(library.absolute()),
        parameters=tuple(sorted(given.items())),
        then=tuple(Call.parse(text) for text in then),
    )
    if parameters or then:
        recipe.check()
    return recipe


def _open(
    workers: int, memory: str | None, scheduler: str | None
) -> AbstractContextManager[Workers]:
    if scheduler is not None:
        return cluster_workers(scheduler)
    return local_workers(workers, memory=memory)


def _size_of(pool: Workers) -> str:
    if pool.number is None or pool.memory is None:
        return f"Workers of {pool.address}"
    plural = "s" if pool.number > 1 else ""
    return f"{pool.number} worker{plural} of at most {pool.memory / 2**30:.1f} GiB each"


def _watch(
    console: Console,
    files: tuple[Path, ...],
    output: Path,
    recipe: Recipe,
    pool: Workers,
    *,
    resume: bool,
) -> tuple[list[Outcome], ClusterError | None]:
    """Take outcomes as they come; what a lost scheduler leaves undone has failed."""
    columns = (TextColumn("Reprocessing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    done: list[Outcome] = []
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bar = progress.add_task("", total=len(files))
        try:
            for outcome in reprocess(files, output, recipe, pool, resume=resume):
                done.append(outcome)
                progress.advance(bar)
        except ClusterError as error:
            settled = {outcome.file for outcome in done if outcome.reason != REPEATED}
            done += [
                Outcome(file=file, status=FAILED, reason=str(error))
                for file in dict.fromkeys(map(os.path.abspath, files))
                if file not in settled
            ]
            return done, error
    return done, None


def _report(
    done: list[Outcome], lost: ClusterError | None, pool: Workers, *, as_json: bool
) -> None:
    done = sorted(done, key=lambda outcome: outcome.file)
    of = {status: [o for o in done if o.status == status] for status in (DONE, SKIPPED, FAILED)}
    retried = [outcome.file for outcome in done if outcome.retried]
    if as_json:
        result = {
            "done": [outcome.file for outcome in of[DONE]],
            "skipped": [{"file": o.file, "reason": o.reason} for o in of[SKIPPED]],
            "failed": [{"file": o.file, "reason": o.reason} for o in of[FAILED]],
            "redone": [{"file": o.file, "reason": o.reason} for o in of[DONE] if o.reason],
            "retried": retried,
            "workers": pool.number,
            "memory_per_worker": pool.memory,
        }
        emit(result, as_json=True, title="")
    else:
        counts = {status: len(outcomes) for status, outcomes in of.items()}
        emit({**counts, "retried": len(retried)}, as_json=False, title="Reprocessed")
    _complain(of, lost)


def _complain(of: dict[str, list[Outcome]], lost: ClusterError | None) -> None:
    for outcome in (*of[SKIPPED], *of[FAILED]):
        is_told_once = lost is not None and outcome.reason == str(lost)
        if not is_told_once and outcome.reason != ALREADY:
            click.echo(f"hotpix: {_named(outcome)}", err=True)
    if lost is not None:
        undone = sum(outcome.reason == str(lost) for outcome in of[FAILED])
        click.echo(f"hotpix: {lost}; {undone} exposures are not done", err=True)
    if of[FAILED] or lost is not None:
        sys.exit(1)


def _named(outcome: Outcome) -> str:
    reason = outcome.reason
    return reason if outcome.file in reason else f"{outcome.file}: {reason}"
