"""Many exposures through the step, each by whatever worker is free."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jwst_hotpix.archive.folder import run_folder
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.archive.task import (
    FAILED,
    SKIPPED,
    Result,
    Task,
    product_name,
    reprocess_one,
)
from jwst_hotpix.workers import KILLED, Report, Workers

__all__ = ["Outcome", "reprocess"]


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
    chosen, refused = _one_a_product([str(Path(file).absolute()) for file in files], place)
    with run_folder(place) as work:
        yield from refused
        tasks = (
            Task(file=file, output=str(place), work=str(work), recipe=recipe, resume=resume)
            for file in chosen
        )
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
    makers: dict[str, str] = {}
    refused = []

    def refuse(file: str, status: str, reason: str) -> None:
        refused.append(Outcome(file=file, status=status, reason=reason))

    for file in files:
        name, place = product_name(file), Path(file).resolve()
        other = makers.get(name)
        if (output / name).resolve() == place:
            refuse(file, FAILED, f"output folder: expected another than its own, found {output}")
        elif other is None:
            makers[name] = file
        elif Path(other).resolve() == place:
            refuse(file, SKIPPED, "given twice")
        else:
            refuse(file, FAILED, f"product: expected a name of its own, found that of {other}")
    return list(makers.values()), refused
