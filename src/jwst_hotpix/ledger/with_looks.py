"""Looks of science exposures beside darks: one list of what was seen, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.frames import Window, unflat
from jwst_hotpix.ledger.bounds import LIMITS
from jwst_hotpix.ledger.looks import Kind, Look
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.measure.excess import BOUNDS

__all__ = ["with_looks"]

# DN/s: looks hold no information about fainter pixels, and need not be asked.
_LEAST = float(BOUNDS[0])


def with_looks(
    darks: Sightings | None, looks: Sequence[Look], also: Sequence[int] = ()
) -> Sightings:
    """
    Put looks and darks of one detector together.

    Parameters
    ----------
    darks : Sightings or None
        What its darks saw, if there are any.
    looks : sequence of Look
        At least one, in any order.
    also : sequence of int
        Pixels, ``y * columns + x``, of which to keep what looks prove although nothing saw them
        hot.

    Returns
    -------
    Sightings
        Sorted by the middle of darks and looks. What a single exposure saw hot and nothing else did
        has no row, but is counted.
    """
    parts = _parts_of(darks) + [_part_of(look) for look in looks]
    parts.sort(key=lambda part: (part.epoch, part.digest))
    detector = looks[0].window.detector
    wanted = _repeated(parts, detector.shape[0] * detector.shape[1])
    kept = [part.kind != Kind.SINGLE or wanted[part.pixel] for part in parts]
    rows = [
        np.flatnonzero(np.broadcast_to(keep, part.pixel.shape))
        for keep, part in zip(kept, parts, strict=True)
    ]
    bright = [row[part.rate[row] > _LEAST] for part, row in zip(parts, rows, strict=True)]
    candidate = np.unique(np.append(_joined(parts, "pixel", bright), np.array(also, np.int32)))
    parts = [part if part.look is None else _bounded(part, part.look, candidate) for part in parts]
    pixel, dark, order = _sorted(parts, "pixel", rows)
    unseen, unseen_dark, unseen_order = _sorted(parts, "unseen")
    digests = sorted([look.digest for look in looks] + ([darks.digest] if darks else []))
    return Sightings(
        detector=detector,
        epoch=np.array([part.epoch for part in parts]),
        readout=tuple(part.readout for part in parts),
        kind=tuple(part.kind for part in parts),
        window=tuple(part.window for part in parts),
        floor=np.array([part.floor for part in parts], np.float32),
        pixel=pixel,
        dark=dark,
        rate=_joined(parts, "rate", rows)[order],
        error=_joined(parts, "error", rows)[order],
        unseen_pixel=unseen,
        unseen_dark=unseen_dark,
        digest=sha256("\n".join(digests).encode()).hexdigest(),
        span=np.array([part.span for part in parts]),
        unseen_above=_joined(parts, "above")[unseen_order],
        alone=np.array([part.pixel.size - row.size for part, row in zip(parts, rows, strict=True)]),
        light=tuple(part.light for part in parts),
        n_exposures=sum(part.n_exposures for part in parts),
        # Looks are of exposures in flight, and their dates count too.
        pedigree=None if darks is None or _in_flight(darks) else darks.pedigree,
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Part:
    """A dark or a look, alike."""

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
    look: Look | None = None


def _in_flight(darks: Sightings) -> bool:
    return str(darks.pedigree).startswith("INFLIGHT")


def _part_of(look: Look) -> _Part:
    named = ("readout", "window", "n_exposures", "digest", "pixel", "rate", "error")
    return _Part(
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


def _bounded(part: _Part, look: Look, candidate: NDArray[np.int32]) -> _Part:
    """Look up what a look proves of the candidates: of all pixels it would be too much."""
    above = look.bound_at(candidate)
    hidden = above > LIMITS[0]
    if look.window.shape != look.window.detector.shape:
        hidden &= look.window.locate(*unflat(candidate, look.window.detector.shape))[2]
    return replace(part, unseen=candidate[hidden], above=above[hidden])


def _parts_of(darks: Sightings | None) -> list[_Part]:
    if darks is None:
        return []
    parts = []
    rows, hidden = (np.argsort(which, kind="stable") for which in (darks.dark, darks.unseen_dark))
    numbers = np.arange(darks.epoch.size + 1)
    row_ends = np.searchsorted(darks.dark[rows], numbers)
    hidden_ends = np.searchsorted(darks.unseen_dark[hidden], numbers)
    for number, epoch in enumerate(darks.epoch.tolist()):
        row = rows[row_ends[number] : row_ends[number + 1]]
        unseen = darks.unseen_pixel[hidden[hidden_ends[number] : hidden_ends[number + 1]]]
        parts.append(
            _Part(
                epoch=epoch,
                span=(epoch, epoch),
                readout=darks.readout[number],
                kind=darks.kind[number],
                window=darks.window[number],
                floor=float(darks.floor[number]),
                light="",
                n_exposures=1,
                digest="",
                pixel=darks.pixel[row],
                rate=darks.rate[row],
                error=darks.error[row],
                unseen=unseen,
                above=np.full(unseen.size, np.inf, np.float32),
            )
        )
    return parts


def _repeated(parts: Sequence[_Part], size: int) -> NDArray[np.bool_]:
    """Return which pixels at least two saw hot, or one that is not a single exposure."""
    times = np.zeros(size, np.uint8)
    for part in parts:
        seen = times[part.pixel]
        times[part.pixel] = np.minimum(seen + (1 if part.kind == Kind.SINGLE else 2), 2)
    return times >= 2


_Chosen = Sequence[NDArray[np.intp] | slice]


def _joined(parts: Sequence[_Part], name: str, chosen: _Chosen | None = None) -> NDArray[Any]:
    chosen = chosen or [slice(None)] * len(parts)
    return np.concatenate(
        [getattr(part, name)[row] for part, row in zip(parts, chosen, strict=True)]
    )


def _sorted(
    parts: Sequence[_Part], name: str, chosen: _Chosen | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
    """Sort the pixels of all parts by pixel, then part."""
    pixel = _joined(parts, name, chosen)
    chosen = chosen or [slice(None)] * len(parts)
    sizes = [getattr(part, name)[row].size for part, row in zip(parts, chosen, strict=True)]
    number = np.repeat(np.arange(len(parts), dtype=np.int32), sizes)
    order = np.argsort(pixel.astype(np.int64) * len(parts) + number)
    return pixel[order], number[order], order
