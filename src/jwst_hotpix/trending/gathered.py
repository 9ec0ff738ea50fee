"""What a ledger or dated masks show of growth: for Python, as JSON, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.tools.terminal import Table
from jwst_hotpix.trending.dark_against_mask import Consistency
from jwst_hotpix.trending.fit_trend import Trend
from jwst_hotpix.trending.trend_rows import rows_of, tables_of

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
