"""The entries of the lists as columns for the map: in few bytes, and ready to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.tools.short_floats import shorten

__all__ = ["LONG_AGO", "MASKED", "NEVER", "map_columns"]

#: Days and minutes that stand for -inf and +inf.
LONG_AGO, NEVER = -(2**30), 2**30

#: What the newest MASK says of a pixel.
MASKED = {0: "not flagged", 1: "flagged", 2: "not known"}

# Steps in y and x, in the order of the bits of `neighbors`.
_STEPS = ((0, -1), (0, 1), (-1, 0), (1, 0))


def map_columns(modes: Sequence[Mode]) -> dict[str, NDArray[Any]]:
    """
    Return the entries of all lists, one after the other.

    Parameters
    ----------
    modes : sequence of Mode
        At least one.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        ``mode`` (uint8, index into ``modes``), ``x``, ``y`` (uint16, zero-based, science frame),
        ``role``, ``status`` (uint8), ``rate``, ``rate_error`` (float32, DN/s), ``confidence``
        (uint8, percent), ``n_hot``, ``n_observed`` (uint16); the four epochs of the list (int32,
        minutes of MJD, rounded down); ``hot_from``, ``hot_until`` (int32): an entry is hot at 0 h
        UTC of day D if ``hot_from <= D < hot_until``; ``seen_after`` (int32): it was first seen
        hot after 0 h of day D if ``D < seen_after``; ``neighbors`` (uint8): bits 0 to 3 for
        neighbors of the list at the left, right, below and above, bits 4 to 7 for centers there;
        ``first_mask`` (uint8): the first MASK that flags the pixel, 255 for none; ``masked``
        (uint8): what the newest says, a key of `MASKED`.
    """
    parts = [_of_mode(number, mode) for number, mode in enumerate(modes)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _of_mode(number: int, mode: Mode) -> dict[str, NDArray[Any]]:
    pixels = mode.pixels
    first, newest = _masks(mode)
    until = np.where(
        pixels.status == Status.TELEGRAPH,
        # Up to the very moment of the last hot look, others until before the first cold one.
        np.floor(pixels.recovery_earliest) + 1,
        np.ceil(pixels.recovery_latest),
    )
    epochs = ("onset_earliest", "onset_latest", "recovery_earliest", "recovery_latest")
    return {
        "mode": np.full(len(pixels), number, np.uint8),
        "x": pixels.x,
        "y": pixels.y,
        "role": pixels.role,
        "status": pixels.status,
        "rate": pixels.rate,
        "rate_error": shorten(pixels.rate_error),
        "confidence": np.rint(100 * pixels.confidence).astype(np.uint8),
        "n_hot": pixels.n_hot,
        "n_observed": pixels.n_observed,
        **{name: _whole(np.floor(1440 * getattr(pixels, name))) for name in epochs},
        "hot_from": _whole(np.ceil(pixels.onset_earliest)),
        "hot_until": _whole(until),
        "seen_after": _whole(np.ceil(pixels.onset_latest)),
        "neighbors": _neighbors(pixels),
        "first_mask": first,
        "masked": newest,
    }


def _whole(epoch: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.clip(epoch, LONG_AGO, NEVER).astype(np.int32)


def _neighbors(pixels: PixelList) -> NDArray[np.uint8]:
    rows, columns = get_detector(pixels.detector).shape
    # With a margin of one pixel, so that none of the four steps leaves it.
    kind = np.zeros((rows + 2, columns + 2), np.uint8)
    y, x = pixels.y.astype(np.intp) + 1, pixels.x.astype(np.intp) + 1
    kind[y, x] = np.where(pixels.role == Role.NEIGHBOR, 1, 1 << len(_STEPS))
    found = np.zeros(len(pixels), np.uint8)
    for bit, (up, right) in enumerate(_STEPS):
        found |= kind[y + up, x + right] << bit
    return found


def _masks(mode: Mode) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the first MASK that flags each entry, and what the newest one says."""
    pixels, newest = mode.pixels, mode.newest
    first = np.full(len(pixels), 255, np.uint8)
    for number in range(min(len(mode.deliveries), 255) - 1, -1, -1):
        first[mode.deliveries[number].mask.has("DO_NOT_USE", pixels.y, pixels.x)] = number
    if newest is None:
        return first, np.full(len(pixels), 2, np.uint8)
    return first, newest.mask.has("DO_NOT_USE", pixels.y, pixels.x).astype(np.uint8)
