"""The output folder: hidden while at work, final names only for what is whole."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from jwst_hotpix.exceptions import ExposureError

__all__ = ["publish", "run_folder"]

_PREFIX, _LOCK, _CLAIM = ".reprocess-", ".lock", ".claim-"


@contextmanager
def run_folder(output: Path) -> Iterator[Path]:
    """
    Give a hidden folder for the work of one run, and clear away those of dead runs.

    A lock that ends with this process tells a run at work from a dead one, on any file system
    whose locks reach all machines that use it.

    Parameters
    ----------
    output : Path
        Made where it is missing.

    Yields
    ------
    pathlib.Path
        Goes, with all that is in it, when the block ends.

    Raises
    ------
    OSError
        When ``output`` cannot be written to.
    """
    output.mkdir(parents=True, exist_ok=True)
    _clear_dead(output)
    descriptor, lock = _locked(output)
    folder = lock.with_suffix("")
    try:
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def publish(folder: Path, output: Path, main: str, kept: Set[str] = frozenset()) -> None:
    """
    Give products their final names, the main one last: where it is, all are.

    Parameters
    ----------
    folder : Path
        In a folder of `run_folder`, with whole files.
    output : Path
    main : str
        Name of the main product.
    kept : set of str
        Names in ``output`` that are not to be replaced.

    Raises
    ------
    ExposureError
        When the run has ended meanwhile, or a name is one of ``kept`` or that of another
        exposure's product in this run.
    """
    paths = sorted(folder.iterdir(), key=lambda path: (path.name == main, path.name))
    _check_names([path.name for path in paths], main, folder.parent, kept)
    for path in paths:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    for path in paths:
        path.replace(output / path.name)
    place = os.open(output, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _check_names(names: Sequence[str], main: str, run: Path, kept: Set[str]) -> None:
    if not _lock_of(run).exists():
        # A worker of a cluster may outlive the run: what that reported as undone must stay so.
        sentence = "this run has already ended"
        raise ExposureError("run", expected="under way", found="ended", sentence=sentence)
    for name in sorted(kept & set(names)):
        raise _overwriting(name, "an input exposure")
    for name in names:
        claim = run / f"{_CLAIM}{name}"
        try:
            # Made at once with what it says, on any machine.
            claim.symlink_to(main)
        except FileExistsError:
            other = str(claim.readlink())
            if other != main:
                raise _overwriting(name, f"that of {other}") from None


def _overwriting(name: str, what: str) -> ExposureError:
    sentence = f"product {name} would overwrite {what}"
    return ExposureError(
        "product", expected="a name of its own", found=f"{name}, {what}", sentence=sentence
    )


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{_LOCK}")


def _locked(output: Path) -> tuple[int, Path]:
    """Make a lock file and lock it."""
    while True:
        descriptor, name = mkstemp(_LOCK, _PREFIX, output)
        lock = Path(name)
        try:
            _try_lock(descriptor)
        except BlockingIOError:
            pass
        except OSError:
            # This file system has no locks: nobody will take this run for a dead one.
            return descriptor, lock
        # A run that clears may have been quicker, and taken the file for a dead run's.
        if lock.exists():
            return descriptor, lock
        os.close(descriptor)


def _clear_dead(output: Path) -> None:
    for lock in output.glob(f"{_PREFIX}*{_LOCK}"):
        with suppress(FileNotFoundError):
            descriptor = os.open(lock, os.O_RDWR)
            with suppress(OSError):
                _try_lock(descriptor)
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
            os.close(descriptor)
    # The lock comes first and goes last. A worker of a cluster may make a folder anew.
    for folder in output.glob(f"{_PREFIX}*"):
        if folder.is_dir() and not _lock_of(folder).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _try_lock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
