"""How the risk grows with the age of the TA flat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.target_acq.risk import stamp_probability
from jwst_hotpix.target_acq.stars import Interval, Stars

__all__ = ["RiskInTime"]

# Months: a year if nothing else sets the scale, and ten years at most.
_YEAR, _LONGEST, _POINTS = 12.0, 120.0, 60


@dataclass(frozen=True, eq=False, kw_only=True)
class RiskInTime:
    """
    How the risk grows while one TA flat is in use.

    Attributes
    ----------
    months : ndarray of float, shape (m,)
        Age of the flat, in months.
    stamp : mapping of str to ndarray of float, shape (m,)
        Probability that the stamp of a star is hit, by label of its detector; empty if the growth
        is not known.
    at_least : ndarray of float, shape (m,)
        Probability that at least `Stars.k` of all stars are hit.
    stars : Stars
        The stars considered.
    interval : Interval or None
        How long the flat can be used at the accepted risk.
    points : mapping of str to (float, float)
        Age of the flat and probability that at least `Stars.k` stars are hit, by label.
    """

    months: NDArray[np.float64]
    stamp: Mapping[str, NDArray[np.float64]]
    at_least: NDArray[np.float64]
    stars: Stars
    interval: Interval | None
    points: Mapping[str, tuple[float, float]]

    @classmethod
    def of(
        cls,
        rates: Mapping[str, float],
        stars: Stars,
        interval: Interval | None,
        points: Mapping[str, tuple[float, float]],
        cluster_share: float,
    ) -> RiskInTime:
        """
        Compute the risk from growth rates, for ages well beyond those of the points.

        Parameters
        ----------
        rates : mapping of str to float
            New hot pixels per month, by label of the detector; may be empty.
        stars, interval, points
            As the attributes.
        cluster_share : float
            As in `jwst_hotpix.target_acq.risk.stamp_probability`.

        Returns
        -------
        RiskInTime
            The risk from the day the flat was made.
        """
        months = _months_to_show(interval, [age for age, _ in points.values()])
        stamp = {
            label: np.array(
                [
                    stamp_probability(rate, age, cluster_share=cluster_share)
                    for age in months.tolist()
                ]
            )
            for label, rate in rates.items()
        }
        each = np.stack(list(stamp.values()), axis=1).tolist() if stamp else []
        at_least = [stars.odds(row).at_least_probability for row in each]
        return cls(
            months=months,
            stamp=stamp,
            at_least=np.array(at_least),
            stars=stars,
            interval=interval,
            points=points,
        )


def _months_to_show(interval: Interval | None, ages: Sequence[float]) -> NDArray[np.float64]:
    usable = interval.months if interval and np.isfinite(interval.months) else 0.0
    last = max(_YEAR, *(1.3 * age for age in ages), min(1.5 * usable, _LONGEST))
    return np.linspace(0, last, _POINTS)
