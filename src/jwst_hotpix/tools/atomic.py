"""Writing files that are either complete or absent."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

__all__ = ["atomic_path", "temporary_folder"]

_PREFIX = ".hotpix-"
# No writer takes a day for one file: what is older was left by a killed process.
_OLD = 86400.0


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """
    Provide a temporary path in the same folder, and move it to ``path`` once written.

    A link is followed, and a file that is replaced keeps its permissions. A device or a pipe, such
    as ``/dev/stdout``, is never replaced: the content is copied into it.

    Parameters
    ----------
    path : path
        Final name. An existing file is replaced.

    Yields
    ------
    pathlib.Path
        A path of the same name in a hidden folder beside the final one, because datamodels
        write their own file name into the file. The folder is removed when the block ends. A
        killed process leaves it behind, but never a partial file under the final name; later
        writers remove it after a day.

    Raises
    ------
    OSError
        When the folder of ``path`` is missing or not writable, or the disk is full. The error names
        ``path``.
    """
    asked = Path(path)
    # What goes to a device is prepared among the temporary files of the system.
    deliver, parent = (_copy, None) if _is_device(asked) else (_move, _folder_of(asked))
    try:
        with TemporaryDirectory(prefix=_PREFIX, dir=parent) as folder:
            temporary = Path(folder) / asked.name
            yield temporary
            deliver(temporary, asked)
    except OSError as error:
        # Nobody asked for the hidden name, and errors of writing name nothing at all.
        name = os.fspath(error.filename or "")
        if error.errno is None or not (not name or _PREFIX in name):
            raise
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """
    Provide a folder among the temporary files of the system, which is removed when the block ends.

    Yields
    ------
    pathlib.Path
        A killed process leaves it behind; later ones remove it after a day.
    """
    parent = Path(gettempdir())
    _sweep(parent)
    with TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _is_device(path: Path) -> bool:
    """Determine whether a path is that of a device or pipe, or of one that is redirected."""
    try:
        is_regular = stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False
    return not is_regular or path.parent in {Path("/dev"), Path("/dev/fd"), Path("/proc/self/fd")}


def _folder_of(path: Path) -> Path:
    folder = Path(os.path.realpath(path)).parent
    _sweep(folder)
    return folder


def _copy(temporary: Path, device: Path) -> None:
    with temporary.open("rb") as source, device.open("wb") as target:
        shutil.copyfileobj(source, target)


def _move(temporary: Path, path: Path) -> None:
    final = Path(os.path.realpath(path))
    with suppress(FileNotFoundError):
        temporary.chmod(stat.S_IMODE(final.stat().st_mode))
    descriptor = os.open(temporary, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.replace(final)


@cache
def _sweep(folder: Path) -> None:
    """Remove what killed writers left in a folder, once a process."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > _OLD:
                        shutil.rmtree(entry.path, ignore_errors=True)
