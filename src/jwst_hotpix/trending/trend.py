"""How the hot pixels of a series grow: breaks found, and one slope fitted around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jwst_hotpix.detectors import get_detector
from jwst_hotpix.exceptions import TrendError
from jwst_hotpix.trending.breaks import Break, find_breaks
from jwst_hotpix.trending.growth import Clusters, Growth, fit
from jwst_hotpix.trending.series import Series

__all__ = ["Trend", "trend"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Trend:
    """
    Growth of a series, threshold by threshold.

    Attributes
    ----------
    series : Series
    breaks : tuple of Break
    hot, centers : tuple of Growth, one a threshold
        Of all pixels above it, as the STScI code counts, and of those that no neighbor lights, as
        ESA's did.
    """

    series: Series
    breaks: tuple[Break, ...]
    hot: tuple[Growth, ...]
    centers: tuple[Growth, ...]


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
        raise TrendError(
            "epochs", expected="at least two, ten days apart", found="one", source=series.name
        )
    pixel = np.unique(np.concatenate([states.pixel for states in (*series.hot, *series.centers)]))
    clusters = Clusters.of(pixel, get_detector(series.detector).shape[1])
    breaks = find_breaks(series, clusters)
    at = tuple(one.index for one in breaks)
    hot, centers = (
        tuple(fit(states, series.months, at, clusters) for states in every)
        for every in (series.hot, series.centers)
    )
    return Trend(series=series, breaks=breaks, hot=hot, centers=centers)
