"""A plot of the hot pixels that stand out most: each with its surroundings and its spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from jwst_hotpix.explain.explain_product import Explanation
from jwst_hotpix.explain.hot_in_spectra import HotPixel
from jwst_hotpix.explain.row_excess import mean_of_known
from jwst_hotpix.explain.strips import Strip
from jwst_hotpix.explain.words import place_of, rate_of
from jwst_hotpix.tools.colors import BLUE, GRAY, ORANGE, VERMILION
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.tools.medians import mad_std
from jwst_hotpix.tools.plot_style import in_style, new_figure, open_axes

__all__ = ["pixels_figure", "spectrum"]

_OBSERVED, _REPLACED, _MARK = VERMILION, BLUE, GRAY
# Background of images, where pixels are masked.
_MASKED = "#DCE6F0"

# Rows and columns of the image on either side of the pixel, and columns of the spectrum.
_ROWS, _COLUMNS, _SPECTRUM = 7, 14, 60

# Scatter above the level that is drawn black.
_BLACK = 12.0


@in_style()
def pixels_figure(explanation: Explanation, top: int = 10) -> Figure:
    """
    Draw the hot pixels that stand out most.

    Parameters
    ----------
    explanation : Explanation
        The spectra and their hot pixels.
    top : int
        Number of pixels to draw at most.

    Returns
    -------
    matplotlib.figure.Figure
        Per pixel its surroundings on the detector, and its part of the spectrum: the mean of the
        rows of a slit or slice, or the row of the pixel in a whole image.
    """
    chosen = explanation.found[:top]
    n = max(len(chosen), 1)
    figure = new_figure(11, 0.8 + 2.3 * n)
    panels = figure.subplots(n, 2, squeeze=False, width_ratios=(1, 2.2))
    for (image, curve), (strip, pixel) in zip(panels, chosen, strict=False):
        _draw_image(image, strip, pixel)
        _draw_curve(curve, strip, pixel, explanation.pixels_of(strip))
    if chosen:
        panels[0, 1].legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
        note = "Images: x and y zero-based, black is bright, pale blue is masked."
        figure.supxlabel(note, x=0.01, ha="left")
    else:
        for axes in panels[0]:
            axes.set_axis_off()
        panels[0, 0].text(0.0, 0.5, "no new hot pixels", transform=panels[0, 0].transAxes)
    total = len(explanation.found)
    which = f", the {top} that stand out most" if total > top else ""
    figure.suptitle(
        f"{explanation.path.name}, {iso(explanation.epoch)[:10]}\n"
        f"{total} hot pixels of {explanation.list_name}{which}",
    )
    return figure


def spectrum(strip: Strip, pixels: Sequence[HotPixel] = ()) -> NDArray[np.float64]:
    """
    Average a strip across the dispersion.

    Parameters
    ----------
    strip : Strip
        The spectrum.
    pixels : sequence of HotPixel
        Pixels to replace by the level of their rows, if it is known. Excluding them instead would
        make a dip wherever they lie on the trace.

    Returns
    -------
    ndarray of float, shape (nx,)
        Mean of the pixels that are not masked, in the unit of the strip; NaN where there are none.
    """
    return mean_of_known(_replaced(strip, pixels))


def _replaced(strip: Strip, pixels: Sequence[HotPixel]) -> NDArray[np.float64]:
    image = np.where(strip.is_masked, np.nan, strip.image)
    for pixel in pixels:
        image[pixel.row, pixel.column] = np.nan if pixel.level is None else pixel.level
    return image


def _draw_image(axes: Axes, strip: Strip, pixel: HotPixel) -> None:
    """Draw the surroundings, with zero-based coordinates of the full frame."""
    rows = _around(pixel.row, _ROWS, strip.image.shape[0])
    columns = _around(pixel.column, _COLUMNS, strip.image.shape[1])
    cut = np.where(strip.is_masked, np.nan, strip.image)[rows, columns]
    x0, y0 = (corner - 1 for corner in (strip.window.xstart, strip.window.ystart))
    low, high = _gray_scale(cut[np.isfinite(cut)])
    axes.imshow(
        cut, vmin=low, vmax=high, aspect="auto",
        extent=(x0 + columns.start - 0.5, x0 + columns.stop - 0.5,
                y0 + rows.start - 0.5, y0 + rows.stop - 0.5),
    )  # fmt: skip
    axes.set_facecolor(_MASKED)
    axes.add_patch(
        Rectangle((pixel.x - 0.5, pixel.y - 0.5), 1, 1, fill=False, edgecolor=ORANGE, lw=1.5)
    )
    axes.set_title(f"x {pixel.x}, y {pixel.y}", fontsize=8)
    axes.tick_params(labelsize=7)


def _gray_scale(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the values of white and black: light and hot pixels stand out, noise does not."""
    if not values.size:
        return 0.0, 1.0
    low, level, high = np.percentile(values, (2, 50, 98)).tolist()
    return low, max(high, level + _BLACK * mad_std(values, level), low + 1e-9)


