"""How all plots look: figures, styles of series, and axes of dates."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from jwst_hotpix.tools.colors import SERIES_COLORS

__all__ = ["SeriesStyle", "dates_below", "new_figure", "open_axes", "series_style"]

_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
_LINES = ("-", "--", ":", "-.")


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


def new_figure(width: float, height: float) -> Figure:
    """
    Make a figure for a file, whatever backend pyplot uses.

    Parameters
    ----------
    width, height : float
        Inches.

    Returns
    -------
    matplotlib.figure.Figure
        Without axes; its layout makes room for labels.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
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
    Label the horizontal axis with dates, each as short as its neighbors allow.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Changed in place; its abscissae are dates.
    """
    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
