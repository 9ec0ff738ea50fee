"""Figures for papers of what the page shows."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.figure import Figure

from jwst_hotpix.hotlist.pixel_map import map_figure
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.report.words import day

__all__ = ["figures_of"]


def figures_of(material: Material) -> Iterator[tuple[str, Figure]]:
    """
    Draw growth, and a map of each detector and readout mode.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Yields
    ------
    name : str
        ``"report_growth"``, or ``"report_map_"`` with detector and readout mode.
    figure : matplotlib.figure.Figure
        Of growth as ``hotpix trend`` draws it, or of the pixels that are hot at the last look.
    """
    if material.growth.trends:
        yield "report_growth", material.growth.plot()
    for mode in material.modes:
        yield f"report_map_{mode.key.replace('-', '_')}", _map_of(mode)


def _map_of(mode: Mode) -> Figure:
    hot = mode.pixels.select(mode.active)
    title = f"{mode.name} above {hot.threshold:g} DN/s on {day(mode.last)}"
    return map_figure(hot.columns(), mode.detector.shape, title)
