"""How far looks at science exposures are believed: false alarms by kind, light seen twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.assumptions import Assumptions
from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["add_nothing", "false_alarms_of_looks", "is_science", "stock_beside_looks"]

# The values of `jwst_hotpix.ledger.looks.Kind`, whose module reads files.
_SINGLE, _STARED, _DITHERED = "single", "stared", "dithered"


def is_science(sightings: Sightings) -> NDArray[np.bool_]:
    """
    Return which looks are of science exposures; the others are darks.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` looks and darks.

    Returns
    -------
    ndarray of bool, shape (m,)
        True for science exposures.
    """
    return np.isin(sightings.kind, [_SINGLE, _STARED, _DITHERED])


def false_alarms_of_looks(
    sightings: Sightings, once: NDArray[np.int32], assumed: Assumptions
) -> NDArray[np.float32]:
    """
    Estimate how often looks of each kind err, from the pixels that no other look saw hot.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` looks and darks.
    once : ndarray of int, shape (k,)
        The look of each of these pixels: index into ``sightings.epoch``.
    assumed : Assumptions
        What counts beside the looks.

    Returns
    -------
    ndarray of float32, shape (m,)
        Probability that a cold pixel is seen hot; NaN for darks.
    """
    expected = {
        _SINGLE: assumed.false_single,
        _STARED: assumed.false_stared,
        _DITHERED: assumed.false_dithered,
    }
    size, kinds = sightings.epoch.size, np.array(sightings.kind)
    hits = np.bincount(once, minlength=size).astype(float)
    if sightings.alone is not None:
        hits += sightings.alone
    watched = np.array([window.n_pixels for window in sightings.window], float)
    false = np.full(size, np.nan, np.float32)
    weight = assumed.look_weight * float(np.prod(sightings.detector.shape))
    for kind, before in expected.items():
        which = np.flatnonzero(kinds == kind)
        # What only the last look saw may have turned hot since the one before.
        past = which[which < size - 1]
        seen = watched[past].sum() + weight
        false[which] = (hits[past].sum() + before * weight) / seen
    return false


def stock_beside_looks(
    sightings: Sightings,
    again: NDArray[np.intp],
    dark: NDArray[np.int32],
    false: NDArray[np.float32],
) -> float:
    """
    Estimate how many pixels were hot before the first look, where not all looks are darks.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` looks and darks.
    again : ndarray of int, shape (m,)
        Sightings, in each look, of pixels seen more than once.
    dark : ndarray of int, shape (k,)
        The look of each hot sighting: index into ``sightings.epoch``.
    false : ndarray of float32, shape (m,)
        Probability that a cold pixel is seen hot, in each.

    Returns
    -------
    float
        Fraction of all pixels, from the first look that shows as much of the detector as any: those
        that another one saw too or, of a single look, those beyond the false detections.
    """
    watched = np.array([window.n_pixels for window in sightings.window], float)
    first = int(np.argmax(watched))
    n_first = float(again[first])
    if again.size == 1:
        n_first = dark.size - float(false[first]) * watched[first]
    return float(max(n_first, 1.0) / watched[first])


def add_nothing(
    sightings: Sightings, row: NDArray[np.intp], column: NDArray[np.intp], assumed: Assumptions
) -> NDArray[np.bool_]:
    """
    Find the hot sightings that say no more than an earlier one of the same pixel.

    Looks shortly after each other share what persists, and stares at the same light share its
    sharp lines.

    Parameters
    ----------
    sightings : Sightings
        What looks and darks saw.
    row, column : ndarray of int, shape (k,)
        The hot sightings, and the number of the pixel of each.
    assumed : Assumptions
        How long persistence lasts.

    Returns
    -------
    ndarray of bool, shape (k,)
        The sighting repeats an earlier one.
    """
    repeated = np.zeros(row.size, bool)
    science = np.flatnonzero(is_science(sightings)[sightings.dark[row]])
    if not science.size:
        return repeated
    look = sightings.dark[row[science]]
    order = np.lexsort((look, column[science]))
    look, pixel = look[order], column[science][order]
    evening = _evenings(sightings.start, assumed.persistence_days)[look]
    again = np.r_[False, (pixel[1:] == pixel[:-1]) & (evening[1:] == evening[:-1])]
    _, light = np.unique(np.array(sightings.light or ()), return_inverse=True)
    stared = np.array([kind == _STARED for kind in sightings.kind])[look]
    if stared.any():
        # The first of a pixel and light counts.
        key = np.stack([pixel[stared], light[look[stared]]])
        _, first = np.unique(key, axis=1, return_index=True)
        later = np.ones(int(stared.sum()), bool)
        later[first] = False
        again[np.flatnonzero(stared)[later]] = True
    repeated[science[order]] = again
    return repeated


def _evenings(start: NDArray[np.float64], days: float) -> NDArray[np.intp]:
    """Return the number of the period of each look, within which looks share what persists."""
    number = np.zeros(start.size, np.intp)
    begun, count = -np.inf, -1
    for look in np.argsort(start, kind="stable"):
        if start[look] - begun > days:
            begun, count = float(start[look]), count + 1
        number[look] = count
    return number
