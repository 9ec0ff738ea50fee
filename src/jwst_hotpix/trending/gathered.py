"""What a ledger or dated masks show of growth: for Python, as JSON, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.tools.notebook import html_of, plain_table
from jwst_hotpix.tools.terminal import Table
from jwst_hotpix.trending.dark_against_mask import Consistency
from jwst_hotpix.trending.fit_trend import Trend
from jwst_hotpix.trending.trend_rows import UNITS, rows_of, tables_of

if TYPE_CHECKING:
    from astropy.table import QTable
    from matplotlib.figure import Figure

__all__ = ["Gathered"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Gathered:
    """
    What a ledger or dated masks show of growth.

    Attributes
    ----------
    trends : tuple of Trend
        One per series; those of a ledger by readout mode, then detector, as the figures and the
        table of the report.
    records : tuple of Record
        All records that were read.
    checks : tuple of Consistency
        MASKs compared with darks.
    problems : tuple of HotPixError
        Series whose growth cannot be determined, masks that cannot be read.
    """

    trends: tuple[Trend, ...] = ()
    records: tuple[Record, ...] = ()
    checks: tuple[Consistency, ...] = ()
    problems: tuple[HotPixError, ...] = ()

    def __repr__(self) -> str:
        names = ", ".join(one.series.name for one in self.trends) or "none"
        return f"<Gathered: trends of {names}; {len(self.problems)} problems>"

    def _repr_html_(self) -> str:
        return html_of(repr(self), self.to_table())

    def to_table(self) -> QTable:
        """
        Return the trends as a table with units.

        Returns
        -------
        astropy.table.QTable
            A row per series and threshold, as in `to_dict`, without the breaks.
        """
        # astropy takes half a second to import.
        from astropy.table import QTable

        rows = [row for one in self.trends for row in rows_of(one)]
        flat = [{name: row[name] for name in row if name != "breaks"} for row in rows]
        return QTable(plain_table(flat, UNITS))

    def plot(self) -> Figure:
        """
        Draw counts and fits, one panel per series.

        Returns
        -------
        matplotlib.figure.Figure
            As ``hotpix trend --plot`` writes it.
        """
        # matplotlib takes most of a second to import.
        from jwst_hotpix.trending.plot_trends import trends_figure

        return trends_figure(self.trends)

    def left_out(self) -> list[str]:
        """Return a sentence for each dark that is not counted."""
        return [
            f"{one.series.name}: excluded {text}"
            for one in self.trends
            for text in one.series.left_out
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return all but records and problems, ready for JSON."""
        return {
            "rows": [row for one in self.trends for row in rows_of(one)],
            "consistency": [check.to_dict() for check in self.checks],
            "left_out": self.left_out(),
        }

    def tables(self) -> Iterator[Table]:
        """Yield a table per series with its breaks, then what MASKs and darks disagree on."""
        for one in self.trends:
            yield from tables_of(one)
        if self.trends:
            yield BIRTHS_AND_NET_GROWTH, []
        for check in self.checks:
            yield from check.tables()
        for note in self.left_out():
            yield note, []
