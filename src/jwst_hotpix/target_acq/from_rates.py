"""The risk for target acquisition from growth rates alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jwst_hotpix.target_acq.risk import stamp_probability
from jwst_hotpix.target_acq.risk_in_time import RiskInTime
from jwst_hotpix.target_acq.stars import Interval, Odds, Stars, odds_table
from jwst_hotpix.tools.terminal import Table, percent

__all__ = ["RatesRisk", "risk_of_rates"]


@dataclass(frozen=True, kw_only=True)
class RatesRisk:
    """
    Risk for acquisitions some months after the TA flat was made.

    Attributes
    ----------
    rates : tuple of float
        New hot pixels per month, for each detector.
    months : float
        Months since the flat was made.
    stars : Stars
        The stars considered.
    stamp_probability : tuple of float
        Probability that a stamp is hit, for each detector.
    odds : Odds
        How likely the stars are hit.
    interval : Interval or None
        How long the flat can be used; None where no risk was given.
    cluster_share : float
        As in `jwst_hotpix.target_acq.risk.stamp_probability`.
    """

    rates: tuple[float, ...]
    months: float
    stars: Stars
    stamp_probability: tuple[float, ...]
    odds: Odds
    interval: Interval | None
    cluster_share: float = 0.0

    def in_time(self) -> RiskInTime:
        """Return the risk for flats of any age."""
        rates = {
            f"detector {number}, {rate:g} new pixels per month": rate
            for number, rate in enumerate(self.rates, start=1)
        }
        asked = {f"after {self.months:g} months": (self.months, self.odds.at_least_probability)}
        return RiskInTime.of(rates, self.stars, self.interval, asked, self.cluster_share)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {**self._of_all(), "detectors": self._of_each()}

    def tables(self) -> Iterator[Table]:
        """Yield the odds, and a row per detector where there are several."""
        yield odds_table(self._of_all())
        if len(self.rates) > 1:
            rows = self._of_each()
            yield (
                "Detectors",
                [row | {"stamp_probability": percent(row["stamp_probability"])} for row in rows],
            )

    def _of_all(self) -> dict[str, Any]:
        interval = self.interval.to_dict() if self.interval else {}
        odds = self.odds.to_dict()
        return {"months": self.months, **self.stars.to_dict(), **odds, **interval}

    def _of_each(self) -> list[dict[str, Any]]:
        columns = (self.rates, self.stars.numbers, self.stamp_probability)
        names = ("pixels_per_month", "stars", "stamp_probability")
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def risk_of_rates(
    rates: Sequence[float],
    stars: Stars,
    months: float,
    *,
    risk: float | None = None,
    cluster_share: float = 0.0,
) -> RatesRisk:
    """
    Compute the risk from growth rates.

    Parameters
    ----------
    rates : sequence of float
        New hot pixels per month, for each detector.
    stars : Stars
        Stars on each detector.
    months : float
        Months since the TA flat was made.
    risk : float, optional
        Accepted probability, from 0 to 1: how long a flat can be used is computed for it.
    cluster_share : float
        As in `stamp_probability`.

    Returns
    -------
    RatesRisk
        Odds at the end of those months.

    Raises
    ------
    TargetAcqError
        As `stamp_probability`, `Stars.odds` and `Stars.interval`.
    """
    probability = tuple(
        stamp_probability(rate, months, cluster_share=cluster_share) for rate in rates
    )
    return RatesRisk(
        rates=tuple(rates),
        months=months,
        stars=stars,
        stamp_probability=probability,
        odds=stars.odds(probability),
        interval=None if risk is None else stars.interval(rates, risk, cluster_share),
        cluster_share=cluster_share,
    )
