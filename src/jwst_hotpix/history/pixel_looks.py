"""What every look saw of one pixel: hot at a rate, cold below a bound, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.history.evidence import find_candidates, find_seen
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.dates import date_of

__all__ = ["PixelLook", "State", "index_of", "looks_at"]


class State(StrEnum):
    """What a look says of a pixel."""

    HOT = "hot"
    COLD = "cold"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, kw_only=True)
class PixelLook:
    """
    What one dark, or the science exposures of one visit, saw of a pixel.

    Attributes
    ----------
    epoch : float
        MJD (UTC) of its middle.
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    kind : str
        As in `Sightings`.
    state : State
        What it says of the pixel.
    rate, error : float or None
        DN/s, if it was measured; the rate is infinite where the pixel saturated at once.
    bound : float or None
        DN/s that the pixel is known to be below: the floor of the look or, where a rate was
        measured, the limit from which the pixel counts as hot. None where it is hot or not seen.
    """

    epoch: float
    readout: str
    kind: str
    state: State
    rate: float | None
    error: float | None
    bound: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes, ready for JSON; the rate of a saturated pixel is None."""
        return {
            "epoch": date_of(self.epoch),
            "readout": self.readout,
            "kind": self.kind,
            "state": str(self.state),
            "rate": _number(self.rate),
            "error": _number(self.error),
            "bound": self.bound,
            "saturated": self.rate is not None and not isfinite(self.rate),
        }


def index_of(detector: Detector, x: int, y: int) -> int:
    """
    Return the flat index of a pixel.

    Parameters
    ----------
    detector : Detector
        The detector.
    x, y : int
        Full frame, science frame, zero-based.

    Returns
    -------
    int
        ``y * columns + x``.

    Raises
    ------
    FrameMismatchError
        For a pixel off the detector.
    """
    rows, columns = detector.shape
    for name, value, size, what in (("x", x, columns, "columns"), ("y", y, rows, "rows")):
        if not 0 <= value < size:
            raise FrameMismatchError(
                name,
                expected=f"0 to {size - 1}",
                found=value,
                sentence=f"{name} {value} is off {detector.name}, whose {what} are 0 to {size - 1}",
            )
    return int(flat(np.array([y]), np.array([x]), detector.shape)[0])


def looks_at(sightings: Sightings, x: int, y: int, threshold: float) -> tuple[PixelLook, ...]:
    """
    Return what every look saw of one pixel, as the history judges it.

    Parameters
    ----------
    sightings : Sightings
        Of ``m`` darks and looks.
    x, y : int
        Full frame, science frame, zero-based.
    threshold : float
        Dark rate in DN/s above which a pixel is hot. A pixel that is above it in one look is
        still hot in another one in which it is slightly below.

    Returns
    -------
    tuple of PixelLook, length m
        In order of time.

    Raises
    ------
    FrameMismatchError
        For a pixel off the detector.
    """
    index = index_of(sightings.detector, x, y)
    alone = _only(sightings, index)
    found = find_candidates(alone, threshold)
    pixel = np.array([index], np.int32)
    level = found.level if found.pixel.size else np.zeros(1, np.float32)
    limit = found.bound if found.pixel.size else np.array([threshold], np.float32)
    hot = np.isin(np.arange(alone.epoch.size), alone.dark[found.row])
    # Reference pixels have neither rows nor a word on being unseen.
    is_active = bool(alone.detector.active_area()[y, x])
    seen = find_seen(alone, pixel, limit, level)[:, 0] & is_active
    rate, error = (_spread(alone, values) for values in (alone.rate, alone.error))
    bound = np.where(np.isfinite(rate), limit[0], _floor(alone, x, y))
    bound[hot] = np.inf
    if not is_active:
        bound[:] = np.inf
    state = np.where(hot, State.HOT, np.where(seen | np.isfinite(rate), State.COLD, State.UNKNOWN))
    return tuple(
        PixelLook(
            epoch=float(alone.epoch[one]),
            readout=alone.readout[one],
            kind=alone.kind[one],
            state=State(state[one]),
            rate=None if np.isnan(rate[one]) else float(rate[one]),
            error=None if np.isnan(error[one]) else float(error[one]),
            bound=_number(float(bound[one])),
        )
        for one in range(alone.epoch.size)
    )


def _only(sightings: Sightings, index: int) -> Sightings:
    row, hidden = sightings.pixel == index, sightings.unseen_pixel == index
    above = sightings.unseen_above
    return replace(
        sightings,
        pixel=sightings.pixel[row],
        dark=sightings.dark[row],
        rate=sightings.rate[row],
        error=sightings.error[row],
        unseen_pixel=sightings.unseen_pixel[hidden],
        unseen_dark=sightings.unseen_dark[hidden],
        unseen_above=None if above is None else above[hidden],
    )


def _spread(alone: Sightings, values: NDArray[np.float32]) -> NDArray[np.float64]:
    every = np.full(alone.epoch.size, np.nan)
    every[alone.dark] = values
    return every


def _floor(alone: Sightings, x: int, y: int) -> NDArray[np.float64]:
    """Return what the pixel is below where it has no row; infinite where nothing is known."""
    floor = alone.floor.astype(np.float64)
    place = np.array([y]), np.array([x])
    floor[[not window.locate(*place)[2][0] for window in alone.window]] = np.inf
    floor[alone.unseen_dark] = np.inf if alone.unseen_above is None else alone.unseen_above
    return floor


def _number(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
