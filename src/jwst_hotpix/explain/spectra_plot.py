"""A plot of the spectra that contain hot pixels, with these marked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jwst_hotpix.explain.excess import LINE
from jwst_hotpix.explain.explain_product import Explanation
from jwst_hotpix.explain.hot_in_spectra import HotPixel
from jwst_hotpix.explain.strips import Strip
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.tools.plot_file import save_plot

__all__ = ["draw_spectra", "spectrum"]

_AS_IT_IS, _WITHOUT, _MARK = "#b5402a", "#1f5f8b", "#333333"
_PANELS = 6
_NAMED = 4


def draw_spectra(explanation: Explanation, path: Path) -> Path:
    """
    Draw the spectra with hot pixels, at most six, those that stand out most first.

    Parameters
    ----------
    explanation : Explanation
        The spectra and their hot pixels.
    path : pathlib.Path
        Where to write; its ending, one of `PLOT_ENDINGS`, decides the format.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    PathError
        For another ending.
    """
    chosen = explanation.spectra[:_PANELS]
    figure = Figure(figsize=(11, 1.2 + 3.0 * max(len(chosen), 1)), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(max(len(chosen), 1), 1, squeeze=False)[:, 0]
    for axes, (strip, pixels) in zip(panels, chosen, strict=False):
        _draw(axes, strip, pixels)
    if not chosen:
        panels[0].text(0.5, 0.5, "no new hot pixels", ha="center", transform=panels[0].transAxes)
        panels[0].set_axis_off()
    else:
        panels[0].legend(loc="upper left", frameon=False, ncols=3, fontsize=9)
    hidden = len(explanation.spectra) - len(chosen)
    more = f"; {hidden} more spectra not shown" if hidden else ""
    figure.suptitle(
        f"{explanation.path.name}, {iso(explanation.epoch)[:10]}: "
        f"{len(explanation.pixels)} hot pixels of {explanation.list_name}{more}",
        fontsize=10,
    )
    return save_plot(figure, path)


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
    image = np.where(strip.is_masked, np.nan, strip.image)
    for pixel in pixels:
        image[pixel.row, pixel.column] = np.nan if pixel.level is None else pixel.level
    good = np.isfinite(image)
    count = good.sum(axis=0)
    mean = np.full(count.shape, np.nan)
    np.divide(np.where(good, image, 0).sum(axis=0), count, out=mean, where=count > 0)
    return mean


def _draw(axes: Axes, strip: Strip, pixels: Sequence[HotPixel]) -> None:
    x, label = _dispersion(strip)
    new = [pixel for pixel in pixels if not pixel.masked]
    as_it_is, without = spectrum(strip), spectrum(strip, new)
    axes.plot(x, as_it_is, color=_AS_IT_IS, linewidth=0.8, label="as observed")
    axes.plot(x, without, color=_WITHOUT, linewidth=1.0, label="hot pixels replaced")
    bottom, top = _range(without, as_it_is[[pixel.column for pixel in new]])
    # Room above the spectrum for the marks and their labels.
    axes.set_ylim(bottom, top + 0.45 * (top - bottom))
    axes.margins(x=0.02)
    marks = [x[pixel.column] for pixel in new]
    axes.plot(
        marks, np.full(len(marks), top), linestyle="none", marker="v", color=_MARK, markersize=5,
        label="hot pixel",
    )  # fmt: skip
    _name(axes, x, new, top)
    axes.set_ylabel(f"mean of the rows\n({strip.unit or 'unit unknown'})")
    axes.set_xlabel(label)
    axes.set_title(_title(strip), loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)


def _range(spectrum: NDArray[np.float64], hot: NDArray[np.float64]) -> tuple[float, float]:
    """Return the range of the hot pixels and the spectrum, without a few values far off both."""
    known, hot = spectrum[np.isfinite(spectrum)], hot[np.isfinite(hot)]
    shown = np.r_[np.percentile(known, (1, 99)) if known.size else (0.0, 1.0), hot]
    margin = 0.1 * float(np.ptp(shown)) or 1.0
    return float(shown.min()) - margin, float(shown.max()) + margin


def _name(axes: Axes, x: NDArray[np.float64], pixels: Sequence[HotPixel], height: float) -> None:
    """Label the pixels that stand out most, each above its mark and clear of the others."""
    taken: list[float] = []
    left, right = axes.get_xlim()
    for pixel in pixels:
        place = x[pixel.column]
        is_free = all(abs(place - other) > 0.2 * (right - left) for other in taken)
        if len(taken) == _NAMED or not np.isfinite(place) or not is_free:
            continue
        taken.append(place)
        rate = "" if pixel.rate is None else f"{pixel.rate:.3g} DN/s, "
        text = f"{rate}since {iso(pixel.onset)[:10]}"
        if pixel.sigma is not None and abs(pixel.sigma) >= LINE:
            text = f"{pixel.sigma:.0f} sigma\n{text}"
        side = "left" if place < left + 0.1 * (right - left) else "center"
        side = "right" if place > right - 0.1 * (right - left) else side
        axes.annotate(
            text, (place, height), xytext=(0, 6), textcoords="offset points", ha=side,
            fontsize=8, color=_MARK,
        )  # fmt: skip


def _dispersion(strip: Strip) -> tuple[NDArray[np.float64], str]:
    """Return the wavelength of every column, or column numbers if most are unknown."""
    rows, columns = strip.image.shape
    row, column = np.indices((rows, columns)).reshape(2, -1)
    wavelength = strip.wavelength(row, column).reshape(rows, columns)
    known = np.isfinite(wavelength)
    if known.any(axis=0).sum() < columns / 2:
        first = strip.window.xstart - 1
        return first + np.arange(columns, dtype=float), "detector column (zero-based)"
    total = np.where(known, wavelength, 0).sum(axis=0)
    mean = np.full(columns, np.nan)
    np.divide(total, known.sum(axis=0), out=mean, where=known.any(axis=0))
    return mean, "wavelength (µm)"


def _title(strip: Strip) -> str:
    source = "" if not strip.source_id else f"source {strip.source_id}"
    name = strip.name or ""
    slit = name if not name or name.startswith("slice") else f"slit {name}"
    return ", ".join(filter(None, [source, slit])) or "whole image"
