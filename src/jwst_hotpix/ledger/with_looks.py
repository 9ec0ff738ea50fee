"""Looks of science exposures beside darks: one list of what was seen, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exposure.headers import SIMULATION
from jwst_hotpix.ledger.bounds import Lookup
from jwst_hotpix.ledger.combine_records import sorted_pairs
from jwst_hotpix.ledger.looks import Kind, Look
from jwst_hotpix.ledger.parts import Part, bounded, by_day, part_of
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
    parts = _parts_of(darks) + [part_of(look) for look in looks]
    detector = looks[0].window.detector
    wanted = _repeated(parts, detector.shape[0] * detector.shape[1])
    parts = [part if part.kind != Kind.SINGLE else part.only(wanted[part.pixel]) for part in parts]
    lookup = Lookup(_candidates(parts, wanted.size, also))
    parts = [bounded(group, lookup) for group in by_day(parts)]
    parts.sort(key=lambda part: (part.epoch, part.digest))
    pixel, dark, order = sorted_pairs([part.pixel for part in parts])
    unseen, unseen_dark, unseen_order = sorted_pairs([part.unseen for part in parts])
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
        rate=_joined(parts, "rate")[order],
        error=_joined(parts, "error")[order],
        unseen_pixel=unseen,
        unseen_dark=unseen_dark,
        digest=sha256("\n".join(digests).encode()).hexdigest(),
        span=np.array([part.span for part in parts]),
        unseen_above=_joined(parts, "above")[unseen_order],
        alone=np.array([part.alone for part in parts]),
        light=tuple(part.light for part in parts),
        n_exposures=sum(part.n_exposures for part in parts),
        pedigree=_pedigree_of(darks, looks),
    )


def _pedigree_of(darks: Sightings | None, looks: Sequence[Look]) -> str | None:
    """Return the least trustworthy pedigree; None for flight data, to which looks add dates."""
    of_darks = None if darks is None else darks.pedigree
    if of_darks != "DUMMY" and any(look.is_simulated for look in looks):
        return SIMULATION
    return None if str(of_darks).startswith("INFLIGHT") else of_darks


def _parts_of(darks: Sightings | None) -> list[Part]:
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
            Part(
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


def _repeated(parts: Sequence[Part], size: int) -> NDArray[np.bool_]:
    """Return which pixels at least two saw hot, or one that is not a single exposure."""
    times = np.zeros(size, np.uint8)
    for part in parts:
        seen = times[part.pixel]
        times[part.pixel] = np.minimum(seen + (1 if part.kind == Kind.SINGLE else 2), 2)
    return times >= 2


def _candidates(parts: Sequence[Part], size: int, also: Sequence[int]) -> NDArray[np.int32]:
    """Return the pixels that any part saw hot, and those asked for; an image sorts them fastest."""
    is_bright = np.zeros(size, bool)
    for part in parts:
        is_bright[part.pixel[part.rate > _LEAST]] = True
    is_bright[np.array(also, np.intp)] = True
    return np.flatnonzero(is_bright).astype(np.int32)


def _joined(parts: Sequence[Part], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(part, name) for part in parts])
