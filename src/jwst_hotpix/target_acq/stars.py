"""The stars of an acquisition, and how likely unmasked hot pixels hit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isinf
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import TargetAcqError
from jwst_hotpix.target_acq.risk import MAX_STARS, at_least, expected_stars_hit, longest_interval
from jwst_hotpix.tools.terminal import Table, percent

__all__ = ["Interval", "Odds", "Stars", "odds_table"]

# JWST-STScI-009188, section 4.3: the mean number of reference stars of an acquisition.
_USUAL = 8


@dataclass(frozen=True, kw_only=True)
class Odds:
    """
    How likely the stars of one acquisition are hit.

    Attributes
    ----------
    stamp_probability : float
        Probability that the stamp of a star is hit, mean over all stars.
    any_probability : float
        Probability that at least one star is hit.
    at_least_probability : float
        Probability that at least `Stars.k` stars are hit.
    expected_stars_hit : float
        Mean number of stars hit.
    """

    stamp_probability: float
    any_probability: float
    at_least_probability: float
    expected_stars_hit: float

    def to_dict(self, prefix: str = "") -> dict[str, float]:
        """Return the attributes by name, each name with a prefix, ready for JSON."""
        return {f"{prefix}{name}": value for name, value in asdict(self).items()}


@dataclass(frozen=True, kw_only=True)
class Interval:
    """
    How long one TA flat can be used before a risk is reached.

    Attributes
    ----------
    risk : float
        Accepted probability, from 0 to 1, that at least `Stars.k` stars are hit.
    months : float
        Months since the flat was made; infinite where the risk is never exceeded.
    """

    risk: float
    months: float

    def to_dict(self) -> dict[str, float | str | None]:
        """Return risk and interval, in months and in words, ready for JSON."""
        unlimited = isinf(self.months)
        return {
            "risk": self.risk,
            "longest_interval_months": None if unlimited else self.months,
            "longest_interval": "unlimited" if unlimited else f"{self.months:.1f} months",
        }


@dataclass(frozen=True, kw_only=True)
class Stars:
    """
    The stars of an acquisition, and how many of them must be hit to count.

    Attributes
    ----------
    numbers : tuple of int
        Number of stars on each detector, in the order of the rates or lists.
    k : int
        An acquisition counts as hit when at least this many of its stars are.
    """

    numbers: tuple[int, ...]
    k: int = 1

    @classmethod
    def on(cls, n_detectors: int, numbers: Sequence[int] = (), k: int = 1) -> Self:
        """
        Place stars on detectors.

        Parameters
        ----------
        n_detectors : int
            Number of detectors.
        numbers : sequence of int
            Number of stars on each; 8 in all, as evenly as possible, where none is given.
        k : int
            As the attribute.

        Returns
        -------
        Stars
            The stars on each detector.

        Raises
        ------
        TargetAcqError
            When there is not one number per detector, or there are more stars than `MAX_STARS`.
        """
        if not numbers:
            each, rest = divmod(_USUAL, n_detectors)
            numbers = [each + (at < rest) for at in range(n_detectors)]
        if len(numbers) != n_detectors:
            expected = f"{n_detectors}, one for each detector"
            raise TargetAcqError("numbers of stars", expected=expected, found=len(numbers))
        if sum(numbers) > MAX_STARS:
            expected = f"at most {MAX_STARS} in all"
            raise TargetAcqError("stars", expected=expected, found=sum(numbers))
        return cls(numbers=tuple(numbers), k=k)

    def to_dict(self) -> dict[str, int]:
        """Return the number of stars, and of those that must be hit, ready for JSON."""
        return {"stars": sum(self.numbers), "at_least": self.k}

    def odds(self, probability: Sequence[float]) -> Odds:
        """
        Compute how likely stars are hit.

        Parameters
        ----------
        probability : sequence of float
            Probability that a stamp is hit, for each detector.

        Returns
        -------
        Odds
            Of all stars together.

        Raises
        ------
        TargetAcqError
            For no stars, a probability outside 0 to 1, or more hits asked for than there are stars.
        """
        each = self._of_each(probability)
        return Odds(
            any_probability=at_least(each),
            at_least_probability=at_least(each, self.k),
            expected_stars_hit=expected_stars_hit(each),
            stamp_probability=float(each.mean()),
        )

    def interval(self, rates: Sequence[float], risk: float, cluster_share: float) -> Interval:
        """
        Compute how long a TA flat can be used.

        Parameters
        ----------
        rates : sequence of float
            New hot pixels per month, for each detector.
        risk : float
            Accepted probability, from 0 to 1, that at least `k` stars are hit.
        cluster_share : float
            As in `stamp_probability`.

        Returns
        -------
        Interval
            Months until the risk is reached.

        Raises
        ------
        TargetAcqError
            As `longest_interval`.
        """
        each = self._of_each(rates)
        months = longest_interval(each, risk, k=self.k, cluster_share=cluster_share)
        return Interval(risk=risk, months=months)

    def _of_each(self, values: Sequence[float]) -> NDArray[np.float64]:
        """Repeat the value of a detector for each of its stars."""
        return np.repeat(np.asarray(values, dtype=np.float64), self.numbers)


def odds_table(result: Mapping[str, Any]) -> Table:
    """
    Show the odds of all stars.

    Parameters
    ----------
    result : mapping
        From ``to_dict`` of a result.

    Returns
    -------
    Table
        Numbers and texts by name, without what is also there in other words.
    """
    hidden = {"at_least", "longest_interval_months"}
    if result["at_least"] == 1:
        hidden |= {name for name in result if name.endswith("at_least_probability")}
    shown = {
        name: percent(value) if name.endswith(("probability", "monte_carlo_error")) else value
        for name, value in result.items()
        if name not in hidden
    }
    return "Target acquisition", shown
