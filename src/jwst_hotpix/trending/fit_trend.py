"""How the hot pixels of a series grow: breaks found, and one slope fitted around them."""

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
    NetGrowth of a series, threshold by threshold.

    Attributes
    ----------
    series : Series
    breaks : tuple of Break
    hot, centers : tuple of NetGrowth, one a threshold
        Of all pixels above it, as the STScI code counts, and of those that no neighbor lights, as
        ESA's did. The former grow otherwise once neighbors are treated otherwise: their rate is
        that since the last such change.
    neighbors : tuple of ndarray of int, one a threshold, shape (n_breaks,)
        Pixels that appeared with a break and are lit by a pixel that was hot before: what a new
        treatment of neighbors adds, counted instead of fitted.
    """

    series: Series
    breaks: tuple[Break, ...]
    hot: tuple[NetGrowth, ...]
    centers: tuple[NetGrowth, ...]
    neighbors: tuple[NDArray[np.intp], ...]


def trend(series: Series) -> Trend:
    """
    Find how the hot pixels of a series grow.

    Parameters
    ----------
    series : Series

    Returns
    -------
    Trend

    Raises
    ------
    TrendError
        For fewer than two epochs, or methods that do not compare.
    """
    if series.epoch.size < 2:
        expected, found = "at least two, ten days apart", "one"
        if series.left_out:
            found += f"; left out: {'; '.join(series.left_out)}"
        raise TrendError("epochs", expected=expected, found=found, source=series.name)
    pixel = np.unique(np.concatenate([states.pixel for states in (*series.hot, *series.centers)]))
    clusters = Clusters.of(pixel, _columns(series))
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


def _new_neighbors(series: Series, number: int, index: int) -> int:
    """Count pixels above a threshold that are new in an epoch, beside one that was hot before."""
    hot, centers = series.hot[number], series.centers[number]
    shape = get_detector(series.detector).shape
    lit = np.setdiff1d(hot.at(index), centers.at(index), assume_unique=True)
    new = np.setdiff1d(lit, hot.at(index - 1), assume_unique=True)
    # In any epoch: a telegraph pixel may have been low in the last one.
    lowest = series.hot[0]
    before = np.unique(lowest.pixel[lowest.epoch < index])
    arm_y, arm_x, pixel = cross(*unflat(new, shape), shape)
    return np.unique(pixel[np.isin(flat(arm_y, arm_x, shape), before)]).size


def _columns(series: Series) -> int:
    return get_detector(series.detector).shape[1]
