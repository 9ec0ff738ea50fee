"""Plots on disk: the ending of the name decides the format."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.endings import check_ending

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
        The plot.
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
    ending = check_ending(final, *PLOT_ENDINGS)
    with atomic_path(final) as temporary:
        figure.savefig(temporary, format=ending.removeprefix("."), dpi=_DOTS_PER_INCH)
    return final
