"""The score of a list against a delivery: completeness, purity, and what they count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
    A list compared with a delivery: a new mask M1 that follows an old mask M0.

    Attributes
    ----------
    pixels : PixelList
        The list.
    confirmed : ndarray of bool, shape (n,)
        Entries active at the date of M1 whose pixel M1 rejects and M0 does not.
    unconfirmed : ndarray of bool, shape (n,)
        Entries active then whose pixel neither rejects.
    already_masked : ndarray of bool, shape (n,)
        Entries active then whose pixel M0 rejects.
    missed_y, missed_x : ndarray of int, shape (m,)
        Pixels that M1 adds as hot and the list lacks; zero-based, full frame, science frame.
    missed_role : ndarray of uint8, shape (m,)
        `Role` of each: neighbor if it is the arm of a cross in M1, else center.
    n_inactive : int
        Number of pixels that M1 adds and the list has, but not as active at that date.
    n_gone : int
        Number of pixels that M0 rejects and M1 does not.
    """

    pixels: PixelList
    confirmed: NDArray[np.bool_]
    unconfirmed: NDArray[np.bool_]
    already_masked: NDArray[np.bool_]
    missed_y: NDArray[np.intp]
    missed_x: NDArray[np.intp]
    missed_role: NDArray[np.uint8]
    n_inactive: int
    n_gone: int

    @property
    def n_added(self) -> int:
        """Number of pixels that M1 adds: confirmed, missed, or listed as inactive."""
        return int(self.confirmed.sum()) + self.missed_y.size + self.n_inactive

    @property
    def completeness(self) -> Proportion:
        """Fraction of the pixels added by M1 that the list had confirmed."""
        return Proportion(part=int(self.confirmed.sum()), total=self.n_added)

    @property
    def purity(self) -> Proportion:
        """Fraction of the pixels added to M0 by the list that M1 confirms."""
        confirmed = int(self.confirmed.sum())
        return Proportion(part=confirmed, total=confirmed + int(self.unconfirmed.sum()))

    def breakdown(self, chosen: NDArray[np.bool_]) -> dict[str, dict[str, int]]:
        """
        Count entries by role, status and rate.

        Parameters
        ----------
        chosen : ndarray of bool, shape (n,)
            Which entries to count, e.g. ``confirmed``.

        Returns
        -------
        dict
            Counts by ``"role"``, ``"status"`` and ``"rate"`` (DN/s), each of all entries chosen.
        """
        rate = self.pixels.rate[chosen]
        bins = np.where(
            np.isnan(rate), len(THRESHOLDS) + 1, np.searchsorted(THRESHOLDS, rate, "right")
        )
        counts = np.bincount(bins, minlength=len(_RATE_NAMES)).tolist()
        status = self.pixels.status[chosen]
        return {
            "role": _count_roles(self.pixels.role[chosen]),
            "status": {one.name.lower(): int(np.sum(status == one)) for one in Status},
            "rate": dict(zip(_RATE_NAMES, counts, strict=True)),
        }

    def missed_breakdown(self) -> dict[str, dict[str, int]]:
        """Count the missed pixels likewise. A mask contains neither their status nor their rate."""
        unknown = {"unknown": self.missed_y.size}
        return {"role": _count_roles(self.missed_role), "status": unknown, "rate": unknown}

    def to_dict(self) -> dict[str, Any]:
        """
        Write the score as plain numbers.

        Returns
        -------
        dict
            Ready for JSON. Counts; completeness and purity from 0 to 1, with their binomial
            errors, None where there is nothing to count; and counts by role, status and rate.
        """
        classes = {
            "confirmed": self.breakdown(self.confirmed),
            "missed": self.missed_breakdown(),
            "unconfirmed": self.breakdown(self.unconfirmed),
        }
        return {
            "added": self.n_added,
            "confirmed": int(self.confirmed.sum()),
            "missed": self.missed_y.size,
            "unconfirmed": int(self.unconfirmed.sum()),
            "inactive": self.n_inactive,
            "already_masked": int(self.already_masked.sum()),
            "gone": self.n_gone,
            **_rounded("completeness", self.completeness),
            **_rounded("purity", self.purity),
            **{
                f"{name}_by_{key}": counts
                for name, table in classes.items()
                for key, counts in table.items()
            },
        }


def _rounded(name: str, share: Proportion) -> dict[str, float | None]:
    if share.value is None or share.error is None:
        return {name: None, f"{name}_error": None}
    return {name: round(share.value, 4), f"{name}_error": round(share.error, 4)}


def _count_roles(role: NDArray[np.uint8]) -> dict[str, int]:
    return {one.name.lower(): int(np.sum(role == one)) for one in Role}
