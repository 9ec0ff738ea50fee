"""Plots on disk: the ending of the name decides the format."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jwst_hotpix.exceptions import PathError
from jwst_hotpix.tools.atomic import atomic_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PLOT_ENDINGS", "save_plot"]

PLOT_ENDINGS = (".png", ".svg", ".pdf")

_DOTS_PER_INCH = 130


def save_plot(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """
    Write a figure, whole or not at all.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    path : path
        Ends in one of `PLOT_ENDINGS`, in lower or upper case. A file of that name is replaced.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    PathError
        For another ending.
    """
    final = Path(path)
    ending = final.suffix.lower()
    if ending not in PLOT_ENDINGS:
        expected = f"a name that ends in {', '.join(PLOT_ENDINGS)}"
        raise PathError("plot", expected=expected, found=final.name, source=path)
    with atomic_path(final) as temporary:
        figure.savefig(temporary, format=ending.removeprefix("."), dpi=_DOTS_PER_INCH)
    return final
