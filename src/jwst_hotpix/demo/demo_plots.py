"""The plots of the demo: a spectrum with fake lines, a year of hot pixels, and a visit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jwst_hotpix.demo.run_demo import Demo
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.simulate.trace import trace_rate, trace_row
from jwst_hotpix.tools.colors import BLACK, BLUE, VERMILION
from jwst_hotpix.tools.dates import calendar, iso
from jwst_hotpix.tools.medians import mad_std
from jwst_hotpix.tools.plot_file import FigureFolder, save_plot
from jwst_hotpix.tools.plot_style import dates_below, in_style, new_figure, open_axes

__all__ = [
    "Spike",
    "extract",
    "find_spikes",
    "spectrum_figure",
    "visit_figure",
    "write_plots",
    "year_figure",
]

_HALF_HEIGHT = 4
_BEFORE, _AFTER, _TRUTH = VERMILION, BLUE, BLACK

# A column stands out from this many times the scatter on: noise alone does not in 2048 columns.
_SPIKE = 5.0

# Columns that a label covers.
_LABEL = 205

# Rows and columns of the part of a visit to show.
_PART = (96, 128)

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


def write_plots(demo: Demo, folder: Path, figures: FigureFolder | None = None) -> tuple[Path, ...]:
    """
    Draw the spectrum, the year and the visit of a demo.

    Parameters
    ----------
    demo : Demo
        What to draw.
    folder : pathlib.Path
        Where to write ``demo.png``, ``year.png`` and ``visit.png``.
    figures : FigureFolder, optional
        Where to write the same figures in all formats.

    Returns
    -------
    tuple of pathlib.Path
        The files in ``folder``.
    """
    drawn = {
        "demo": spectrum_figure(demo),
        "year": year_figure(demo),
        "visit": visit_figure(demo),
    }
    if figures is not None:
        for name, figure in drawn.items():
            figures.write(name, figure)
    return tuple(save_plot(figure, folder / f"{name}.png") for name, figure in drawn.items())


@in_style()
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
    figure = new_figure(11, 6.2)
    top, bottom = figure.subplots(2, 1, sharex=True, sharey=True)
    truth = extract(trace_rate(demo.world.detector), demo)
    for axes, image, color, title in (
        (top, demo.before, _BEFORE, "Detector1 alone"),
        (bottom, demo.after, _AFTER, "Detector1 with HotPixStep"),
    ):
        axes.plot(extract(image, demo), color=color, linewidth=0.7, label=title)
        axes.plot(truth, color=_TRUTH, linewidth=1.2, linestyle="--", label="simulated spectrum")
        axes.set_ylabel("flux (DN/s per column)")
        # Above the panel, where no label of a spike can be.
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
        axes.set_xlim(0, image.shape[1])
        open_axes(axes)
        _label(axes, find_spikes(image, demo), color)
    top.margins(y=0.2)
    bottom.set_xlabel("detector column (zero-based)")
    score = demo.score
    figure.suptitle(
        f"{demo.world.detector} {demo.world.readout}, {iso(demo.epoch)[:10]}: "
        f"{score.unmasked_before} hot pixels unmasked before, {score.unmasked_after} after"
    )
    return figure


@in_style()
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
    figure = new_figure(11, 4.2)
    panels = figure.subplots(1, len(demo.year), sharey=True)
    for axes, (readout, year) in zip(panels, demo.year.items(), strict=True):
        total = year.totals()
        for name, (color, marker, meaning) in _YEAR.items():
            axes.plot(
                calendar(year.epoch), getattr(year, name), color=color, marker=marker,
                markersize=3.5, clip_on=False, label=f"{name}: {meaning}, {total[name]} in total",
            )  # fmt: skip
        axes.set_title(f"{demo.world.detector} {readout}")
        dates_below(axes)
        open_axes(axes)
        axes.legend(loc="upper left")
    panels[0].set_ylabel("unmasked hot pixels per exposure")
    # Room for the legends above the highest point of either panel.
    panels[0].set_ylim(0, 1.5 * max(year.official.max() for year in demo.year.values()))
    return figure


@in_style()
def visit_figure(demo: Demo) -> Figure:
    """
    Plot a visit before and after applying the list from its own exposures.

    Parameters
    ----------
    demo : Demo
        The demo whose visit is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        The part of an exposure with the most pixels of its list, before and after, and how many
        hot pixels of the whole detector are left unmasked above each dark rate.
    """
    visit, score = demo.visit, demo.visit.score
    figure = new_figure(12, 4)
    before, after, counts = figure.subplots(1, 3, width_ratios=[1, 1, 1.1])
    y, x = _busiest(visit.pixels)
    part = np.s_[y : y + _PART[0], x : x + _PART[1]]
    extent = (x - 0.5, x + _PART[1] - 0.5, y - 0.5, y + _PART[0] - 0.5)
    cuts = (
        (before, visit.before, visit.unmasked_before, _BEFORE, "o", "-", "as delivered"),
        (after, visit.after, visit.unmasked_after, _AFTER, "s", "--", "with the list of the visit"),
    )
    for axes, image, left, color, marker, line, title in cuts:
        axes.imshow(image[part], vmin=-0.2, vmax=2, extent=extent)
        rows, columns = np.nonzero(left[part])
        axes.plot(columns + x, rows + y, marker, ms=9, mfc="none", color=color, linestyle="none")
        axes.set_title(f"{title}: {rows.size} hot pixels here")
        axes.set_xlabel("x (zero-based)")
        rates = np.sort(visit.rate[left])
        counts.step(
            rates, np.arange(rates.size, 0, -1), color=color, linestyle=line,
            label=f"{title}: {rates.size} in all",
        )  # fmt: skip
    before.set_ylabel("y (zero-based)")
    counts.set(xscale="log", yscale="log", xlabel="dark rate (DN/s)")
    counts.set_ylabel("unmasked hot pixels above this rate")
    counts.xaxis.set_major_formatter("{x:g}")
    counts.yaxis.set_major_formatter("{x:g}")
    open_axes(counts)
    counts.legend()
    figure.suptitle(
        f"Three dithered exposures list {score.listed} pixels without any darks: "
        f"{score.unmasked_before} hot pixels unmasked before, {score.unmasked_after} after"
    )
    return figure


def _busiest(pixels: PixelList) -> tuple[int, int]:
    """Return the first row and column of the part with the most hot pixels, crosses as one."""
    centers = pixels.select(pixels.role == Role.CENTER)
    edges = [np.arange(0, 2049 - 2048 % size, size) for size in _PART]
    number, _, _ = np.histogram2d(centers.y, centers.x, bins=edges)
    y, x = np.unravel_index(number.argmax(), number.shape)
    return int(y) * _PART[0], int(x) * _PART[1]


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
    ends = [0, *(spike.column for spike in spikes), 2048]
    for number, spike in enumerate(spikes):
        before, after = spike.column - ends[number], ends[number + 2] - spike.column
        # To the right if there is room before the next spike, or more room than to the left.
        is_right = after >= min(_LABEL, before)
        axes.annotate(
            f"peak {spike.peak:.0f} DN/s\n{spike.text}",
            (spike.column, spike.peak), xytext=(4 if is_right else -4, -2),
            textcoords="offset points", fontsize=7, va="bottom", color=color,
            ha="left" if is_right else "right",
        )  # fmt: skip
