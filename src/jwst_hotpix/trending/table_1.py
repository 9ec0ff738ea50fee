"""Table 1 of the report, JWST-STScI-009188, as text, Markdown and ECSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.endings import check_ending
from jwst_hotpix.trending.fit_trend import Trend
from jwst_hotpix.trending.trend_rows import UNITS, rows_of, series_name, threshold_name

__all__ = ["TABLE_ENDINGS", "write_table"]

TABLE_ENDINGS = (".txt", ".md", ".ecsv")


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
    for name, unit in UNITS.items():
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
