"""How all plots look: figures, styles of series, and axes of dates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateFormatter, AutoDateLocator
from matplotlib.figure import Figure

from jwst_hotpix.tools.colors import SERIES_COLORS

__all__ = [
    "PlotFigure",
    "SeriesStyle",
    "dates_below",
    "in_style",
    "new_figure",
    "open_axes",
    "series_style",
]

_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
_LINES = ("-", "--", ":", "-.")

_STYLE = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "figure.titlesize": 10,
    "figure.labelsize": 8,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "image.cmap": "gray_r",
    "image.origin": "lower",
    "image.interpolation": "nearest",
    "savefig.dpi": 130,
    # Journals embed TrueType fonts; identifiers in SVG must not depend on chance.
    "pdf.fonttype": 42,
    "svg.hashsalt": "jwst_hotpix",
}


@dataclass(frozen=True)
class SeriesStyle:
    """
    How to draw one of several series, in the terms of matplotlib.

    Attributes
    ----------
    color : str
        Of its line and markers.
    marker : str
        Of its points.
    line : str
        Line style.
    """

    color: str
    marker: str
    line: str


def series_style(number: int) -> SeriesStyle:
    """
    Return the style of a series; markers differ as well as colors, for prints in black and white.

    Parameters
    ----------
    number : int
        Zero-based number of the series in its plot. The colors recur after seven series, with
        other markers and lines.

    Returns
    -------
    SeriesStyle
        A style that no other of the first 56 series has.
    """
    return SeriesStyle(
        color=SERIES_COLORS[number % len(SERIES_COLORS)],
        marker=_MARKERS[number % len(_MARKERS)],
        line=_LINES[number // len(SERIES_COLORS) % len(_LINES)],
    )


@contextmanager
def in_style() -> Iterator[None]:
    """
    Draw in the style of the package, whatever the style of the session.

    Yields
    ------
    None
        In the block, or in a function that this decorates, the defaults of matplotlib hold except
        for `_STYLE`.
    """
    with style.context(["default", _STYLE]):
        yield


class PlotFigure(Figure):
    """
    A figure in the style of the package, which notebooks show.

    matplotlib creates ticks only when it draws, so drawing and saving use the style too.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the figure."""
        with in_style():
            super().draw(renderer)

    def savefig(self, fname: Any, **kwargs: Any) -> None:
        """Save the figure, with the arguments of matplotlib."""
        with in_style():
            super().savefig(fname, **kwargs)

    def _repr_png_(self) -> bytes:
        # Notebooks show figures of pyplot, of which this is none.
        content = BytesIO()
        self.savefig(content, format="png")
        return content.getvalue()


def new_figure(width: float, height: float) -> PlotFigure:
    """
    Make a figure for a file, whatever backend pyplot uses.

    Parameters
    ----------
    width, height : float
        Inches.

    Returns
    -------
    PlotFigure
        Without axes; its layout makes room for labels.
    """
    figure = PlotFigure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def open_axes(axes: Axes) -> None:
    """
    Remove the frame of a plot except for its two axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Changed in place.
    """
    axes.spines[["top", "right"]].set_visible(False)


def dates_below(axes: Axes) -> None:
    """
    Label the horizontal axis with dates as in ISO 8601, each complete by itself: ``2024-03``.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Changed in place; its abscissae are dates.
    """
    locator = AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(AutoDateFormatter(locator))
