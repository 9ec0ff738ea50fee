"""The score of a list: confirmed, missed, unconfirmed; completeness and purity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.tools.proportion import Proportion

__all__ = ["Reconciliation"]

# Of bins in DN/s between the thresholds of the report; a rate of an edge belongs to the bin above.
_RATE_NAMES = ("<1", "1-3", "3-10", "10-100", ">100", "unknown")


@dataclass(frozen=True, eq=False, kw_only=True)
class Reconciliation:
    """
    How a list fares against a delivery: a new mask M1 after an old mask M0.

    Attributes
    ----------
    pixels : PixelList
    confirmed : ndarray of bool, shape (n,)
        Entries active at the date of M1 whose pixel M1 rejects and M0 did not.
    unconfirmed : ndarray of bool, shape (n,)
        Entries active then that neither rejects.
    known : ndarray of bool, shape (n,)
        Entries active then that M0 rejected already.
    missed_y, missed_x : ndarray of int, shape (m,)
        Zero-based places, full science frame, that M1 adds as hot and the list does not have.
    missed_role : ndarray of uint8, shape (m,)
        Neighbor where it is the arm of a cross of M1, else center.
    n_inactive : int
        Pixels that M1 adds and the list has, but not as active at that date.
    n_gone : int
        Pixels that M0 rejected and M1 does not.
    """

    pixels: PixelList
    confirmed: NDArray[np.bool_]
    unconfirmed: NDArray[np.bool_]
    known: NDArray[np.bool_]
    missed_y: NDArray[np.intp]
    missed_x: NDArray[np.intp]
    missed_role: NDArray[np.uint8]
    n_inactive: int
    n_gone: int

    @property
    def n_added(self) -> int:
        """Pixels that M1 adds: confirmed, missed, or listed as inactive."""
        return int(self.confirmed.sum()) + self.missed_y.size + self.n_inactive

    @property
    def completeness(self) -> Proportion:
        """Confirmed pixels of all that M1 adds."""
        return Proportion(part=int(self.confirmed.sum()), total=self.n_added)

    @property
    def purity(self) -> Proportion:
        """Confirmed pixels of all that the list adds to M0."""
        confirmed = int(self.confirmed.sum())
        return Proportion(part=confirmed, total=confirmed + int(self.unconfirmed.sum()))

    def breakdown(self, chosen: NDArray[np.bool_]) -> dict[str, dict[str, int]]:
        """
        Count entries by role, status and rate.

        Parameters
        ----------
        chosen : ndarray of bool, shape (n,)
            E.g. ``confirmed``.

        Returns
        -------
        dict
            Of ``"role"``, ``"status"`` and ``"rate"`` (DN/s); each counts all that are chosen.
        """
        rate = self.pixels.rate[chosen]
        bins = np.where(
            np.isnan(rate), len(THRESHOLDS) + 1, np.searchsorted(THRESHOLDS, rate, "right")
        )
        counts = np.bincount(bins, minlength=len(_RATE_NAMES)).tolist()
        status = self.pixels.status[chosen]
        return {
            "role": _count_roles(self.pixels.role[chosen]),
            "status": {kind.name.lower(): int(np.sum(status == kind)) for kind in Status},
            "rate": dict(zip(_RATE_NAMES, counts, strict=True)),
        }

    def missed_breakdown(self) -> dict[str, dict[str, int]]:
        """Count the missed pixels likewise: a mask knows neither their status nor their rate."""
        unknown = {"unknown": self.missed_y.size}
        return {"role": _count_roles(self.missed_role), "status": unknown, "rate": unknown}


def _count_roles(role: NDArray[np.uint8]) -> dict[str, int]:
    return {kind.name.lower(): int(np.sum(role == kind)) for kind in Role}
