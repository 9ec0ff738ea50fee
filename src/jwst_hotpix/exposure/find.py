"""The exposures among the files and folders that a command is given, each once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["gather"]

# Products in detector pixels, by their names in the archive; a folder holds others too.
_EXPOSURE = re.compile(r".*_(uncal|ramp|rate|rateints|cal|calints)\.fits(\.gz)?")


def gather(paths: Iterable[str | os.PathLike[str]]) -> tuple[list[Path], list[Path]]:
    """
    List files, searching folders for exposures.

    Parameters
    ----------
    paths : iterable of path
        Files, whatever their names, and folders. A folder is searched, with all folders below it,
        for ``*_uncal.fits``, ``_ramp``, ``_rate``, ``_rateints``, ``_cal`` and ``_calints``, also
        gzipped.

    Returns
    -------
    files : list of Path
        In the order given, those of a folder by name; each once, even if links lead to it.
    repeated : list of Path
        Files that were given more than once.
    """
    named = [
        file
        for path in map(Path, paths)
        for file in (_exposures_in(path) if path.is_dir() else [path])
    ]
    files: dict[Path, Path] = {}
    repeated = [file for file in named if files.setdefault(file.resolve(), file) is not file]
    return list(files.values()), repeated


def _exposures_in(folder: Path) -> list[Path]:
    """Return the files named like exposures; hidden folders hold unfinished work."""
    return sorted(
        path
        for path in folder.rglob("*")
        if _EXPOSURE.fullmatch(path.name)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
