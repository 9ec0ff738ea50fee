"""The dark rate of one pixel against time, with the intervals in which it was hot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jwst_hotpix.history.pixel_history import PixelHistory
from jwst_hotpix.history.pixel_looks import PixelLook, State
from jwst_hotpix.tools.colors import BLUE, GRAY, ORANGE, VERMILION
from jwst_hotpix.tools.dates import calendar
from jwst_hotpix.tools.plot_style import dates_below, in_style, new_figure, open_axes

__all__ = ["pixel_figure"]


@in_style()
def pixel_figure(parts: Sequence[PixelHistory]) -> Figure:
    """
    Draw the history of a pixel.

    Parameters
    ----------
    parts : sequence of PixelHistory
        At least one, one per panel.

    Returns
    -------
    matplotlib.figure.Figure
        One panel per readout mode.
    """
    figure = new_figure(10, 0.9 + 3.3 * len(parts))
    panels = figure.subplots(len(parts), 1, squeeze=False, sharex=True, sharey=True).ravel()
    for axes, part in zip(panels, parts, strict=True):
        _draw(axes, part)
    dates_below(panels[-1])
    panels[0].yaxis.set_major_formatter("{x:g}")
    return figure


def _draw(axes: Axes, part: PixelHistory) -> None:
    epochs = np.array([look.epoch for look in part.looks])
    margin = 0.02 * float(np.ptp(epochs)) or 10.0
    first, last = float(epochs.min()) - margin, float(epochs.max()) + margin
    _shade(axes, part, first, last)
    limit = part.threshold
    axes.axhline(limit, color=GRAY, linestyle="--", linewidth=1, label=f"threshold, {limit:g} DN/s")
    _draw_looks(axes, part)
    axes.set_xlim(*calendar([first, last]))
    axes.set_yscale("log")
    axes.margins(y=0.15)
    axes.set_ylabel("dark rate (DN/s)")
    title = f"{part.detector} {part.readout}, x {part.x}, y {part.y} (zero-based)"
    axes.set_title(title)
    open_axes(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))


def _shade(axes: Axes, part: PixelHistory, first: float, last: float) -> None:
    """Shade when the pixel was hot, and hatch when it turned hot or recovered."""
    labels: set[str] = set()
    for interval in part.intervals:
        color = ORANGE if interval.listed else GRAY
        what = "hot" if interval.listed else "hot, too uncertain for a list"
        hot = (interval.onset_latest, interval.recovery_earliest)
        for start, end, label in (
            (interval.onset_earliest, hot[0], "onset or recovery"),
            (*hot, what),
            (hot[1], interval.recovery_latest, "onset or recovery"),
        ):
            # An interval may be known from one look only: it must be seen all the same.
            left, right = calendar(np.clip([start, end], first, last))
            axes.axvspan(
                left, right, facecolor=color if label == what else "none", edgecolor=color,
                alpha=0.35, linewidth=1, hatch=None if label == what else "///",
                label=None if label in labels else label,
            )  # fmt: skip
            labels.add(label)


def _draw_looks(axes: Axes, part: PixelHistory) -> None:
    by_state = {state: [one for one in part.looks if one.state == state] for state in State}
    measured = [one for one in part.looks if one.rate is not None and isfinite(one.rate)]
    for state, color, marker in ((State.HOT, VERMILION, "o"), (State.COLD, BLUE, "s")):
        chosen = [one for one in measured if one.state == state]
        if chosen:
            axes.errorbar(
                _days(chosen), [one.rate or 0 for one in chosen],
                yerr=[one.error or 0 for one in chosen], color=color, marker=marker, markersize=4,
                linestyle="none", linewidth=1, label=f"{state}, measured",
            )  # fmt: skip
    bounded = [one for one in by_state[State.COLD] if one.rate is None and one.bound is not None]
    saturated = [one for one in by_state[State.HOT] if one not in measured]
    if bounded:
        bounds = [one.bound or 0 for one in bounded]
        axes.plot(_days(bounded), bounds, color=BLUE, marker="v", markersize=4.5,
                  fillstyle="none", linestyle="none", label="cold, upper bound")  # fmt: skip
    # In fractions of the height: these have no rate.
    for looks, height, marker, color, label in (
        (saturated, 0.97, "^", VERMILION, "hot, saturated"),
        (by_state[State.UNKNOWN], 0.02, "x", GRAY, "cannot tell"),
    ):
        if looks:
            axes.plot(_days(looks), [height] * len(looks), color=color, marker=marker, markersize=4,
                      linestyle="none", label=label,
                      transform=axes.get_xaxis_transform())  # fmt: skip


def _days(looks: Iterable[PixelLook]) -> NDArray[np.datetime64]:
    return calendar([one.epoch for one in looks])
