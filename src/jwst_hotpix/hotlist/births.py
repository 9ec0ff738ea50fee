"""How many pixels turn hot per month, and how many recover: two numbers, not their difference."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, Date, epoch_of

__all__ = [
    "BIRTHS",
    "BIRTHS_AND_NET_GROWTH",
    "Births",
    "Recoveries",
    "count_births",
    "count_recoveries",
    "dates_of_births",
    "dates_of_recoveries",
    "settled_from",
]

# Printed beside the number of births wherever it stands alone.
BIRTHS = "births, recoveries not subtracted"
# Printed below tables that hold births, net growth, or both.
BIRTHS_AND_NET_GROWTH = (
    "Births are pixels first seen hot. Net growth is births minus recoveries, with a telegraph "
    "pixel counted by the fraction of darks that see it hot; it is the smaller number."
)

# Longer than nearly all telegraph pixels stay low (an assumption), and than a campaign is away.
_SETTLING_DAYS = 120.0


@dataclass(frozen=True, kw_only=True)
class _PerMonth:
    per_month: float
    error: float

    def __str__(self) -> str:
        return f"{self.per_month:.1f} ± {self.error:.1f}"


@dataclass(frozen=True, kw_only=True)
class Births(_PerMonth):
    """
    Pixels of one detector that turn hot per month.

    Attributes
    ----------
    per_month : float
        Births per month of 30.4375 days; recoveries are not subtracted.
    error : float
        Standard error of the count (Poisson), of one birth where there is none. Clusters of pixels
        that turn hot together make it somewhat too small.
    """


@dataclass(frozen=True, kw_only=True)
class Recoveries(_PerMonth):
    """
    Pixels of one detector that turn cold for good per month, as far as is known.

    Attributes
    ----------
    per_month : float
        Recoveries per month of 30.4375 days.
    error : float
        As of `Births`.
    """


def count_births(
    pixels: PixelList, *, since: Date | None = None, threshold: float = 0.0
) -> Births | None:
    """
    Count how many pixels turn hot per month.

    Pixels first seen hot in the first 120 days of darks do not count, nor do these days: a
    telegraph pixel may have been low until then. Neighbors lit by a hot pixel count, as in
    Table 1 of JWST-STScI-009188. A pixel that turns hot a second time counts once.

    Parameters
    ----------
    pixels : PixelList
        A complete list: a pixel that has recovered was born too.
    since : str, astropy.time.Time or float, optional
        Date, ISO 8601 (UTC), a time, or MJD (UTC), after which births are counted. By default those
        120 days decide, and as many more must follow.
    threshold : float
        DN/s; fainter pixels do not count, those of unknown rate do.

    Returns
    -------
    Births or None
        None where the list names no darks, or too short a time of them.
    """
    rate = _per_month(dates_of_births(pixels, threshold), pixels, since=epoch_of(since))
    return rate and Births(per_month=rate[0], error=rate[1])


def count_recoveries(pixels: PixelList, *, threshold: float = 0.0) -> Recoveries | None:
    """
    Count how many pixels recover per month: the part of the births that does not last.

    Parameters
    ----------
    pixels, threshold
        As in `count_births`, and counted over the same time.

    Returns
    -------
    Recoveries or None
        None where births cannot be counted either.
    """
    rate = _per_month(dates_of_recoveries(pixels, threshold), pixels, since=None)
    return rate and Recoveries(per_month=rate[0], error=rate[1])


def dates_of_births(pixels: PixelList, threshold: float = 0.0) -> NDArray[np.float64]:
    """
    Return when pixels were first seen hot.

    Parameters
    ----------
    pixels, threshold
        As in `count_births`.

    Returns
    -------
    ndarray of float, shape (n,)
        MJD (UTC), one per pixel; that of the first dark for those that were hot from the start.
    """
    first = np.ones(len(pixels), dtype=bool)
    first[1:] = _other_pixel(pixels)
    dates: NDArray[np.float64] = pixels.onset_latest[first & _above(pixels, threshold)]
    return dates


def dates_of_recoveries(pixels: PixelList, threshold: float = 0.0) -> NDArray[np.float64]:
    """
    Return when pixels were first seen cold for good.

    Parameters
    ----------
    pixels, threshold
        As in `count_births`.

    Returns
    -------
    ndarray of float, shape (n,)
        MJD (UTC), one per pixel that is not known to be hot again.
    """
    last = np.ones(len(pixels), dtype=bool)
    last[:-1] = _other_pixel(pixels)
    ended = last & (pixels.status == Status.RECOVERED) & np.isfinite(pixels.recovery_latest)
    dates: NDArray[np.float64] = pixels.recovery_latest[ended & _above(pixels, threshold)]
    return dates


def settled_from(pixels: PixelList) -> float | None:
    """Return the MJD (UTC) from which births count; None where the list names no darks."""
    coverage = pixels.provenance.coverage
    return None if coverage is None else coverage[0] + _SETTLING_DAYS


def _other_pixel(pixels: PixelList) -> NDArray[np.bool_]:
    """Return which entries, from the second on, are of another pixel than the one before."""
    # Sorted by place, then time.
    return np.asarray((np.diff(pixels.y) != 0) | (np.diff(pixels.x) != 0))


def _above(pixels: PixelList, threshold: float) -> NDArray[np.bool_]:
    return np.asarray(np.isnan(pixels.rate) | (pixels.rate >= threshold))


def _per_month(
    dates: NDArray[np.float64], pixels: PixelList, since: float | None
) -> tuple[float, float] | None:
    """Return the number of dates per month after settling, and its standard error."""
    coverage, settled = pixels.provenance.coverage, settled_from(pixels)
    if coverage is None or settled is None:
        return None
    start = settled if since is None else max(since, settled)
    shortest = _SETTLING_DAYS if since is None else 0.0
    days = coverage[1] - start
    if days <= 0 or days < shortest:
        return None
    n, months = int(np.sum(dates > start)), days / DAYS_PER_MONTH
    return n / months, sqrt(max(n, 1)) / months
