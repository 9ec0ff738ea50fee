"""The risk for target acquisition from lists: today, and in the months to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jwst_hotpix.exceptions import TargetAcqError
from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH
from jwst_hotpix.target_acq.detector_risk import DetectorRisk
from jwst_hotpix.target_acq.pixel_rows import short_wata_row, wata_rows
from jwst_hotpix.target_acq.placement import draw_stars_hit
from jwst_hotpix.target_acq.risk import stamp_probability
from jwst_hotpix.target_acq.risk_in_time import RiskInTime
from jwst_hotpix.target_acq.signal_in_groups import GROUP_TIMES, READ_NOISE, stands_out
from jwst_hotpix.target_acq.stars import Interval, Odds, Stars, odds_table
from jwst_hotpix.target_acq.ta_flat import TaFlat
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, date_of, iso
from jwst_hotpix.tools.proportion import Proportion
from jwst_hotpix.tools.terminal import Table

__all__ = ["ListsRisk", "risk_of_lists"]

_DRAWS = 100_000


@dataclass(frozen=True, eq=False, kw_only=True)
class ListsRisk:
    """
    Risk for acquisitions with the pixels of lists.

    Attributes
    ----------
    flat : TaFlat
        The TA flat in use.
    stars : Stars
        The stars considered.
    read_noise : float
        DN per read.
    detectors : tuple of DetectorRisk
        One per list.
    odds : Odds
        How likely the stars are hit on the date of the lists.
    monte_carlo : Proportion
        Drawn acquisitions of which at least `Stars.k` stars are hit: a check of ``odds``.
    months_ahead : float or None
        How far to look ahead.
    ahead : Odds or None
        How likely the stars will be hit then, with the same TA flat.
    interval : Interval or None
        How long the flat can be used; None where no risk was given.
    cluster_share : float
        As in `jwst_hotpix.target_acq.risk.stamp_probability`, for pixels to come.
    """

    flat: TaFlat
    stars: Stars
    read_noise: float
    detectors: tuple[DetectorRisk, ...]
    odds: Odds
    monte_carlo: Proportion
    months_ahead: float | None
    ahead: Odds | None
    interval: Interval | None
    cluster_share: float = 0.0

    def in_time(self) -> RiskInTime:
        """Return the risk for flats of any age by births, and with the pixels of the lists."""
        rates = {
            f"{one.pixels.detector}, {one.births} births per month": one.births.per_month
            for one in self.detectors
            if one.births
        }
        if len(rates) < len(self.detectors):
            rates = {}
        date = max(one.at for one in self.detectors if one.at is not None)
        age = (date - self.flat.since) / DAYS_PER_MONTH
        points = {f"the lists on {iso(date)[:10]}": (age, self.odds.at_least_probability)}
        if self.ahead is not None and self.months_ahead is not None:
            later = (age + self.months_ahead, self.ahead.at_least_probability)
            points[f"{self.months_ahead:g} months later"] = later
        return RiskInTime.of(rates, self.stars, self.interval, points, self.cluster_share)

    def seen_in(self) -> dict[str, int]:
        """Count the new pixels that stand out in each readout, and those of unknown rate."""
        rate = np.concatenate([one.new.rate for one in self.detectors])
        counts = {
            name: int(stands_out(rate, time, read_noise=self.read_noise).sum())
            for name, time in GROUP_TIMES.items()
        }
        return {**counts, "unknown": int(np.isnan(rate).sum())}

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        lists = [
            {**one.to_dict(), "stars": n}
            for one, n in zip(self.detectors, self.stars.numbers, strict=True)
        ]
        return {**self._of_all(), "lists": lists, "wata_pixels": self._wata_rows()}

    def tables(self) -> Iterator[Table]:
        """Yield the odds, a row per list with a word on births, a row per pixel that WATA sees."""
        yield odds_table(self._of_all())
        numbers = self.stars.numbers
        yield "Lists", [one.row(n) for one, n in zip(self.detectors, numbers, strict=True)]
        if any(one.births for one in self.detectors):
            yield BIRTHS_AND_NET_GROWTH, []
        if rows := self._wata_rows():
            yield "In SUB32 (WATA)", [short_wata_row(row) for row in rows]

    def _of_all(self) -> dict[str, Any]:
        ahead: Mapping[str, Any] = {}
        if self.ahead is not None:
            ahead = {"months_ahead": self.months_ahead, **self.ahead.to_dict("ahead_")}
        return {
            "since": date_of(self.flat.since),
            **self.stars.to_dict(),
            **self.odds.to_dict(),
            "monte_carlo_probability": self.monte_carlo.value,
            "monte_carlo_error": self.monte_carlo.error,
            **(self.interval.to_dict() if self.interval else {}),
            **ahead,
            "seen_in": self.seen_in(),
        }

    def _wata_rows(self) -> list[dict[str, Any]] | None:
        return wata_rows([one.new for one in self.detectors], self.read_noise)


def risk_of_lists(
    detectors: Sequence[DetectorRisk],
    flat: TaFlat,
    stars: Stars,
    *,
    months: float | None = None,
    risk: float | None = None,
    cluster_share: float = 0.0,
    read_noise: float = READ_NOISE,
    seed: int = 1,
) -> ListsRisk:
    """
    Compute how likely stars are hit, wherever they lie, on the date of the lists and later.

    Parameters
    ----------
    detectors : sequence of DetectorRisk
        From `read_lists`.
    flat : TaFlat
        The TA flat in use.
    stars : Stars
        Stars on each detector.
    months : float, optional
        Extrapolate by this many months, with births at the rate since the TA flat.
    risk : float, optional
        Accepted probability, from 0 to 1: how long a flat can be used is computed for it.
    cluster_share : float
        As in `stamp_probability`, for pixels to come.
    read_noise : float
        DN per read.
    seed : int
        Seed of the Monte Carlo.

    Returns
    -------
    ListsRisk
        Odds on the date of the lists, and later where asked for.

    Raises
    ------
    TargetAcqError
        When a list has no darks to look ahead from; as `Stars.odds` and `Stars.interval`.
    """
    now = [one.stamp_probability for one in detectors]
    rates = [] if months is None and risk is None else [_rate_of(one) for one in detectors]
    ahead = None
    if months is not None:
        later = [stamp_probability(rate, months, cluster_share=cluster_share) for rate in rates]
        # Pixels to come fall anywhere, whatever is hot today.
        ahead = stars.odds([1 - (1 - p) * (1 - q) for p, q in zip(now, later, strict=True)])
    return ListsRisk(
        flat=flat,
        stars=stars,
        read_noise=read_noise,
        detectors=tuple(detectors),
        odds=stars.odds(now),
        monte_carlo=_draw(detectors, stars, seed),
        months_ahead=months,
        ahead=ahead,
        interval=None if risk is None else stars.interval(rates, risk, cluster_share),
        cluster_share=cluster_share,
    )


def _draw(detectors: Sequence[DetectorRisk], stars: Stars, seed: int) -> Proportion:
    of_star = [one.hits for one, n in zip(detectors, stars.numbers, strict=True) for _ in range(n)]
    drawn = draw_stars_hit(of_star, n_draws=_DRAWS, seed=seed) >= stars.k
    return Proportion(part=int(drawn.sum()), total=_DRAWS)


def _rate_of(one: DetectorRisk) -> float:
    if one.births is None:
        raise TargetAcqError(
            "births",
            expected="darks after the TA flat",
            found="none",
            source=one.file,
            sentence="cannot look ahead: no dark is later than both the TA flat and the first "
            "120 days of darks",
        )
    return one.births.per_month
