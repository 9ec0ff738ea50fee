"""The looks at one pixel in one readout mode, and when it was hot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import Any

import numpy as np

from jwst_hotpix.history.pixel_interval import PixelInterval
from jwst_hotpix.history.pixel_looks import PixelLook, State
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.tools.terminal import Table

__all__ = ["PixelHistory"]


@dataclass(frozen=True, kw_only=True)
class PixelHistory:
    """
    The history of one pixel, by the looks of one readout mode or of both together.

    Attributes
    ----------
    detector, readout : str
        As in `PixelList`.
    x, y : int
        Full frame, science frame, zero-based.
    threshold : float
        Dark rate in DN/s above which the pixel is hot.
    looks : tuple of PixelLook
        At least one, in order of time.
    intervals : tuple of PixelInterval
        In order of time; those that a list would have, then others that are too uncertain for it.
    """

    detector: str
    readout: str
    x: int
    y: int
    threshold: float
    looks: tuple[PixelLook, ...]
    intervals: tuple[PixelInterval, ...]

    def __repr__(self) -> str:
        return f"<PixelHistory {self.name}: {self.counts() or 'no looks'}>"

    @property
    def name(self) -> str:
        """Detector, readout mode and place."""
        return f"{self.detector} {self.readout}, x {self.x}, y {self.y}"

    def count(self, state: State) -> int:
        """Return the number of looks with this state."""
        return sum(look.state == state for look in self.looks)

    def counts(self) -> str:
        """Return the number of looks with each state, as text."""
        return ", ".join(f"{count} {state}" for state in State if (count := self.count(state)))

    def tables(self) -> Iterator[Table]:
        """Yield a row per run of looks that agree, then a row per interval."""
        n = len(self.looks)
        if self.count(State.UNKNOWN) == n:
            yield f"{self.name}: none of {n} looks could see this pixel", []
            return
        yield f"{self.name}: {self.counts()} (above {self.threshold:g} DN/s)", self._runs()
        if self.intervals:
            yield "Hot", [interval.row() for interval in self.intervals]
        elif self.count(State.HOT):
            yield "No interval: too little evidence that it was hot", []

    def _runs(self) -> list[dict[str, Any]]:
        runs = [list(run) for _, run in groupby(self.looks, key=lambda look: look.state)]
        return [
            {
                "from": iso(run[0].epoch)[:10],
                "to": iso(run[-1].epoch)[:10],
                "looks": len(run),
                "state": str(run[0].state),
                "DN/s": _rates_in(run),
            }
            for run in runs
        ]


def _rates_in(run: Sequence[PixelLook]) -> str:
    """Write the rates of looks that agree, or their upper limit."""
    rates = np.array([look.rate for look in run if look.rate is not None])
    bounds = [look.bound for look in run if look.bound is not None]
    if run[0].state == State.UNKNOWN:
        return ""
    if rates.size == len(run):
        low, high = float(rates.min()), float(rates.max())
        return _rate(low) if low == high else f"{_rate(low)} to {_rate(high)}"
    return f"below {max(bounds):.3g}"


def _rate(value: float) -> str:
    return f"{value:.3g}" if isfinite(value) else "saturated"
