"""The detector map: every pixel of the lists, as of any day."""

from __future__ import annotations

from itertools import product
from math import ceil, floor
from typing import Any

from bokeh.models import ColumnDataSource, Range1d
from bokeh.plotting import figure

from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.report.key import NOWHERE, legend_below
from jwst_hotpix.report.map_columns import LONG_AGO, MASKED, NEVER, map_columns
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.outlines import OUTLINES
from jwst_hotpix.report.packed import pack
from jwst_hotpix.report.section import Section, render, script, trusted
from jwst_hotpix.report.theme import INK, PAPER, new_plot
from jwst_hotpix.tools.colors import BLUE, GREEN, ORANGE, VERMILION
from jwst_hotpix.tools.dates import iso

__all__ = ["detector_map"]

# What is new has a mark of its own, whatever its status; it lies above all others.
_NEW = "new"
_MARKS = {
    Status.STABLE.name.lower(): (BLUE, "circle"),
    Status.TELEGRAPH.name.lower(): (ORANGE, "triangle"),
    Status.RECOVERED.name.lower(): (GREEN, "square"),
    _NEW: (VERMILION, "star"),
}
# The faint ones first, so that they do not hide the others.
_SIZES = {Role.NEIGHBOR: 5, Role.CENTER: 5, Role.INFERRED_CENTER: 8}

_TOOLS = "pan,box_zoom,wheel_zoom,zoom_in,zoom_out,pan_left,pan_right,pan_up,pan_down,reset,save"


def detector_map(material: Material) -> Section:
    """
    Draw the map.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    Section
        Filters, the map, and the scripts that connect them.
    """
    title = "Detector map"
    if not any(len(mode.pixels) for mode in material.modes):
        return Section(anchor="detector-map", title=title, words=render("no_pixels.html"))
    words = render(
        "detector_map.html",
        modes=material.modes,
        detectors=[one.name for one in material.detectors],
        readouts=list(dict.fromkeys(mode.readout for mode in material.modes)),
        threshold=f"{min(mode.pixels.threshold for mode in material.modes):g}",
        roles=[role.name.lower() for role in Role],
        statuses=[status.name.lower() for status in Status],
        outlines=list(dict.fromkeys(one.name for one in OUTLINES)),
        masks=_masks(material),
        days=_days(material),
        facts=_facts(material),
        packed=trusted(pack(map_columns(material.modes))),
        style=trusted(script("pixels.css")),
        code=trusted(script("packed.js") + script("detector_map.js")),
    )
    return Section(anchor="detector-map", title=title, words=words, models=(_plot(),))


def _days(material: Material) -> dict[str, dict[str, Any]]:
    """Return the first and last day of the slider, and from when on pixels are called new."""
    first = floor(min(float(mode.sightings.start.min()) for mode in material.modes))
    # At 0 h of this day all that the lists have is known.
    last = ceil(max(mode.last for mode in material.modes))
    newest = [mode.newest.since for mode in material.modes if mode.newest is not None]
    since = max(floor(max(newest)), first) if newest else max(last - 90, first)
    days = {"first": first, "last": last, "since": min(since, last)}
    return {name: {"mjd": day, "date": iso(day)[:10]} for name, day in days.items()}


def _masks(material: Material) -> dict[int, str]:
    """Return what the newest MASKs say, by the number in the columns, if there are any."""
    known = {mode.newest is not None for mode in material.modes}
    if True not in known:
        return {}
    return MASKED if False in known else {key: MASKED[key] for key in (0, 1)}


def _facts(material: Material) -> dict[str, Any]:
    """Return what the scripts need to know besides the columns."""
    return {
        "ledger": material.folder,
        "longAgo": LONG_AGO,
        "never": NEVER,
        "roles": [role.name.lower().replace("_", " ") for role in Role],
        "statuses": [status.name.lower() for status in Status],
        "kinds": list(_MARKS),
        "modes": [
            {
                "name": mode.name,
                "key": mode.key,
                "detector": mode.detector.name,
                "readout": mode.readout,
                "threshold": mode.pixels.threshold,
                "masks": [
                    {"name": one.mask.name, "date": iso(one.since)[:10]} for one in mode.deliveries
                ],
                "newest": None if mode.newest is None else mode.newest.mask.name,
                "shape": mode.detector.shape,
            }
            for mode in material.modes
        ],
        "outlines": [vars(one) for one in OUTLINES],
    }


def _plot() -> figure:
    plot = new_plot(
        name="detector-map",
        tools=_TOOLS,
        sizing_mode="scale_width",
        width=580,
        height=660,
        x_range=Range1d(start=-40, end=2088),
        y_range=Range1d(start=-40, end=2088),
        x_axis_label="x (pixel, zero-based)",
        y_axis_label="y (pixel, zero-based)",
    )
    # The wheel scrolls the page until somebody asks for more.
    plot.toolbar.active_scroll = None
    for kind, role in product(_MARKS, _SIZES):
        _draw(plot, kind, role)
    _draw_outlines(plot)
    chosen = ColumnDataSource({"x": [], "y": []}, name="map-chosen")
    plot.scatter(
        "x", "y", source=chosen, size=20, marker="circle", fill_color=None, line_color=INK,
        line_width=2,
    )  # fmt: skip
    stable = Status.STABLE.name.lower()
    shown = [(kind, kind, Role.CENTER) for kind in _MARKS]
    roles = (Role.NEIGHBOR, Role.INFERRED_CENTER)
    shown += [(role.name.lower().replace("_", " "), stable, role) for role in roles]
    samples = [
        (label, plot.scatter(NOWHERE, NOWHERE, **_style(kind, role))) for label, kind, role in shown
    ]
    legend_below(plot, samples)
    return plot


def _draw(plot: figure, kind: str, role: Role) -> None:
    """Draw pixels of a kind and a role, none as yet: the script fills them in."""
    source = ColumnDataSource({"x": [], "y": [], "row": []}, name=f"map-{kind}-{role.value}")
    plot.scatter("x", "y", source=source, **_style(kind, role))


def _style(kind: str, role: Role) -> dict[str, Any]:
    color, marker = _MARKS[kind]
    return {
        "size": _SIZES[role] + 4 * (kind == _NEW),
        "marker": f"{marker}_dot" if role is Role.INFERRED_CENTER else marker,
        "fill_color": color if role is Role.CENTER else None,
        "line_color": color,
    }


def _draw_outlines(plot: figure) -> None:
    names = ("left", "right", "bottom", "top", "name")
    source = ColumnDataSource({name: [] for name in names}, name="map-outlines")
    plot.quad(
        left="left", right="right", bottom="bottom", top="top", source=source, fill_color=None,
        line_color=INK, line_dash="dashed", line_width=2,
    )  # fmt: skip
    plot.text(
        x="left", y="top", text="name", source=source, text_color=INK, text_font_size="13px",
        text_font_style="bold", background_fill_color=PAPER, background_fill_alpha=0.8, y_offset=-4,
    )  # fmt: skip
