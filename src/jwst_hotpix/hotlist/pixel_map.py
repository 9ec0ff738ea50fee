"""A map of the hot pixels of a detector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.tools.colors import BLACK, BLUE, VERMILION
from jwst_hotpix.tools.plot_style import in_style, new_figure

__all__ = ["draw_map", "map_figure"]

# Color, marker, fill and label of each role. On this scale a center lies upon its neighbors.
_ROLES = {
    Role.CENTER: (VERMILION, "o", VERMILION, "hot pixels"),
    Role.NEIGHBOR: (BLUE, "s", "none", "neighbors of hot pixels"),
    Role.INFERRED_CENTER: (BLACK, "^", BLACK, "inferred from neighbors"),
}
# Size of neighbors relative to centers of the same rate, so that they show around a center.
_OPEN = 4.0
# DN/s, assumed for pixels of unknown rate, which saturate at once.
_SATURATED = 1e3


@in_style()
def map_figure(columns: Mapping[str, NDArray[Any]], shape: tuple[int, int], title: str) -> Figure:
    """
    Draw where hot pixels are.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
        Columns ``x``, ``y``, ``rate`` and ``role`` of a list.
    shape : tuple of int
        Rows and columns of the detector.
    title : str
        Title of the plot.

    Returns
    -------
    matplotlib.figure.Figure
        One panel.
    """
    figure = new_figure(7.2, 7.6)
    axes = figure.subplots()
    draw_map(axes, columns, shape)
    axes.set_title(title)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=3)
    return figure


def draw_map(axes: Axes, columns: Mapping[str, NDArray[Any]], shape: tuple[int, int]) -> None:
    """
    Draw where hot pixels are, larger for higher rates; color and marker show the role.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Changed in place.
    columns, shape
        As in `map_figure`.
    """
    rate = np.where(np.isfinite(columns["rate"]), columns["rate"], _SATURATED)
    size = 4 + 8 * np.log10(np.maximum(rate, 1))
    for role, (color, marker, fill, label) in _ROLES.items():
        chosen = columns["role"] == role
        if chosen.any():
            axes.scatter(
                columns["x"][chosen], columns["y"][chosen],
                s=size[chosen] * (_OPEN if fill == "none" else 1), edgecolors=color,
                facecolors=fill, marker=marker, lw=0.6, label=f"{label}: {chosen.sum()}",
            )  # fmt: skip
    axes.set(xlim=(0, shape[1]), ylim=(0, shape[0]), aspect="equal")
    axes.set(xlabel="x (zero-based)", ylabel="y (zero-based)")
