"""Plots on disk: one file whose name decides the format, or a folder with every format."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jwst_hotpix.exceptions import PathError
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.endings import check_ending

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PLOT_ENDINGS", "FigureFolder", "save_plot"]

PLOT_ENDINGS = (".png", ".svg", ".pdf")

# Dots per inch of PNG: for the screen, and for print.
_SCREEN, _PRINT = 130, 300
# Files without dates: the same figure gives the same bytes.
_NO_DATE = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def save_plot(
    figure: Figure, path: str | os.PathLike[str], *, dots_per_inch: int = _SCREEN
) -> Path:
    """
    Write a figure, completely or not at all; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The plot.
    path : path
        Ends in one of `PLOT_ENDINGS`, in lower or upper case. A file of that name is replaced.
    dots_per_inch : int
        Resolution of PNG, and of images in SVG and PDF.

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
        figure.savefig(
            temporary, format=ending.removeprefix("."), dpi=dots_per_inch,
            metadata=_NO_DATE[ending],
        )  # fmt: skip
    return final


@dataclass(frozen=True, kw_only=True)
class FigureFolder:
    """
    A folder for figures, each as PNG, SVG and PDF.

    Attributes
    ----------
    path : pathlib.Path
        The folder; it is created when the first figure is written.
    overwrite : bool
        Whether figures that exist may be replaced.
    """

    path: Path
    overwrite: bool = False

    def write(self, name: str, figure: Figure) -> tuple[Path, ...]:
        """
        Write a figure as ``name.png`` with 300 dots per inch, ``name.svg`` and ``name.pdf``.

        Parameters
        ----------
        name : str
            Name of the files, without ending.
        figure : matplotlib.figure.Figure
            The plot.

        Returns
        -------
        tuple of pathlib.Path
            The three files.

        Raises
        ------
        PathError
            When one of them exists and may not be replaced; then none is written.
        """
        self.check(name)
        self.path.mkdir(exist_ok=True)
        return tuple(save_plot(figure, file, dots_per_inch=_PRINT) for file in self._files(name))

    def check(self, *names: str) -> None:
        """
        Refuse to replace figures that exist, unless this is allowed.

        Parameters
        ----------
        *names : str
            Names of figures, as for `write`.

        Raises
        ------
        PathError
            For the first file that exists.
        """
        present = [file for name in names for file in self._files(name) if file.exists()]
        if present and not self.overwrite:
            sentence = "exists already; use --overwrite to replace it"
            raise PathError(
                "path", expected="a new file", found=present[0], source=present[0],
                sentence=sentence,
            )  # fmt: skip

    def _files(self, name: str) -> tuple[Path, ...]:
        return tuple(self.path / f"{name}{ending}" for ending in PLOT_ENDINGS)
