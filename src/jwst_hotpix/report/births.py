"""How many pixels turn hot and how many recover, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.model import Model
from bokeh.models import ColumnDataSource, HoverTool, Whisker
from bokeh.plotting import figure
from numpy.typing import NDArray

from jwst_hotpix.hotlist.births import (
    BIRTHS_AND_NET_GROWTH,
    Births,
    Recoveries,
    count_births,
    count_recoveries,
    dates_of_births,
    dates_of_recoveries,
    settled_from,
)
from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.report.section import Section, render
from jwst_hotpix.report.theme import QUIET, dated, gray_span, style_legend
from jwst_hotpix.report.threshold_buttons import threshold_buttons
from jwst_hotpix.tools.colors import BLUE, VERMILION
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, calendar

__all__ = ["births", "monthly"]


def births(material: Material) -> Section:
    """
    Show births and recoveries apart.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    Section
        A plot per detector and readout mode: pixels that turned hot upwards, recovered ones down.
    """
    modes = material.modes
    thresholds = _thresholds(modes)
    drawn = [_draw(mode, thresholds) for mode in modes]
    rows = [(mode, [_turnover(mode, one) for one in thresholds]) for mode in modes]
    shown = [models for _, models in drawn]
    buttons = [threshold_buttons(thresholds, shown)] if modes else []
    return Section(
        anchor="births",
        title="Births and recoveries",
        words=render("births.html", modes=modes, difference=BIRTHS_AND_NET_GROWTH),
        models=(*buttons, *(plot for plot, _ in drawn)),
        narrow=range(1, len(drawn) + 1),
        notes=render("births_table.html", rows=rows, thresholds=thresholds),
    )


def _turnover(mode: Mode, threshold: float) -> tuple[Births | None, Recoveries | None]:
    pixels = mode.pixels
    return count_births(pixels, threshold=threshold), count_recoveries(pixels, threshold=threshold)


def _thresholds(modes: Sequence[Mode]) -> list[float]:
    """Return those of the report that lists reach, from the threshold of the lists on."""
    lowest = max((mode.pixels.threshold for mode in modes), default=THRESHOLDS[0])
    return [lowest, *(one for one in THRESHOLDS if one > lowest)]


def _draw(mode: Mode, thresholds: Sequence[float]) -> tuple[figure, list[list[Model]]]:
    plot = dated(title=mode.name, height=260)
    plot.yaxis.axis_label = "pixels per month"
    plot.y_range.only_visible = True
    start, end = mode.pixels.provenance.coverage or (mode.last, mode.last)
    settled = min(settled_from(mode.pixels) or start, end)
    first, last = calendar([start, settled])
    plot.add_layout(gray_span(first, last))
    edges = _edges(start, end)
    shown = [_bars(plot, mode, threshold, edges) for threshold in thresholds]
    style_legend(plot)
    return plot, shown


def _edges(start: float, end: float) -> NDArray[np.float64]:
    """Cut the time of the evidence into months; what is left over at its end joins the last."""
    months = max(int((end - start) / DAYS_PER_MONTH), 1)
    edges = start + DAYS_PER_MONTH * np.arange(months + 1, dtype=float)
    edges[-1] = max(end, edges[-1])
    return edges


def _bars(plot: figure, mode: Mode, threshold: float, edges: NDArray[np.float64]) -> list[Model]:
    """Draw births and recoveries above one threshold, and return what was drawn."""
    models: list[Model] = []
    for name, dates, sign, color in (
        ("births", dates_of_births(mode.pixels, threshold), 1, BLUE),
        ("recoveries", dates_of_recoveries(mode.pixels, threshold), -1, VERMILION),
    ):
        source = ColumnDataSource(monthly(dates, edges, sign))
        bars = plot.quad(
            "left", "right", "rate", 0, source=source, fill_color=color, fill_alpha=0.6,
            line_color=color, hatch_pattern=None if sign > 0 else "right_diagonal_line",
            hatch_color=color, legend_label=name,
        )  # fmt: skip
        error = Whisker(base="middle", lower="low", upper="high", source=source, line_color=QUIET)
        error.upper_head.size = error.lower_head.size = 0
        plot.add_layout(error)
        plot.add_tools(_hover(bars, name))
        models += [bars, error]
    return models


def monthly(
    dates: NDArray[np.float64], edges: NDArray[np.float64], sign: int
) -> dict[str, NDArray[Any]]:
    """
    Count dates in bins, with Poisson errors.

    Parameters
    ----------
    dates : ndarray of float, shape (n,)
        MJD (UTC).
    edges : ndarray of float, shape (m + 1,)
        MJD (UTC), rising. A bin holds its end but not its start: what was hot in the first dark is
        no birth.
    sign : int
        1 for bars upwards, -1 for downwards.

    Returns
    -------
    dict of str to ndarray, shape (m,)
        Number ``n``; its ``size`` per month with its ``error``; where the bar is drawn.
    """
    months, days = np.diff(edges) / DAYS_PER_MONTH, calendar(edges)
    number = np.histogram(dates[dates > edges[0]], np.nextafter(edges, np.inf))[0]
    size, error = number / months, np.sqrt(np.maximum(number, 1)) / months
    return {
        "left": days[:-1],
        "right": days[1:],
        "middle": days[:-1] + np.diff(days) / 2,
        "n": number,
        "size": size,
        "error": error,
        "rate": sign * size,
        "low": sign * size - error,
        "high": sign * size + error,
    }


def _hover(bars: Model, name: str) -> HoverTool:
    return HoverTool(
        renderers=[bars],
        tooltips=[
            (name, "@n"),
            ("per month", "@size{0.0} ± @error{0.0}"),
            ("from", "@left{%F}"),
            ("to", "@right{%F}"),
        ],
        formatters={"@left": "datetime", "@right": "datetime"},
        visible=False,
    )
