"""The endings that the name of a file may have."""

from __future__ import annotations

import os
from pathlib import Path

from jwst_hotpix.exceptions import PathError

__all__ = ["check_ending"]


def check_ending(path: str | os.PathLike[str], *endings: str) -> str:
    """
    Check how the name of a file ends, in lower or upper case.

    Parameters
    ----------
    path : path
        Name of the file.
    *endings : str
        At least one, in lower case with its dot, e.g. ``".png"``.

    Returns
    -------
    str
        The ending, in lower case.

    Raises
    ------
    PathError
        For any other, or none.
    """
    ending = Path(path).suffix.lower()
    if ending not in endings:
        known = " or ".join(filter(None, [", ".join(endings[:-1]), endings[-1]]))
        sentence = f"the name must end in {known}"
        raise PathError("ending", expected=known, found=ending, source=path, sentence=sentence)
    return ending
