"""The list that a perfect monitor would make of a world, from darks at given epochs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role, cross
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.instrument.published_growth import GROWTH
from jwst_hotpix.simulate.world import World

__all__ = ["perfect_list"]


def perfect_list(world: World, darks: NDArray[np.float64], threshold: float = 1.0) -> PixelList:
    """
    List what darks without noise and cosmic rays reveal of a world.

    Parameters
    ----------
    world : World
        The truth.
    darks : ndarray of float, shape (m,)
        MJD (UTC), sorted.
    threshold : float
        Dark rate in DN/s above which a pixel is hot.

    Returns
    -------
    PixelList
        Centers and neighbors whose own rate is above the threshold. Onset and recovery lie between
        the two darks around them; what no dark has seen hot is not listed.
    """
    place, lit_by, rate, role = _entries(world, threshold)
    onset, recovery = world.onset[lit_by], world.recovery[lit_by]
    first = np.searchsorted(darks, onset)
    cold = np.searchsorted(darks, recovery)
    seen = first < cold
    place, lit_by, rate, role = place[:, seen], lit_by[seen], rate[seen], role[seen]
    first, cold = first[seen], cold[seen]
    before, after = np.r_[-np.inf, darks], np.r_[darks, np.inf]
    recovered = cold < darks.size
    status = np.where(recovered, Status.RECOVERED, Status.STABLE)
    return PixelList.build(
        detector=world.detector,
        readout=world.readout,
        threshold=threshold,
        y=place[0],
        x=place[1],
        role=role,
        status=np.where(world.telegraph[lit_by], Status.TELEGRAPH, status),
        rate=rate,
        rate_error=0.01 * rate,
        onset_earliest=before[first],
        onset_latest=darks[first],
        recovery_earliest=np.where(recovered, before[cold], np.inf),
        recovery_latest=after[cold],
        n_hot=cold - first,
        n_observed=darks.size - first,
        provenance=Provenance(
            pedigree="SIMULATION",
            ipc=world.alpha,
            coverage=(float(darks[0]), float(darks[-1])),
            as_of=float(darks[-1]),
            n_exposures=darks.size,
            growth_per_month=GROWTH[world.detector, world.readout][0],
        ),
    )


def _entries(
    world: World, threshold: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], NDArray[np.uint8]]:
    """Return each place (y, x) once, the entry of the world that lights it, its rate and role."""
    own, arm = (1 - 4 * world.alpha) * world.rate, world.alpha * world.rate
    center, bright = np.flatnonzero(own > threshold), np.flatnonzero(arm > threshold)
    centers = np.stack([world.y[center], world.x[center]])
    # Centers first, then arms from the brightest down: a place keeps its first entry.
    bright = bright[np.argsort(-arm[bright], kind="stable")]
    detector = get_detector(world.detector)
    shape, active = detector.shape, detector.active_area()
    *arms, whose = cross(world.y[bright], world.x[bright], shape)
    order = np.argsort(whose, kind="stable")
    order = order[active[arms[0], arms[1]][order]]
    lit_by = np.concatenate([center, bright[whose[order]]])
    place = np.concatenate([centers, np.stack(arms)[:, order]], axis=1)
    role = np.full(lit_by.size, Role.NEIGHBOR, dtype=np.uint8)
    role[: center.size] = Role.CENTER
    rate = np.where(role == Role.CENTER, own[lit_by], arm[lit_by])
    _, once = np.unique(flat(place[0], place[1], shape), return_index=True)
    return place[:, once], lit_by[once], rate[once], role[once]
