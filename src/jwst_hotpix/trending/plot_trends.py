"""Figures 1 and 2 of the report: counts of hot pixels against time, with fits and breaks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from string import ascii_uppercase
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jwst_hotpix.tools.colors import GRAY
from jwst_hotpix.tools.dates import calendar
from jwst_hotpix.tools.plot_style import dates_below, in_style, new_figure, open_axes, series_style
from jwst_hotpix.trending.fit_trend import Trend
from jwst_hotpix.trending.trend_rows import period_of, series_name, threshold_name

__all__ = ["trends_figure"]

_PER_ROW = 2


@in_style()
def trends_figure(trends: Sequence[Trend]) -> Figure:
    """
    Draw counts and fits, one panel per series.

    Parameters
    ----------
    trends : sequence of Trend
        At least one, one per panel.

    Returns
    -------
    matplotlib.figure.Figure
        With a note below the panels that explains markers and breaks.
    """
    columns = min(_PER_ROW, len(trends))
    rows = math.ceil(len(trends) / columns)
    figure = new_figure(6.2 * columns, 4.4 * rows + 0.4)
    panels = figure.subplots(rows, columns, squeeze=False).reshape(-1)
    captions: list[str] = []
    for axes, trend in zip(panels, trends, strict=False):
        _draw(axes, trend, captions)
    for axes in panels[len(trends) :]:
        axes.set_axis_off()
    note = "Filled: all pixels above the threshold, with fit. Open: those not lit by a neighbor."
    # Number of characters of this size that fit below a panel.
    lines = [wrap(text, 105 * columns, subsequent_indent="     ") for text in (note, *captions)]
    below = "\n".join(line for text in lines for line in text)
    figure.supxlabel(below, x=0.01, ha="left")
    return figure


def _draw(axes: Axes, trend: Trend, captions: list[str]) -> None:
    series = trend.series
    for number in range(len(series.thresholds)):
        _draw_counts(axes, trend, number)
    highest = max(1.0, *(hot.count.max() for hot in trend.hot))
    # Leave room for the legend above the highest point.
    room = 1.15 + 0.1 * len(trend.hot)
    axes.set_ylim(0, room * highest)
    for one in trend.breaks:
        letter = ascii_uppercase[len(captions) % len(ascii_uppercase)]
        epochs = series.epoch[one.index - 1 : one.index + 1]
        first, middle, last = calendar([epochs[0], epochs.mean(), epochs[1]])
        axes.axvspan(first, last, ymax=1.05 / room, color=GRAY, alpha=0.15, linewidth=0)
        axes.annotate(
            letter, (middle, 1.05 * highest), xytext=(0, -3), textcoords="offset points",
            va="top", ha="center", color=GRAY,
        )  # fmt: skip
        captions.append(f"{letter}  {period_of(one, series)}: {one.reason}")
    axes.set_title(series_name(series.detector, series.readout, series.kind))
    axes.set_ylabel("hot pixels")
    dates_below(axes)
    open_axes(axes)
    axes.legend(loc="upper left", borderaxespad=1.2)


def _draw_counts(axes: Axes, trend: Trend, number: int) -> None:
    """Draw the counts above one threshold: all, with their fit, and those of the centers."""
    series, hot, centers = trend.series, trend.hot[number], trend.centers[number]
    days, style = calendar(series.epoch), series_style(number)
    threshold = series.thresholds[number]
    name = "masked" if math.isnan(threshold) else f"> {threshold_name(threshold)}"
    label = f"{name}: {hot.per_month:z.1f} ± {hot.error:.1f} per month"
    for count, fill, text in ((hot.count, "full", label), (centers.count, "none", None)):
        axes.plot(
            days, count, color=style.color, marker=style.marker, fillstyle=fill, linestyle="none",
            markersize=4.5, label=text,
        )  # fmt: skip
    edges = [0, *(one.index for one in trend.breaks), days.size]
    for part in map(slice, edges[:-1], edges[1:]):
        axes.plot(
            days[part], hot.fitted[part], color=style.color, linestyle=style.line, linewidth=1.2
        )
