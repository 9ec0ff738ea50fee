"""What ``hotpix ta`` says of lists: the risk today and ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import HotPixError, TargetAcqError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.births import Births, count_births
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.target_acq import (
    draw_stars_hit,
    new_pixels,
    places_hit,
    stamp_probability,
)
from jwst_hotpix.target_acq.stars import Stars, percent
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.proportion import Proportion

__all__ = ["Flat", "Seen", "describe", "list_for_people", "look", "risk_ahead", "risk_now"]

_DRAWS = 100_000


@dataclass(frozen=True, kw_only=True)
class Flat:
    """
    The TA flat that the lists are held against.

    Attributes
    ----------
    since : float
        MJD (UTC) of its darks.
    at : float or None
        MJD (UTC) to look at; None for that of a list's last dark.
    any_readout : bool
        Take IRS2 lists too.
    """

    since: float
    at: float | None
    any_readout: bool

    def new(self, pixels: PixelList, at: float | None) -> PixelList:
        """Choose what it does not know, as `new_pixels`."""
        return new_pixels(pixels, self.since, at=at, any_readout=self.any_readout)


@dataclass(frozen=True, eq=False, kw_only=True)
class Seen:
    """
    A list and what target acquisition must fear of it.

    Attributes
    ----------
    name : str
        File name.
    pixels : PixelList
        The whole list.
    new : PixelList
        From `new_pixels`.
    hits : ndarray of bool, shape (rows, columns)
        From `places_hit`.
    at : float or None
        MJD (UTC) that these are for.
    births : Births or None
        Since the TA flat, above the threshold of target acquisition.
    """

    name: str
    pixels: PixelList
    new: PixelList
    hits: NDArray[np.bool_]
    at: float | None
    births: Births | None


def look(paths: Sequence[Path], flat: Flat) -> list[Seen]:
    """
    Read lists, one a detector, and choose the pixels that the TA flat does not know.

    Parameters
    ----------
    paths : sequence of pathlib.Path
    flat : Flat

    Returns
    -------
    list of Seen

    Raises
    ------
    HotPixError
        For a file that is no list, a list that `new_pixels` refuses, two of one detector.
    """
    seen: dict[str, Seen] = {}
    for path in paths:
        pixels = asdf_file.read(path)
        at = pixels.provenance.known_until if flat.at is None else flat.at
        try:
            new = flat.new(pixels, at)
        except HotPixError as error:
            raise error.within(path.name) from None
        detector = get_detector(pixels.detector).name
        if detector in seen:
            expected, found = "one a detector", f"{seen[detector].name} and {path.name}"
            raise TargetAcqError(f"lists of {detector}", expected=expected, found=found)
        seen[detector] = Seen(
            name=path.name,
            pixels=pixels,
            new=new,
            hits=places_hit(new),
            at=at,
            births=count_births(
                pixels, since=flat.since, threshold=get_detector(detector).ta_threshold
            ),
        )
    return list(seen.values())


def describe(seen: Sequence[Seen], asked: Stars) -> list[dict[str, Any]]:
    """
    Say of each list what counts.

    Parameters
    ----------
    seen : sequence of Seen
    asked : Stars

    Returns
    -------
    list of dict
        Ready for JSON.
    """
    return [
        {
            "file": one.name,
            "detector": get_detector(one.new.detector).name,
            "stars": n,
            "at": date_of(one.at),
            "new_pixels": len(one.new),
            "stamp_probability": float(one.hits.mean()),
            "growth_per_month": one.births and one.births.per_month,
            "growth_error": one.births and one.births.error,
        }
        for one, n in zip(seen, asked.numbers, strict=True)
    ]


def list_for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    """
    Shorten what `describe` says of a list.

    Parameters
    ----------
    row : mapping

    Returns
    -------
    dict
    """
    growth = row["growth_per_month"]
    return {
        "list": row["file"],
        "on": row["at"][:10],
        "stars": row["stars"],
        "new pixels": row["new_pixels"],
        "a stamp hit": percent(row["stamp_probability"]),
        "births per month": None if growth is None else f"{growth:.1f} ± {row['growth_error']:.1f}",
    }


def risk_now(seen: Sequence[Seen], asked: Stars, *, seed: int) -> dict[str, Any]:
    """
    Say how likely stars are hit today, wherever they lie; by Monte Carlo too.

    Parameters
    ----------
    seen : sequence of Seen
    asked : Stars
    seed : int

    Returns
    -------
    dict
        Ready for JSON.
    """
    odds = asked.odds([float(one.hits.mean()) for one in seen])
    of_star = [one.hits for one, n in zip(seen, asked.numbers, strict=True) for _ in range(n)]
    drawn = draw_stars_hit(of_star, n_draws=_DRAWS, seed=seed) >= asked.k
    share = Proportion(part=int(drawn.sum()), total=_DRAWS)
    return {**odds, "monte_carlo_probability": share.value, "monte_carlo_error": share.error}


def risk_ahead(seen: Sequence[Seen], asked: Stars, months: float | None) -> dict[str, Any]:
    """
    Say how likely stars will be hit, if the lists go on growing as since the TA flat.

    Parameters
    ----------
    seen : sequence of Seen
    asked : Stars
    months : float or None
        From now, with the same TA flat.

    Returns
    -------
    dict
        Ready for JSON; empty where nobody asked.

    Raises
    ------
    TargetAcqError
        When a list has no dark since the TA flat.
    """
    if months is None and asked.risk is None:
        return {}
    rates = [_rate_of(one) for one in seen]
    result: dict[str, Any] = asked.interval(rates)
    if months is not None:
        ahead = [stamp_probability(r, months, cluster_share=asked.cluster_share) for r in rates]
        now = [float(one.hits.mean()) for one in seen]
        # Pixels to come fall anywhere, whatever is hot today.
        both = [1 - (1 - p) * (1 - q) for p, q in zip(now, ahead, strict=True)]
        result |= {"months_ahead": months, **asked.odds(both, "ahead_")}
    return result


def _rate_of(seen: Seen) -> float:
    if seen.births is None:
        raise TargetAcqError(
            "births",
            expected="darks after the TA flat",
            found="none",
            source=seen.name,
            sentence="cannot look ahead: no dark is later than both the TA flat and the first "
            "120 days of darks",
        )
    return seen.births.per_month
