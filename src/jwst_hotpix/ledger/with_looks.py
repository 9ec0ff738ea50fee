"""Looks of science exposures beside darks: one list of what was seen, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.measure.excess import BOUNDS
from jwst_hotpix.measure.look import Kind, Look

__all__ = ["SeenLook", "with_looks"]


@dataclass(frozen=True, eq=False, kw_only=True)
class SeenLook:
    """
    What the history needs of a look: few numbers, in place of images.

    Attributes
    ----------
    kind : str
        ``"single"``, ``"stared"`` or ``"dithered"``.
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    window : Window
        What the exposures show of the detector.
    first, last, known : float
        MJD (UTC), as in `Look`.
    light : str
        What a stared look looked at; empty for others.
    n_exposures : int
        Exposures that went in.
    digest : str
        Of these exposures.
    pixel : ndarray of int32, shape (n,)
        Hot pixels, ``y * columns + x``, full frame; sorted.
    rate, error : ndarray of float32, shape (n,)
        DN/s.
    unseen : ndarray of int32, shape (k,)
        Pixels that are not proven to be below the least of `BOUNDS`, full frame; sorted.
    above : ndarray of float32, shape (k,)
        DN/s that these are proven to be below; infinite where the look cannot tell.
    """

    kind: str
    readout: str
    window: Window
    first: float
    last: float
    known: float
    light: str
    n_exposures: int
    digest: str
    pixel: NDArray[np.int32]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    unseen: NDArray[np.int32]
    above: NDArray[np.float32]

    @classmethod
    def of(cls, look: Look) -> Self:
        """
        Keep of a look what is not plainly cold.

        Parameters
        ----------
        look : Look

        Returns
        -------
        SeenLook
        """
        bound = look.excess.bound.reshape(-1)
        unseen = np.flatnonzero(bound)
        above = np.append(BOUNDS, np.float32(np.inf))[bound[unseen]]
        return cls(
            kind=str(look.kind),
            readout=look.readout,
            window=look.window,
            first=look.first,
            last=look.last,
            known=look.known,
            light=look.light if look.kind == Kind.STARED else "",
            n_exposures=look.n_exposures,
            digest=look.digest,
            pixel=look.window.full_frame(look.excess.pixel),
            rate=look.excess.rate,
            error=look.excess.error,
            unseen=look.window.full_frame(unseen),
            above=above,
        )


def with_looks(darks: Sightings | None, looks: Sequence[SeenLook]) -> Sightings:
    """
    Put looks and darks of one detector together.

    Parameters
    ----------
    darks : Sightings or None
        What its darks saw, if there are any.
    looks : sequence of SeenLook
        At least one, in any order.

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
    candidate = np.zeros(wanted.size, bool)
    for part, row in zip(parts, rows, strict=True):
        candidate[part.pixel[row]] = True
    hidden = [
        np.flatnonzero(candidate[part.unseen]) if part.is_look else np.arange(part.unseen.size)
        for part in parts
    ]
    pixel, dark, order = _sorted(parts, "pixel", rows)
    unseen, unseen_dark, unseen_order = _sorted(parts, "unseen", hidden)
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
        unseen_above=_joined(parts, "above", hidden)[unseen_order],
        alone=np.array([part.pixel.size - row.size for part, row in zip(parts, rows, strict=True)]),
        light=tuple(part.light for part in parts),
        n_exposures=sum(part.n_exposures for part in parts),
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

    @property
    def is_look(self) -> bool:
        return self.kind in tuple(Kind)


def _part_of(look: SeenLook) -> _Part:
    named = ("readout", "kind", "window", "light", "n_exposures", "digest")
    columns = ("pixel", "rate", "error", "unseen", "above")
    return _Part(
        epoch=(look.first + look.last) / 2,
        span=(look.first, look.last),
        floor=float(BOUNDS[0]),
        **{name: getattr(look, name) for name in (*named, *columns)},
    )


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
    """Tell the pixels that two at least saw hot, or one that is no single exposure."""
    times = np.zeros(size, np.uint8)
    for part in parts:
        seen = times[part.pixel]
        times[part.pixel] = np.minimum(seen + (1 if part.kind == Kind.SINGLE else 2), 2)
    return times >= 2


def _joined(
    parts: Sequence[_Part], name: str, chosen: Sequence[NDArray[np.intp]]
) -> NDArray[np.float32]:
    return np.concatenate(
        [getattr(part, name)[row] for part, row in zip(parts, chosen, strict=True)]
    )


def _sorted(
    parts: Sequence[_Part], name: str, chosen: Sequence[NDArray[np.intp]]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
    """Sort the pixels of all parts by pixel, then part."""
    number = np.repeat(np.arange(len(parts), dtype=np.int32), [row.size for row in chosen])
    pixel = np.concatenate(
        [getattr(part, name)[row] for part, row in zip(parts, chosen, strict=True)]
    )
    order = np.argsort(pixel.astype(np.int64) * len(parts) + number)
    return pixel[order], number[order], order
