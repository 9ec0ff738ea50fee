"""JWST-STScI-009188: how many pixels of NIRSpec turn hot per month, and when masks follow."""

from __future__ import annotations

from types import MappingProxyType

from jwst_hotpix.instrument.readouts import IRS2, TRAD

__all__ = ["GROWTH", "RENEWAL_DAYS", "THRESHOLDS"]

#: Days from one MASK and DARK to the next: "every 3 to 4 months", the longer of the two.
RENEWAL_DAYS = 120.0

#: Dark rates in DN/s that the report counts from; its growth is that above each.
THRESHOLDS = (1.0, 3.0, 10.0, 100.0)

#: Pixels per month above each of `THRESHOLDS`, by detector and readout mode.
GROWTH = MappingProxyType(
    {
        ("NRS1", TRAD): (64.0, 48.0, 25.0, 5.0),
        ("NRS2", TRAD): (79.0, 64.0, 33.0, 3.0),
        ("NRS1", IRS2): (65.0, 35.0, 13.0, 5.0),
        ("NRS2", IRS2): (86.0, 44.0, 13.0, 4.0),
    }
)
