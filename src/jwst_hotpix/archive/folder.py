"""The output folder: hidden while at work, final names only for what is whole."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

__all__ = ["publish", "run_folder"]

_PREFIX, _LOCK = ".reprocess-", ".lock"


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


def publish(folder: Path, output: Path, main: str) -> None:
    """
    Give products their final names, the main one last: where it is, all are.

    Parameters
    ----------
    folder : Path
        On the file system of ``output``, with whole files.
    output : Path
    main : str
        Name of the main product.
    """
    paths = sorted(folder.iterdir(), key=lambda path: (path.name == main, path.name))
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


def _try_lock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