def _draw_curve(axes: Axes, strip: Strip, pixel: HotPixel, pixels: Sequence[HotPixel]) -> None:
    new = [other for other in pixels if not other.masked]
    if strip.is_whole:
        row = slice(pixel.row, pixel.row + 1)
        observed, replaced = (_replaced(strip, known)[row].mean(axis=0) for known in ((), new))
        what = f"row {pixel.y}"
    else:
        observed, replaced = spectrum(strip), spectrum(strip, new)
        what = "mean of the rows"
    x, label = _dispersion(strip, pixel)
    part = _around(pixel.column, _SPECTRUM, x.size)
    axes.plot(x[part], observed[part], color=_OBSERVED, lw=0.9, label="as observed")
    axes.plot(x[part], replaced[part], color=_REPLACED, lw=1.0, label="hot pixels replaced")
    axes.set_ylim(*_range(replaced[part], observed[pixel.column]))
    axes.axvline(x[pixel.column], color=_MARK, lw=0.6, ls=":")
    axes.set_xlabel(label, fontsize=8)
    axes.set_ylabel(f"{what}\n({strip.unit or 'unit unknown'})", fontsize=8)
    axes.set_title(_facts(pixel), fontsize=8)
    axes.tick_params(labelsize=7)
    open_axes(axes)


def _range(values: NDArray[np.float64], peak: float) -> tuple[float, float]:
    """Return the range of a spectrum and a hot pixel, without a few values far off both."""
    known = values[np.isfinite(values)]
    shown = np.r_[np.percentile(known, (2, 98)) if known.size else (0.0, 1.0), peak]
    shown = shown[np.isfinite(shown)]
    margin = 0.15 * float(np.ptp(shown)) or 1.0
    return float(shown.min()) - margin, float(shown.max()) + margin


def _facts(pixel: HotPixel) -> str:
    where = place_of(pixel)
    sigma = "" if pixel.sigma is None else f", {round(pixel.sigma)} sigma"
    return (
        f"{where and f'{where}: '}{rate_of(pixel)}, first seen hot {iso(pixel.onset)[:10]}{sigma}"
    )


def _around(center: int, reach: int, size: int) -> slice:
    return slice(max(center - reach, 0), min(center + reach + 1, size))


def _dispersion(strip: Strip, pixel: HotPixel) -> tuple[NDArray[Any], str]:
    """Return the wavelength of every column, or column numbers if that of the pixel is unknown."""
    rows, columns = strip.image.shape
    if pixel.wavelength_um is not None:
        row, column = np.indices((rows, columns)).reshape(2, -1)
        wavelength = strip.wavelength(row, column).reshape(rows, columns)
        return mean_of_known(wavelength), "wavelength (µm)"
    return strip.window.xstart - 1 + np.arange(columns), "detector column (zero-based)"
