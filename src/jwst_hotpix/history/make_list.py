"""From sightings to an interim list: intervals, roles, and where they come from."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.history.assumptions import DEFAULT, Assumptions
from jwst_hotpix.history.chances import Chances
from jwst_hotpix.history.intervals import History, find_intervals
from jwst_hotpix.history.new_neighbors import add_arms
from jwst_hotpix.history.readout_modes import warn_of_disagreement
from jwst_hotpix.hotlist.births import count_births
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import (
    Coupling,
    Lighting,
    Measured,
    Role,
    cross,
    estimate_coupling,
    who_lights_whom,
)
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.dates import Date, iso, mjd
from jwst_hotpix.tools.medians import grouped_median

__all__ = ["build_list", "find_entries"]

log = logging.getLogger(__name__)


def build_list(
    sightings: Sightings,
    *,
    threshold: float | None = None,
    readout: str = POOLED,
    mask: NDArray[np.generic] | None = None,
    as_of: Date | None = None,
    pedigree: str | None = None,
    assumed: Assumptions = DEFAULT,
    chances: list[Chances] | None = None,
) -> PixelList:
    """
    Make the list of all pixels that were ever hot.

    Parameters
    ----------
    sightings : Sightings
        Of the darks that count: those after ``as_of`` are excluded when they are loaded.
    threshold : float, optional
        Dark rate in DN/s above which a pixel is hot; the detector's own by default.
    readout : str
        Mode of the list: ``"IRS2"``, ``"TRAD"``, or ``"POOLED"`` for darks of both.
    mask : ndarray of bool or int, shape ``sightings.detector.shape``, optional
        Hot pixels of the active mask (not zero is hot), science frame. Its centers explain arms
        whose center no dark can see.
    as_of : str, astropy.time.Time or float, optional
        Date that the list carries: ISO 8601 (UTC), a time, or MJD (UTC); that of the last dark by
        default.
    pedigree : str, optional
        That of the darks by default; INFLIGHT with their dates where that is not known.
    assumed : Assumptions
        What the darks cannot show; the list carries its digest.
    chances : list, optional
        As in `find_intervals`.

    Returns
    -------
    PixelList
        Centers, neighbors and rings, with where they come from.

    Raises
    ------
    LedgerError
        For darks that no history can be made from.
    ListFormatError
        For a threshold that is no rate.
    FrameMismatchError
        For darks of another readout mode, or a mask of another shape.
    """
    _check(sightings, readout, mask)
    limit = sightings.detector.threshold if threshold is None else threshold
    columns, coupling = find_entries(sightings, limit, mask, assumed, chances=chances)
    first, last = float(sightings.start.min()), float(sightings.end.max())
    pixels = PixelList.build(
        detector=sightings.detector.name,
        readout=readout,
        threshold=limit,
        provenance=Provenance(
            pedigree=pedigree
            or sightings.pedigree
            or f"INFLIGHT {iso(first)[:10]} {iso(last)[:10]}",
            ipc=coupling.alpha,
            coverage=(first, last),
            as_of=last if as_of is None else mjd(as_of),
            n_exposures=sightings.n_exposures or sightings.epoch.size,
            ledger=sightings.digest,
            assumptions=assumed.digest(),
        ),
        **columns,
    )
    if not len(pixels):
        log.warning("the list is empty: %s", _why_empty(sightings, limit, assumed))
    if readout == POOLED:
        warn_of_disagreement(sightings, pixels)
    return _with_births(pixels)


def find_entries(
    sightings: Sightings,
    limit: float,
    mask: NDArray[np.generic] | None = None,
    assumed: Assumptions = DEFAULT,
    *,
    chances: list[Chances] | None = None,
) -> tuple[dict[str, NDArray[Any]], Coupling]:
    """
    Find the entries of a list, without where they come from.

    Parameters
    ----------
    sightings : Sightings
        What the darks saw.
    limit : float
        Dark rate in DN/s above which a pixel is hot.
    mask : ndarray of bool or int, shape ``sightings.detector.shape``, optional
        As in `build_list`.
    assumed : Assumptions
        What the darks cannot show.
    chances : list, optional
        As in `find_intervals`.

    Returns
    -------
    columns : dict of str to ndarray
        The columns of the list, by name.
    coupling : Coupling
        Distinguishes centers from neighbors.
    """
    history = find_intervals(sightings, limit, assumed, chances=chances)
    history = history.select(_believed(history, assumed))
    shape, lasting = sightings.detector.shape, _lasting(sightings, assumed.lasting_after)
    measured = _measured(history, *lasting, shape)
    coupling = estimate_coupling(measured, shape, floor=float(sightings.floor.max()))
    history = add_arms(sightings, history, limit, coupling, assumed)
    lighting = who_lights_whom(
        _measured(history, *lasting, shape),
        shape,
        coupling=coupling,
        masked=None if mask is None else mask.astype(bool),
    )
    role = lighting.role[: history.pixel.size]
    return _with_rings(_columns(history, role, shape), lighting, shape), coupling


def _why_empty(sightings: Sightings, limit: float, assumed: Assumptions) -> str:
    """Say what the darks saw above the threshold, and why it is not believed."""
    seen = np.unique(sightings.pixel[sightings.rate > limit]).size
    floor = float(sightings.floor.min())
    if not seen:
        blind = f", and none shows rates below {floor:g} DN/s" if floor > limit else ""
        return f"no dark saw a pixel above {limit:g} DN/s{blind}"
    which = "the only pixel" if seen == 1 else f"none of the {seen} pixels"
    verb = "is not" if seen == 1 else "is"
    return (
        f"{which} above {limit:g} DN/s {verb} likely enough to be hot, rather than what is left of "
        f"a cosmic ray: a pixel is listed from a confidence of {assumed.suspicion:g} "
        f"({assumed.proof:g} if a dark since its onset saw it cold); more darks will tell"
    )


def _with_births(pixels: PixelList) -> PixelList:
    births = count_births(pixels)
    if births is None:
        return pixels
    origin = replace(
        pixels.provenance, growth_per_month=births.per_month, growth_error=births.error
    )
    return replace(pixels, provenance=origin)


def _check(sightings: Sightings, readout: str, mask: NDArray[np.generic] | None) -> None:
    others = set(sightings.readout) - {readout}
    if readout != POOLED and others:
        found = ", ".join(sorted(others))
        raise FrameMismatchError("readout of the darks", expected=readout, found=found)
    if mask is not None and mask.shape != sightings.detector.shape:
        expected = sightings.detector.shape
        raise FrameMismatchError("shape of the mask", expected=expected, found=mask.shape)


def _believed(history: History, assumed: Assumptions) -> NDArray[np.bool_]:
    """Decide what is listed: pixels hot now on suspicion, all others only with proof."""
    urgent = np.isposinf(history.recovery_latest) & (history.n_hot == history.n_observed)
    proof = max(assumed.proof, assumed.suspicion)
    return history.confidence >= np.where(urgent, assumed.suspicion, proof)


def _measured(
    history: History,
    lasting: NDArray[np.int32],
    lasting_rate: NDArray[np.float32],
    shape: tuple[int, int],
) -> Measured:
    """Put intervals first, then other pixels that several darks saw, which show rings."""
    faint = ~np.isin(lasting, history.pixel)
    y, x = unflat(np.concatenate([history.pixel, lasting[faint]]), shape)
    none = np.zeros(int(faint.sum()))
    return Measured(
        y=y,
        x=x,
        rate=np.concatenate([history.rate, lasting_rate[faint]]),
        error=np.concatenate([history.rate_error, none]),
        hot=np.arange(y.size) < history.pixel.size,
        onset_earliest=np.concatenate([history.onset_earliest, none - np.inf]),
        onset_latest=np.concatenate([history.onset_latest, none]),
    )


def _lasting(sightings: Sightings, n_darks: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the pixels that so many darks saw, and their median rates."""
    pixel, group, count = np.unique(sightings.pixel, return_inverse=True, return_counts=True)
    often = count >= n_darks
    row = often[group] & np.isfinite(sightings.rate)
    rate = grouped_median(group[row], sightings.rate[row], pixel.size)
    often &= np.isfinite(rate)
    return pixel[often], rate[often]


