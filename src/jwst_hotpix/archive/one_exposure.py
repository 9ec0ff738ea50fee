"""One exposure through the step, and through the pipelines after it: what a worker does."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from astropy.io import fits

from jwst_hotpix.archive.output_folder import publish
from jwst_hotpix.archive.product_names import RAW, product_name
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.archive.signature import sign, why_not_done
from jwst_hotpix.exceptions import ExposureError, HotPixError
from jwst_hotpix.exposure.on_disk import ExposureFile, read_exposure
from jwst_hotpix.hotlist.choose import Choice, Lists
from jwst_hotpix.tools.ascii_text import in_ascii
from jwst_hotpix.tools.batch import DONE, FAILED, SKIPPED, Outcome, reason_for
from jwst_hotpix.tools.log_file import logged_to

__all__ = ["ALREADY", "Job", "reprocess_one"]

#: The reason to give for an exposure that `Job.resume` leaves alone.
ALREADY = "done already"

# The pipeline keeps its log settings once for the whole process.
_one_at_a_time = Lock()


@dataclass(frozen=True, kw_only=True)
class Job:
    """
    What is to be done to every exposure of a run, and where.

    Attributes
    ----------
    start : str
        Folder from which relative names of exposures count.
    output : str
        Folder of the products.
    work : str
        Hidden folder of this run, in ``output``.
    recipe : Recipe
        The pipelines, their parameters and the list.
    resume : bool
        Leave alone what is done.
    may_replace : bool
        Whether products may replace existing files.
    kept : frozenset of str
        Names of exposures that lie in ``output``, which no product may replace.
    """

    start: str
    output: str
    work: str
    recipe: Recipe
    resume: bool = False
    may_replace: bool = False
    kept: frozenset[str] = frozenset()


def reprocess_one(job: Job, file: str) -> Outcome:
    """
    Reprocess one exposure, unless that is done.

    Parameters
    ----------
    job : Job
        The same for every exposure of a run.
    file : str
        The exposure.

    Returns
    -------
    Outcome
        Whatever goes wrong is in it, the end of the interpreter included that crds asks for.
    """
    path = str(Path(job.start, file))
    with _one_at_a_time:
        try:
            job.recipe.check_processes()
            exposure = read_exposure(path)
            listed = _lists(job.recipe.list_path, job.recipe.library, job.work).choose(exposure)
            why = _why_not_done(job, exposure, listed) if job.resume else ""
            if why is None:
                return Outcome(file=file, status=SKIPPED, reason=ALREADY)
            if not job.recipe.allow_simulated:
                listed.require_measured(exposure)
            _warm_up()
            _reprocess(job, exposure, listed)
        except SystemExit as error:
            # crds gives up so, having logged why.
            hint = "as crds ends without a cache or server (CRDS_PATH, CRDS_SERVER_URL)"
            reason = f"SystemExit: {error}, {hint}"
            return Outcome(file=file, status=FAILED, reason=reason, may_pass=True)
        except Exception as error:  # noqa: BLE001
            # The steps may raise anything. What is wrong on our terms stays wrong.
            may_pass = not isinstance(error, HotPixError)
            reason = reason_for(error, file, path)
            return Outcome(file=file, status=FAILED, reason=reason, may_pass=may_pass)
        return Outcome(file=file, status=DONE, reason=why)


@lru_cache(maxsize=1)
def _lists(path: str | None, folder: str | None, run: str) -> Lists:
    """Read lists once per process and run; another run may find other lists in the same place."""
    del run
    return Lists(path, folder)


@cache
def _warm_up() -> None:
    """
    Import the pipeline once per process, and exempt what is there by then from garbage collection.

    stpipe collects garbage after every step, and would look through every module of the pipeline
    and its schemas each time: two seconds an exposure.
    """
    import_module("jwst_hotpix.pipeline")
    gc.collect()
    gc.freeze()


def _why_not_done(job: Job, exposure: ExposureFile, listed: Choice) -> str | None:
    main = Path(job.output) / _name_of(exposure)
    return why_not_done(main, job.recipe.text(exposure.product), listed)


def _name_of(exposure: ExposureFile) -> str:
    return product_name(exposure.path.name, raw=exposure.product == RAW)


def _reprocess(job: Job, exposure: ExposureFile, listed: Choice) -> None:
    output, main = Path(job.output), _name_of(exposure)
    log = f"{Path(main).stem}.log"
    with TemporaryDirectory(dir=job.work) as name:
        folder = Path(name)
        try:
            with logged_to(folder / log):
                _run(job.recipe, exposure, listed, folder / main, output)
            made = [path.name for path in folder.iterdir() if path.suffix != ".log"]
            sign(folder / main, job.recipe.text(exposure.product), made)
            publish(folder, output, main, job.kept, may_replace=job.may_replace)
        finally:
            # The log explains a failure best.
            with suppress(OSError):
                (folder / log).replace(output / log)


def _run(recipe: Recipe, exposure: ExposureFile, listed: Choice, main: Path, output: Path) -> None:
    first = recipe.first(exposure.product)
    more = [recipe.override(exposure.product, listed.path)] if listed.path else []
    places = {"output_dir": str(main.parent), "input_dir": _companions(exposure, output)}
    with _readable(exposure, main.parent.parent) as path:
        if exposure.product == RAW:
            _close(first.run(path, *more, save_results=True, **places))
        else:
            (model,) = first.run(path, *more, **places)
            with model:
                model.save(main)
    _check(main, listed)
    current = _product_for_next(main, exposure)
    for call in recipe.then:
        models = call.run(current, save_results=True, **places)
        current = main.with_name(models[0].meta.filename)
        _close(models)


@contextmanager
def _readable(exposure: ExposureFile, work: Path) -> Iterator[Path]:
    """Give an exposure that other tools have written the ASDF extension that pipelines ask for."""
    from stdatamodels.jwst import datamodels

    if any(unit.get("EXTNAME") == "ASDF" for unit in exposure.units):
        yield exposure.path
        return
    with TemporaryDirectory(dir=work) as folder:
        path = Path(folder, exposure.path.name)
        with datamodels.open(exposure.path) as model:
            model.save(path)
        yield path


def _check(main: Path, listed: Choice) -> None:
    """Make sure that the product was made with the list that was to be used."""
    with fits.open(main) as hdus:
        found = hdus[0].header.get("R_HOTPIX")
    expected = in_ascii(listed.name)
    if found != expected:
        raise ExposureError("R_HOTPIX of the product", expected=expected, found=found)


def _product_for_next(main: Path, exposure: ExposureFile) -> Path:
    """Time series go on with their integrations."""
    series = main.with_name(main.name.replace("_rate.fits", "_rateints.fits"))
    return series if exposure.header.get("TSOVISIT") and series.is_file() else main


def _companions(exposure: ExposureFile, output: Path) -> str:
    """
    Find the folder of the other files that a header names, e.g. the MSA metafile.

    That is where the exposure is, or, as for strun on its product, where that is.
    """
    here, values = exposure.path.parent, exposure.header.values()
    names = [value for value in values if isinstance(value, str) and "." in value]
    wanted = [name for name in names if not (here / name).is_file()]
    return str(output if any((output / name).is_file() for name in wanted) else here)


def _close(models: list[Any]) -> None:
    for model in models:
        model.close()
