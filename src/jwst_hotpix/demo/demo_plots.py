"""The plots of the demo: a spectrum with fake lines, and a year of unmasked hot pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jwst_hotpix.demo.run_demo import Demo
from jwst_hotpix.simulate.trace import trace_rate, trace_row
from jwst_hotpix.tools.dates import calendar, iso
from jwst_hotpix.tools.medians import mad_std
from jwst_hotpix.tools.plot_file import save_plot

__all__ = ["Spike", "extract", "find_spikes", "spectrum_figure", "write_plots", "year_figure"]

_HALF_HEIGHT = 4
_BEFORE, _AFTER, _TRUTH = "#b5402a", "#1f5f8b", "#333333"

# A column stands out from this many times the scatter on: noise alone does not in 2048 columns.
_SPIKE = 5.0

# Of each count of a year: its color, marker, and what it is.
_YEAR = {
    "official": (_BEFORE, "o", "masks in use"),
    "causal": (_AFTER, "s", "list of the day"),
    "full": (_TRUTH, "^", "reprocessed at the end"),
}


@dataclass(frozen=True, kw_only=True)
class Spike:
    """
    A column of a spectrum that stands out.

    Attributes
    ----------
    column : int
        Zero-based column of the detector.
    peak : float
        Flux of the spectrum there, in DN/s per column.
    text : str
        The pixel that causes it.
    """

    column: int
    peak: float
    text: str


def write_plots(demo: Demo, folder: Path) -> tuple[Path, Path]:
    """
    Draw the spectrum and the year of a demo.

    Parameters
    ----------
    demo : Demo
        What to draw.
    folder : pathlib.Path
        Where to write ``demo.png`` and ``year.png``.

    Returns
    -------
    tuple of pathlib.Path
        The two files.
    """
    return (
        save_plot(spectrum_figure(demo), folder / "demo.png"),
        save_plot(year_figure(demo), folder / "year.png"),
    )


def spectrum_figure(demo: Demo) -> Figure:
    """
    Draw the spectrum without and with the step.

    Parameters
    ----------
    demo : Demo
        Its two rates are drawn; every spike is labeled with its pixel.

    Returns
    -------
    matplotlib.figure.Figure
        Two panels, one above the other.
    """
    figure = Figure(figsize=(11, 6.2), layout="constrained")
    FigureCanvasAgg(figure)
    top, bottom = figure.subplots(2, 1, sharex=True, sharey=True)
    truth = extract(trace_rate(demo.world.detector), demo)
    for axes, image, color, title in (
        (top, demo.before, _BEFORE, "Detector1 alone"),
        (bottom, demo.after, _AFTER, "Detector1 with HotPixStep"),
    ):
        axes.plot(extract(image, demo), color=color, linewidth=0.7, label=title)
        axes.plot(truth, color=_TRUTH, linewidth=1.2, linestyle="--", label="simulated spectrum")
        axes.set_ylabel("flux (DN/s per column)")
        axes.legend(loc="upper left", frameon=False, ncols=2)
        axes.spines[["top", "right"]].set_visible(False)
        _label(axes, find_spikes(image, demo), color)
    top.margins(y=0.2)
    bottom.set_xlabel("detector column")
    score = demo.score
    figure.suptitle(
        f"{demo.world.detector} {demo.world.readout}, {iso(demo.epoch)[:10]}: "
        f"{score.unmasked_before} hot pixels unmasked before, {score.unmasked_after} after"
    )
    return figure


def year_figure(demo: Demo) -> Figure:
    """
    Draw how many hot pixels remain in exposures of the year, in both readout modes.

    Parameters
    ----------
    demo : Demo
        Its year is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        One panel per readout mode, with the totals that the table prints.
    """
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(demo.year), sharey=True)
    for axes, (readout, year) in zip(panels, demo.year.items(), strict=True):
        total = year.totals()
        for name, (color, marker, meaning) in _YEAR.items():
            axes.plot(
                calendar(year.epoch), getattr(year, name), color=color, marker=marker,
                markersize=3.5, label=f"{name}: {meaning}, {total[name]} in total",
            )  # fmt: skip
        axes.set_title(f"{demo.world.detector} {readout}", loc="left")
        axes.xaxis.set_major_formatter(ConciseDateFormatter(AutoDateLocator()))
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(loc="upper left", frameon=False, fontsize=9)
    panels[0].set_ylabel("unmasked hot pixels per exposure")
    # Room for the legends above the highest point of either panel.
    panels[0].set_ylim(0, 1.5 * max(year.official.max() for year in demo.year.values()))
    return figure


def extract(image: NDArray[np.float32], demo: Demo) -> NDArray[np.float64]:
    """
    Extract the spectrum, each row weighted by its share of the light.

    A missing pixel then costs signal-to-noise, whereas a plain sum would dip there.

    Parameters
    ----------
    image : ndarray of float, shape (2048, 2048)
        DN/s; NaN where masked.
    demo : Demo
        Its detector sets the row of the spectrum.

    Returns
    -------
    ndarray of float, shape (2048,)
        DN/s per column; NaN where no row is left.
    """
    weight, cut = _weights(image, demo)
    norm = (weight**2).sum(axis=0)
    spectrum = np.full(norm.shape, np.nan)
    np.divide((weight * cut).sum(axis=0), norm, out=spectrum, where=norm > 0)
    return spectrum


def find_spikes(image: NDArray[np.float32], demo: Demo) -> list[Spike]:
    """
    Find the columns in which a spectrum stands out, and the pixels that cause it.

    Parameters
    ----------
    image : ndarray of float, shape (2048, 2048)
        DN/s; NaN where masked.
    demo : Demo
        Its list and world say what the pixels are.

    Returns
    -------
    list of Spike
        In order of columns.
    """
    trace = trace_rate(demo.world.detector)
    spectrum, truth = extract(image, demo), extract(trace, demo)
    excess = spectrum - truth
    scatter = mad_std(excess[np.isfinite(excess)])
    columns = np.flatnonzero(excess > _SPIKE * scatter)
    weight, cut = _weights(image - trace, demo)
    rows = (weight * cut).argmax(axis=0)[columns] + _first_row(demo)
    return [
        Spike(column=int(x), peak=float(spectrum[x]), text=_cause(demo, int(y), int(x)))
        for y, x in zip(rows, columns, strict=True)
    ]


def _first_row(demo: Demo) -> int:
    return round(trace_row(demo.world.detector)) - _HALF_HEIGHT


def _weights(
    image: NDArray[np.float32], demo: Demo
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weights of the rows around the trace and their values, 0 where masked."""
    rows = slice(_first_row(demo), _first_row(demo) + 2 * _HALF_HEIGHT + 1)
    light = trace_rate(demo.world.detector)[rows].astype(np.float64)
    flux = light.sum(axis=0)
    profile = np.divide(light, flux, out=np.zeros_like(light), where=flux > 0)
    cut = image[rows]
    return np.where(np.isfinite(cut), profile, 0.0), np.nan_to_num(cut)


def _cause(demo: Demo, y: int, x: int) -> str:
    pixels, world = demo.pixels, demo.world
    here = (pixels.y == y) & (pixels.x == x) & pixels.active(demo.epoch)
    if here.any():
        i = int(np.flatnonzero(here)[0])
        rate = "" if np.isnan(pixels.rate[i]) else f" of {pixels.rate[i]:.0f} DN/s"
        return f"pixel{rate}\nhot by {iso(pixels.onset_latest[i])[:10]}"
    if world.mask_image(demo.epoch)[y, x]:
        return "hot pixel,\nnot in the list"
    return "no hot pixel"


def _label(axes: Axes, spikes: list[Spike], color: str) -> None:
    for spike in spikes:
        is_right = spike.column > 1750
        axes.annotate(
            f"peak {spike.peak:.0f} DN/s\n{spike.text}",
            (spike.column, spike.peak), xytext=(-5 if is_right else 5, -2),
            textcoords="offset points", fontsize=8, va="bottom", color=color,
            ha="right" if is_right else "left",
        )  # fmt: skip
