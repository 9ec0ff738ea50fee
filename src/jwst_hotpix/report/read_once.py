"""A ledger that is read once, although lists, growth and holdings each ask for its records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.ledger.science_record import ScienceRecord

__all__ = ["ReadOnce"]


class ReadOnce(Ledger):
    """
    A ledger that keeps what it has read; of a damaged record it reports once.

    Parameters
    ----------
    folder : pathlib.Path
        As of `Ledger`.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._kept: dict[tuple[str, str, str], list[Any]] = {}

    def records(
        self, detector: str, readout: str = POOLED, *, damaged: list[LedgerError] | None = None
    ) -> list[Record]:
        """Read the records of darks, as `Ledger.records`, or return them again."""
        read = super().records
        name = ("dark", detector, readout)
        return self._once(name, lambda: read(detector, readout, damaged=damaged))

    def science(
        self, detector: str, readout: str = POOLED, *, damaged: list[LedgerError] | None = None
    ) -> list[ScienceRecord]:
        """Read the records of science exposures, as `Ledger.science`, or return them again."""
        read = super().science
        name = ("science", detector, readout)
        return self._once(name, lambda: read(detector, readout, damaged=damaged))

    def _once(self, name: tuple[str, str, str], read: Callable[[], list[Any]]) -> list[Any]:
        if name not in self._kept:
            self._kept[name] = read()
        return self._kept[name]
