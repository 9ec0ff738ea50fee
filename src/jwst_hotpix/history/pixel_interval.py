"""One interval in which one pixel was hot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jwst_hotpix.hotlist.schema import Columns, Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.finite import finite
from jwst_hotpix.tools.terminal import day

__all__ = ["PixelInterval", "intervals_in"]


@dataclass(frozen=True, kw_only=True)
class PixelInterval:
    """
    An interval in which a pixel was hot.

    Attributes
    ----------
    onset_earliest, onset_latest, recovery_earliest, recovery_latest : float
        MJD (UTC), as in `Intervals`: -inf for hot in the first look, +inf for still hot.
    status : str
        ``"stable"``, ``"telegraph"`` or ``"recovered"``.
    role : str or None
        ``"center"``, ``"neighbor"`` or ``"inferred_center"``; None where a list does not have it.
    rate, rate_error : float
        DN/s; NaN where only inferred.
    confidence : float
        Probability that the pixel really was hot.
    listed : bool
        A list has it; otherwise it is too uncertain.
    """

    onset_earliest: float
    onset_latest: float
    recovery_earliest: float
    recovery_latest: float
    status: str
    role: str | None
    rate: float
    rate_error: float
    confidence: float
    listed: bool

    def overlaps(self, other: PixelInterval) -> bool:
        """Return whether the pixel was seen hot in both at one time."""
        late, early = max(self.onset_latest, other.onset_latest), self.recovery_earliest
        return late <= min(early, other.recovery_earliest)

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes, ready for JSON; dates are ISO 8601, UTC, and None if infinite."""
        return {
            "onset_earliest": _date(self.onset_earliest),
            "onset_latest": _date(self.onset_latest),
            "recovery_earliest": _date(self.recovery_earliest),
            "recovery_latest": _date(self.recovery_latest),
            "status": self.status,
            "role": self.role,
            "rate": finite(self.rate),
            "rate_error": finite(self.rate_error),
            "confidence": self.confidence,
            "listed": self.listed,
        }

    def row(self) -> dict[str, Any]:
        """Return a row of a table, with dates to the day."""
        return {
            "cold until": day(_date(self.onset_earliest)) or "not seen",
            "hot on": day(_date(self.onset_latest)),
            "hot until": day(_date(self.recovery_earliest)) or "still hot",
            "cold on": day(_date(self.recovery_latest)) or "",
            "status": self.status,
            "role": (self.role or "not listed").replace("_", " "),
            "DN/s": finite(self.rate),
            "confidence": f"{self.confidence:.3g}",
        }


def intervals_in(columns: Columns, *, listed: bool) -> tuple[PixelInterval, ...]:
    """
    Turn the columns of one pixel into its intervals.

    Parameters
    ----------
    columns : mapping of str to ndarray
        Those of `Intervals`, and ``role`` where they are of a list.
    listed : bool
        A list has them.

    Returns
    -------
    tuple of PixelInterval
        One per row.
    """
    floats = (
        *("onset_earliest", "onset_latest", "recovery_earliest", "recovery_latest"),
        *("rate", "rate_error", "confidence"),
    )
    return tuple(
        PixelInterval(
            status=Status(status).name.lower(),
            role=Role(int(columns["role"][one])).name.lower() if listed else None,
            listed=listed,
            **{name: float(columns[name][one]) for name in floats},
        )
        for one, status in enumerate(columns["status"].tolist())
    )


def _date(epoch: float) -> str | None:
    return date_of(finite(epoch))
