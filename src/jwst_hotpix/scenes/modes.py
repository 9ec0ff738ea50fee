"""What NIRSpec looks at: MOS with nods, IFU with dithers, fixed slits, a star stared at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.scenes.light import Lines, Traces, add_lines, add_traces

__all__ = ["MODES", "Scene", "draw_scene"]

_Width = tuple[float, float] | None

# Pixels from one shutter of the MSA, and from one slice of the IFU, to the next.
_SHUTTER, _SLICE = 5.2, 68.0
# DN/s of a line's peak: most are faint, some as bright as a calibrator's (an assumption).
_FAINTEST, _BRIGHTEST = 0.5, 200.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """
    The light of one visit, and how the telescope moves it over the detector.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns of the frame.
    exp_type, grating, filter : str
        As in the header.
    offsets : ndarray of float, shape (n,)
        Rows that the sky is moved by at each pointing; arcseconds are a tenth of it.
    sky : float
        DN/s that fall on all pixels.
    lines, traces : Lines, Traces
        Of sources, which move with the sky.
    still_lines : Lines
        Of light that fills a shutter, slit or slice from edge to edge.
    still_traces : Traces
        Likewise, and of shutters that failed open.
    """

    shape: tuple[int, int]
    exp_type: str
    grating: str
    filter: str
    offsets: NDArray[np.float64]
    sky: float
    lines: Lines
    traces: Traces
    still_lines: Lines
    still_traces: Traces

    def light(self, pointing: int) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """
        Return what falls on the detector at a pointing.

        Parameters
        ----------
        pointing : int
            Index into `offsets`.

        Returns
        -------
        image : ndarray of float32, shape ``self.shape``
            DN/s.
        tops : ndarray of int, shape (k,)
            Brightest pixel, ``y * nx + x``, of all lines that are brighter than 0.5 DN/s there.
        """
        image = np.full(self.shape, self.sky, np.float32)
        shift = float(self.offsets[pointing])
        add_traces(image, self.traces.moved(shift))
        add_traces(image, self.still_traces, box=True)
        every = self.lines.moved(shift).and_(self.still_lines)
        before = image.copy()
        tops = add_lines(image, every)
        tops = np.unique(tops[tops >= 0])
        bright = (image - before).reshape(-1)[tops] > _FAINTEST
        return image, tops[bright]


def _draw_lines(
    rng: np.random.Generator,
    shape: tuple[int, int],
    n: int,
    fwhm: _Width,
    rows: NDArray[np.float64] | None = None,
) -> Lines:
    y = rng.uniform(0, shape[0], n) if rows is None else rng.choice(rows, n)
    # Point sources to slightly resolved ones; a slit is two pixels wide, a source may be sharper.
    height, width = rng.uniform(1.3, 3.0, n), rng.uniform(1.3, 2.6, n)
    if fwhm is not None:
        height, width = np.full(n, fwhm[0]), np.full(n, fwhm[1])
    peak = np.exp(rng.uniform(np.log(_FAINTEST), np.log(_BRIGHTEST), n))
    return Lines(y=y, x=rng.uniform(0, shape[1], n), peak=peak, height=height, width=width)


def _draw_traces(
    rng: np.random.Generator,
    shape: tuple[int, int],
    y: NDArray[np.float64],
    *,
    length: float,
    level: tuple[float, float],
    height: tuple[float, float],
) -> Traces:
    n = y.size
    start = rng.integers(0, max(1, int(shape[1] * (1 - length)) + 1), n)
    return Traces(
        y=y,
        tilt=rng.uniform(-0.01, 0.01, n),
        start=start,
        stop=start + int(length * shape[1]),
        level=np.exp(rng.uniform(np.log(level[0]), np.log(level[1]), n)),
        height=rng.uniform(*height, n),
    )


def _columns_of_light(
    rng: np.random.Generator, shape: tuple[int, int], n: int, height: float, brightness: float
) -> Lines:
    """Draw lines of extended sources: each fills a shutter, slit or slice from edge to edge."""
    step = 1.0
    count = max(1, round(height / step))
    y0, x0 = rng.uniform(0, shape[0], n), rng.uniform(0, shape[1], n)
    along = (np.arange(count) - count / 2) * step
    peak = np.exp(rng.uniform(np.log(_FAINTEST), np.log(brightness), n)) * 0.35
    return Lines(
        y=(y0[:, None] + along).ravel(),
        x=(x0[:, None] + 0.02 * along).ravel(),
        peak=np.repeat(peak, count),
        height=np.full(n * count, 3.0),
        width=np.repeat(rng.uniform(2.0, 2.6, n), count),
    )


def _mos(
    rng: np.random.Generator, shape: tuple[int, int], fwhm: _Width, *, length: float
) -> dict[str, Any]:
    n = max(2, shape[0] // 16)
    rows = rng.uniform(0, shape[0], n)
    area = shape[0] * shape[1]
    failed = rng.uniform(0, shape[0], max(1, n // 12))
    return {
        "offsets": np.array([0.0, _SHUTTER, -_SHUTTER]),
        "traces": _draw_traces(
            rng, shape, rows, length=length, level=(0.02, 3.0), height=(1.5, 3.5)
        ),
        "lines": _draw_lines(rng, shape, area // 3000, fwhm, rows),
        # Shutters that failed open, and the sky in those that are open.
        "still_traces": _draw_traces(
            rng, shape, failed, length=length, level=(0.1, 5.0), height=(4.0, 5.0)
        ),
        "still_lines": _columns_of_light(rng, shape, area // 60_000, 5, 20.0),
    }


def _ifu(
    rng: np.random.Generator, shape: tuple[int, int], fwhm: _Width, *, bright: float = 1.0
) -> dict[str, Any]:
    rows = np.arange(_SLICE / 2, shape[0], _SLICE)
    area = shape[0] * shape[1]
    lines = _draw_lines(rng, shape, area // 3500, fwhm)
    level = (0.05 * bright, 2.0 * bright)
    middles = rows + rng.uniform(-9, 9, rows.size)
    slices = (0.02 * bright, 0.2 * bright)
    return {
        # Along a slice, and from slice to slice.
        "offsets": np.array([0.0, 4.1, _SLICE + 2.3, 2.2 - _SLICE]),
        "lines": replace(lines, peak=lines.peak * bright),
        "traces": _draw_traces(rng, shape, middles, length=1, level=level, height=(2, 6)),
        "still_traces": _draw_traces(rng, shape, rows, length=1, level=slices, height=(28, 30)),
        "still_lines": _columns_of_light(rng, shape, area // 50_000, 30, 20.0 * bright),
    }


def _fixed_slit(rng: np.random.Generator, shape: tuple[int, int], fwhm: _Width) -> dict[str, Any]:
    rows = np.array([0.2, 0.5, 0.8]) * shape[0]
    area, slits = shape[0] * shape[1], (0.05, 0.2)
    return {
        "offsets": np.array([0.0, 9.3, -9.1]),
        "lines": _draw_lines(rng, shape, area // 4000, fwhm, rows),
        "traces": _draw_traces(rng, shape, rows, length=1, level=(0.5, 20), height=(1.5, 2.5)),
        "still_traces": _draw_traces(rng, shape, rows, length=1, level=slits, height=(30, 32)),
        "still_lines": _columns_of_light(rng, shape, max(1, area // 60_000), 32, 5.0),
    }


def _time_series(rng: np.random.Generator, shape: tuple[int, int], fwhm: _Width) -> dict[str, Any]:
    row, sky = np.array([shape[0] / 2]), (0.05, 0.2)
    return {
        "offsets": np.zeros(1),
        "lines": _draw_lines(rng, shape, 20, fwhm, row),
        "traces": _draw_traces(rng, shape, row, length=1, level=(100, 3000), height=(1.8, 2.2)),
        "still_traces": _draw_traces(rng, shape, row, length=1, level=sky, height=(14, 16)),
        "still_lines": _columns_of_light(rng, shape, 1, 16, 2.0),
    }


# EXP_TYPE, GRATING, FILTER, DN/s of sky on all pixels, and what draws the rest.
_MODES: dict[str, tuple[str, str, str, float, Callable[..., dict[str, Any]]]] = {
    "MOS PRISM": ("NRS_MSASPEC", "PRISM", "CLEAR", 0.08, partial(_mos, length=0.22)),
    "MOS medium": ("NRS_MSASPEC", "G395M", "F290LP", 0.02, partial(_mos, length=0.65)),
    "MOS high": ("NRS_MSASPEC", "G395H", "F290LP", 0.01, partial(_mos, length=1.0)),
    "IFU": ("NRS_IFU", "G395H", "F290LP", 0.03, _ifu),
    "IFU bright": ("NRS_IFU", "G395H", "F290LP", 0.3, partial(_ifu, bright=10.0)),
    "fixed slit": ("NRS_FIXEDSLIT", "G235M", "F170LP", 0.02, _fixed_slit),
    "time series": ("NRS_BRIGHTOBJ", "G395H", "F290LP", 0.02, _time_series),
}
MODES = tuple(_MODES)


def draw_scene(
    mode: str, shape: tuple[int, int], *, seed: int = 0, fwhm: tuple[float, float] | None = None
) -> Scene:
    """
    Draw what an observation sees.

    Parameters
    ----------
    mode : str
        One of `MODES`.
    shape : tuple of int
        Rows and columns of the frame.
    seed : int
        The same seed gives the same sky.
    fwhm : tuple of float, optional
        Of the sources' lines across and along the dispersion, pixels; by default 1.3 to 3.

    Returns
    -------
    Scene

    Raises
    ------
    KeyError
        For an unknown mode.
    """
    exp_type, grating, filter_, sky, draw = _MODES[mode]
    rng = np.random.default_rng([seed, 20])
    return Scene(
        shape=shape,
        exp_type=exp_type,
        grating=grating,
        filter=filter_,
        sky=sky,
        **draw(rng, shape, fwhm),
    )