def _columns(
    history: History, role: NDArray[np.uint8], shape: tuple[int, int]
) -> dict[str, NDArray[Any]]:
    columns = history.columns()
    y, x = unflat(columns.pop("pixel"), shape)
    return {"y": y, "x": x, "role": role, **columns}


def _with_rings(
    columns: dict[str, NDArray[Any]], lighting: Lighting, shape: tuple[int, int]
) -> dict[str, NDArray[Any]]:
    """Add the centers of rings: hot from the first of their arms to the last."""
    arm, ring = _arms_of_rings(columns, lighting, shape)
    n = lighting.ring_y.size

    def over_arms(name: str, largest: bool = False) -> NDArray[Any]:
        values = columns[name][arm]
        combined = np.full(n, -np.inf if largest else np.inf)
        (np.maximum if largest else np.minimum).at(combined, ring, values)
        return combined

    telegraph = np.zeros(n, dtype=bool)
    telegraph[ring[columns["status"][arm] == Status.TELEGRAPH]] = True
    ended = over_arms("recovery_latest", largest=True)
    status = np.where(np.isfinite(ended), Status.RECOVERED, Status.STABLE)
    rings = {
        "y": lighting.ring_y,
        "x": lighting.ring_x,
        "role": np.full(n, Role.INFERRED_CENTER),
        "status": np.where(telegraph, Status.TELEGRAPH, status),
        "rate": np.full(n, np.nan),
        "rate_error": np.full(n, np.nan),
        "onset_earliest": over_arms("onset_earliest"),
        "onset_latest": over_arms("onset_latest"),
        "recovery_earliest": over_arms("recovery_earliest", largest=True),
        "recovery_latest": ended,
        "n_hot": over_arms("n_hot", largest=True),
        "n_observed": over_arms("n_observed", largest=True),
        "confidence": over_arms("confidence"),
    }
    return {name: np.concatenate([values, rings[name]]) for name, values in columns.items()}


def _arms_of_rings(
    columns: dict[str, NDArray[Any]], lighting: Lighting, shape: tuple[int, int]
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Return pairs of an entry and the ring that it is an arm of."""
    number = np.full(shape, -1, dtype=np.int32)
    number[lighting.ring_y, lighting.ring_x] = np.arange(lighting.ring_y.size)
    # An entry is the arm of a ring where the ring is an arm of the entry.
    ring_y, ring_x, entry = cross(columns["y"], columns["x"], shape)
    ring = number[ring_y, ring_x]
    return entry[ring >= 0], ring[ring >= 0]
