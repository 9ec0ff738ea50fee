"""How many pixels turn hot per month: births, which are not the net growth of their number."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, Date, epoch_of

__all__ = ["BIRTHS", "BIRTHS_AND_NET_GROWTH", "Births", "count_births"]

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
class Births:
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

    per_month: float
    error: float

    def __str__(self) -> str:
        return f"{self.per_month:.1f} ± {self.error:.1f}"


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
    since, coverage = epoch_of(since), pixels.provenance.coverage
    if coverage is None:
        return None
    settled = coverage[0] + _SETTLING_DAYS
    start = settled if since is None else max(since, settled)
    shortest = _SETTLING_DAYS if since is None else 0.0
    days = coverage[1] - start
    if days <= 0 or days < shortest:
        return None
    first = np.ones(len(pixels), dtype=bool)
    # Sorted by place, then time.
    first[1:] = (np.diff(pixels.y) != 0) | (np.diff(pixels.x) != 0)
    hot = np.isnan(pixels.rate) | (pixels.rate >= threshold)
    n, months = int(np.sum(first & hot & (pixels.onset_latest > start))), days / DAYS_PER_MONTH
    return Births(per_month=n / months, error=sqrt(max(n, 1)) / months)
