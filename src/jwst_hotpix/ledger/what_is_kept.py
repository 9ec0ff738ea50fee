"""Which pixels of a dark the ledger keeps: those that stand out, and those not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.ledger.record import Record
from jwst_hotpix.measure.pixels import active_area

if TYPE_CHECKING:
    from jwst_hotpix.measure.rate import DarkRate

__all__ = ["FLOOR", "SIGMA", "record_of"]

# Dark rate in DN/s, and significance, above which a pixel is kept. A tenth of the threshold of
# a hot pixel also holds the neighbors that a pixel of 15 DN/s lights.
FLOOR, SIGMA = 0.1, 5.0

# Share of the pixels that may be too noisy for the floor of their dark.
_NOISY = 0.01

_ROWS = 64


def record_of(dark: DarkRate, *, floor: float = FLOOR, sigma: float = SIGMA) -> Record:
    """
    Keep of a dark the pixels that stand out, and those that it could not see.

    Parameters
    ----------
    dark : DarkRate
        The measured dark, rates in DN/s.
    floor : float
        DN/s. Raised to what nearly all pixels can show at ``sigma`` where the dark is noisier:
        a short subarray dark is no evidence that a pixel is below 0.1 DN/s.
    sigma : float
        Least significance of a kept rate.

    Returns
    -------
    Record
    """
    index = _standing_out(dark, floor, sigma)
    if np.count_nonzero(dark.error.reshape(-1)[index] > floor / sigma) > _NOISY * dark.rate.size:
        floor = _noise_floor(dark, floor, sigma)
        index = _standing_out(dark, floor, sigma)
    index = index[active_area(dark.window).reshape(-1)[index]]
    rate, error = dark.rate.reshape(-1)[index], dark.error.reshape(-1)[index]
    seen = dark.seen.reshape(-1)[index]
    hot = seen & (rate > floor) & ((rate > sigma * error) | np.isinf(rate))
    # Far below zero is no dark current: such a pixel is broken, not cold.
    broken = (rate < -floor) & (rate < -sigma * error)
    blank = ~hot & (~seen | broken | (error > floor / sigma))
    return Record(
        **dark.info(),
        digest=dark.digest,
        floor=float(np.float32(floor)),
        pixel=dark.window.full_frame(index[hot]),
        rate=rate[hot],
        error=error[hot],
        unseen=dark.window.full_frame(index[blank]),
    )


def _standing_out(dark: DarkRate, floor: float, sigma: float) -> NDArray[np.intp]:
    """Find the pixels that are not plainly seen below the floor: few, of a usual dark."""
    found = []
    # Some rows at a time stay in the cache of the processor.
    for start in range(0, dark.rate.shape[0], _ROWS):
        rows = slice(start, start + _ROWS)
        quiet = np.abs(dark.rate[rows]) <= floor
        quiet &= dark.error[rows] <= floor / sigma
        quiet &= dark.seen[rows]
        found.append(np.flatnonzero(~quiet) + start * dark.rate.shape[1])
    return np.concatenate(found)


def _noise_floor(dark: DarkRate, floor: float, sigma: float) -> float:
    valid = dark.seen & np.isfinite(dark.error)
    if not valid.any():
        return floor
    return max(floor, sigma * float(np.quantile(dark.error[valid], 1 - _NOISY)))
