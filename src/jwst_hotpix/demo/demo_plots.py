"""The pictures of the demo: a spectrum with fake lines, and a year of unmasked hot pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jwst_hotpix.demo.run import Demo
from jwst_hotpix.simulate.trace import trace_rate, trace_row
from jwst_hotpix.tools.dates import calendar, iso
from jwst_hotpix.tools.plot_file import save_plot

__all__ = ["draw_spectrum", "draw_year", "extract"]

_HALF_HEIGHT = 4
_BEFORE, _AFTER, _TRUTH = "#b5402a", "#1f5f8b", "#333333"


def draw_spectrum(demo: Demo, path: Path) -> Path:
    """
    Draw the spectrum before and after the step.

    Parameters
    ----------
    demo : Demo
    path : path
        A PNG.

    Returns
    -------
    pathlib.Path
    """
    figure = Figure(figsize=(11, 6.2), layout="constrained")
    FigureCanvasAgg(figure)
    top, bottom = figure.subplots(2, 1, sharex=True, sharey=True)
    truth = extract(trace_rate(demo.world.detector), demo)
    for axes, image, color, title in (
        (top, demo.before, _BEFORE, "Detector1 as it is"),
        (bottom, demo.after, _AFTER, "Detector1 with HotPixStep"),
    ):
        axes.plot(extract(image, demo), color=color, linewidth=0.7, label=title)
        axes.plot(truth, color=_TRUTH, linewidth=1.2, linestyle="--", label="simulated spectrum")
        axes.set_ylabel("flux (DN/s per column)")
        axes.legend(loc="upper left", frameon=False, ncols=2)
        axes.spines[["top", "right"]].set_visible(False)
    _name_fake_lines(top, demo)
    top.margins(y=0.2)
    bottom.set_xlabel("detector column")
    score = demo.score
    figure.suptitle(
        f"{demo.world.detector} {demo.world.readout}, {iso(demo.epoch)[:10]}: "
        f"{score.unmasked_before} hot pixels unmasked before, {score.unmasked_after} after"
    )
    return save_plot(figure, path)


def draw_year(demo: Demo, path: Path) -> Path:
    """
    Draw how many hot pixels exposures of the year keep, in both readout modes.

    Parameters
    ----------
    demo : Demo
    path : path
        A PNG.

    Returns
    -------
    pathlib.Path
    """
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(demo.year), sharey=True)
    for axes, (readout, year) in zip(panels, demo.year.items(), strict=True):
        days = calendar(year.epoch)
        axes.plot(
            days, year.official, color=_BEFORE, marker="o", markersize=3, label="masks in use"
        )
        axes.plot(
            days, year.causal, color=_AFTER, marker="o", markersize=3, label="list of the day"
        )
        axes.plot(
            days, year.full, color=_TRUTH, marker="o", markersize=3, label="reprocessed later"
        )
        axes.set_title(f"{demo.world.detector} {readout}", loc="left")
        axes.xaxis.set_major_formatter(ConciseDateFormatter(AutoDateLocator()))
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("unmasked hot pixels in an exposure")
    # Room for the legend above the highest point of either panel.
    panels[0].set_ylim(0, 1.2 * max(year.official.max() for year in demo.year.values()))
    panels[0].legend(loc="upper left", frameon=False, ncols=3, fontsize=9)
    return save_plot(figure, path)


def extract(image: NDArray[np.float32], demo: Demo) -> NDArray[np.float64]:
    """
    Extract the spectrum, each row weighted by how much of the light it holds.

    A missing pixel then costs signal-to-noise, while a plain sum would dip there.

    Parameters
    ----------
    image : ndarray of float, shape (2048, 2048)
        DN/s; NaN where masked.
    demo : Demo

    Returns
    -------
    ndarray of float, shape (2048,)
        DN/s per column.
    """
    row = round(trace_row(demo.world.detector))
    rows = slice(row - _HALF_HEIGHT, row + _HALF_HEIGHT + 1)
    light = trace_rate(demo.world.detector)[rows].astype(np.float64)
    flux = light.sum(axis=0)
    profile = np.divide(light, flux, out=np.zeros_like(light), where=flux > 0)
    cut = image[rows]
    weight = np.where(np.isfinite(cut), profile, 0.0)
    norm = (weight**2).sum(axis=0)
    spectrum = np.full(norm.shape, np.nan)
    np.divide((weight * np.nan_to_num(cut)).sum(axis=0), norm, out=spectrum, where=norm > 0)
    return spectrum


def _name_fake_lines(axes: Axes, demo: Demo) -> None:
    """Say of the five brightest spikes which hot pixel they are."""
    row = round(trace_row(demo.world.detector))
    pixels = demo.pixels
    new = np.isfinite(demo.before[pixels.y, pixels.x]) & (abs(pixels.y.astype(int) - row) <= 2)
    new &= pixels.active(demo.epoch) & (pixels.role == 0)
    spectrum = extract(demo.before, demo)
    for i in sorted(np.flatnonzero(new), key=lambda k: -pixels.rate[k])[:5]:
        axes.annotate(
            f"hot pixel, {pixels.rate[i]:.0f} DN/s\nsince {iso(pixels.onset_latest[i])[:10]}",
            (pixels.x[i], spectrum[pixels.x[i]]),
            xytext=(5, -2), textcoords="offset points", fontsize=8, va="bottom", color=_BEFORE,
        )  # fmt: skip
