"""The ledger: what every dark saw, one immutable record per dark."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.instrument.detectors import DETECTORS, Detector, get_detector
from jwst_hotpix.instrument.readouts import IRS2, POOLED, TRAD
from jwst_hotpix.ledger.combine_records import combine
from jwst_hotpix.ledger.looks import group_visits, look_of
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
from jwst_hotpix.tools.folders import files_in
from jwst_hotpix.tools.notebook import html_of, table_of

if TYPE_CHECKING:
    from astropy.table import QTable
    from matplotlib.figure import Figure

    from jwst_hotpix.measure.dark_info import DarkInfo
    from jwst_hotpix.measure.rate import DarkRate

__all__ = ["Ledger"]

_R = TypeVar("_R", Record, ScienceRecord)

# Days by which the epochs of one exposure may differ.
_ROUNDED = 1e-6


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

    def __fspath__(self) -> str:
        """Return the folder, so that a ledger can be given wherever its folder can."""
        return str(self.folder)

    def __repr__(self) -> str:
        # Counted by file name: a ledger may hold ten thousand records, and only one line is needed.
        counts = Counter(
            (path.parent.parent.name.partition("=")[2], path.parent.name.partition("=")[2])
            for path in self.files()
        )
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
                "kind": one.kind if isinstance(one, Record) else "science",
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
        try:
            return self._read(self._place(dark, digest)).digest == digest
        except FileNotFoundError:
            return False
        except LedgerError as error:
            if error.what == "ledger format":
                raise
            return False

    def keep(self, record: Record) -> None:
        """
        Keep a record, for instance of another ledger, replacing any other record of the same dark.

        Parameters
        ----------
        record : Record
            The record to keep.
        """
        place = self._place(record, record.digest)
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
        place = self._science_place(record)
        try:
            if read_science_record(place, self._masks).digest == record.digest:
                return False
        except FileNotFoundError:
            pass
        except LedgerError as error:
            # A damaged record is replaced.
            if error.what == "ledger format":
                raise
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
        # File names begin with the epoch, which another product may round differently.
        starts = tuple(f"{new.epoch + step:.5f}_" for step in (-_ROUNDED, 0, _ROUNDED))
        found: list[Record] | list[ScienceRecord]
        if isinstance(new, ScienceRecord):
            place = self._science_place(new)
            found = _read_all(_beside(place, starts), self._read_science, [])
        else:
            place = self._place(new, new.digest)
            found = _read_all(_beside(place, starts), self._read, [])
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
        folders = [self._science_folder(get_detector(detector), mode) for mode in _modes(readout)]
        read = partial(self._read_science, masks={})
        records = _read_all(_paths_in(folders), read, damaged)
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
        yield from _below(self.folder)
        yield from _below(self.folder / "_science")

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
        found = {path.parent for path in _below(self.folder)}
        if not found:
            raise self._without("no records", expected="at least one")
        return sorted(
            (place.parent.name.partition("=")[2], place.name.partition("=")[2]) for place in found
        )

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
        modes = _modes(readout)
        folders = [self._partition(get_detector(detector), mode) for mode in modes]
        records = _read_all(_paths_in(folders), self._read, damaged)
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

    @property
    def _masks(self) -> Path:
        return self.folder / "_masks"

    def _science_folder(self, detector: Detector, readout: str) -> Path:
        return self.folder / "_science" / f"detector={detector.name}" / f"readout={readout}"

    def _science_place(self, record: ScienceRecord) -> Path:
        folder = self._science_folder(record.detector, record.readout)
        return folder / _name_of(record)

    def _read_science(self, path: Path, masks: dict[str, bytes] | None = None) -> ScienceRecord:
        """Read a record, which must be of the exposure that its folder and name give."""
        record = read_science_record(path, self._masks, masks)
        # Of thousands of records, paths are not built to compare them.
        here = f"detector={record.detector.name}", f"readout={record.readout}", _name_of(record)
        if path.parts[-3:] != here:
            place = self._science_place(record)
            expected, found = (one.relative_to(self.folder) for one in (place, path))
            raise LedgerError("place of the record", expected=expected, found=found, source=path)
        return record

    def _without(self, sentence: str, *, expected: str) -> LedgerError:
        """Return the error for a ledger that holds nothing of what was asked for, or is missing."""
        if not self.folder.is_dir():
            sentence = "there is no such ledger"
        return LedgerError(
            "darks", expected=expected, found="none", source=self.folder, sentence=sentence
        )

    def _partition(self, detector: Detector, readout: str) -> Path:
        return self.folder / f"detector={detector.name}" / f"readout={readout}"

    def _place(self, dark: DarkInfo, digest: str) -> Path:
        folder = self._partition(dark.detector, dark.readout)
        return folder / f"{dark.epoch:.5f}_{digest[:12]}.parquet"

    def _read(self, path: Path) -> Record:
        """Read a record, which must be of the dark that its folder and name give."""
        record = read_record(path)
        place = self._place(record, record.digest)
        if place != path:
            expected = place.relative_to(self.folder)
            found = path.relative_to(self.folder)
            raise LedgerError("place of the record", expected=expected, found=found, source=path)
        return record


def _below(folder: Path) -> Iterator[Path]:
    """List the records of all detectors and readout modes in a folder."""
    detectors = files_in(folder, "detector=*")
    return _paths_in(place for one in detectors for place in files_in(one, "readout=*"))


def _name_of(record: ScienceRecord) -> str:
    return f"{record.epoch:.5f}_{record.digest[:12]}.parquet"


def _paths_in(folders: Iterable[Path]) -> Iterator[Path]:
    return (path for folder in folders for path in files_in(folder, "[!.]*.parquet"))


def _beside(place: Path, starts: tuple[str, ...]) -> Iterator[Path]:
    return (
        path for path in _paths_in([place.parent]) if path.name.startswith(starts) and path != place
    )


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


def _modes(readout: str) -> tuple[str, ...]:
    modes = {IRS2: (IRS2,), TRAD: (TRAD,), POOLED: (IRS2, TRAD)}
    try:
        return modes[readout.upper()]
    except KeyError:
        expected = "irs2, trad or pooled"
        raise LedgerError("readout mode", expected=expected, found=readout) from None
