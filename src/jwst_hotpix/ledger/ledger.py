"""The ledger: what every exposure saw, one immutable record each."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.instrument.detectors import DETECTORS, get_detector
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.ledger.combine_records import combine
from jwst_hotpix.ledger.looks import group_visits, look_of
from jwst_hotpix.ledger.places import Places, names_in
from jwst_hotpix.ledger.read_record import read_record
from jwst_hotpix.ledger.record import Record, write_record
from jwst_hotpix.ledger.reductions import exposure_of, one_per_exposure
from jwst_hotpix.ledger.science_record import (
    ScienceRecord,
    read_science_record,
    write_science_record,
)
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.ledger.what_is_kept import FLOOR, SIGMA, record_of
from jwst_hotpix.ledger.with_looks import with_looks
from jwst_hotpix.tools.dates import Date, epoch_of, iso
from jwst_hotpix.tools.notebook import html_of, table_of

if TYPE_CHECKING:
    from astropy.table import QTable
    from matplotlib.figure import Figure

    from jwst_hotpix.measure.dark_info import DarkInfo
    from jwst_hotpix.measure.rate import DarkRate

__all__ = ["Ledger"]

_R = TypeVar("_R")


class Ledger:
    """
    A folder of records.

    Parameters
    ----------
    folder : path
        Made when the first record is added.

    Notes
    -----
    Records are Parquet files, ``detector=NRS1/readout=IRS2/<epoch>_<digest>.parquet``. They are
    written under a temporary name and renamed, and their name follows from the content of the
    dark: any number of writers may add at once, and adding costs the same however large the
    ledger is. Science exposures lie likewise below ``_science/`` (format ``ledger-3``), and their
    masks, which many share, in ``_masks/``.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._darks, self._science = Places(self.folder), Places(self.folder / "_science")
        self._masks = self.folder / "_masks"

    def __fspath__(self) -> str:
        """Return the folder, so that a ledger can be given wherever its folder can."""
        return str(self.folder)

    def __repr__(self) -> str:
        # Counted by file name: a ledger may hold ten thousand records, and only one line is needed.
        counts = Counter(map(names_in, self.files()))
        parts = [f"{number} of {' '.join(name)}" for name, number in sorted(counts.items())]
        return f"<Ledger {self.folder}: {', '.join(parts) or 'no'} records>"

    def _repr_html_(self) -> str:
        return html_of(repr(self), self.to_table())

    def to_table(self) -> QTable:
        """
        Return the records as a table with units.

        Returns
        -------
        astropy.table.QTable
            A row per record: detector, readout mode, kind, epoch (MJD, UTC, in days), and
            ``n_hot``, the number of pixels above the threshold of the detector. A subarray has few.

        Raises
        ------
        LedgerError
            As `records`.
        """
        rows = self._rows()
        names = ("detector", "readout", "kind", "epoch", "n_hot")
        return table_of({name: [row[name] for row in rows] for name in names}, {"epoch": "d"})

    def plot(self) -> Figure:
        """
        Plot the number of hot pixels in each record against its date.

        Returns
        -------
        matplotlib.figure.Figure
            One series per detector, readout mode and kind.

        Raises
        ------
        LedgerError
            As `records`.
        """
        # matplotlib takes most of a second to import.
        from jwst_hotpix.ledger.records_plot import records_figure

        return records_figure(self._rows(), str(self.folder))

    def _rows(self) -> list[dict[str, Any]]:
        records: list[Record | ScienceRecord] = []
        for detector in DETECTORS.values():
            records += self.records(detector.name)
            records += self.science(detector.name)
        return [
            {
                "detector": one.detector.name,
                "readout": one.readout,
                "kind": one.kind,
                "epoch": one.epoch,
                "n_hot": int(np.sum(one.rate > one.detector.threshold)),
            }
            for one in records
        ]

    def add(self, dark: DarkRate, *, floor: float = FLOOR, sigma: float = SIGMA) -> bool:
        """
        Keep a dark that is measured already.

        Parameters
        ----------
        dark : DarkRate
            The measured dark, rates in DN/s.
        floor : float
            DN/s, from which on pixels are kept.
        sigma : float
            Least significance of a kept rate.

        Returns
        -------
        bool
            Whether it is new.
        """
        if self.holds(dark, dark.digest):
            return False
        self.keep(record_of(dark, floor=floor, sigma=sigma))
        return True

    def holds(self, dark: DarkInfo, digest: str) -> bool:
        """
        Check whether the record of a dark is there and whole; `add` replaces a damaged one.

        Parameters
        ----------
        dark : DarkInfo
            The dark, measured or not.
        digest : str
            SHA-256 of its file.

        Returns
        -------
        bool

        Raises
        ------
        LedgerError
            For a record of a newer format.
        """
        return _is_intact(self._read_dark, self._darks.of(dark, digest), digest)

    def keep(self, record: Record) -> None:
        """
        Keep a record, for instance of another ledger, replacing any other record of the same dark.

        Parameters
        ----------
        record : Record
            The record to keep.
        """
        place = self._darks.of(record, record.digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_record(record, place)

    def add_science(self, record: ScienceRecord) -> bool:
        """
        Keep what a science exposure showed.

        Parameters
        ----------
        record : ScienceRecord
            The record to keep.

        Returns
        -------
        bool
            Whether it is new.
        """
        place = self._science.of(record, record.digest)
        if _is_intact(self._read_science, place, record.digest):
            return False
        write_science_record(record, place, self._masks)
        return True

    def others(self, new: DarkRate | ScienceRecord) -> Sequence[Record | ScienceRecord]:
        """
        Read the records of other products of the same exposure; damaged ones are ignored.

        Parameters
        ----------
        new : DarkRate or ScienceRecord
            Product that is, or may be, in the ledger itself.

        Returns
        -------
        sequence of Record or ScienceRecord
        """
        places = self._science if isinstance(new, ScienceRecord) else self._darks
        found = _read_all(places.beside(new, new.digest), self.read, damaged=[])
        return [record for record in found if exposure_of(record) == exposure_of(new)]

    def science(
        self,
        detector: str,
        readout: str = POOLED,
        *,
        damaged: list[LedgerError] | None = None,
    ) -> list[ScienceRecord]:
        """
        Read the records of the science exposures of a detector.

        Parameters
        ----------
        detector, readout, damaged
            As in `records`.

        Returns
        -------
        list of ScienceRecord
            Sorted by time.

        Raises
        ------
        LedgerError
            As `records`.
        FrameMismatchError
            When JWST has no such detector.
        """
        read = partial(self._read_science, masks={})
        records = _read_all(self._science.of_modes(detector, readout), read, damaged)
        return sorted(records, key=lambda record: (record.first, record.digest))

    def require_folder(self) -> None:
        """
        Check that the ledger exists, for commands that only read it.

        Raises
        ------
        LedgerError
            When its folder is missing.
        """
        if not self.folder.is_dir():
            raise self._without("", expected="a folder")

    def files(self) -> Iterator[Path]:
        """
        List the files of all records: darks, then science exposures.

        Yields
        ------
        Path
            None if the folder is missing.

        Raises
        ------
        OSError
            When a folder cannot be read.
        """
        yield from self._darks.files()
        yield from self._science.files()

    def contents(self) -> list[tuple[str, str]]:
        """
        List the detectors and readout modes that there are records of.

        Returns
        -------
        list of tuple of str
            E.g. ``("NRS1", "IRS2")``; sorted.

        Raises
        ------
        LedgerError
            When there are none at all.
        OSError
            When a folder cannot be read.
        """
        found = set(map(names_in, self._darks.files()))
        if not found:
            raise self._without("no records", expected="at least one")
        return sorted(found)

    def read(self, path: Path) -> Record | ScienceRecord:
        """Read one of `files`; raise `LedgerError` when it is damaged, misplaced or too new."""
        is_science = path.is_relative_to(self._science.root)
        return self._read_science(path) if is_science else self._read_dark(path)

    def records(
        self,
        detector: str,
        readout: str = POOLED,
        *,
        damaged: list[LedgerError] | None = None,
    ) -> list[Record]:
        """
        Read the records of a detector.

        Parameters
        ----------
        detector : str
            Name of the detector, e.g. ``"NRS1"``.
        readout : str
            ``"irs2"``, ``"trad"`` or ``"pooled"``, in either case.
        damaged : list, optional
            Gets an error for every record that is damaged, misplaced or of a newer format, and
            the others are returned. Without it, the first such error is raised.

        Returns
        -------
        list of Record
            Sorted by epoch, then digest.

        Raises
        ------
        LedgerError
            For a damaged, misplaced or newer record.
        FrameMismatchError
            When JWST has no such detector.
        """
        records = _read_all(self._darks.of_modes(detector, readout), self._read_dark, damaged)
        return sorted(records, key=lambda record: (record.epoch, record.digest))

    def sightings(
        self,
        detector: str,
        readout: str = POOLED,
        as_of: Date | None = None,
        *,
        damaged: list[LedgerError] | None = None,
        own: Sequence[ScienceRecord] = (),
        also: Sequence[int] = (),
    ) -> Sightings:
        """
        Put together what the darks and science exposures of a detector saw.

        Parameters
        ----------
        detector : str
            Name of the detector, e.g. ``"NRS1"``.
        readout : str
            ``"irs2"``, ``"trad"`` or ``"pooled"``, in either case.
        as_of : str, astropy.time.Time or float, optional
            Date: ISO 8601 (UTC), a time, or MJD (UTC). Only darks that had ended by then, and
            science exposures that were public.
        damaged : list, optional
            As in `records`.
        own : sequence of ScienceRecord
            Exposures that are not in the ledger, but that the caller has.
        also : sequence of int
            As in `with_looks`.

        Returns
        -------
        Sightings
            The same whatever the order in which darks were added. Of several products of one
            exposure one counts, see `one_per_exposure`.

        Raises
        ------
        LedgerError
            When nothing is left; as `records`.
        FrameMismatchError
            When JWST has no such detector.
        """
        as_of = epoch_of(as_of)
        known = self.records(detector, readout, damaged=damaged)
        chosen = one_per_exposure(
            record for record in known if as_of is None or record.known <= as_of
        )
        public = self.science(detector, readout, damaged=damaged)
        science = [one for one in public if as_of is None or one.known <= as_of]
        if science or own:
            looks = [look_of(visit) for visit in group_visits([*science, *own])]
            return with_looks(combine(chosen) if chosen else None, looks, also)
        if not chosen:
            what = f"{get_detector(detector).name} {readout.upper()}"
            until = "" if as_of is None else f" known by {iso(as_of, 'seconds')}"
            raise self._without(f"no records of {what}{until}", expected=f"at least one of {what}")
        return combine(chosen)

    def _without(self, sentence: str, *, expected: str) -> LedgerError:
        """Return the error for a ledger that holds nothing of what was asked for, or is missing."""
        if not self.folder.is_dir():
            sentence = "there is no such ledger"
        return LedgerError(
            "darks", expected=expected, found="none", source=self.folder, sentence=sentence
        )

    def _read_dark(self, path: Path) -> Record:
        record = read_record(path)
        self._darks.require(path, record, record.digest)
        return record

    def _read_science(self, path: Path, masks: dict[str, bytes] | None = None) -> ScienceRecord:
        record = read_science_record(path, self._masks, masks)
        self._science.require(path, record, record.digest)
        return record


def _is_intact(read: Callable[[Path], Record | ScienceRecord], path: Path, digest: str) -> bool:
    """Determine whether a file is the record with a digest, and whole."""
    try:
        return read(path).digest == digest
    except FileNotFoundError:
        return False
    except LedgerError as error:
        # A damaged record may be replaced, one of a newer format not.
        if error.what == "ledger format":
            raise
        return False


def _read_all(
    paths: Iterable[Path], read: Callable[[Path], _R], damaged: list[LedgerError] | None
) -> list[_R]:
    """Read records; errors are added to a list, or else the first one is raised."""
    records = []
    for path in sorted(paths):
        try:
            records.append(read(path))
        except LedgerError as error:
            if damaged is None:
                raise
            damaged.append(error)
    return records
