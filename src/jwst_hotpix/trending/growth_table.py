"""Trends as rows and tables: Table 1 of the report as text, Markdown and ECSV."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.detectors import POOLED, get_detector
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.tools.endings import check_ending
from jwst_hotpix.tools.terminal import Table
from jwst_hotpix.trending.fit_trend import Trend
from jwst_hotpix.trending.net_growth import NetGrowth

__all__ = [
    "TABLE_ENDINGS",
    "percent_per_year",
    "rows_of",
    "series_name",
    "tables_of",
    "threshold_name",
    "write_table",
]

TABLE_ENDINGS = (".txt", ".md", ".ecsv")

_UNITS = {
    "threshold": "DN / s",
    **dict.fromkeys(("percent_per_year", "percent_per_year_error"), "% / yr"),
}


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
    for found in rows[0]["breaks"]:
        step = f"{found['step']:+z.0f} ± {found['error']:.0f} ({lowest})"
        text = f"{found['reason']}; step of {step}, {found['new_neighbors']} new neighbors"
        yield f"Break at {found['date'][:10]}: {text}", []


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


def write_table(trends: Sequence[Trend], path: Path) -> None:
    """
    Write Table 1 of JWST-STScI-009188 for some trends.

    Parameters
    ----------
    trends : sequence of Trend
        One per row of the table.
    path : pathlib.Path
        ``.ecsv`` (everything, a row per threshold), ``.md`` or ``.txt`` (pixels per month only).

    Raises
    ------
    PathError
        For another ending.
    """
    ending = check_ending(path, *TABLE_ENDINGS)
    with atomic_path(path) as temporary:
        if ending == ".ecsv":
            _write_ecsv(trends, temporary)
        else:
            text = _markdown(trends) if ending == ".md" else _plain(trends)
            temporary.write_text(text, encoding="utf-8")


def _write_ecsv(trends: Sequence[Trend], path: Path) -> None:
    from astropy.table import Table

    rows = [row for trend in trends for row in rows_of(trend)]
    for row in rows:
        row["breaks"] = "; ".join(
            f"{one['date'][:10]}: {one['reason']} ({one['step']:+z.0f} ± {one['error']:.0f})"
            for one in row["breaks"]
        )
    table = Table(rows=rows)
    if all(row["threshold"] is None for row in rows):
        table.remove_column("threshold")
    for name, unit in _UNITS.items():
        if name in table.colnames:
            table[name].unit = unit
    table.meta = {"rates": "net growth in pixels per month, recoveries subtracted; standard errors"}
    table.write(path, format="ascii.ecsv")


def _cells(trends: Sequence[Trend]) -> list[list[str]]:
    names = list(
        dict.fromkeys(threshold_name(t) for trend in trends for t in trend.series.thresholds)
    )
    cells = [["", *names]]
    for trend in trends:
        series = trend.series
        known = {
            threshold_name(threshold): f"{growth.per_month:z.1f} ± {growth.error:.1f}"
            for threshold, growth in zip(series.thresholds, trend.hot, strict=True)
        }
        name = series_name(series.detector, series.readout, series.kind)
        cells.append([name, *(known.get(column, "") for column in names)])
    return cells


def _markdown(trends: Sequence[Trend]) -> str:
    head, *rows = [f"| {' | '.join(row)} |" for row in _cells(trends)]
    rule = "|" + "---|" * (head.count("|") - 1)
    return "\n".join([head, rule, *rows]) + "\n"


def _plain(trends: Sequence[Trend]) -> str:
    cells = _cells(trends)
    widths = np.max([[len(cell) for cell in row] for row in cells], axis=0)
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:].tolist())])
        for row in cells
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"
