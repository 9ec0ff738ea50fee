"""What every look saw of one pixel: hot at a rate, cold below a bound, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any

import numpy as np

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.history.looks_at_pixels import look_at_pixels
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.finite import finite

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
            "rate": finite(self.rate),
            "error": finite(self.error),
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
    seen = look_at_pixels(sightings, np.array([index], np.int32), threshold)
    state = np.where(seen.hot, State.HOT, np.where(seen.cold, State.COLD, State.UNKNOWN))[0]
    rate, error, bound = seen.rate[0], seen.error[0], seen.bound[0]
    return tuple(
        PixelLook(
            epoch=float(sightings.epoch[one]),
            readout=sightings.readout[one],
            kind=sightings.kind[one],
            state=State(state[one]),
            rate=None if np.isnan(rate[one]) else float(rate[one]),
            error=None if np.isnan(error[one]) else float(error[one]),
            bound=finite(float(bound[one])),
        )
        for one in range(sightings.epoch.size)
    )
