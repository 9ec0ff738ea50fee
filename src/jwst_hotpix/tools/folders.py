"""Files in folders. `pathlib` treats a folder that cannot be read as empty; here it is an error."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from jwst_hotpix.exceptions import reason_of

__all__ = ["files_below", "files_in", "path_list"]

log = logging.getLogger(__name__)


def files_in(folder: Path, pattern: str) -> Iterator[Path]:
    """
    List the files in a folder that match a pattern.

    Parameters
    ----------
    folder : Path
        A folder; a missing one counts as empty.
    pattern : str
        Pattern of file names, as for `pathlib.Path.glob`.

    Returns
    -------
    iterator of Path
        In no order.

    Raises
    ------
    OSError
        When the folder cannot be read.
    """
    if folder.is_dir():
        with os.scandir(folder):
            pass
    return folder.glob(pattern)


def files_below(folder: Path) -> Iterator[Path]:
    """
    List the files in a folder and all folders below it, except hidden ones.

    Parameters
    ----------
    folder : Path
        The folder. Links to folders are not followed.

    Yields
    ------
    Path
        In no order. A folder below that cannot be read is skipped with a warning.

    Raises
    ------
    OSError
        When the folder itself cannot be read.
    """

    def skip(error: OSError) -> None:
        if error.filename == os.fspath(folder):
            raise error
        log.warning("Skipped: %s", reason_of(error))

    for place, below, names in os.walk(folder, onerror=skip):
        below[:] = _shown(below)
        yield from (Path(place, name) for name in _shown(names))


def path_list(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
) -> list[str | os.PathLike[str]]:
    """
    List the paths given: a text is one path, not one per letter, of which ``/`` would be all files.

    Parameters
    ----------
    paths : path or iterable of path
        One path, or any number.

    Returns
    -------
    list of path
        In the order given.
    """
    return [paths] if isinstance(paths, str | os.PathLike) else list(paths)


def _shown(names: list[str]) -> list[str]:
    return [name for name in names if not name.startswith(".")]
