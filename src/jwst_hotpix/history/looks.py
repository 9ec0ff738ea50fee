"""What looks of science exposures are worth: false alarms by kind, and light that is seen twice."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["add_nothing", "false_alarms_of_looks", "is_science", "stock_beside_looks"]

# False detections per pixel and look, where the looks are too few to tell: cosmic rays of one
# exposure, sharp lines of a stare, persistence that lasts for all of a visit (assumptions, from
# simulated exposures: benchmarks/science.py).
_KINDS = MappingProxyType({"single": 1.6e-4, "stared": 1e-5, "dithered": 5e-7})
# Full looks that these numbers weigh as much as.
_WEIGHT = 2
# Days within which looks share the persistence of what was there before.
_PERSISTS = 0.5


def is_science(sightings: Sightings) -> NDArray[np.bool_]:
    """
    Return which looks are of science exposures; the others are darks.

    Parameters
    ----------
    sightings : Sightings

    Returns
    -------
    ndarray of bool, shape (m,)
    """
    return np.array([kind in _KINDS for kind in sightings.kind], bool)


def false_alarms_of_looks(sightings: Sightings, once: NDArray[np.int32]) -> NDArray[np.float32]:
    """
    Estimate the chance of a false detection in looks of each kind.

    Parameters
    ----------
    sightings : Sightings
    once : ndarray of int, shape (k,)
        Looks of the pixels that were seen hot once only.

    Returns
    -------
    ndarray of float32, shape (m,)
        Probability for one pixel; NaN for darks.
    """
    size, kinds = sightings.epoch.size, np.array(sightings.kind)
    hits = np.bincount(once, minlength=size).astype(float)
    if sightings.alone is not None:
        hits += sightings.alone
    watched = np.array([np.prod(window.shape) for window in sightings.window], float)
    false = np.full(size, np.nan, np.float32)
    full = float(np.prod(sightings.detector.shape))
    for kind, before in _KINDS.items():
        which = np.flatnonzero(kinds == kind)
        # What only the last look saw may have turned hot since the one before.
        past = which[which < size - 1]
        seen = watched[past].sum() + _WEIGHT * full
        false[which] = (hits[past].sum() + before * _WEIGHT * full) / seen
    return false


def stock_beside_looks(
    sightings: Sightings,
    again: NDArray[np.intp],
    dark: NDArray[np.int32],
    false: NDArray[np.float32],
) -> float:
    """
    Estimate the share of pixels that were hot before the first look, where not all are darks.

    Parameters
    ----------
    sightings : Sightings
    again : ndarray of int, shape (m,)
        Sightings in each look of pixels seen more than once.
    dark : ndarray of int, shape (k,)
        Look of each hot sighting.
    false : ndarray of float32, shape (m,)
        Chance of a false detection in each.

    Returns
    -------
    float
        From the first look that shows as much of the detector as any: the pixels that another one
        saw too, or if there is none, what is beyond the false detections.
    """
    watched = np.array([np.prod(window.shape) for window in sightings.window], float)
    first = int(np.argmax(watched))
    n_first = float(again[first])
    if again.size == 1:
        n_first = dark.size - float(false[first]) * watched[first]
    return float(max(n_first, 1.0) / watched[first])


def add_nothing(
    sightings: Sightings, row: NDArray[np.intp], column: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """
    Tell the hot sightings that say no more than an earlier one of the same pixel.

    Looks within half a day share what persists, and stares at the same light its sharp lines.

    Parameters
    ----------
    sightings : Sightings
    row, column : ndarray of int, shape (k,)
        Hot sightings, and the pixel of each.

    Returns
    -------
    ndarray of bool, shape (k,)
    """
    repeated = np.zeros(row.size, bool)
    science = np.flatnonzero(is_science(sightings)[sightings.dark[row]])
    if not science.size:
        return repeated
    look = sightings.dark[row[science]]
    order = np.lexsort((look, column[science]))
    look, pixel = look[order], column[science][order]
    evening = _evenings(sightings.start)[look]
    again = np.r_[False, (pixel[1:] == pixel[:-1]) & (evening[1:] == evening[:-1])]
    _, light = np.unique(np.array(sightings.light or ()), return_inverse=True)
    stared = np.array([kind == "stared" for kind in sightings.kind])[look]
    if stared.any():
        # The first of a pixel and light counts.
        key = np.stack([pixel[stared], light[look[stared]]])
        _, first = np.unique(key, axis=1, return_index=True)
        later = np.ones(int(stared.sum()), bool)
        later[first] = False
        again[np.flatnonzero(stared)[later]] = True
    repeated[science[order]] = again
    return repeated


def _evenings(start: NDArray[np.float64]) -> NDArray[np.intp]:
    """Give the half days in which looks share what persists a number; each begins with a look."""
    number = np.zeros(start.size, np.intp)
    begun, count = -np.inf, -1
    for look in np.argsort(start, kind="stable"):
        if start[look] - begun > _PERSISTS:
            begun, count = float(start[look]), count + 1
        number[look] = count
    return number
