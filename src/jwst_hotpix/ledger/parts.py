"""Evidence from a dark, a look, or the many looks of one day, in the same form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.frames import Window, unflat
from jwst_hotpix.ledger.bounds import ABOVE, LIMITS, Lookup
from jwst_hotpix.ledger.looks import Kind, Look
from jwst_hotpix.measure.agreement import CONTRADICTED
from jwst_hotpix.tools.medians import grouped_median

__all__ = ["Part", "bounded", "by_day", "part_of"]

# Of more looks than these, those of one day are put together, except in the last days: time and
# memory go with the number of looks, and a day is less than most onsets are known to.
_MANY, _RECENT = 1500, 3.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """
    A dark or a look: its date, its rows, and the pixels that it cannot judge.

    Attributes
    ----------
    epoch : float
        MJD (UTC).
    span : tuple of float
        MJD (UTC) of start and end.
    readout, kind, light : str
        As in `Sightings`.
    window : Window
        The part of the detector that it shows.
    floor : float
        DN/s below which pixels have no row.
    n_exposures : int
        Number of exposures it combines.
    digest : str
        Of a look.
    pixel : ndarray of int32, shape (n,)
        Hot pixels, ``y * columns + x``, full frame, zero-based; sorted.
    rate, error : ndarray of float32, shape (n,)
        DN/s.
    unseen : ndarray of int32, shape (k,)
        Candidates that it cannot judge; sorted.
    above : ndarray of float32, shape (k,)
        DN/s above which it would have seen them.
    alone : int
        Hot pixels without a row.
    look : Look, optional
        Where the rows come from; None for a dark.
    """

    epoch: float
    span: tuple[float, float]
    readout: str
    kind: str
    window: Window
    floor: float
    light: str
    n_exposures: int
    digest: str
    pixel: NDArray[np.int32]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    unseen: NDArray[np.int32]
    above: NDArray[np.float32]
    alone: int = 0
    look: Look | None = None

    def only(self, kept: NDArray[np.bool_]) -> Self:
        """
        Return a copy without some of its rows, which are counted in ``alone``.

        Parameters
        ----------
        kept : ndarray of bool, shape (n,)
            Rows that stay.
        """
        rows = {name: getattr(self, name)[kept] for name in ("pixel", "rate", "error")}
        return replace(self, alone=self.alone + int((~kept).sum()), **rows)


def part_of(look: Look) -> Part:
    """
    Return a look as a part, without looking up the pixels that it cannot judge.

    Parameters
    ----------
    look : Look
        Of one detector, as all others.
    """
    named = ("readout", "window", "n_exposures", "digest", "pixel", "rate", "error")
    return Part(
        epoch=(look.first + look.last) / 2,
        span=(look.first, look.last),
        floor=float(LIMITS[0]),
        kind=str(look.kind),
        light=look.light if look.kind == Kind.STARED else "",
        unseen=np.empty(0, np.int32),
        above=np.empty(0, np.float32),
        look=look,
        **{name: getattr(look, name) for name in named},
    )


def by_day(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """
    Group the parts to combine.

    Parameters
    ----------
    parts : sequence of Part
        In any order.

    Yields
    ------
    list of Part
        One part; or, if there are many looks, those of one kind, window and day.
    """
    looks = [part for part in parts if part.look is not None]
    recent = max((part.span[1] for part in looks), default=0.0) - _RECENT
    days: dict[object, list[Part]] = {}
    for number, part in enumerate(parts):
        key: object = number
        apart = part.look is None or part.kind == Kind.SINGLE or part.span[1] > recent
        if len(looks) > _MANY and not apart:
            key = (part.kind, part.light, part.readout, part.window, int(part.span[0]))
        days.setdefault(key, []).append(part)
    yield from days.values()


def bounded(parts: Sequence[Part], lookup: Lookup) -> Part:
    """
    Combine parts, and look up their bounds for candidates; for all pixels it would take too long.

    Parameters
    ----------
    parts : sequence of Part
        A group of `by_day`.
    lookup : Lookup
        Of candidates, ``y * columns + x``, sorted.

    Returns
    -------
    Part
        Several looks are decided by majority: a pixel is hot if more of them see it hot than prove
        it cold, cold if fewer do, and otherwise undecided.
    """
    looks = [part.look for part in parts if part.look is not None]
    if not looks:
        return parts[0]
    candidate = lookup.pixel.astype(np.int32, copy=False)
    whole = parts[0] if len(parts) == 1 else _joined(parts)
    level = np.full(candidate.size, LIMITS.size, np.uint8)
    place = np.minimum(np.searchsorted(candidate, whole.pixel), max(candidate.size - 1, 0))
    cold = np.zeros(whole.pixel.size, int)
    for look in looks:
        one = look.levels(lookup)
        np.minimum(level, one, out=level)
        if len(parts) > 1:
            cold += ABOVE[one[place]] < CONTRADICTED * whole.rate
    if len(parts) > 1:
        everything = np.concatenate([part.pixel for part in parts])
        _, times = np.unique(everything, return_counts=True)
        level[place[times >= cold]] = LIMITS.size
        whole = whole.only(times > cold)
    return _without_sight(whole, candidate, ABOVE[level])


def _joined(parts: Sequence[Part]) -> Part:
    """Return all rows of several looks, with the medians of rate and error."""
    every = np.concatenate([part.pixel for part in parts])
    pixel, group = np.unique(every, return_inverse=True)
    spans = [part.span for part in parts]
    span = min(start for start, _ in spans), max(end for _, end in spans)
    rate, error = (
        grouped_median(group, np.concatenate(values), pixel.size)
        for values in ([part.rate for part in parts], [part.error for part in parts])
    )
    return replace(
        parts[0],
        epoch=sum(span) / 2,
        span=span,
        n_exposures=sum(part.n_exposures for part in parts),
        pixel=pixel,
        rate=rate,
        error=error,
        alone=sum(part.alone for part in parts),
    )


def _without_sight(part: Part, candidate: NDArray[np.int32], above: NDArray[np.float32]) -> Part:
    hidden = above > LIMITS[0]
    if not part.window.is_whole:
        hidden &= part.window.locate(*unflat(candidate, part.window.detector.shape))[2]
    return replace(part, unseen=candidate[hidden], above=above[hidden])
