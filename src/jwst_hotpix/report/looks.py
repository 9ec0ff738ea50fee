"""Looks over time: what there is, what each look could judge, and where coverage has gaps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from bokeh.models import ColumnDataSource, HoverTool, NumeralTickFormatter
from bokeh.plotting import figure
from numpy.typing import NDArray

from jwst_hotpix.history.looks_at_pixels import look_at_pixels
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.report.section import Section, render
from jwst_hotpix.report.theme import dated, gray_span, style_legend
from jwst_hotpix.tools.colors import BLUE, GREEN, ORANGE, PURPLE, VERMILION
from jwst_hotpix.tools.dates import calendar

__all__ = ["SAMPLE", "looks"]

#: Listed pixels that are asked for; of more, every second, third, ... one is.
SAMPLE = 3000

# What a look is called, its color and its marker, by its kind in `Sightings`.
_KINDS = {
    "reference": ("CRDS DARK", BLUE, "square"),
    "dark": ("single dark", GREEN, "circle"),
    "dithered": ("science, dithered", ORANGE, "triangle"),
    "stared": ("science, not dithered", VERMILION, "inverted_triangle"),
    "single": ("science, one exposure", PURPLE, "x"),
}


def looks(material: Material) -> Section:
    """
    Show what was looked at and when.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    Section
        A plot per detector and readout mode; tables of what the ledger holds and of its gaps.
    """
    modes = material.modes
    return Section(
        anchor="looks",
        title="Looks",
        words=render("looks.html", modes=modes),
        models=tuple(_draw(mode, material) for mode in modes),
        notes=render("looks_table.html", holdings=material.holdings, at=material.at),
        narrow=range(len(modes)),
    )


def _draw(mode: Mode, material: Material) -> figure:
    seen = mode.sightings
    plot = dated(title=mode.name, height=260, y_range=(-0.04, 1.04))
    plot.yaxis.axis_label = "listed pixels judged"
    plot.yaxis.formatter = NumeralTickFormatter(format="0%")
    for first, last in _gaps(mode, material):
        plot.add_layout(gray_span(*calendar([first, last])))
    kinds, judged = np.array(seen.kind), judged_by_looks(mode)
    shown = seen.end >= (-np.inf if material.since is None else material.since)
    for kind, (name, color, marker) in _KINDS.items():
        here = shown & (kinds == kind)
        if here.any():
            columns = {
                "day": calendar(seen.epoch[here]),
                "judged": judged[here].astype(np.float32),
                "floor": seen.floor[here],
            }
            points = plot.scatter(
                "day", "judged", source=ColumnDataSource(columns), marker=marker, size=8,
                color=color, fill_alpha=0.6, legend_label=name,
            )  # fmt: skip
            plot.add_tools(_hover(points, name))
    plot.legend.location = "bottom_left"
    style_legend(plot)
    return plot


def _hover(points: object, name: str) -> HoverTool:
    return HoverTool(
        renderers=[points],
        tooltips=[
            ("date", "@day{%F %H:%M}"),
            ("look", name),
            ("judged", "@judged{0.0%} of the listed pixels"),
            ("floor", "@floor{0.00} DN/s"),
        ],
        formatters={"@day": "datetime"},
        visible=False,
    )


def judged_by_looks(mode: Mode) -> NDArray[np.float64]:
    """
    Return the fraction of the listed pixels that each look saw either hot or cold.

    Parameters
    ----------
    mode : Mode
        Of ``m`` looks.

    Returns
    -------
    ndarray of float, shape (m,)
        From 0 to 1; NaN for an empty list.
    """
    every = mode.listed
    sample = every[:: max(1, -(-every.size // SAMPLE))]
    if not sample.size:
        return np.full(mode.sightings.epoch.size, np.nan)
    seen = look_at_pixels(mode.sightings, sample, mode.pixels.threshold)
    return np.asarray((seen.hot | seen.cold).mean(axis=0))


def _gaps(mode: Mode, material: Material) -> Iterator[tuple[float, float]]:
    """Yield the times in which no kind of evidence has an exposure although some should."""
    parts = material.holdings.parts if material.holdings else ()
    at = np.inf if material.at is None else material.at
    for part in parts:
        if part.name == mode.name:
            yield from ((first, last) for first, last in part.gaps if last <= at)
