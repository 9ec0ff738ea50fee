"""Looks: what the exposures of one visit show together, by where the telescope pointed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from math import hypot
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.exposure.headers import SIMULATION
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.bounds import ABOVE, LIMITS, Bounds, Lookup
from jwst_hotpix.ledger.reductions import one_per_exposure
from jwst_hotpix.ledger.science_record import ScienceRecord
from jwst_hotpix.measure.agreement import Rows, Seen, agree
from jwst_hotpix.measure.dark_info import ScienceInfo

__all__ = ["STARED", "Kind", "Look", "group_visits", "look_of"]

# Arcseconds, two pixels: light that moves by less may fall on the same pixel again.
_MOVED = 0.2
# Where light does not move, all neighbors of a hot pixel hold less: IPC is 2.6 %, and a line as
# narrow as 0.6 pixels (FWHM) puts 13 % there.
STARED = 0.12
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
    What the exposures of one visit and configuration show of their pixels.

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
    is_simulated : bool
        Whether any of them is simulated.
    pixel : ndarray of int32, shape (n,)
        Hot pixels, ``y * columns + x``, full frame, zero-based; sorted.
    rate, error : ndarray of float32, shape (n,)
        DN/s.
    blind : ndarray of int32, shape (k,)
        Pixels that the look cannot judge although single exposures might; sorted likewise.
    bounds : tuple of Bounds
        Of each exposure: what one of them proves, the look proves.
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
    is_simulated: bool = False
    pixel: NDArray[np.int32]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    blind: NDArray[np.int32]
    bounds: tuple[Bounds, ...]

    def levels(self, lookup: Lookup) -> NDArray[np.uint8]:
        """
        Return the classes of pixels.

        Parameters
        ----------
        lookup : Lookup
            Of ``n`` pixels, sorted.

        Returns
        -------
        ndarray of uint8, shape (n,)
            Index of the bound of each in `jwst_hotpix.ledger.bounds.ABOVE`.
        """
        pixel = lookup.pixel
        level = lookup.levels(self.bounds[0])
        for one in self.bounds[1:]:
            np.minimum(level, lookup.levels(one), out=level)
        for blind in (self.blind, self.pixel) if pixel.size else ():
            # Few among many, both sorted.
            place = np.minimum(np.searchsorted(pixel, blind), pixel.size - 1)
            level[place[pixel[place] == blind]] = LIMITS.size
        return level


def group_visits(exposures: Iterable[_Exposure]) -> list[list[_Exposure]]:
    """
    Sort exposures into those that make one look.

    Parameters
    ----------
    exposures : iterable of ScienceInfo
        In any order. Of several products of one exposure one is used, see `one_per_exposure`.

    Returns
    -------
    list of list of ScienceInfo
        Each of one detector, readout mode, window, visit and configuration, in order of time and
        without a pause of a day; an exposure without a visit is alone. Sorted by time.
    """
    visits: dict[object, list[_Exposure]] = {}
    for one in sorted(one_per_exposure(exposures), key=lambda one: one.first):
        where = (one.window, one.readout, one.visit or one.first, one.configuration)
        visits.setdefault(where, []).append(one)
    parts = [part for visit in visits.values() for part in _without_pause(visit)]
    return sorted(parts, key=lambda part: part[0].first)


def look_of(exposures: Sequence[ScienceRecord]) -> Look:
    """
    Put the exposures of one visit together.

    Parameters
    ----------
    exposures : sequence of ScienceRecord
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
    kind = Kind.DITHERED if len(set(position)) > 1 else Kind.STARED
    alone = exposures[0]
    if len(exposures) == 1 and alone.independent == 1:
        kind = Kind.SINGLE
    dispersers = sorted({one.disperser for one in exposures})
    return Look(
        kind=kind,
        readout=alone.readout,
        window=alone.window,
        first=alone.first,
        last=max(one.last for one in exposures),
        known=max(one.known for one in exposures),
        light=" ".join([alone.visit[:5], alone.configuration, *dispersers]),
        digest=sha256("\n".join(sorted(one.digest for one in exposures)).encode()).hexdigest(),
        n_exposures=len(exposures),
        is_simulated=any(one.facts.get("pedigree") == SIMULATION for one in exposures),
        bounds=tuple(one.bounds for one in exposures),
        **_hot_of(exposures, position, kind),
    )


def _hot_of(
    exposures: Sequence[ScienceRecord], position: list[int], kind: Kind
) -> dict[str, NDArray[Any]]:
    """Return the columns of hot pixels, and the pixels that the exposures cannot judge."""
    if len(exposures) == 1:
        rows: Rows = exposures[0]
        pixel = exposures[0].pixel
        hot = np.ones(pixel.size, bool)
        hot &= (kind == Kind.SINGLE) | _sharper_than_any_line(rows)
        blind = pixel
    else:
        pixel = np.unique(np.concatenate([one.pixel for one in exposures]))
        lookup = Lookup(pixel)
        bounds = [ABOVE[lookup.levels(one.bounds)] for one in exposures]
        seen = Seen.gather(exposures, pixel, bounds)
        agreed = agree(seen, position)
        hot, blind = agreed.hot.copy(), pixel[~agreed.cold]
        if kind == Kind.DITHERED:
            hot &= agreed.positions > 1
        names = ("rate", "error", "share", "share_error")
        rows = _Chosen(pixel=pixel, **{name: getattr(agreed, name) for name in names})
        if kind == Kind.STARED:
            # An arm needs a center that is hot itself.
            hot &= _sharper_than_any_line(rows, hot)
    return {"pixel": pixel[hot], "rate": rows.rate[hot], "error": rows.error[hot], "blind": blind}


@dataclass(frozen=True, eq=False, kw_only=True)
class _Chosen:
    """Rows, as an exposure has them."""

    pixel: NDArray[np.int32]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    share: NDArray[np.float32]
    share_error: NDArray[np.float32]


def _without_pause(visit: list[_Exposure]) -> list[list[_Exposure]]:
    """Part a visit where a day passes: two visits have been given one number."""
    parts = [[visit[0]]]
    for before, after in pairwise(visit):
        if after.first - before.last > _PAUSE:
            parts.append([])
        parts[-1].append(after)
    return parts


def _positions(exposures: Sequence[ScienceRecord]) -> list[int]:
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
    # Where the header does not give it, nothing is known to have moved.
    return bool(one and other and hypot(one[0] - other[0], one[1] - other[1]) > _MOVED)


def _sharper_than_any_line(rows: Rows, hot: NDArray[np.bool_] | bool = True) -> NDArray[np.bool_]:
    """Return which hot pixels are hot even if the light stayed where it was."""
    sharp = hot & (rows.share + np.float32(_SIGMAS) * rows.share_error <= STARED)
    arm = np.zeros_like(sharp)
    for step in (-1, 1):
        place = np.searchsorted(rows.pixel, rows.pixel + step)
        place = np.minimum(place, max(rows.pixel.size - 1, 0))
        beside = (rows.pixel[place] == rows.pixel + step) & sharp[place]
        arm |= beside & (rows.rate < _ARM * rows.rate[place])
    return np.asarray(sharp | arm)
