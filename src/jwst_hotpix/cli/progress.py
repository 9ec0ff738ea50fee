"""What verbs that work through many files share: a progress bar, and complaints at the end."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jwst_hotpix.tools.batch import FAILED, SKIPPED, Batch, Outcome, collect

__all__ = ["complain", "watch"]


def watch(outcomes: Iterable[Outcome], files: Sequence[str], label: str) -> Batch:
    """
    Take outcomes as they come, with a progress bar if stderr is a terminal.

    Parameters
    ----------
    outcomes : iterable of Outcome
        One per file, in any order.
    files : sequence of str
        All files of the batch.
    label : str
        What is being done, before the bar.

    Returns
    -------
    Batch
    """
    # On stderr: stdout is for the result.
    console = Console(stderr=True)
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bar = progress.add_task("", total=len(files))
        return collect(outcomes, files, lambda: progress.advance(bar))


def complain(batch: Batch, *, fine: Collection[str] = ()) -> None:
    """
    Print on stderr why files were skipped or failed; exit with status 1 if any failed.

    Parameters
    ----------
    batch : Batch
        All outcomes.
    fine : collection of str
        Reasons to skip a file that need no mention.
    """
    told_together = batch.not_reached
    for outcome in (*batch.of(SKIPPED), *batch.of(FAILED)):
        if outcome.reason not in fine and outcome not in told_together:
            click.echo(f"hotpix: {outcome}", err=True)
    if batch.lost is not None:
        count = len(told_together)
        click.echo(f"hotpix: {batch.lost}; {count} files are not done", err=True)
    if batch.of(FAILED) or batch.lost is not None:
        sys.exit(1)
