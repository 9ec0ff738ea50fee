"""What light makes of a detector: emission lines and spectra, integrated over pixels."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

__all__ = ["Lines", "Traces", "add_lines", "add_traces"]

# Pixels on either side of the middle that light reaches.
_REACH = 7
# Standard deviations in a full width at half maximum.
_FWHM = 2.3548


@dataclass(frozen=True, eq=False, kw_only=True)
class Lines:
    """
    Images of emission lines.

    Attributes
    ----------
    y, x : ndarray of float, shape (n,)
        Center, zero-based pixels of the frame.
    peak : ndarray of float, shape (n,)
        DN/s of a pixel that the line is centered on.
    height, width : ndarray of float, shape (n,)
        FWHM across and along the dispersion, pixels.
    """

    y: NDArray[np.float64]
    x: NDArray[np.float64]
    peak: NDArray[np.float64]
    height: NDArray[np.float64]
    width: NDArray[np.float64]

    def moved(self, dy: float) -> Self:
        """
        Return the same lines elsewhere.

        Parameters
        ----------
        dy : float
            Rows to move by.
        """
        return replace(self, y=self.y + dy)

    def and_(self, other: Lines) -> Lines:
        """
        Return these lines and others.

        Parameters
        ----------
        other : Lines
            Lines to follow these.
        """
        names = [field.name for field in fields(Lines)]
        parts: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names
        }
        return Lines(**parts)


@dataclass(frozen=True, eq=False, kw_only=True)
class Traces:
    """
    Spectra along the rows.

    Attributes
    ----------
    y : ndarray of float, shape (n,)
        Row of the middle, at the middle column of the frame.
    tilt : ndarray of float, shape (n,)
        Rows per column.
    start, stop : ndarray of int, shape (n,)
        First column, and the one after the last.
    level : ndarray of float, shape (n,)
        DN/s of the brightest pixel of a column at mean brightness.
    height : ndarray of float, shape (n,)
        FWHM across the dispersion, pixels; a shutter of sky is a box of this height.
    """

    y: NDArray[np.float64]
    tilt: NDArray[np.float64]
    start: NDArray[np.intp]
    stop: NDArray[np.intp]
    level: NDArray[np.float64]
    height: NDArray[np.float64]

    def moved(self, dy: float) -> Self:
        """
        Return the same spectra elsewhere.

        Parameters
        ----------
        dy : float
            Rows to move by.
        """
        return replace(self, y=self.y + dy)


def add_lines(image: NDArray[np.float32], lines: Lines) -> NDArray[np.intp]:
    """
    Add lines to an image, in place.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        DN/s.
    lines : Lines
        The emission lines to add.

    Returns
    -------
    ndarray of int, shape (n,)
        Brightest pixel of each line, ``y * nx + x``; -1 where it is outside.
    """
    steps = np.arange(-_REACH, _REACH + 1)
    row, share_y = _shares(lines.y, lines.height, steps)
    column, share_x = _shares(lines.x, lines.width, steps)
    light = lines.peak[:, None, None] * share_y[:, :, None] * share_x[:, None, :]
    y = np.broadcast_to(row[:, :, None], light.shape)
    x = np.broadcast_to(column[:, None, :], light.shape)
    inside = (y >= 0) & (y < image.shape[0]) & (x >= 0) & (x < image.shape[1])
    np.add.at(image, (y[inside], x[inside]), light[inside].astype(np.float32))
    top_y, top_x = (np.floor(place + 0.5).astype(np.intp) for place in (lines.y, lines.x))
    seen = (top_y >= 0) & (top_y < image.shape[0]) & (top_x >= 0) & (top_x < image.shape[1])
    return np.where(seen, top_y * image.shape[1] + top_x, -1)


def add_traces(image: NDArray[np.float32], traces: Traces, *, box: bool = False) -> None:
    """
    Add spectra to an image, in place.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        DN/s.
    traces : Traces
        The spectra to add.
    box : bool
        The light fills a shutter or slice from edge to edge, in place of a Gaussian.
    """
    columns = image.shape[1]
    reach = int(np.ceil(traces.height.max(initial=0) / 2)) + _REACH
    steps = np.arange(-reach, reach + 1)
    for y, tilt, start, stop, level, height in zip(
        *(getattr(traces, field.name) for field in fields(Traces)), strict=True
    ):
        column = np.arange(max(start, 0), min(stop, columns))
        middle = y + tilt * (column - columns / 2)
        # Brightness changes slowly with wavelength.
        phase = column / 300 + y
        bright = level * (1 + 0.3 * np.sin(phase))
        if box:
            row = np.rint(middle)[:, None].astype(np.intp) + steps
            share = np.clip(height / 2 + 0.5 - np.abs(row - middle[:, None]), 0, 1)
        else:
            row, share = _shares(middle, np.full(column.size, height), steps)
        inside = (row >= 0) & (row < image.shape[0]) & (share > 0)
        which = np.broadcast_to(column[:, None], row.shape)
        image[row[inside], which[inside]] += (bright[:, None] * share)[inside].astype(np.float32)


def _shares(
    middle: NDArray[np.float64], fwhm: NDArray[np.float64], steps: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return pixels around a Gaussian and what each gets, over what it gets when centered."""
    pixel = np.floor(middle + 0.5).astype(np.intp)[:, None] + steps
    scale = np.sqrt(2) * (fwhm / _FWHM)[:, None]
    edges = np.stack([pixel - 0.5, pixel + 0.5]) - middle[:, None]
    low, high = erf(edges / scale)
    return pixel, (high - low) / 2 / erf(0.5 / scale)
