"""A plot of the hot pixels in the records of a ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from matplotlib.figure import Figure

from jwst_hotpix.tools.dates import calendar
from jwst_hotpix.tools.plot_style import dates_below, in_style, new_figure, open_axes, series_style

__all__ = ["records_figure"]


@in_style()
def records_figure(rows: Sequence[Mapping[str, Any]], title: str) -> Figure:
    """
    Plot the number of hot pixels in each record against its date.

    Parameters
    ----------
    rows : sequence of mapping
        For each record: ``detector``, ``readout``, ``kind``, ``epoch`` (MJD, UTC) and ``n_hot``.
    title : str
        Title of the plot.

    Returns
    -------
    matplotlib.figure.Figure
        One series per detector, readout mode and kind.
    """
    figure = new_figure(9, 4.2)
    axes = figure.subplots()

    def series(row: Mapping[str, Any]) -> tuple[str, ...]:
        return row["detector"], row["readout"], row["kind"]

    for number, (name, group) in enumerate(groupby(sorted(rows, key=series), key=series)):
        found, style = list(group), series_style(number)
        axes.plot(
            calendar([row["epoch"] for row in found]), [row["n_hot"] for row in found],
            color=style.color, marker=style.marker, markersize=4, fillstyle="none",
            linestyle="none",
            label=f"{' '.join(name)}: {len(found)}",
        )  # fmt: skip
    axes.set_title(title)
    axes.set_ylabel("hot pixels per exposure")
    dates_below(axes)
    open_axes(axes)
    if rows:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure
