"""The light curve of one pixel: every look at it, when it was hot, and how likely."""

from __future__ import annotations

from shlex import quote
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, CustomJSHover, HoverTool, NumeralTickFormatter, Range1d
from bokeh.models.annotations import Span
from bokeh.models.renderers import GlyphRenderer
from bokeh.plotting import figure

from jwst_hotpix.report.key import NOWHERE, legend_below
from jwst_hotpix.report.looks_columns import KINDS, looks_columns, share_that_fits
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.packed import pack
from jwst_hotpix.report.section import Section, render, script, trusted
from jwst_hotpix.report.theme import dated
from jwst_hotpix.tools.colors import BLUE, GRAY, ORANGE, VERMILION
from jwst_hotpix.tools.dates import calendar

__all__ = ["light_curve"]

# Bytes, compressed, of all looks at all pixels: in base64 3.1 MB of the 6 MB of a page.
_SIZE = 2_300_000

# What a look saw, by kind of look where that is drawn: label, color, marker.
_MARKS = {
    "hot-dark": ("hot", VERMILION, "circle"),
    "hot-reference": ("hot, reference", VERMILION, "circle_cross"),
    "hot-science": ("hot, science", VERMILION, "circle_dot"),
    "cold-dark": ("cold", BLUE, "square"),
    "cold-reference": ("cold, reference", BLUE, "square_cross"),
    "cold-science": ("cold, science", BLUE, "square_dot"),
    "saturated": ("saturated", VERMILION, "triangle"),
    "below": ("below bound", BLUE, "inverted_triangle"),
    "unknown": ("cannot tell", GRAY, "x"),
}

# When the list has the pixel hot, or has it turn.
_STRIPS: dict[str, tuple[str, dict[str, Any]]] = {
    "hot": ("when hot", {"line_color": None, "fill_color": ORANGE, "fill_alpha": 0.15}),
    "between": (
        "onset, recovery",
        {
            "line_color": None,
            "fill_color": None,
            "hatch_pattern": "/",
            "hatch_color": ORANGE,
            "hatch_alpha": 0.5,
        },
    ),
}
# Pixels left of both plots, so that equal dates are below each other.
_LEFT = 64
_HOVER = ("date", "look", "state", "rate", "probability")


def light_curve(material: Material) -> Section:
    """
    Draw the light curve of the pixel that is chosen, and put the looks at all pixels into the page.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    Section
        A form, the plots, tables, and the script that fills them.
    """
    title = "Light curve of a pixel"
    modes = tuple(mode for mode in material.modes if len(mode.pixels))
    if not modes:
        return Section(anchor="light-curve", title=title, words=render("no_pixels.html"))
    share = share_that_fits(modes, _SIZE)
    columns = [looks_columns(mode, share, material.since) for mode in modes]
    words = render(
        "light_curve.html",
        modes=[(material.modes.index(mode), mode) for mode in modes],
        packed=[trusted(pack(one.arrays)) for one in columns],
        thinned=[
            (mode.name, one) for mode, one in zip(modes, columns, strict=True) if one.is_thinned
        ],
        facts={
            "kinds": KINDS,
            "ledger": quote(material.folder),
            "looks": {
                mode.key: {"n": one.n_looks, "from": one.first}
                for mode, one in zip(modes, columns, strict=True)
            },
        },
        code=trusted(script("light_curve.js")),
    )
    epochs = np.concatenate([mode.sightings.epoch for mode in modes])
    dates = calendar([epochs.min() - 1, epochs.max() + 1]).astype("datetime64[ms]").astype(float)
    plots = _rates(Range1d(*dates)), _chances()
    plots[1].x_range = plots[0].x_range
    return Section(
        anchor="light-curve",
        title=title,
        words=words,
        models=plots,
        notes=render("light_curve_notes.html"),
    )


def _rates(dates: Range1d) -> figure:
    plot = dated(
        name="light-curve",
        height=360,
        min_border_left=_LEFT,
        y_axis_type="log",
        y_axis_label="dark rate (DN/s)",
        x_range=dates,
        y_range=Range1d(start=0.1, end=10),
        tools="xpan,xwheel_zoom,box_zoom,xzoom_in,xzoom_out,reset,save",
    )
    plot.toolbar.active_scroll = None
    plot.yaxis.formatter = NumeralTickFormatter(format="0.[000]")
    for name in _STRIPS:
        _strip(plot, name)
    limit = Span(
        name="light-curve-limit", dimension="width", location=1, line_color=GRAY,
        line_dash="dashed",
    )  # fmt: skip
    plot.add_layout(limit)
    drawn = {name: _draw(plot, name) for name in _MARKS}
    plot.add_tools(
        HoverTool(
            renderers=[*drawn.values()],
            tooltips=[(name, f"@row{{{name}}}") for name in _HOVER],
            formatters={"@row": CustomJSHover(code="return hotpix.describeLook(value, format)")},
        )
    )
    items: list[tuple[str, GlyphRenderer[Any]]] = [
        (label, plot.scatter(NOWHERE, NOWHERE, **_style(name)))
        for name, (label, _, _) in _MARKS.items()
    ]
    for label, style in _STRIPS.values():
        items.append((label, plot.vstrip(x0=NOWHERE, x1=NOWHERE, **style)))
    legend_below(plot, items)
    return plot


def _strip(plot: figure, name: str) -> GlyphRenderer[Any]:
    source = ColumnDataSource({"x0": [], "x1": []}, name=f"light-curve-{name}-strips")
    return plot.vstrip(x0="x0", x1="x1", source=source, **_STRIPS[name][1])


def _draw(plot: figure, name: str) -> GlyphRenderer[Any]:
    columns = ("x", "y", "low", "high", "row")
    source = ColumnDataSource({one: [] for one in columns}, name=f"light-curve-{name}")
    color = _MARKS[name][1]
    plot.segment(x0="x", x1="x", y0="low", y1="high", source=source, line_color=color)
    return plot.scatter("x", "y", source=source, **_style(name))


def _style(name: str) -> dict[str, Any]:
    _, color, marker = _MARKS[name]
    fill = None if name == "below" else color
    return {
        "marker": marker, "size": 7, "line_color": color, "fill_color": fill, "fill_alpha": 0.4,
    }  # fmt: skip


def _chances() -> figure:
    plot = dated(
        name="chances",
        height=130,
        min_border_left=_LEFT,
        y_axis_label="P(hot)",
        x_range=Range1d(start=0, end=1),
        y_range=Range1d(start=-0.05, end=1.05),
        tools="",
        toolbar_location=None,
    )
    plot.yaxis.ticker = [0, 0.5, 1]
    source = ColumnDataSource({"x": [], "y": []}, name="chances-steps")
    plot.line("x", "y", source=source, line_color=VERMILION, line_width=2)
    plot.scatter("x", "y", source=source, color=VERMILION, size=4)
    return plot
