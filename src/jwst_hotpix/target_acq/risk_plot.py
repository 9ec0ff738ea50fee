"""A plot of the risk for target acquisition: in time, in SUB32, and in the stamps that were hit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.target_acq.hits_in_stamps import AcquisitionHits, StampHits
from jwst_hotpix.target_acq.risk_in_time import RiskInTime
from jwst_hotpix.target_acq.wata import APERTURE, SUB32, in_aperture, in_sub32
from jwst_hotpix.tools.colors import BLACK, BLUE, GRAY, VERMILION
from jwst_hotpix.tools.plot_style import in_style, new_figure, open_axes, series_style

__all__ = ["risk_figure"]

# Stamps per row, and in all.
_IN_A_ROW, _STAMPS = 4, 12
# Smallest distance between labels, in rows and columns.
_APART = (3, 10)


@in_style()
def risk_figure(
    risk: RiskInTime, new: Sequence[PixelList] = (), hits: Sequence[AcquisitionHits] = ()
) -> Figure:
    """
    Draw the risk for target acquisition.

    Parameters
    ----------
    risk : RiskInTime
        The risk against the age of the TA flat.
    new : sequence of PixelList
        Hot pixels that are newer than the TA flat, one list per detector; that of NRS1 is drawn in
        SUB32, which every WATA reads.
    hits : sequence of AcquisitionHits
        Acquisitions; up to twelve of their stamps that contain such a pixel are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        The risk against time; next to it SUB32, if there is a list for it; below, stamps that were
        hit.
    """
    stamps = [(one, hit) for one in hits for hit in one.stamps if len(hit.pixels)]
    seen = [pixels for pixels in new if pixels.detector == SUB32.detector.name]
    drawn = stamps[:_STAMPS]
    rows = -(-len(drawn) // _IN_A_ROW)
    figure = new_figure(11, 4.6 + 2.9 * rows)
    grid = figure.add_gridspec(1 + rows, _IN_A_ROW, height_ratios=[1.6] + [1] * rows)
    _draw_risk(figure.add_subplot(grid[0, : 2 if seen else _IN_A_ROW]), risk)
    for pixels in seen:
        _draw_sub32(figure.add_subplot(grid[0, 2:]), pixels)
    for place, (one, hit) in enumerate(drawn):
        row, column = divmod(place, _IN_A_ROW)
        axes = figure.add_subplot(grid[1 + row, column])
        _draw_stamp(axes, one, hit)
        axes.set(xlabel="x (one-based)", ylabel="" if column else "y (one-based)")
    if len(stamps) > len(drawn):
        figure.supxlabel(f"{len(stamps) - len(drawn)} more stamps were hit")
    return figure


def _draw_risk(axes: Axes, risk: RiskInTime) -> None:
    for number, (label, probability) in enumerate(risk.stamp.items()):
        style = series_style(number)
        axes.plot(
            risk.months, 100 * probability, color=style.color, marker=style.marker,
            markevery=10, markersize=4, linestyle="--", label=f"stamp of a star hit: {label}",
        )  # fmt: skip
    all_stars = f"at least {risk.stars.k} of {sum(risk.stars.numbers)} stars hit"
    if risk.stamp:
        axes.plot(risk.months, 100 * risk.at_least, color=BLACK, label=all_stars)
    for marker, (label, (age, of_all)) in zip("DP", risk.points.items(), strict=False):
        text = f"{all_stars}, {label}: {of_all:.1%}"
        axes.plot(age, 100 * of_all, marker, color=BLACK, ms=7, linestyle="none", label=text)
    _draw_interval(axes, risk)
    axes.set(xlabel="months since the TA flat", ylabel="probability (%)")
    axes.set(xlim=(0, risk.months[-1]), ylim=(0, _top(risk)))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.14))
    axes.set_title("Risk for target acquisition")
    open_axes(axes)


def _top(risk: RiskInTime) -> float:
    """Return the upper limit of the plot, in percent, with some room."""
    drawn = [probability for _, probability in risk.points.values()]
    drawn += risk.at_least.tolist() + ([risk.interval.risk] if risk.interval else [])
    return min(100.0, 120 * max(drawn) or 100.0)


def _draw_interval(axes: Axes, risk: RiskInTime) -> None:
    chosen = risk.interval
    if chosen is None:
        return
    axes.axhline(100 * chosen.risk, color=GRAY, linewidth=0.8, linestyle="--")
    if np.isfinite(chosen.months):
        axes.axvline(chosen.months, color=GRAY, linewidth=0.8, linestyle="--")
        axes.plot(chosen.months, 100 * chosen.risk, "*", color=VERMILION, ms=13)
    # The curve is below the star to its left, and above it to its right.
    is_early = chosen.months < 0.5 * risk.months[-1]
    axes.annotate(
        f"risk of {chosen.risk:.0%}: {chosen.to_dict()['longest_interval']}",
        (min(chosen.months, risk.months[-1]), 100 * chosen.risk),
        xytext=(8, -12) if is_early else (-8, 6), ha="left" if is_early else "right",
        textcoords="offset points", color=VERMILION,
    )  # fmt: skip


def _draw_sub32(axes: Axes, pixels: PixelList) -> None:
    rows, columns = SUB32.shape
    left, bottom = SUB32.xstart - 0.5, SUB32.ystart - 0.5
    axes.set(xlim=(left, left + columns), ylim=(bottom, bottom + rows), aspect="equal")
    (first_y, last_y), (first_x, last_x) = APERTURE
    corner, size = (first_x, first_y), (last_x - first_x, last_y - first_y)
    axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=GRAY, label="S1600A1"))
    inside, aperture = in_sub32(pixels), in_aperture(pixels)
    for which, color, marker, label in (
        (aperture, VERMILION, "s", "in the aperture"),
        (inside & ~aperture, BLUE, "o", "outside it"),
    ):
        here = pixels.select(which)
        text = f"new hot pixels {label}: {len(here)}"
        axes.plot(here.x + 1.0, here.y + 1.0, marker, color=color, ms=7, label=text)
        _label_rates(axes, here)
    axes.set(xlabel="x (one-based)", ylabel="y (one-based)")
    axes.set_title("SUB32, read in every WATA")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.14))


def _draw_stamp(axes: Axes, one: AcquisitionHits, hit: StampHits) -> None:
    stamp = hit.stamp
    rows, columns = stamp.window.shape
    left, bottom = stamp.window.xstart - 0.5, stamp.window.ystart - 0.5
    axes.set(xlim=(left, left + columns), ylim=(bottom, bottom + rows), aspect="equal")
    axes.plot(hit.pixels.x + 1.0, hit.pixels.y + 1.0, "s", color=VERMILION, ms=5)
    _label_rates(axes, hit.pixels)
    if stamp.centroid is not None:
        y, x = stamp.centroid
        axes.plot(x, y, "*", color=BLACK, ms=11, mfc="none")
    title = (
        f"{one.acquisition.kind}, star {stamp.star} ({stamp.image}), {stamp.window.detector.name}"
    )
    axes.set_title(title, loc="left")
    axes.tick_params(labelsize=7)


def _label_rates(axes: Axes, pixels: PixelList) -> None:
    """Label the brightest pixel of every group; pixels of unknown rate count as the brightest."""
    labeled: list[tuple[int, int]] = []
    rate = np.where(np.isnan(pixels.rate), np.inf, pixels.rate)
    for i in np.argsort(-rate, kind="stable"):
        y, x = int(pixels.y[i]), int(pixels.x[i])
        if any(abs(y - there) < _APART[0] and abs(x - at) < _APART[1] for there, at in labeled):
            continue
        labeled.append((y, x))
        text = f"{rate[i]:.3g} DN/s" if np.isfinite(rate[i]) else "rate unknown"
        axes.annotate(text, (x + 1, y + 1), xytext=(6, 3), textcoords="offset points", fontsize=8)
