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
from jwst_hotpix.exceptions import PathError
from jwst_hotpix.tools.batch import FAILED, REPEATED, SKIPPED, Outcome
from jwst_hotpix.tools.folders import path_list
from jwst_hotpix.tools.workers import Workers

__all__ = ["reprocess"]


def reprocess(
    files: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    recipe: Recipe,
    workers: Workers,
    *,
    resume: bool = False,
    overwrite: bool = False,
) -> Iterator[Outcome]:
    """
    Reprocess exposures. Problems that concern all of them are detected before the first.

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
        list that would be used now. Others are redone and replaced.
    overwrite : bool
        Replace products that exist.

    Returns
    -------
    iterator of Outcome
        One per file, as they are done. A file that cannot be used fails; the others go on.

    Raises
    ------
    PathError
        Immediately, when products exist and may not be replaced.
    ClusterError
        By the iterator, when the connection to the scheduler is lost. Outcomes yielded by then are
        final.
    OSError
        By the iterator, when ``output`` cannot be written to.
    """
    place = Path(output).absolute()
    names = [os.fspath(file) for file in path_list(files)]
    real = place.resolve()
    # Links that lead nowhere, or in a circle, are reported when they are opened.
    inputs = [(name, Path(os.path.realpath(name))) for name in names]
    kept = frozenset(file.name for _, file in inputs if file.parent == real)
    chosen, products, refused = _part(inputs, real)
    may_replace = resume or overwrite
    if not may_replace:
        _require_new(Path(output), [name for name in products if name not in kept])

    def run() -> Iterator[Outcome]:
        with run_folder(place) as work:
            yield from refused
            job = Job(
                start=str(Path.cwd()), output=str(place), work=str(work), recipe=recipe,
                resume=resume, may_replace=may_replace, kept=kept,
            )  # fmt: skip
            yield from workers.run(partial(reprocess_one, job), chosen)

    return run()


def _require_new(output: Path, products: Iterable[str]) -> None:
    existing = [output / name for name in products if (output / name).exists()]
    if not existing:
        return
    more = f", and so do {len(existing) - 1} other products" if len(existing) > 1 else ""
    raise PathError(
        "product",
        expected="a new file",
        found="one that exists",
        source=existing[0],
        sentence=f"exists already{more}; use --overwrite to replace, --resume to skip those done",
    )


def _part(
    inputs: Iterable[tuple[str, Path]], output: Path
) -> tuple[list[str], list[str], list[Outcome]]:
    """Separate files to process, with their products, from those that would overwrite others'."""
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
        # A link in the output folder counts as an input, like the file it points to.
        named = Path(os.path.realpath(Path(file).parent), name)
        if any(one.parent == output and one.name in products for one in (place, named)):
            reason = "the product would overwrite the exposure; choose another output folder"
        elif other is not None:
            reason = f"the product would overwrite that of {other}"
        if reason:
            refused.append(Outcome(file=file, status=FAILED, reason=f"{file}: {reason}"))
            continue
        places.add(place)
        makers |= dict.fromkeys(products, file)
        chosen.append(file)
    return chosen, list(makers), refused


def _unusable(name: str) -> str:
    """Find what is wrong with a file name before minutes are spent on what is in the file."""
    if not name.isascii():
        return "the file name must be ASCII, as FITS headers hold nothing else"
    if name.endswith(".gz"):
        return "the pipeline does not read compressed FITS; decompress it first"
    return ""
