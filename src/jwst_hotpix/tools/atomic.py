"""Writing files that are either complete or absent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["atomic_path"]


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """
    Provide a temporary path in the same folder, and move it to ``path`` once written.

    Parameters
    ----------
    path : path
        Final name. An existing file is replaced.

    Yields
    ------
    pathlib.Path
        A path of the same name in a hidden folder beside the final one, because datamodels
        write their own file name into the file. The folder is removed when the block ends; a
        killed process leaves it behind, but never a partial file under the final name.

    Raises
    ------
    OSError
        When the folder of ``path`` is missing or not writable, or the disk is full. The error names
        ``path``.
    """
    final = Path(path)
    try:
        with TemporaryDirectory(prefix=f".{final.stem}-", dir=final.parent) as folder:
            temporary = Path(folder) / final.name
            yield temporary
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.replace(final)
    except OSError as error:
        # Nobody asked for the hidden name, and errors of writing name nothing at all.
        hidden = f"{os.sep}.{final.stem}-"
        if error.errno is None or hidden not in f"{os.sep}{error.filename or hidden}":
            raise
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error
