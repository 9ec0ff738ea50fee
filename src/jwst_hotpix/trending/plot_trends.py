"""Figures 1 and 2 of the report: counts of hot pixels against time, with fits and breaks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from string import ascii_uppercase
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from jwst_hotpix.tools.dates import calendar, iso
from jwst_hotpix.tools.plot_file import save_plot
from jwst_hotpix.trending.fit_trend import Trend
from jwst_hotpix.trending.trend_rows import series_name, threshold_name

__all__ = ["draw_trends"]

# Blue and green for 1 and 3 DN/s, as in the report.
_COLORS = ("#1f5f8b", "#3a8a4d", "#c07a1a", "#b5402a", "#6a4c93", "#444444")
_PER_ROW = 2


def draw_trends(trends: Sequence[Trend], path: Path) -> None:
    """
    Plot counts and fits, one panel per series.

    Parameters
    ----------
    trends : sequence of Trend
        At least one, one per panel.
    path : pathlib.Path
        File to write: ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    PathError
        For another ending.
    """
    columns = min(_PER_ROW, len(trends))
    rows = math.ceil(len(trends) / columns)
    figure = Figure(figsize=(6.2 * columns, 4.4 * rows + 0.4), layout="constrained")
    FigureCanvasAgg(figure)
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
    figure.supxlabel(below, x=0.01, ha="left", fontsize=8)
    save_plot(figure, path)


def _draw(axes: Axes, trend: Trend, captions: list[str]) -> None:
    series = trend.series
    days = calendar(series.epoch)
    for number, (threshold, hot, centers) in enumerate(
        zip(series.thresholds, trend.hot, trend.centers, strict=True)
    ):
        color = _COLORS[number % len(_COLORS)]
        name = "masked" if math.isnan(threshold) else f"> {threshold_name(threshold)}"
        label = f"{name}: {hot.per_month:z.1f} ± {hot.error:.1f} per month"
        axes.plot(days, hot.count, "o", color=color, markersize=4, label=label)
        axes.plot(days, centers.count, "o", color=color, markersize=4, fillstyle="none", alpha=0.6)
        edges = [0, *(one.index for one in trend.breaks), days.size]
        for part in map(slice, edges[:-1], edges[1:]):
            axes.plot(days[part], hot.fitted[part], color=color, linewidth=1.2)
    highest = max(1.0, *(hot.count.max() for hot in trend.hot))
    for one in trend.breaks:
        letter = ascii_uppercase[len(captions) % len(ascii_uppercase)]
        # Halfway between the last epoch of the old method and the first of the new one.
        middle = calendar((series.epoch[one.index - 1] + series.epoch[one.index]) / 2)
        axes.vlines(middle, 0, 1.05 * highest, color="#888888", linestyle="--", linewidth=0.9)
        axes.annotate(
            letter, (middle, 1.05 * highest), xytext=(4, 0), textcoords="offset points",
            va="top", color="#555555",
        )  # fmt: skip
        captions.append(f"{letter}  {iso(one.epoch)[:10]}: {one.reason}")
    axes.set_title(series_name(series.detector, series.readout, series.kind), loc="left")
    axes.set_ylabel("hot pixels")
    axes.xaxis.set_major_formatter(ConciseDateFormatter(AutoDateLocator()))
    axes.spines[["top", "right"]].set_visible(False)
    # Leave room for the legend above the highest point.
    axes.set_ylim(0, (1.15 + 0.1 * len(trend.hot)) * highest)
    axes.legend(loc="upper left", frameon=False, fontsize=8, borderaxespad=1.2)
