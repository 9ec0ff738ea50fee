"""A picture of new hot pixels: where they are, and some of them as the exposures show them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jwst_hotpix.discovery.find_new import Found
from jwst_hotpix.hotlist.pixel_map import draw_map
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.measure.open_science import open_science
from jwst_hotpix.tools.colors import VERMILION
from jwst_hotpix.tools.plot_style import in_style, new_figure

__all__ = ["found_figure"]

_HALF, _EXAMPLES, _EXPOSURES = 8, 3, 3


@in_style()
def found_figure(found: Found) -> Figure:
    """
    Draw where the new hot pixels are, and three of them in up to three exposures.

    Parameters
    ----------
    found : Found
        With at least one pixel.

    Returns
    -------
    matplotlib.figure.Figure
        The map of the detector; next to it a faint, a typical and a bright pixel, one per row.
    """
    pixels = found.pixels
    figure = new_figure(12, 6)
    files = found.files[:_EXPOSURES]
    grid = figure.add_gridspec(_EXAMPLES, _EXPOSURES + len(files))
    axes = figure.add_subplot(grid[:, :_EXPOSURES])
    draw_map(axes, pixels.columns(), get_detector(pixels.detector).shape)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=3)
    for number, place in enumerate(_examples(found)):
        row = [
            figure.add_subplot(grid[number, _EXPOSURES + column]) for column in range(len(files))
        ]
        _draw_example(row, files, *place)
        if number == 0:
            for panel, file in zip(row, files, strict=True):
                panel.set_title(file.name.partition("_rate")[0], fontsize=6)
    centers = int(np.sum(pixels.role != Role.NEIGHBOR))
    figure.suptitle(
        f"{pixels.detector} {pixels.readout}: {centers} new hot pixels and "
        f"{len(pixels) - centers} neighbors in {len(found.files)} exposures"
    )
    return figure


def _examples(found: Found) -> list[tuple[int, int, float]]:
    """Choose a faint, a typical and a bright new center: row, column and DN/s."""
    pixels = found.pixels
    own = np.flatnonzero((pixels.role == Role.CENTER) & np.isfinite(pixels.rate))
    if not own.size:
        return []
    ordered = own[np.argsort(pixels.rate[own], kind="stable")]
    chosen = ordered[np.rint(np.array([0.1, 0.5, 0.9]) * (ordered.size - 1)).astype(int)]
    return [
        (int(pixels.y[one]), int(pixels.x[one]), float(pixels.rate[one]))
        for one in dict.fromkeys(chosen.tolist())
    ]


def _draw_example(row: list[Axes], files: tuple[Path, ...], y: int, x: int, rate: float) -> None:
    images = [_cut(file, y, x) for file in files]
    # Black is the pixel where it is brightest: lit in one exposure only, it is fainter in others.
    brightest = float(np.nanmax([image[_HALF, _HALF] for image in images], initial=0.1))
    for axes, image in zip(row, images, strict=True):
        axes.imshow(image, vmin=0, vmax=brightest)
        axes.plot(_HALF, _HALF, marker="s", ms=9, mfc="none", mec=VERMILION)
        axes.set(xticks=[], yticks=[])
    row[0].set_ylabel(f"x {x}, y {y}\n{rate:.3g} DN/s")


def _cut(file: Path, y: int, x: int) -> NDArray[np.float32]:
    """Cut a square out of an exposure; what is beyond its edge is NaN."""
    square = np.full((2 * _HALF + 1, 2 * _HALF + 1), np.nan, np.float32)
    with open_science(file) as opened:
        image = _first_image(opened.measured)
        row, column = y - opened.window.ystart + 1 - _HALF, x - opened.window.xstart + 1 - _HALF
        rows = np.arange(max(row, 0), min(row + 2 * _HALF + 1, image.shape[0]))
        columns = np.arange(max(column, 0), min(column + 2 * _HALF + 1, image.shape[1]))
        if rows.size and columns.size:
            part = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            square[
                rows[0] - row : rows[-1] + 1 - row, columns[0] - column : columns[-1] + 1 - column
            ] = part
    return square


def _first_image(hdu: fits.ImageHDU) -> NDArray[np.float32]:
    return np.asarray(hdu.data if len(hdu.shape) == 2 else hdu.section[0])
