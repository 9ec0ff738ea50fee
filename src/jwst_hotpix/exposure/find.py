"""The files that somebody names: folders searched, each file once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["gather"]

# What the archive calls products in detector pixels; a folder holds others beside them.
_EXPOSURE = re.compile(r".*_(uncal|ramp|rate|rateints|cal|calints)\.fits(\.gz)?")


def gather(paths: Iterable[str | os.PathLike[str]]) -> tuple[list[Path], list[Path]]:
    """
    List the files to look at.

    Parameters
    ----------
    paths : iterable of path
        Files, taken as they are; folders, searched with all below them for files that are called
        ``*_uncal.fits``, ``_ramp``, ``_rate``, ``_rateints``, ``_cal`` or ``_calints``, also
        gzipped.

    Returns
    -------
    files : list of Path
        In the order given, those of a folder by name; each file once, also if links lead to it.
    repeated : list of Path
        What was given again.
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
    """Return what has the name of an exposure, but nothing in hidden folders: work of others."""
    return sorted(
        path
        for path in folder.rglob("*")
        if _EXPOSURE.fullmatch(path.name)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
