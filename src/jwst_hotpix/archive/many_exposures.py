"""Many exposures through the step, each by the next free worker."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from jwst_hotpix.archive.one_exposure import Job, reprocess_one
from jwst_hotpix.archive.output_folder import run_folder
from jwst_hotpix.archive.product_names import is_raw, product_names
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.tools.batch import FAILED, REPEATED, SKIPPED, Outcome
from jwst_hotpix.tools.workers import Workers

__all__ = ["reprocess"]


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
        Folder of the products; created if it is missing.
    recipe : Recipe
        What to do to each exposure.
    workers : Workers
        From `~jwst_hotpix.tools.open_workers.open_workers`.
    resume : bool
        Leave alone what is done: products that are whole and were made in the same way with the
        list that would be used now. Without it everything is made again.

    Yields
    ------
    Outcome
        One per file, as they are done. A file that cannot be used fails; the others go on.

    Raises
    ------
    ClusterError
        When the scheduler goes away. What was yielded by then is done.
    OSError
        When ``output`` cannot be written to.
    """
    place = Path(output).absolute()
    names = [os.fspath(file) for file in files]
    real = place.resolve()
    # Links that lead nowhere, or in a circle, are reported when they are opened.
    inputs = [(name, Path(os.path.realpath(name))) for name in names]
    kept = frozenset(file.name for _, file in inputs if file.parent == real)
    chosen, refused = _part(inputs, real)
    with run_folder(place) as work:
        yield from refused
        job = Job(
            start=str(Path.cwd()), output=str(place), work=str(work), recipe=recipe, resume=resume,
            kept=kept,
        )  # fmt: skip
        yield from workers.run(partial(reprocess_one, job), chosen)


def _part(inputs: Iterable[tuple[str, Path]], output: Path) -> tuple[list[str], list[Outcome]]:
    """Part files into those to do and those whose products would overwrite something."""
    places: set[Path] = set()
    makers: dict[str, str] = {}
    chosen, refused = [], []
    for file, place in inputs:
        name = Path(file).name
        if place in places:
            refused.append(Outcome(file=file, status=SKIPPED, reason=REPEATED))
            continue
        products = product_names(name, raw=is_raw(Path(file)))
        other = next((makers[product] for product in products if product in makers), None)
        reason = _unusable(name)
        if place.parent == output and place.name in products:
            reason = "the product would overwrite the exposure; choose another output folder"
        elif other is not None:
            reason = f"the product would overwrite that of {other}"
        if reason:
            refused.append(Outcome(file=file, status=FAILED, reason=f"{file}: {reason}"))
            continue
        places.add(place)
        makers |= dict.fromkeys(products, file)
        chosen.append(file)
    return chosen, refused


def _unusable(name: str) -> str:
    """Find what is wrong with a file name before minutes are spent on what is in the file."""
    if not name.isascii():
        return "the file name must be ASCII, as FITS headers hold nothing else"
    if name.endswith(".gz"):
        return "the pipeline does not read compressed FITS; decompress it first"
    return ""
