"""The history of one pixel: what every look saw of it, and when it was hot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.history.intervals import find_intervals
from jwst_hotpix.history.make_list import find_entries
from jwst_hotpix.history.pixel_history import PixelHistory
from jwst_hotpix.history.pixel_interval import PixelInterval, intervals_in
from jwst_hotpix.history.pixel_looks import State, index_of, looks_at
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.notebook import html_of, plain_table
from jwst_hotpix.tools.terminal import Table

if TYPE_CHECKING:
    from astropy.table import QTable
    from matplotlib.figure import Figure

__all__ = ["PixelHistories", "histories_in", "history_of"]

_UNITS = dict.fromkeys(("rate", "error", "bound"), "DN / s") | {"epoch": "d"}


@dataclass(frozen=True, kw_only=True)
class PixelHistories:
    """
    The history of one pixel, readout mode by readout mode.

    Attributes
    ----------
    parts : tuple of PixelHistory
        At least one.
    """

    parts: tuple[PixelHistory, ...]

    def __repr__(self) -> str:
        first = self.parts[0]
        counts = "; ".join(f"{part.readout} {part.counts()}" for part in self.parts)
        return f"<PixelHistories {first.detector}, x {first.x}, y {first.y}: {counts}>"

    def _repr_html_(self) -> str:
        return html_of(repr(self), self.to_table())

    def to_table(self) -> QTable:
        """
        Return the looks as a table with units.

        Returns
        -------
        astropy.table.QTable
            A row per look, as in `to_dict`, but with the epoch as MJD (UTC), in days.
        """
        # astropy takes half a second to import.
        from astropy.table import QTable

        looks = [look for part in self.parts for look in part.looks]
        return QTable(
            plain_table([look.to_dict() | {"epoch": look.epoch} for look in looks], _UNITS)
        )

    def plot(self) -> Figure:
        """
        Draw the dark rate of the pixel against time.

        Returns
        -------
        matplotlib.figure.Figure
            As ``hotpix pixel --plot`` writes it.
        """
        # matplotlib takes most of a second to import.
        from jwst_hotpix.history.pixel_plot import pixel_figure

        return pixel_figure(self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, ready for JSON; a look names its mode, an interval those it is of."""
        first = self.parts[0]
        return {
            "detector": first.detector,
            "x": first.x,
            "y": first.y,
            "threshold": first.threshold,
            "looks": [look.to_dict() for part in self.parts for look in part.looks],
            "intervals": [
                {"readout": part.readout, **interval.to_dict()}
                for part in self.parts
                for interval in part.intervals
            ],
        }

    def tables(self) -> Iterator[Table]:
        """Yield the tables of each readout mode."""
        for part in self.parts:
            yield from part.tables()


def history_of(
    sightings: Sightings, x: int, y: int, *, readout: str, threshold: float | None = None
) -> PixelHistory:
    """
    Find when one pixel was hot, as a list made of the same looks has it.

    Parameters
    ----------
    sightings : Sightings
        What the looks saw of the whole detector: how often they err decides how far they are
        believed.
    x, y : int
        Full frame, science frame, zero-based.
    readout : str
        Readout mode of the looks: ``"IRS2"``, ``"TRAD"``, or ``"POOLED"`` for both.
    threshold : float, optional
        Dark rate in DN/s above which the pixel is hot; the detector's own by default.

    Returns
    -------
    PixelHistory
        Looks and intervals.

    Raises
    ------
    FrameMismatchError
        For a pixel off the detector.
    LedgerError, ListFormatError
        As `find_intervals`.
    """
    detector = sightings.detector
    limit = detector.threshold if threshold is None else threshold
    looks = looks_at(sightings, x, y, limit)
    index = index_of(detector, x, y)
    intervals: tuple[PixelInterval, ...] = ()
    if any(look.state != State.UNKNOWN for look in looks):
        columns, _ = find_entries(sightings, limit)
        here = flat(columns["y"], columns["x"], detector.shape) == index
        intervals = intervals_in({name: one[here] for name, one in columns.items()}, listed=True)
    if any(look.state == State.HOT for look in looks):
        every = find_intervals(sightings, limit)
        others = intervals_in(every.select(every.pixel == index).columns(), listed=False)
        intervals += tuple(one for one in others if not any(map(one.overlaps, intervals)))
    return PixelHistory(
        detector=detector.name,
        readout=readout,
        x=x,
        y=y,
        threshold=limit,
        looks=looks,
        intervals=tuple(sorted(intervals, key=lambda one: one.onset_latest)),
    )


def histories_in(
    folder: str | os.PathLike[str],
    detector: str,
    x: int,
    y: int,
    *,
    readout: str | None = None,
    threshold: float | None = None,
    damaged: list[LedgerError] | None = None,
) -> PixelHistories:
    """
    Find when one pixel was hot, from a ledger.

    Parameters
    ----------
    folder : path
        The ledger.
    detector : str
        Name of the detector.
    x, y : int
        Full frame, science frame, zero-based.
    readout : str, optional
        ``"IRS2"``, ``"TRAD"`` or ``"POOLED"``; each mode on its own by default.
    threshold : float, optional
        As in `history_of`.
    damaged : list, optional
        As in `Ledger.records`.

    Returns
    -------
    PixelHistories
        One history per readout mode that the ledger has looks of.

    Raises
    ------
    FrameMismatchError
        When JWST has no such detector, or the detector no such pixel.
    LedgerError
        When the ledger holds nothing of them; as `Ledger.records`.
    """
    ledger, chip = Ledger(folder), get_detector(detector)
    index = index_of(chip, x, y)
    parts = []
    for mode in chip.readouts if readout is None else (readout,):
        try:
            seen = ledger.sightings(chip.name, mode, damaged=damaged, also=[index])
        except LedgerError as error:
            # Nothing of this mode; there may be something of the other one.
            if error.what != "darks":
                raise
            continue
        parts.append(history_of(seen, x, y, readout=mode, threshold=threshold))
    if not parts:
        of = f"{chip.name} {readout or ''}".strip()
        sentence = f"the ledger holds nothing of {of}"
        raise LedgerError("looks", expected="some", found=0, source=folder, sentence=sentence)
    return PixelHistories(parts=tuple(parts))
