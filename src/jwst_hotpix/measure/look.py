"""Looks: what the exposures of one visit say together, by where the telescope pointed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from math import hypot
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.measure.agreement import agree
from jwst_hotpix.measure.dark_info import ScienceInfo
from jwst_hotpix.measure.excess import BOUNDS, UNKNOWN, Excess, level_of
from jwst_hotpix.measure.from_science import ScienceRate

__all__ = ["Kind", "Look", "group_visits", "look_of"]

# Arcseconds, two pixels: light that moves by less may fall on the same pixel again.
_MOVED = 0.2
# Where light does not move, all neighbors of a hot pixel hold less: IPC is 2.6 %, and a line as
# narrow as 0.6 pixels (FWHM) puts 13 % there.
_STARED, _DITHERED = 0.12, 0.30
_SIGMAS = 4.0
# A pixel beside a hot one along the dispersion is lit by IPC up to this share of its rate.
_ARM = 0.05
# Days between two exposures of one visit, at most.
_PAUSE = 1.0


_Exposure = TypeVar("_Exposure", bound=ScienceInfo)


class Kind(StrEnum):
    """How far a look can be believed."""

    SINGLE = "single"
    STARED = "stared"
    DITHERED = "dithered"


@dataclass(frozen=True, eq=False, kw_only=True)
class Look:
    """
    What the exposures of one visit and configuration say of the pixels they show.

    Attributes
    ----------
    kind : Kind
        Single: one exposure, whose hits are mostly cosmic rays. Stared: images of the same light.
        Dithered: hot pixels were seen hot at several pointings,
        or with several dispersers.
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    window : Window
        What the exposures show of the detector.
    first, last : float
        MJD (UTC) of the start of the first exposure and the end of the last.
    known : float
        MJD (UTC) from which on the look is known: the last of its exposures.
    light : str
        Program, configuration and dispersers: what a stared look looked at.
    digest : str
        Of the exposures that went in.
    n_exposures : int
        Exposures that went in.
    excess : Excess
        Of the window's pixels.
    """

    kind: Kind
    readout: str
    window: Window
    first: float
    last: float
    known: float
    light: str
    digest: str
    n_exposures: int
    excess: Excess


def group_visits(exposures: Iterable[_Exposure]) -> list[list[_Exposure]]:
    """
    Sort exposures into those that make one look.

    Parameters
    ----------
    exposures : iterable of ScienceInfo
        In any order. Of two products of one exposure, the integrations count.

    Returns
    -------
    list of list of ScienceInfo
        Each of one detector, readout mode, window, visit and configuration, in order of time and
        without a pause of a day; an exposure without a visit is alone. Sorted by time.
    """
    best: dict[object, _Exposure] = {}
    for one in sorted(exposures, key=lambda one: str(one.product), reverse=True):
        best.setdefault((one.window, one.readout, round(one.first * 1e6)), one)
    visits: dict[object, list[_Exposure]] = {}
    for one in sorted(best.values(), key=lambda one: one.first):
        where = (one.window, one.readout, one.visit or one.first, one.configuration)
        visits.setdefault(where, []).append(one)
    parts = [part for visit in visits.values() for part in _without_pause(visit)]
    return sorted(parts, key=lambda part: part[0].first)


def look_of(exposures: Sequence[ScienceRate]) -> Look:
    """
    Put the exposures of one visit together.

    Parameters
    ----------
    exposures : sequence of ScienceRate
        A group of `group_visits`.

    Returns
    -------
    Look

    Raises
    ------
    FrameMismatchError
        For exposures of different windows or readout modes.
    """
    places = {(one.window, one.readout) for one in exposures}
    if len(places) != 1:
        expected, found = "one, of all exposures", f"{len(places)}"
        raise FrameMismatchError("windows and readout modes", expected=expected, found=found)
    position = _positions(exposures)
    alone = exposures[0]
    if len(exposures) > 1:
        agreed = agree([one.excess for one in exposures], position)
        excess, moved = agreed.excess, agreed.positions > 1
    else:
        excess, moved = alone.excess, np.zeros(alone.excess.pixel.size, bool)
    kind = Kind.DITHERED if len(set(position)) > 1 else Kind.STARED
    if len(exposures) == 1 and alone.independent == 1:
        kind = Kind.SINGLE
    sharp = _sharper_than_any_line(excess) if kind == Kind.STARED else moved
    kept = sharp | (kind == Kind.SINGLE)
    return Look(
        kind=kind,
        readout=alone.readout,
        window=alone.window,
        first=alone.first,
        last=max(one.last for one in exposures),
        known=max(one.known for one in exposures),
        light=" ".join(
            [alone.visit[:5], alone.configuration, *sorted({one.disperser for one in exposures})]
        ),
        digest=sha256("\n".join(sorted(one.digest for one in exposures)).encode()).hexdigest(),
        n_exposures=len(exposures),
        excess=_only(excess, kept, kind),
    )


def _without_pause(visit: list[_Exposure]) -> list[list[_Exposure]]:
    """Part a visit where a day passes: two visits have been given one number."""
    parts = [[visit[0]]]
    for before, after in pairwise(visit):
        if after.first - before.last > _PAUSE:
            parts.append([])
        parts[-1].append(after)
    return parts


def _positions(exposures: Sequence[ScienceRate]) -> list[int]:
    """Give each pointing a number; other dispersers put all light elsewhere."""
    known: list[tuple[tuple[float, float] | None, str]] = []
    numbers = []
    for one in exposures:
        same = [
            number
            for number, (pointing, disperser) in enumerate(known)
            if disperser == one.disperser and not _apart(pointing, one.pointing)
        ]
        if not same:
            known.append((one.pointing, one.disperser))
        numbers.append(same[0] if same else len(known) - 1)
    return numbers


def _apart(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    # Where a header does not say, nothing is known to have moved.
    return bool(one and other and hypot(one[0] - other[0], one[1] - other[1]) > _MOVED)


def _sharper_than_any_line(excess: Excess) -> NDArray[np.bool_]:
    """Tell the hot pixels that are hot even if the light stayed where it was."""
    sharp = excess.share + np.float32(_SIGMAS) * excess.share_error <= _STARED
    arm = np.zeros_like(sharp)
    for step in (-1, 1):
        place = np.searchsorted(excess.pixel, excess.pixel + step)
        place = np.minimum(place, max(excess.pixel.size - 1, 0))
        beside = (excess.pixel[place] == excess.pixel + step) & sharp[place]
        arm |= beside & (excess.rate < _ARM * excess.rate[place])
    return np.asarray(sharp | arm)


def _only(excess: Excess, kept: NDArray[np.bool_], kind: Kind) -> Excess:
    """Keep some of the hot pixels, and say of the others that the look cannot tell."""
    bound, floor = excess.bound.copy(), excess.floor
    bound.reshape(-1)[excess.pixel[~kept]] = UNKNOWN
    if kind == Kind.STARED:
        # What a stricter rule would have found.
        stricter = level_of(BOUNDS * np.float32(_DITHERED / _STARED))
        floor = np.append(stricter, np.uint8(UNKNOWN))[floor]
    names = ("pixel", "rate", "error", "share", "share_error")
    rows = {name: getattr(excess, name)[kept] for name in names}
    return replace(excess, **rows, bound=bound, floor=floor)
