"""Which darks or masks to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.tools.dates import epoch_of

__all__ = ["KINDS", "Wanted"]

KINDS = ("reference", "dark")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """
    Which darks of a ledger, or which masks, to look at.

    Attributes
    ----------
    detector, readout : str or None
        Name and readout mode, in upper or lower case; None for all.
    kind : str or None
        One of `KINDS`: CRDS DARKs or single darks; None for both, each as a series of its own.
    thresholds : tuple of float
        DN/s, rising.
    since : float or None
        MJD (UTC): only darks or masks from then on. Given as any `Date`.
    as_of : float or None
        MJD (UTC), given likewise: only darks that had ended, or masks that were dated, by then.
    """

    detector: str | None = None
    readout: str | None = None
    kind: str | None = None
    thresholds: tuple[float, ...] = THRESHOLDS
    since: float | None = None
    as_of: float | None = None

    def __post_init__(self) -> None:
        for name in ("since", "as_of"):
            # A frozen dataclass offers no other way to normalize its own fields.
            object.__setattr__(self, name, epoch_of(getattr(self, name)))

    def above(self, thresholds: Iterable[float]) -> Wanted:
        """Return the same with other thresholds in DN/s, in any order."""
        return replace(self, thresholds=tuple(sorted(set(thresholds))))

    def takes(self, record: Record) -> bool:
        """Return whether a record is of the time asked for."""
        return self._spans(record.epoch, record.known)

    def takes_mask(self, readout: str, epoch: float) -> bool:
        """Return whether a mask of a readout mode and date (MJD, UTC) is asked for."""
        return (self.readout or readout).upper() == readout and self._spans(epoch, epoch)

    def _spans(self, epoch: float, known: float) -> bool:
        begun = self.since is None or epoch >= self.since
        return begun and (self.as_of is None or known <= self.as_of)
