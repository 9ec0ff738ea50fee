"""Many records of one detector put together as sightings."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.ledger.origin import pedigree_of, seconds_of
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["combine", "sorted_pairs"]


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
    pixel, dark, order = sorted_pairs([record.pixel for record in records])
    unseen_pixel, unseen_dark, _ = sorted_pairs([record.unseen for record in records])
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


def sorted_pairs(
    pixels: list[NDArray[np.int32]],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
    """Sort the pixels of all darks by pixel, then dark."""
    dark = np.repeat(np.arange(len(pixels), dtype=np.int32), [one.size for one in pixels])
    pixel = np.concatenate(pixels)
    # Darks are in order, so a stable sort by pixel sorts by both; it merges what is sorted already.
    order = np.argsort(pixel, kind="stable")
    return pixel[order], dark[order], order
