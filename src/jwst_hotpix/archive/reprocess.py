"""Many exposures through the step, each by whatever worker is free."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jwst_hotpix.archive.folder import run_folder
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.archive.task import (
    FAILED,
    SKIPPED,
    Result,
    Task,
    product_names,
    reprocess_one,
)
from jwst_hotpix.tools.workers import KILLED, Report, Workers

__all__ = ["REPEATED", "Outcome", "reprocess"]

#: The reason to give for a file that is named more than once.
REPEATED = "given twice"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """
    What became of one file.

    Attributes
    ----------
    file : str
    status : str
        ``"done"``, ``"skipped"`` or ``"failed"``.
    reason : str
        Why it was skipped, failed, or had to be redone.
    retried : bool
        It took a second attempt.
    """

    file: str
    status: str
    reason: str = ""
    retried: bool = False


def reprocess(
    files: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    recipe: Recipe,
    workers: Workers,
    *,
    resume: bool = False,
) -> Iterator[Outcome]:
    """
    Reprocess exposures.

    Parameters
    ----------
    files : sequence of path
        Raw exposures go through Detector1 with the step, all others through the step alone.
    output : path
        Folder of the products; made where it is missing.
    recipe : Recipe
    workers : Workers
        From `local_workers` or `cluster_workers`.
    resume : bool
        Leave alone what is done: products that are whole and were made in the same way with the
        list that would be used now. Without it all is made anew.

    Yields
    ------
    Outcome
        One a file, as they are done. A file that cannot be used fails; the others go on.

    Raises
    ------
    ClusterError
        When the scheduler goes away. What was yielded by then is done.
    OSError
        When ``output`` cannot be written to.
    """
    place = Path(output).absolute()
    every = [str(Path(file).absolute()) for file in files]
    chosen, refused = _one_a_product(every, place)
    inputs = (Path(file).resolve() for file in every)
    kept = frozenset(file.name for file in inputs if file.parent == place.resolve())
    with run_folder(place) as work:
        yield from refused
        task = Task(
            file="", output=str(place), work=str(work), recipe=recipe, resume=resume, kept=kept
        )
        tasks = (replace(task, file=file) for file in chosen)
        for report in workers.run(reprocess_one, tasks, try_again=_is_passing):
            yield _outcome(report)


def _is_passing(result: Result) -> bool:
    return result.passing


def _outcome(report: Report) -> Outcome:
    killed = Result(status=FAILED, reason=KILLED)
    result = killed if report.killed else report.result
    return Outcome(
        file=report.item.file,
        status=result.status,
        reason=result.reason,
        retried=report.attempts > 1,
    )


def _one_a_product(files: Sequence[str], output: Path) -> tuple[list[str], list[Outcome]]:
    """Part files into those to do and those that would write what another, or they, hold."""
    places: set[Path] = set()
    makers: dict[str, str] = {}
    chosen, refused = [], []
    for file in files:
        place, names = Path(file).resolve(), product_names(file)
        other = next((makers[name] for name in names if name in makers), None)
        if place in places:
            refused.append(Outcome(file=file, status=SKIPPED, reason=REPEATED))
            continue
        reason = _unusable(Path(file).name)
        if any((output / name).resolve() == place for name in names):
            reason = f"output folder: expected another than its own, found {output}"
        elif other is not None:
            reason = f"product: expected a name of its own, found that of {other}"
        if reason:
            refused.append(Outcome(file=file, status=FAILED, reason=reason))
            continue
        places.add(place)
        makers |= dict.fromkeys(names, file)
        chosen.append(file)
    return chosen, refused


def _unusable(name: str) -> str:
    """Say what is wrong with a file name before minutes are spent on what is in it."""
    if not name.isascii():
        return "file name: expected ASCII, for FITS headers hold nothing else, found another"
    if name.endswith(".gz"):
        return "file: expected FITS that is not compressed, as the pipeline reads it, found .gz"
    return ""
