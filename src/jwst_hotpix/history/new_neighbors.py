"""Neighbors of pixels that have just turned hot: believed as soon as their centers are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.assumptions import DEFAULT, Assumptions
from jwst_hotpix.history.intervals import History, tally
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Coupling, cross
from jwst_hotpix.instrument.frames import flat, unflat
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.medians import grouped_median

__all__ = ["add_arms"]


def add_arms(
    sightings: Sightings,
    history: History,
    threshold: float,
    coupling: Coupling,
    assumed: Assumptions = DEFAULT,
) -> History:
    """
    Add the neighbors that new centers explain and that were seen too rarely to stand alone.

    One sighting beside a new center at the rate that inter-pixel capacitance demands is no chance
    hit: it is as certain as the center is.

    Parameters
    ----------
    sightings : Sightings
        What the darks saw.
    history : History
        What is listed.
    threshold : float
        Dark rate in DN/s above which a pixel is hot.
    coupling : Coupling
        How much of a center's rate its arms show.
    assumed : Assumptions
        How long arms need help.

    Returns
    -------
    History
        The same and the arms, sorted by pixel and time.
    """
    bright = history.rate * coupling.ratio * (1 + coupling.tolerance) > threshold
    young = np.isinf(history.recovery_latest) & (history.n_hot <= assumed.helped_until)
    new = np.flatnonzero(bright & young)
    arm, center = _crosses(history, new, sightings.detector.shape)
    row = np.flatnonzero(sightings.rate > threshold)
    row = row[np.isin(sightings.pixel[row], arm)]
    place = np.searchsorted(arm, sightings.pixel[row])
    lit = history.rate[center[place]] * coupling.ratio
    fits = np.abs(sightings.rate[row] - lit) <= coupling.tolerance * lit
    fits &= sightings.epoch[sightings.dark[row]] >= history.onset_latest[center[place]]
    row, place = row[fits], place[fits]
    return _merge(history, _entries(sightings, history, row, place, arm, center))


def _crosses(
    history: History, new: NDArray[np.intp], shape: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the unlisted pixels beside new centers, each once, and the center of each."""
    arm_y, arm_x, center = cross(*unflat(history.pixel[new], shape), shape)
    arm, first = np.unique(flat(arm_y, arm_x, shape), return_index=True)
    alone = ~np.isin(arm, history.pixel)
    return arm[alone], new[center[first]][alone]


def _entries(
    sightings: Sightings,
    history: History,
    row: NDArray[np.intp],
    place: NDArray[np.intp],
    arm: NDArray[np.int64],
    center: NDArray[np.intp],
) -> History:
    seen, group, count = np.unique(place, return_inverse=True, return_counts=True)
    lights = center[seen]
    onset = np.full(seen.size, np.inf)
    np.minimum.at(onset, group, sightings.epoch[sightings.dark[row]])
    return History(
        pixel=arm[seen].astype(np.int32),
        status=np.full(seen.size, Status.STABLE, dtype=np.uint8),
        rate=grouped_median(group, sightings.rate[row], seen.size),
        rate_error=grouped_median(group, sightings.error[row], seen.size),
        onset_earliest=history.onset_earliest[lights],
        onset_latest=onset,
        recovery_earliest=history.recovery_earliest[lights],
        recovery_latest=history.recovery_latest[lights],
        n_hot=tally(count),
        n_observed=tally(np.maximum(count, history.n_observed[lights])),
        confidence=history.confidence[lights],
    )


def _merge(one: History, other: History) -> History:
    more = other.columns()
    both = {name: np.concatenate([part, more[name]]) for name, part in one.columns().items()}
    order = np.lexsort((both["onset_earliest"], both["pixel"]))
    return History(**{name: values[order] for name, values in both.items()})
