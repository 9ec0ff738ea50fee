"""Where the darks of some records come from, by the facts that the records hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from jwst_hotpix.exposure.when import LAUNCH
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.tools.dates import iso, mjd

__all__ = ["pedigree_of", "seconds_of"]

# Pedigrees of CRDS, the least trustworthy first: what is made of some of each is as good as that.
_PEDIGREES = ("DUMMY", "SIMULATION", "MODEL", "GROUND", "INFLIGHT")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def pedigree_of(records: Sequence[Record]) -> str:
    """
    Return the pedigree of what is made of some darks.

    Parameters
    ----------
    records : sequence of Record
        At least one.

    Returns
    -------
    str
        The least trustworthy of theirs; INFLIGHT with the dates of the first and the last dark.
        Exposures without a pedigree are INFLIGHT after the launch and GROUND before.
    """
    found = {_pedigree(record) for record in records}
    pedigree = next(name for name in _PEDIGREES if name in found)
    if pedigree != "INFLIGHT":
        return pedigree
    first, last = min(map(_start, records)), max(record.known for record in records)
    return f"{pedigree} {iso(first)[:10]} {iso(last)[:10]}"


def seconds_of(record: Record) -> float:
    """
    Return how long a dark was exposed.

    Parameters
    ----------
    record : Record
        The record of one dark.

    Returns
    -------
    float
        Seconds, of all integrations together; of a reference the length of its ramp, if that was
        measured. NaN where the record does not give it.
    """
    seconds = _number(record.facts.get("effexptm"))
    if record.kind == "reference":
        step, groups = (_number(record.facts.get(name)) for name in ("group_time", "ngroups"))
        seconds = step * groups
    return seconds if seconds > 0 else np.nan


def _pedigree(record: Record) -> str:
    text = str(record.facts.get("pedigree", "")).strip().upper()
    known = [name for name in _PEDIGREES if text.startswith(name)]
    return known[0] if known else ("INFLIGHT" if record.epoch >= LAUNCH else "GROUND")


def _start(record: Record) -> float:
    """Return when a dark, or the first exposure of a reference, began (MJD, UTC)."""
    dates = _DATE.findall(str(record.facts.get("pedigree", "")))
    start = _number(record.facts.get("expstart"))
    try:
        return min([record.epoch, *map(mjd, dates)] if np.isnan(start) else [record.epoch, start])
    except ValueError:  # no date of the calendar
        return record.epoch


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else np.nan
