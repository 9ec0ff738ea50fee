"""Writing files that are either whole or not there."""

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
    Give a temporary place in the same folder; move it to ``path`` once all is written.

    Parameters
    ----------
    path : path
        Final name. A file of that name is replaced.

    Yields
    ------
    pathlib.Path
        A path of the same name in a hidden folder beside the final one, because datamodels
        write their own file name into the file. The folder goes when the block ends; a killed
        process leaves it behind, but never a half-written file under the final name.

    Raises
    ------
    OSError
        When the folder of ``path`` is missing or cannot be written to.
    """
    final = Path(path)
    with TemporaryDirectory(prefix=f".{final.stem}-", dir=final.parent) as folder:
        temporary = Path(folder) / final.name
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(final)
