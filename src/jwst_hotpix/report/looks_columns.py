"""What every look saw of every listed pixel, as columns for the light curves, in few bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.looks_at_pixels import LooksAtPixels, look_at_pixels
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.tools.short_floats import shorten

__all__ = ["KINDS", "LooksColumns", "Seen", "looks_columns", "share_that_fits"]

#: Kinds of looks, in the order of their numbers in the page.
KINDS = ("dark", "reference", "single", "stared", "dithered")

# Bytes of a measured rate with its error, and of any other look at a pixel, once compressed. In
# simulations these are 2.3 and 0.4; errors that differ more from each other take more.
_MEASURED, _OTHER = 3.0, 0.4
# Pixels times looks that are worked on at once.
_PART = 4_000_000


class Seen(IntEnum):
    """What a look saw of a pixel, and how a page writes it down."""

    HOT = 0  # with rate and error
    SATURATED = 1
    COLD = 2  # with rate and error
    BELOW_FLOOR = 3  # of the look
    BELOW_BOUND = 4  # with a bound of its own
    UNKNOWN = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class LooksColumns:
    """
    What the looks of one mode saw of the pixels of its list.

    Attributes
    ----------
    most : int
        Looks per pixel at most.
    n_looks, first : int
        How many there are, and the index of the first of them.
    arrays : dict of str to ndarray
        Of the ``m`` looks: ``epoch`` (float64, MJD UTC), ``kind`` (uint8, index into `KINDS`),
        ``floor`` (float32, DN/s). Of the ``p`` pixels: ``pixel`` (int32, ``y * columns + x``),
        ``limit`` (float32, DN/s above which it is hot), ``n_hot``, ``n_cold`` (int32, of all
        looks), and ``count``, ``changes`` (int32): how many of the following rows each one has.
        Row by row, pixel by pixel: ``look`` (uint16, index), ``seen`` (uint8, `Seen`); and
        ``change`` (uint16, look from which on the probability holds), ``percent`` (uint8). In the
        same order, ``value`` (float32) of rows with a rate or a bound, and ``error`` (float32) of
        those with a rate.
    """

    most: int
    n_looks: int
    first: int
    arrays: dict[str, NDArray[Any]]

    @property
    def is_thinned(self) -> bool:
        """Whether some of the looks are omitted."""
        return self.most < self.n_looks


def share_that_fits(modes: tuple[Mode, ...], size: int) -> float:
    """
    Return which share of the looks at each pixel fits into a page.

    Parameters
    ----------
    modes : tuple of Mode
        All of the page.
    size : int
        Bytes, compressed.

    Returns
    -------
    float
        1 if all of them fit.
    """
    needed = 0.0
    for mode in modes:
        pixel = mode.listed
        seen = mode.sightings.pixel
        rows = np.searchsorted(seen, pixel, "right") - np.searchsorted(seen, pixel)
        measured = int(rows.sum())
        needed += _MEASURED * measured
        needed += _OTHER * (pixel.size * mode.sightings.epoch.size - measured)
    return min(1.0, size / max(needed, 1.0))


def looks_columns(mode: Mode, share: float = 1.0, since: float | None = None) -> LooksColumns:
    """
    Return what the looks saw of the pixels of a list.

    Parameters
    ----------
    mode : Mode
        The list, and the looks.
    share : float
        From `share_that_fits`. Below 1, those looks are kept at which a pixel turned hot or cold,
        and others spread evenly.
    since : float, optional
        MJD (UTC): looks that ended before are excluded.

    Returns
    -------
    LooksColumns
    """
    seen = mode.sightings
    n_looks, pixel = seen.epoch.size, mode.listed
    shown = np.ones(n_looks, bool) if since is None else seen.end >= since
    most = int(np.ceil(share * shown.sum()))
    parts = list(_parts(mode, pixel, shown, most))
    chances = mode.chances.of_pixels(pixel)
    return LooksColumns(
        most=most,
        n_looks=int(shown.sum()),
        first=int(np.argmax(shown)),
        arrays={
            "epoch": seen.epoch,
            "kind": np.array([KINDS.index(kind) for kind in seen.kind], np.uint8),
            "floor": seen.floor.astype(np.float32),
            "pixel": pixel,
            **{name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
            "changes": np.diff(chances.start).astype(np.int32),
            "change": chances.look.astype(np.uint16),
            "percent": chances.percent,
        },
    )


def _parts(
    mode: Mode, pixel: NDArray[np.int32], shown: NDArray[np.bool_], most: int
) -> Iterator[dict[str, NDArray[Any]]]:
    n_parts = max(1, -(-pixel.size * shown.size // _PART))
    for part in np.array_split(pixel, n_parts):
        looks = look_at_pixels(mode.sightings, part, mode.pixels.threshold)
        yield _rows(looks, mode.sightings.floor, shown, most)


def _rows(
    looks: LooksAtPixels, floor: NDArray[np.float32], shown: NDArray[np.bool_], most: int
) -> dict[str, NDArray[Any]]:
    kept = np.broadcast_to(shown, looks.hot.shape)
    if most < shown.sum():
        kept = kept & _telling(looks, shown, most)
    pixel, look = np.nonzero(kept)
    seen = _seen(looks, floor)[kept]
    rate = np.isin(seen, (Seen.HOT, Seen.COLD))
    valued = rate | (seen == Seen.BELOW_BOUND)
    value = np.where(rate, looks.rate[kept], looks.bound[kept])
    return {
        "limit": shorten(looks.limit),
        "n_hot": (looks.hot & shown).sum(axis=1, dtype=np.int32),
        "n_cold": (looks.cold & shown).sum(axis=1, dtype=np.int32),
        "count": np.bincount(pixel, minlength=len(kept)).astype(np.int32),
        "look": look.astype(np.uint16),
        "seen": seen,
        "value": shorten(value[valued]),
        "error": shorten(looks.error[kept][rate]),
    }


def _seen(looks: LooksAtPixels, floor: NDArray[np.float32]) -> NDArray[np.uint8]:
    seen = np.full(looks.hot.shape, Seen.UNKNOWN, np.uint8)
    measured = np.isfinite(looks.rate)
    seen[looks.cold] = Seen.BELOW_BOUND
    seen[looks.cold & (looks.bound == floor)] = Seen.BELOW_FLOOR
    seen[looks.cold & measured] = Seen.COLD
    seen[looks.hot] = Seen.SATURATED
    seen[looks.hot & measured] = Seen.HOT
    return seen


def _telling(looks: LooksAtPixels, shown: NDArray[np.bool_], most: int) -> NDArray[np.bool_]:
    """Choose so many looks at each pixel: half where it changed, half spread evenly."""
    telling = (looks.hot | looks.cold) & shown
    number = np.arange(shown.size)
    last = np.maximum.accumulate(np.where(telling, number, -1), axis=1)
    before = np.concatenate([np.full((len(last), 1), -1), last[:, :-1]], axis=1)
    was_hot = np.take_along_axis(looks.hot, np.maximum(before, 0), axis=1)
    chosen = _evenly(telling & (before >= 0) & (was_hot != looks.hot), most // 4)
    pixel, _ = np.nonzero(chosen)
    # Each with the look before it, which saw the opposite.
    chosen[pixel, before[chosen]] = True
    return chosen | _evenly(telling & ~chosen, most - 2 * (most // 4))


def _evenly(which: NDArray[np.bool_], most: int) -> NDArray[np.bool_]:
    """Choose so many of each row at most: the last one, and others evenly before it."""
    rank = np.cumsum(which, axis=1)
    step = np.maximum(rank[:, -1:], most)
    # The numbers of those that are chosen, 1, 2, ..., increase at each.
    chosen = (rank * most) // step != ((rank - 1) * most) // step
    return np.asarray(which & chosen)
