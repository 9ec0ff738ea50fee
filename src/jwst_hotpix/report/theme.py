"""How the plots of the page look, in light and dark."""

from __future__ import annotations

from typing import Any

from bokeh.models import BoxAnnotation, DatetimeTickFormatter, NoOverlap
from bokeh.plotting import figure

from jwst_hotpix.tools.colors import DARK, LIGHT, SERIES_COLORS

__all__ = [
    "BUTTON_STYLE",
    "COLORS",
    "FAINT",
    "INK",
    "MARKERS",
    "PAIRS",
    "PAPER",
    "QUIET",
    "dated",
    "gray_span",
    "new_plot",
    "style_legend",
]

#: Colors of series, as in all plots, and the marker of each: no two differ in color only.
COLORS = SERIES_COLORS
MARKERS = ("circle", "square", "triangle", "diamond", "inverted_triangle", "plus", "x")

INK, PAPER, QUIET, FAINT = LIGHT.ink, LIGHT.background, "#59636E", "#D9DEE3"

#: Colors on light paper, and what replaces each on dark: the page exchanges them in every model.
PAIRS = {INK: DARK.ink, PAPER: DARK.background, QUIET: "#A3ABB3", FAINT: "#3A3F44"}

#: Style sheet of Bokeh's buttons, which have the variables of the page but not its rules.
BUTTON_STYLE = """
.bk-btn-group { flex-wrap: wrap; }
.bk-btn {
  font-size: 14px; padding: 6px 11px; color: var(--ink);
  background: var(--raised); border-color: var(--faint);
}
.bk-btn:hover { background: var(--faint); }
.bk-btn.bk-active { color: var(--paper); background: var(--ink); border-color: var(--ink); }
.bk-btn:focus-visible { outline: 3px solid var(--link); outline-offset: -3px; }
"""


def new_plot(height: int = 320, **options: Any) -> figure:
    """
    Make a plot as wide as the page, with tools that leave the wheel to scrolling.

    Parameters
    ----------
    height : int
        Pixels.
    **options
        As of `bokeh.plotting.figure`.

    Returns
    -------
    bokeh.plotting.figure
        Transparent, so that it lies on light and on dark paper.
    """
    plot = figure(
        height=height,
        **{
            "sizing_mode": "stretch_width",
            "tools": "pan,box_zoom,reset,save",
            "toolbar_location": "above",
            "background_fill_color": None,
            "border_fill_color": None,
            "outline_line_color": None,
            **options,
        },
    )
    plot.toolbar.logo = None
    # A finger on a plot scrolls the page until a tool is chosen.
    plot.toolbar.active_drag = None
    plot.title.text_color = INK
    for axis in plot.axis:
        axis.axis_line_color = axis.major_tick_line_color = QUIET
        axis.minor_tick_line_color = None
        axis.major_label_text_color = axis.axis_label_text_color = INK
        axis.axis_label_text_font_style = "normal"
    plot.grid.grid_line_color = FAINT
    return plot


def dated(**options: Any) -> figure:
    """
    Make a plot against time; abscissae are dates, from `jwst_hotpix.tools.dates.calendar`.

    Parameters
    ----------
    **options
        As of `new_plot`.

    Returns
    -------
    bokeh.plotting.figure
        With labels such as 2024-03-01.
    """
    plot = new_plot(x_axis_type="datetime", **options)
    plot.xaxis.major_label_policy = NoOverlap(min_distance=8)
    plot.xaxis.formatter = DatetimeTickFormatter(
        days="%Y-%m-%d", months="%Y-%m", years="%Y", hours="%m-%d %H:%M"
    )
    return plot


def gray_span(left: Any, right: Any) -> BoxAnnotation:
    """
    Mark a time that is special in a plot.

    Parameters
    ----------
    left, right : numpy.datetime64
        Its start and end.

    Returns
    -------
    bokeh.models.BoxAnnotation
    """
    return BoxAnnotation(
        left=left, right=right, fill_color=QUIET, fill_alpha=0.14, line_color=None, level="underlay"
    )


def style_legend(plot: figure) -> None:
    """
    Let the legends of a plot fit the page; to be called once they are there.

    Parameters
    ----------
    plot : bokeh.plotting.figure
        Changed in place.
    """
    for legend in plot.legend:
        legend.label_text_color = INK
        legend.background_fill_color = PAPER
        legend.background_fill_alpha = 0.8
        legend.border_line_color = None
        legend.spacing = 1
        legend.padding = 4
