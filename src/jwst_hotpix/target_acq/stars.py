"""The stars that ``hotpix ta`` asks about, and what it says of all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import TargetAcqError
from jwst_hotpix.target_acq.risk import MAX_STARS, at_least, expected_stars_hit, longest_interval

__all__ = ["Stars", "percent", "share_out"]

# JWST-STScI-009188, section 4.3: on average.
_STARS = 8


def share_out(stars: Sequence[int], n_detectors: int) -> tuple[int, ...]:
    """
    Give every detector its stars.

    Parameters
    ----------
    stars : sequence of int
        One a detector, or none: 8 then, as evenly as can be.
    n_detectors : int

    Returns
    -------
    tuple of int

    Raises
    ------
    TargetAcqError
        For another number of them, or more stars than `MAX_STARS`.
    """
    if not stars:
        each, rest = divmod(_STARS, n_detectors)
        return tuple(each + (at < rest) for at in range(n_detectors))
    if len(stars) != n_detectors:
        expected = f"{n_detectors}, one for each --rate or --list"
        raise TargetAcqError("numbers of stars", expected=expected, found=len(stars))
    if sum(stars) > MAX_STARS:
        raise TargetAcqError("stars", expected=f"at most {MAX_STARS} in all", found=sum(stars))
    return tuple(stars)


def percent(probability: float) -> str:
    """Write a probability for people."""
    return f"{100 * probability:.2f} %"


@dataclass(frozen=True, kw_only=True)
class Stars:
    """
    What is asked of all stars of an acquisition together.

    Attributes
    ----------
    numbers : tuple of int
        Stars on each detector.
    k : int
        So many must be hit to count.
    cluster_share : float
    risk : float or None
    """

    numbers: tuple[int, ...]
    k: int
    cluster_share: float
    risk: float | None

    def describe(self) -> dict[str, int]:
        """Return what is asked, ready for JSON."""
        return {"stars": sum(self.numbers), "at_least": self.k}

    def odds(self, probability: Sequence[float], prefix: str = "") -> dict[str, float]:
        """
        Say how likely stars are hit.

        Parameters
        ----------
        probability : sequence of float
            Of a stamp on each detector.
        prefix : str
            Of the names in the result.

        Returns
        -------
        dict of str to float
            Ready for JSON. The probability of a stamp is that of all stars together.
        """
        each = self.of_each(probability)
        odds = {
            "any_probability": at_least(each),
            "at_least_probability": at_least(each, self.k),
            "expected_stars_hit": expected_stars_hit(each),
        }
        return {
            f"{prefix}{name}": value
            for name, value in {"stamp_probability": float(each.mean()), **odds}.items()
        }

    def of_each(self, values: Sequence[float]) -> NDArray[np.float64]:
        """Repeat the value of a detector for each of its stars."""
        return np.repeat(np.asarray(values, dtype=np.float64), self.numbers)

    def interval(self, rates: Sequence[float]) -> dict[str, float | str | None]:
        """
        Say how long a TA flat may stay in use.

        Parameters
        ----------
        rates : sequence of float
            Pixels a month on each detector.

        Returns
        -------
        dict
            Ready for JSON; empty where nobody asked.
        """
        if self.risk is None:
            return {}
        months = longest_interval(
            self.of_each(rates), self.risk, k=self.k, cluster_share=self.cluster_share
        )
        unlimited = not np.isfinite(months)
        return {
            "risk": self.risk,
            "longest_interval_months": None if unlimited else months,
            "longest_interval": "unlimited" if unlimited else f"{months:.1f} months",
        }
