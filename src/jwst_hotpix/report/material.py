"""What the page is made of, read once from the ledger and the MASKs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from jwst_hotpix.exceptions import HotPixError, LedgerError
from jwst_hotpix.history.chances import Chances
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.instrument.detectors import DETECTORS, Detector
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.ledger.holdings import Holdings
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.ledger.science_record import ScienceRecord
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.trending.from_ledger import gather
from jwst_hotpix.trending.gathered import Gathered
from jwst_hotpix.trending.wanted import Wanted

__all__ = ["Material", "read_material"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """
    What the page is made of.

    Attributes
    ----------
    folder : str
        The ledger, as the user named it.
    modes : tuple of Mode
        One per detector and readout mode with evidence, by detector; none of an empty ledger.
    growth : Gathered
        Trends, as ``hotpix trend`` reports them.
    holdings : Holdings or None
        What the ledger holds; None if nothing.
    at : float or None
        MJD (UTC) of the page: the date that was asked for, else that of the last look; None where
        there is neither.
    since : float or None
        MJD (UTC) from which on looks are shown and growth is fitted; None for all.
    command : str
        The command that makes this page.
    problems : tuple of str
        Damaged records, and what could not be determined, one sentence each.
    """

    folder: str
    modes: tuple[Mode, ...] = ()
    growth: Gathered = field(default_factory=Gathered)
    holdings: Holdings | None = None
    at: float | None = None
    since: float | None = None
    command: str = ""
    problems: tuple[str, ...] = ()

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """The detectors with evidence, each once."""
        return tuple(dict.fromkeys(mode.detector for mode in self.modes))


def read_material(
    folder: Path,
    *,
    detector: str | None = None,
    masks: Sequence[Path] = (),
    threshold: float | None = None,
    since: float | None = None,
    as_of: float | None = None,
    command: str = "",
) -> Material:
    """
    Read what the page is made of.

    Parameters
    ----------
    folder : pathlib.Path
        The ledger.
    detector : str, optional
        Name of one detector; all by default.
    masks : sequence of pathlib.Path
        MASK references of any detectors and dates.
    threshold : float, optional
        Dark rate in DN/s above which a pixel is hot; that of the detector by default.
    since, as_of : float, optional
        MJD (UTC), as the attributes; only evidence known by ``as_of`` is used.
    command : str
        As the attribute.

    Returns
    -------
    Material
        Without modes where the ledger holds nothing of what was asked for.

    Raises
    ------
    LedgerError
        When there is no such folder.
    """
    ledger = _ReadOnce(folder)
    ledger.require_folder()
    del masks
    damaged: list[LedgerError] = []
    problems: list[str] = []
    chosen = [one for one in DETECTORS.values() if detector in (None, one.name)]
    modes = []
    for one in chosen:
        for readout in one.readouts:
            try:
                seen = ledger.sightings(one.name, readout, as_of=as_of, damaged=damaged)
            except LedgerError as error:
                if error.what != "darks":
                    problems.append(str(error))
                continue
            parts: list[Chances] = []
            pixels = build_list(
                seen, threshold=threshold, readout=readout, as_of=as_of, chances=parts
            )
            modes.append(Mode(sightings=seen, pixels=pixels, chances=Chances.joined(parts)))
    try:
        holdings = Holdings.of(ledger, damaged=damaged)
    except LedgerError:
        holdings = None
    wanted = Wanted(detector=detector, since=since, as_of=as_of)
    try:
        growth = gather(ledger, wanted, damaged=damaged)
    except HotPixError as error:
        growth = Gathered(problems=(error,))
    return Material(
        folder=str(folder),
        modes=tuple(modes),
        growth=growth,
        holdings=holdings,
        at=as_of if as_of is not None else max((mode.last for mode in modes), default=None),
        since=since,
        command=command,
        problems=(*sorted(str(error) for error in damaged), *problems),
    )


class _ReadOnce(Ledger):
    """A ledger that keeps what it has read: lists, growth and holdings all need the records."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._kept: dict[tuple[str, str, str], list[Any]] = {}
        self._lock = Lock()

    def records(
        self, detector: str, readout: str = POOLED, *, damaged: list[LedgerError] | None = None
    ) -> list[Record]:
        """Read the records of a detector, as `Ledger.records`, or return them again."""
        read = super().records
        return self._once(
            ("dark", detector, readout), lambda: read(detector, readout, damaged=damaged)
        )

    def science(
        self, detector: str, readout: str = POOLED, *, damaged: list[LedgerError] | None = None
    ) -> list[ScienceRecord]:
        """Read the records of science exposures, as `Ledger.science`, or return them again."""
        read = super().science
        return self._once(
            ("science", detector, readout), lambda: read(detector, readout, damaged=damaged)
        )

    def _once(self, name: tuple[str, str, str], read: Callable[[], list[Any]]) -> list[Any]:
        if name not in self._kept:
            found = read()
            with self._lock:
                self._kept.setdefault(name, found)
        return self._kept[name]
