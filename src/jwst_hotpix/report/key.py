"""Legends below plots whose data come and go: their marks are drawn without data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bokeh.models.annotations import Legend
from bokeh.models.renderers import GlyphRenderer
from bokeh.plotting import figure

from jwst_hotpix.report.theme import INK

__all__ = ["NOWHERE", "legend_below"]

#: Coordinate of a mark that only the legend shows: of a source without data Bokeh shows none.
NOWHERE = [float("nan")]


def legend_below(plot: figure, items: Iterable[tuple[str, GlyphRenderer[Any]]]) -> None:
    """
    Add a legend below a plot, in three columns.

    Parameters
    ----------
    plot : bokeh.plotting.figure
        Changed in place.
    items : iterable of tuple
        Label and what is drawn so.
    """
    legend = Legend(
        items=[(label, [drawn]) for label, drawn in items],
        orientation="horizontal",
        ncols=3,
        location="left",
        border_line_color=None,
        background_fill_color=None,
        label_text_color=INK,
        label_text_font_size="12px",
        margin=0,
        spacing=6,
    )
    plot.add_layout(legend, "below")
