"""The records of one detector, readout mode and kind in a ledger: how many, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Self

from jwst_hotpix.measure.dark_info import DarkInfo
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.terminal import day

__all__ = ["Holding", "Newest"]

# Days: exposures that are closer belong to one occasion, and hold no information about the cadence.
_OCCASION = 1.0
# An interval longer than so many times the usual one is a gap.
_GAP = 2.0


@dataclass(frozen=True, kw_only=True)
class Newest:
    """
    The newest dark that shows most of the detector, or the newest visit of science exposures.

    Attributes
    ----------
    epoch : float
        MJD (UTC) of its middle.
    threshold : float
        Dark rate in DN/s above which pixels are counted: that of the detector.
    n_hot : int
        Pixels above the threshold, neighbors of hot pixels included.
    is_whole : bool
        It shows the whole detector.
    """

    epoch: float
    threshold: float
    n_hot: int
    is_whole: bool

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes, ready for JSON; the date is ISO 8601, UTC."""
        return {
            "date": date_of(self.epoch),
            "threshold": self.threshold,
            "n_hot": self.n_hot,
            "full_frame": self.is_whole,
        }


@dataclass(frozen=True, kw_only=True)
class Holding:
    """
    The records of one detector, readout mode and kind.

    Attributes
    ----------
    detector : str
        Name of the detector.
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    kind : str
        ``"reference"`` (DARKs of CRDS), ``"dark"`` (dark exposures) or ``"science"``.
    n : int
        Number of records.
    n_exposures : int
        Number of exposures or references: several products of one exposure count once.
    first, last : float
        MJD (UTC) of the first and the last one: mid-times, as in `DarkInfo.epoch`.
    usual_interval : float or None
        Median number of days from one to the next, except for those within one day; None where
        there are no others.
    gaps : tuple of tuple of float
        MJD (UTC) of the start and end of each interval of more than twice the usual one.
    newest : Newest
        The newest dark or visit.
    """

    detector: str
    readout: str
    kind: str
    n: int
    n_exposures: int
    first: float
    last: float
    usual_interval: float | None
    gaps: tuple[tuple[float, float], ...]
    newest: Newest

    @classmethod
    def of(cls, records: Sequence[DarkInfo], exposures: Sequence[DarkInfo], newest: Newest) -> Self:
        """
        Describe records.

        Parameters
        ----------
        records : sequence of DarkInfo
            At least one, all of one detector, readout mode and kind.
        exposures : sequence of DarkInfo
            One of each exposure.
        newest : Newest
            The newest of them.

        Returns
        -------
        Holding
            Their number, dates and gaps.
        """
        epochs = sorted(one.epoch for one in exposures)
        intervals = [pair for pair in pairwise(epochs) if pair[1] - pair[0] > _OCCASION]
        usual = median(until - after for after, until in intervals) if intervals else None
        return cls(
            detector=records[0].detector.name,
            readout=records[0].readout,
            kind=records[0].kind,
            n=len(records),
            n_exposures=len(epochs),
            first=epochs[0],
            last=epochs[-1],
            usual_interval=usual,
            gaps=tuple(pair for pair in intervals if usual and pair[1] - pair[0] > _GAP * usual),
            newest=newest,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes, ready for JSON; dates are ISO 8601, UTC."""
        return {
            "detector": self.detector,
            "readout": self.readout,
            "kind": self.kind,
            "n": self.n,
            "n_exposures": self.n_exposures,
            "first": date_of(self.first),
            "last": date_of(self.last),
            "usual_interval_days": self.usual_interval,
            "gaps": [
                {"after": date_of(after), "until": date_of(until), "days": until - after}
                for after, until in self.gaps
            ],
            "newest": self.newest.to_dict(),
        }

    @property
    def name(self) -> str:
        """Detector and readout mode, e.g. ``"NRS1 IRS2"``."""
        return f"{self.detector} {self.readout}"

    def row(self) -> dict[str, Any]:
        """Return a row of a table, with dates to the day."""
        newest = self.newest
        return {
            "detector": self.name,
            "kind": self.kind,
            "n": self.n_exposures,
            "first": day(date_of(self.first)),
            "last": day(date_of(self.last)),
            "every": "" if self.usual_interval is None else f"{self.usual_interval:.0f} d",
            "hot": newest.n_hot if newest.is_whole else f"{newest.n_hot} (part)",
        }

    def gap_rows(self) -> list[dict[str, Any]]:
        """Return a row of a table for each gap, with dates to the day."""
        return [
            {
                "detector": self.name,
                "kind": self.kind,
                "after": day(date_of(after)),
                "until": day(date_of(until)),
                "days": round(until - after),
            }
            for after, until in self.gaps
        ]
