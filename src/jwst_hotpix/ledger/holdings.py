"""What a ledger holds: of which detectors and modes, from when to when, and with which gaps."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.instrument.detectors import DETECTORS, Detector
from jwst_hotpix.ledger.holding import Holding, Newest
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.looks import group_visits, look_of
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.ledger.reductions import one_per_exposure
from jwst_hotpix.ledger.science_record import ScienceRecord
from jwst_hotpix.tools.terminal import Table

__all__ = ["Holdings"]


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """
    What a ledger holds.

    Attributes
    ----------
    folder : str
        The ledger, as the user named it.
    parts : tuple of Holding
        At least one, by detector, readout mode and kind.
    """

    folder: str
    parts: tuple[Holding, ...]

    @classmethod
    def of(cls, ledger: Ledger, *, damaged: list[LedgerError] | None = None) -> Self:
        """
        Read all records of a ledger.

        Parameters
        ----------
        ledger : Ledger
            The ledger.
        damaged : list, optional
            As in `Ledger.records`.

        Returns
        -------
        Holdings
            Its records, by detector, readout mode and kind.

        Raises
        ------
        LedgerError
            For a folder without records; as `Ledger.records`.
        """

        def read(place: tuple[Detector, str]) -> list[Holding]:
            detector, readout = place
            darks = ledger.records(detector.name, readout, damaged=damaged)
            science = ledger.science(detector.name, readout, damaged=damaged)
            kinds = sorted({dark.kind for dark in darks}, reverse=True)
            parts = [_of_darks([dark for dark in darks if dark.kind == kind]) for kind in kinds]
            return [*parts, _of_science(science)] if science else parts

        places = [(one, readout) for one in DETECTORS.values() for readout in one.readouts]
        # Reading, most of the work, releases the interpreter to other threads.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = tuple(part for found in pool.map(read, places) for part in found)
        if not parts:
            raise LedgerError(
                "records",
                expected="at least one",
                found="none",
                source=ledger.folder,
                sentence="the folder holds no records: it is no ledger, or an empty one",
            )
        return cls(folder=str(ledger.folder), parts=parts)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {"records": [part.to_dict() for part in self.parts]}

    def tables(self) -> Iterator[Table]:
        """Yield a row per detector, readout mode and kind, then a row per gap."""
        total, used = (sum(getattr(part, n) for part in self.parts) for n in ("n", "n_exposures"))
        yield f"{self.folder}: {total} records", [part.row() for part in self.parts]
        limits = sorted({part.newest.threshold for part in self.parts})
        above = " or ".join(f"{limit:g}" for limit in limits)
        yield f"hot: pixels above {above} DN/s in the newest one, neighbors included", []
        if used < total:
            yield f"{total - used} records are of exposures that another record shows better", []
        gaps = [row for part in self.parts for row in part.gap_rows()]
        if gaps:
            yield "Gaps: intervals of more than twice the usual one", gaps


def _of_darks(records: Sequence[Record]) -> Holding:
    darks = one_per_exposure(records)
    # A subarray shows so few pixels that its count means little for the detector.
    newest = max(darks, key=lambda dark: (dark.window.n_pixels, dark.epoch))
    threshold = newest.detector.threshold
    return Holding.of(
        records,
        darks,
        Newest(
            epoch=newest.epoch,
            threshold=threshold,
            n_hot=int(np.sum(newest.rate > threshold)),
            is_whole=newest.window.is_whole,
        ),
    )


def _of_science(records: Sequence[ScienceRecord]) -> Holding:
    visits = group_visits(records)
    latest = max(visits, key=lambda visit: (visit[0].window.n_pixels, visit[-1].last))
    look, detector = look_of(latest), latest[0].detector
    return Holding.of(
        records,
        [one for visit in visits for one in visit],
        Newest(
            epoch=(look.first + look.last) / 2,
            threshold=detector.threshold,
            n_hot=int(np.sum(look.rate > detector.threshold)),
            is_whole=look.window.is_whole,
        ),
    )
