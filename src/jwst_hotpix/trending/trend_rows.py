"""Trends as rows: for JSON, and in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.tools.terminal import Table
from jwst_hotpix.trending.breaks import Break
from jwst_hotpix.trending.fit_trend import Trend
from jwst_hotpix.trending.net_growth import NetGrowth
from jwst_hotpix.trending.series import Series

__all__ = [
    "UNITS",
    "percent_per_year",
    "period_of",
    "rows_of",
    "series_name",
    "tables_of",
    "threshold_name",
]

# Of the columns of `rows_of` in tables. A month is a twelfth of a Julian year, which astropy has no
# name for.
UNITS = {"threshold": "DN / s", "percent_per_year": "% / yr", "percent_per_year_error": "% / yr"}


def rows_of(trend: Trend) -> list[dict[str, Any]]:
    """
    Describe a trend, one row per threshold.

    Parameters
    ----------
    trend : Trend
        Trend of one series.

    Returns
    -------
    list of dict
        Ready for JSON. Rates are pixels per month, net of recoveries; ``per_month`` counts
        neighbors above the threshold, ``centers_per_month`` does not.
    """
    series = trend.series
    return [
        {
            "detector": series.detector,
            "readout": series.readout,
            "kind": series.kind,
            "threshold": None if math.isnan(threshold) else threshold,
            "per_month": hot.per_month,
            "error": hot.error,
            "centers_per_month": centers.per_month,
            "centers_error": centers.error,
            "linear_fit": hot.linear,
            "linear_fit_error": hot.linear_error,
            "percent_per_year": percent_per_year(series.detector, hot.per_month),
            "percent_per_year_error": percent_per_year(series.detector, hot.error),
            "error_scale": hot.excess,
            "n_epochs": int(series.epoch.size),
            "first": iso(series.epoch[0], "seconds"),
            "last": iso(series.epoch[-1], "seconds"),
            "first_count": float(hot.count[0]),
            "last_count": float(hot.count[-1]),
            "breaks": _breaks(trend, hot, neighbors),
        }
        for threshold, hot, centers, neighbors in zip(
            series.thresholds, trend.hot, trend.centers, trend.neighbors, strict=True
        )
    ]


def _breaks(trend: Trend, growth: NetGrowth, neighbors: NDArray[np.intp]) -> list[dict[str, Any]]:
    numbers = (growth.steps.tolist(), growth.step_errors.tolist(), neighbors.tolist())
    return [
        {
            "date": iso(one.epoch, "seconds"),
            "reason": one.reason,
            "step": step,
            "error": error,
            "new_neighbors": new,
        }
        for one, step, error, new in zip(trend.breaks, *numbers, strict=True)
    ]


def tables_of(trend: Trend) -> Iterator[Table]:
    """
    Show a trend in a terminal.

    Parameters
    ----------
    trend : Trend
        Trend of one series.

    Yields
    ------
    Table
        A row per threshold; then a line per change of method.
    """
    series, rows = trend.series, rows_of(trend)
    period = f"{iso(series.epoch[0])[:10]} to {iso(series.epoch[-1])[:10]}"
    title = f"{series.name}, {series.epoch.size} epochs from {period}: hot pixels per month"
    yield (
        title,
        [
            {
                "above": threshold_name(row["threshold"]),
                "net growth": f"{row['per_month']:z5.1f} ± {row['error']:.1f}",
                "centers only": f"{row['centers_per_month']:z5.1f} ± {row['centers_error']:.1f}",
                "linear fit": f"{row['linear_fit']:z5.1f} ± {row['linear_fit_error']:.1f}",
                "% per year": f"{row['percent_per_year']:z.4f}",
            }
            for row in rows
        ],
    )
    lowest = threshold_name(series.thresholds[0])
    for one, found in zip(trend.breaks, rows[0]["breaks"], strict=True):
        step = f"{found['step']:+z.0f} ± {found['error']:.0f} ({lowest})"
        text = f"{found['reason']}; step of {step}, {found['new_neighbors']} new neighbors"
        yield f"Break, {period_of(one, series)}: {text}", []


def period_of(one: Break, series: Series) -> str:
    """
    Return when the method changed: on an unknown day between two epochs.

    Parameters
    ----------
    one : Break
        Change of method.
    series : Series
        Series that it is of.

    Returns
    -------
    str
        The last epoch of the old method and the first of the new one,
        ``"2023-07-01 to 2023-10-31"``.
    """
    last, first = series.epoch[one.index - 1 : one.index + 1]
    return f"{iso(last)[:10]} to {iso(first)[:10]}"


def percent_per_year(detector: str, per_month: float) -> float:
    """
    Convert pixels per month to percent per year of all pixels, reference pixels included.

    Parameters
    ----------
    detector : str
        Name of the detector.
    per_month : float
        Pixels per month.

    Returns
    -------
    float
        Percent per year.
    """
    return 1200 * per_month / math.prod(get_detector(detector).shape)


def threshold_name(threshold: float | None) -> str:
    """Return the heading of a column: ``"1 DN/s"``, or ``"masked"`` for masks."""
    return "masked" if threshold is None or math.isnan(threshold) else f"{threshold:g} DN/s"


def series_name(detector: str, readout: str, kind: str) -> str:
    """Name a series as Table 1 does, ``"NRS1 (TRAD)"``, adding its kind unless a reference dark."""
    mode = "" if readout == POOLED else f" ({readout})"
    what = {"reference": "", "dark": ", single darks", "mask": ", masks"}[kind]
    return f"{detector}{mode}{what}"
