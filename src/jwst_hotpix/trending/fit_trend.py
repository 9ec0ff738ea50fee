"""How the hot pixels of a series grow: breaks are found, and one slope is fitted around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import TrendError
from jwst_hotpix.instrument.crosses import cross
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat, unflat
from jwst_hotpix.trending.breaks import Break, find_breaks, line_of
from jwst_hotpix.trending.net_growth import Clusters, NetGrowth, fit
from jwst_hotpix.trending.series import Series

__all__ = ["Trend", "trend"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Trend:
    """
    Net growth of a series, threshold by threshold.

    Attributes
    ----------
    series : Series
        The counts.
    breaks : tuple of Break
        Changes of method, in order of time.
    hot, centers : tuple of NetGrowth, one per threshold
        Of all pixels above it, as the STScI code counts, and of those not lit by a neighbor, as
        ESA's did. The slope of the former changes when neighbors are treated differently: their
        growth is that since the last such change.
    neighbors : tuple of ndarray of int, one per threshold, shape (n_breaks,)
        Number of pixels that appeared with a break and are lit by a pixel that was hot before:
        what a new treatment of neighbors adds, counted instead of fitted.
    """

    series: Series
    breaks: tuple[Break, ...]
    hot: tuple[NetGrowth, ...]
    centers: tuple[NetGrowth, ...]
    neighbors: tuple[NDArray[np.intp], ...]

    def __repr__(self) -> str:
        first = self.hot[0]
        return (
            f"<Trend {self.series.name}, {self.series.epoch.size} epochs: {first.per_month:.1f} ± "
            f"{first.error:.1f} per month above the first of {len(self.hot)} thresholds>"
        )


def trend(series: Series) -> Trend:
    """
    Determine how the hot pixels of a series grow.

    Parameters
    ----------
    series : Series
        Counts of at least two epochs.

    Returns
    -------
    Trend
        Breaks, and net growth around them.

    Raises
    ------
    TrendError
        For fewer than two epochs, or methods that cannot be compared.
    """
    _require_two_epochs(series)
    pixel = np.unique(np.concatenate([states.pixel for states in (*series.hot, *series.centers)]))
    clusters = Clusters.of(pixel, get_detector(series.detector).shape[1])
    breaks = find_breaks(series, clusters)
    hot, centers = (
        tuple(fit(states, line_of(series, breaks, bent=bent), clusters) for states in every)
        for every, bent in ((series.hot, True), (series.centers, False))
    )
    neighbors = tuple(
        np.array([_new_neighbors(series, number, one.index) for one in breaks], dtype=np.intp)
        for number in range(len(series.thresholds))
    )
    return Trend(series=series, breaks=breaks, hot=hot, centers=centers, neighbors=neighbors)


def _require_two_epochs(series: Series) -> None:
    if series.epoch.size < 2:
        expected, found = "at least two, ten days apart", "one"
        if series.left_out:
            found += f"; excluded: {'; '.join(series.left_out)}"
        raise TrendError("epochs", expected=expected, found=found, source=series.name)


def _new_neighbors(series: Series, number: int, index: int) -> int:
    """Count the pixels that are new in an epoch and adjoin one that was hot before."""
    hot, centers = series.hot[number], series.centers[number]
    shape = get_detector(series.detector).shape
    lit = np.setdiff1d(hot.at(index), centers.at(index), assume_unique=True)
    new = np.setdiff1d(lit, hot.at(index - 1), assume_unique=True)
    # Hot in any earlier epoch: a telegraph pixel may have been low in the last one.
    lowest = series.hot[0]
    before = np.unique(lowest.pixel[lowest.epoch < index])
    arm_y, arm_x, pixel = cross(*unflat(new, shape), shape)
    return np.unique(pixel[np.isin(flat(arm_y, arm_x, shape), before)]).size
