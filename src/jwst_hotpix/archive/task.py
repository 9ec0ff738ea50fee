"""One exposure, one task: what a worker does."""

from __future__ import annotations

import gc
import logging
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

from jwst_hotpix.archive.folder import publish
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.archive.record import sign, why_not_done
from jwst_hotpix.exceptions import ExposureError, HotPixError
from jwst_hotpix.exposure.on_disk import ExposureFile, read_exposure
from jwst_hotpix.hotlist.choose import Choice, Lists
from jwst_hotpix.tools.ascii_text import in_ascii

__all__ = [
    "ALREADY",
    "DONE",
    "FAILED",
    "SKIPPED",
    "Result",
    "Task",
    "product_name",
    "product_names",
    "reprocess_one",
]

DONE, SKIPPED, FAILED = "done", "skipped", "failed"
ALREADY = "done already"

_RAW = "_uncal.fits"

log = logging.getLogger(__name__)

# The pipeline keeps its log settings once for the whole process.
_one_at_a_time = Lock()


@dataclass(frozen=True, kw_only=True)
class Task:
    """
    An exposure and what to do to it.

    Attributes
    ----------
    file : str
    output : str
        Folder of the products.
    work : str
        Hidden folder of this run, in ``output``.
    recipe : Recipe
    resume : bool
        Leave alone what is done.
    kept : frozenset of str
        Names of exposures that lie in ``output``, which no product may replace.
    """

    file: str
    output: str
    work: str
    recipe: Recipe
    resume: bool = False
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Result:
    """
    What became of an exposure.

    Attributes
    ----------
    status : str
        ``"done"``, ``"skipped"`` or ``"failed"``.
    reason : str
        Why it was redone or failed.
    passing : bool
        A failure that may not happen again.
    """

    status: str
    reason: str = ""
    passing: bool = False


def product_name(file: str) -> str:
    """
    Name the main product of an exposure.

    Parameters
    ----------
    file : str

    Returns
    -------
    str
        ``<root>_rate.fits`` of ``<root>_uncal.fits``; anything else keeps its name, as the
        pipelines that follow, and their associations, know it by that.
    """
    name = Path(file).name
    return f"{name.removesuffix(_RAW)}_rate.fits" if name.endswith(_RAW) else name


def product_names(file: str) -> tuple[str, ...]:
    """
    Name all products of an exposure but those of further pipelines, the main one first.

    Parameters
    ----------
    file : str

    Returns
    -------
    tuple of str
        Of a raw exposure also ``<root>_rateints.fits``.
    """
    main, name = product_name(file), Path(file).name
    return (main, f"{name.removesuffix(_RAW)}_rateints.fits") if name.endswith(_RAW) else (main,)


def reprocess_one(task: Task) -> Result:
    """
    Reprocess one exposure, unless that is done.

    Parameters
    ----------
    task : Task

    Returns
    -------
    Result
        Whatever goes wrong is in it, the end of the interpreter included that crds asks for.
    """
    with _one_at_a_time:
        try:
            exposure = read_exposure(task.file)
            listed = _lists(task.recipe.list_path, task.recipe.library, task.work).choose(exposure)
            why = "" if not task.resume else _why(task, exposure, listed)
            if why is None:
                return Result(status=SKIPPED, reason=ALREADY)
            _warm_up()
            _reprocess(task, exposure, listed)
        except HotPixError as error:
            return Result(status=FAILED, reason=str(error))
        except SystemExit as error:
            # crds gives up so, having logged why.
            hint = "as crds ends without a cache or server (CRDS_PATH, CRDS_SERVER_URL)"
            reason = f"SystemExit: {error}, {hint}"
            return Result(status=FAILED, reason=reason, passing=True)
        except Exception as error:  # noqa: BLE001
            # The steps may raise anything.
            text = " ".join(str(error).split())
            return Result(status=FAILED, reason=f"{type(error).__name__}: {text}", passing=True)
        return Result(status=DONE, reason=why)


@lru_cache(maxsize=1)
def _lists(path: str | None, folder: str | None, run: str) -> Lists:
    """Read lists once per process and run; another run may find other lists in the same place."""
    del run
    return Lists(path, folder)


@cache
def _warm_up() -> None:
    """
    Import the pipeline, once in a process, and take all that is there by now out of garbage.

    stpipe collects garbage after every step, and would look through every module of the pipeline
    and its schemas each time: two seconds an exposure.
    """
    import_module("jwst_hotpix.pipeline")
    gc.collect()
    gc.freeze()


def _why(task: Task, exposure: ExposureFile, listed: Choice) -> str | None:
    main = Path(task.output) / product_name(task.file)
    return why_not_done(main, task.recipe.text(exposure.product), listed)


def _reprocess(task: Task, exposure: ExposureFile, listed: Choice) -> None:
    output, main = Path(task.output), product_name(task.file)
    log = f"{Path(main).stem}.log"
    with TemporaryDirectory(dir=task.work) as name:
        folder = Path(name)
        try:
            with _logged(folder / log):
                _run(task.recipe, exposure, listed, folder / main)
            made = [path.name for path in folder.iterdir() if path.suffix != ".log"]
            sign(folder / main, task.recipe.text(exposure.product), made)
            publish(folder, output, main, task.kept)
        finally:
            # Of a failure the log tells most.
            with suppress(OSError):
                (folder / log).replace(output / log)


def _run(recipe: Recipe, exposure: ExposureFile, listed: Choice, main: Path) -> None:
    first = recipe.first(exposure.product)
    more = [recipe.override(exposure.product, listed.path)] if listed.path else []
    saving = {"save_results": True, "output_dir": str(main.parent)}
    if exposure.product == "uncal":
        _close(first.run(exposure.path, *more, **saving))
    else:
        (model,) = first.run(exposure.path, *more, output_dir=saving["output_dir"])
        with model:
            model.save(main)
    _check(main, listed)
    current = _product_for_next(main, exposure)
    for call in recipe.then:
        models = call.run(current, **saving)
        current = main.with_name(models[0].meta.filename)
        _close(models)


def _check(main: Path, listed: Choice) -> None:
    """Make sure that the product is there, and made with the list that was to be used."""
    if not main.is_file():
        expected = f"one that Detector1 names {main.name} ({_RAW} for a raw exposure)"
        raise ExposureError("file name", expected=expected, found="another")
    with fits.open(main) as hdus:
        found = hdus[0].header.get("R_HOTPIX")
    expected = in_ascii(listed.name)
    if found != expected:
        raise ExposureError("R_HOTPIX of the product", expected=expected, found=found)


def _product_for_next(main: Path, exposure: ExposureFile) -> Path:
    """Time series go on with their integrations."""
    series = main.with_name(main.name.replace("_rate.fits", "_rateints.fits"))
    return series if exposure.header.get("TSOVISIT") and series.is_file() else main


def _close(models: list[Any]) -> None:
    for model in models:
        model.close()


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Write to a file what ``strun`` would show, and let ``cal_logs`` have it."""
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"))
    # CRDS does not hand its lines up.
    root, crds = logging.getLogger(), logging.getLogger("CRDS")
    level = root.level
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    for logger in (root, crds):
        logger.addHandler(handler)
    try:
        yield
    except BaseException:
        log.exception("Failed")
        raise
    finally:
        for logger in (root, crds):
            logger.removeHandler(handler)
        logging.captureWarnings(False)
        root.setLevel(level)
        handler.close()
