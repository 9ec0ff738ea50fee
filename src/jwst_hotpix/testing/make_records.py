"""Sightings of a simulation as the records that a ledger would keep of them."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.ledger.record import Record
from jwst_hotpix.ledger.sightings import Sightings

__all__ = ["records_of"]


def records_of(darks: Sightings, facts: Mapping[str, Any] | None = None) -> list[Record]:
    """
    Split sightings into one record per dark.

    Parameters
    ----------
    darks : Sightings
        Of ``m`` darks, e.g. from `simulate_sightings`.
    facts : mapping, optional
        What the header of each says, e.g. ``{"units": "e-/s"}``.

    Returns
    -------
    list of Record
        ``m`` of them, sorted by epoch.
    """
    known: dict[str, Any] = {} if darks.pedigree is None else {"pedigree": darks.pedigree}
    order = np.argsort(darks.dark, kind="stable")
    rows = np.split(order, np.searchsorted(darks.dark[order], np.arange(1, darks.epoch.size)))
    return [_record(darks, i, row, {**known, **(facts or {})}) for i, row in enumerate(rows)]


def _record(darks: Sightings, i: int, row: NDArray[np.intp], facts: dict[str, Any]) -> Record:
    return Record(
        readout=darks.readout[i],
        kind=darks.kind[i],
        epoch=float(darks.epoch[i]),
        known=float(darks.epoch[i]),
        window=darks.window[i],
        floor=float(darks.floor[i]),
        pixel=darks.pixel[row],
        rate=darks.rate[row],
        error=darks.error[row],
        unseen=darks.unseen_pixel[darks.unseen_dark == i],
        facts=facts,
        digest=sha256(f"{darks.digest} {i}".encode()).hexdigest(),
    )
