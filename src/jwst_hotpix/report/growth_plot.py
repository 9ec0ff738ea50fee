"""Counts of hot pixels against time, with fits and breaks: one series."""

from __future__ import annotations

from itertools import pairwise
from string import ascii_uppercase

from bokeh.model import Model
from bokeh.models import ColumnDataSource, HoverTool, Label, Legend, LegendItem
from bokeh.plotting import figure

from jwst_hotpix.report.theme import COLORS, MARKERS, QUIET, dated, gray_span, style_legend
from jwst_hotpix.tools.dates import calendar
from jwst_hotpix.trending.fit_trend import Trend
from jwst_hotpix.trending.trend_rows import series_name, threshold_name

__all__ = ["growth_plot"]


def growth_plot(trend: Trend) -> tuple[figure, list[list[Model]]]:
    """
    Draw the counts of one series.

    Parameters
    ----------
    trend : Trend
        Counts and fits.

    Returns
    -------
    plot : bokeh.plotting.figure
        Filled markers: all pixels above the threshold, with the fit. Open ones: centers only.
    shown : list of list of bokeh.model.Model
        What belongs to each threshold.
    """
    series = trend.series
    plot = dated(title=series_name(series.detector, series.readout, series.kind), height=300)
    plot.yaxis.axis_label = "hot pixels"
    plot.y_range.only_visible = True
    legend = Legend(items=[], location="top_left")
    plot.add_layout(legend)
    shown = [
        [*_draw_counts(plot, legend, trend, number)] for number in range(len(series.thresholds))
    ]
    for number, one in enumerate(trend.breaks):
        first, last = calendar(series.epoch[one.index - 1 : one.index + 1])
        plot.add_layout(gray_span(first, last))
        plot.add_layout(
            Label(
                x=first + (last - first) / 2,
                y=4,
                y_units="screen",
                text_align="center",
                text=ascii_uppercase[number % 26],
                text_color=QUIET,
                text_font_size="12px",
            )
        )
    style_legend(plot)
    return plot, shown


def _draw_counts(plot: figure, legend: Legend, trend: Trend, number: int) -> list[Model]:
    """Draw the counts above one threshold, and return what was drawn."""
    series, hot, centers = trend.series, trend.hot[number], trend.centers[number]
    days, color = calendar(series.epoch), COLORS[number % len(COLORS)]
    marker = MARKERS[number % len(MARKERS)]
    source = ColumnDataSource(
        {"day": days, "hot": hot.count, "centers": centers.count, "fit": hot.fitted}
    )
    style = {"size": 7, "marker": marker, "color": color, "source": source}
    points = plot.scatter("day", "hot", **style)
    open_ = plot.scatter("day", "centers", fill_color=None, **style)
    edges = [0, *(one.index for one in trend.breaks), days.size]
    parts = [slice(*pair) for pair in pairwise(edges)]
    line = plot.multi_line(
        [days[part] for part in parts],
        [hot.fitted[part] for part in parts],
        line_color=color,
        line_width=2,
    )
    name = threshold_name(series.thresholds[number])
    growth = f"> {name}: {hot.per_month:z.1f} ± {hot.error:.1f} per month"
    item = LegendItem(label=growth, renderers=[points, line])
    legend.items.append(item)
    plot.add_tools(
        HoverTool(
            renderers=[points, open_],
            tooltips=[
                ("date", "@day{%F}"),
                (f"> {name}", "@hot{0}"),
                ("centers", "@centers{0}"),
                ("fit", "@fit{0.0}"),
            ],
            formatters={"@day": "datetime"},
            visible=False,
        )
    )
    return [points, open_, line, item]
