"""Many records of one detector put together as sightings."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.ledger.origin import pedigree_of, seconds_of
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["combine", "one_per_exposure"]

# Products of one exposure, the best first: what was measured here sees masked pixels too.
_PRODUCTS = ("uncal", "dark", "rateints", "rate")
# Days; products of one exposure may round its mid-time differently, and no two exposures of a
# detector are that close.
_SAME_TIME = 1e-6


def one_per_exposure(records: Iterable[Record]) -> list[Record]:
    """
    Keep one product of each exposure: they are one dark, not several that agree.

    Parameters
    ----------
    records : iterable of Record
        Records of one detector, in any order.

    Returns
    -------
    list of Record
        Sorted by epoch, then digest. Ramps measured here come before rate products, because they
        also show the pixels that the mask knew.
    """
    best: dict[object, Record] = {}
    for record in records:
        exposure: object = record.digest
        if record.kind == "dark":
            time = round(record.epoch / _SAME_TIME)
            exposure = (time, record.window, record.facts.get("exsegnum"))
        if exposure not in best or _rank(record) < _rank(best[exposure]):
            best[exposure] = record
    return sorted(best.values(), key=lambda record: (record.epoch, record.digest))


def _rank(record: Record) -> tuple[int, str]:
    product = record.facts.get("product")
    rank = _PRODUCTS.index(product) if product in _PRODUCTS else len(_PRODUCTS)
    return rank, record.digest


def combine(records: list[Record]) -> Sightings:
    """
    Put the records of one detector together.

    Parameters
    ----------
    records : list of Record
        At least one, sorted by epoch.

    Returns
    -------
    Sightings
    """
    pixel, dark, order = _sorted_pairs([record.pixel for record in records])
    unseen_pixel, unseen_dark, _ = _sorted_pairs([record.unseen for record in records])
    digests = sorted(record.digest for record in records)
    return Sightings(
        detector=records[0].detector,
        epoch=np.array([record.epoch for record in records]),
        readout=tuple(record.readout for record in records),
        kind=tuple(record.kind for record in records),
        window=tuple(record.window for record in records),
        seconds=np.array([seconds_of(record) for record in records]),
        pedigree=pedigree_of(records),
        floor=np.array([record.floor for record in records], np.float32),
        pixel=pixel,
        dark=dark,
        rate=np.concatenate([record.rate for record in records])[order],
        error=np.concatenate([record.error for record in records])[order],
        unseen_pixel=unseen_pixel,
        unseen_dark=unseen_dark,
        digest=sha256("\n".join(digests).encode()).hexdigest(),
    )


def _sorted_pairs(
    pixels: list[NDArray[np.int32]],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
    """Sort the pixels of all darks by pixel, then dark."""
    dark = np.repeat(np.arange(len(pixels), dtype=np.int32), [one.size for one in pixels])
    pixel = np.concatenate(pixels)
    # Each pair is there once, so one key of both needs no stable sort, which takes longer.
    order = np.argsort(pixel.astype(np.int64) * len(pixels) + dark)
    return pixel[order], dark[order], order
