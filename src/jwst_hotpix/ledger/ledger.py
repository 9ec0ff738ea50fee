"""The ledger: what every dark saw, one immutable record a dark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.instrument.readouts import IRS2, POOLED, TRAD
from jwst_hotpix.ledger.combine_records import combine, one_per_exposure
from jwst_hotpix.ledger.read_record import read_record
from jwst_hotpix.ledger.record import Record, write_record
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.ledger.what_is_kept import FLOOR, SIGMA, record_of

if TYPE_CHECKING:
    from jwst_hotpix.measure.dark_info import DarkInfo
    from jwst_hotpix.measure.rate import DarkRate

__all__ = ["Ledger"]


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
    ledger is.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)

    def add(self, dark: DarkRate, *, floor: float = FLOOR, sigma: float = SIGMA) -> bool:
        """
        Keep a dark that is measured already.

        Parameters
        ----------
        dark : DarkRate
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
        Keep a record, for instance of another ledger, in place of any other of the same dark.

        Parameters
        ----------
        record : Record
        """
        place = self._place(record, record.digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_record(record, place)

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
        """
        records = self.folder.glob("detector=*/readout=*/[!.]*.parquet")
        found = {path.parent for path in records}
        if not found:
            raise LedgerError("darks", expected="at least one", found="none", source=self.folder)
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
        records = []
        for path in sorted(path for folder in folders for path in folder.glob("[!.]*.parquet")):
            try:
                records.append(self._read(path))
            except LedgerError as error:
                if damaged is None:
                    raise
                damaged.append(error)
        return sorted(records, key=lambda record: (record.epoch, record.digest))

    def sightings(
        self,
        detector: str,
        readout: str = POOLED,
        as_of: float | None = None,
        *,
        damaged: list[LedgerError] | None = None,
    ) -> Sightings:
        """
        Put together what the darks of a detector saw.

        Parameters
        ----------
        detector : str
        readout : str
            ``"irs2"``, ``"trad"`` or ``"pooled"``, in either case.
        as_of : float, optional
            MJD (UTC): only darks that had ended by then.
        damaged : list, optional
            As in `records`.

        Returns
        -------
        Sightings
            The same whatever the order in which darks were added. Of several products of one
            exposure, one counts.

        Raises
        ------
        LedgerError
            When no dark is left; as `records`.
        FrameMismatchError
            When JWST has no such detector.
        """
        known = self.records(detector, readout, damaged=damaged)
        chosen = one_per_exposure(
            record for record in known if as_of is None or record.known <= as_of
        )
        if not chosen:
            what = f"{get_detector(detector).name} {readout.upper()}"
            until = "" if as_of is None else f" known by MJD {as_of}"
            expected, found = f"at least one of {what}{until}", "none"
            raise LedgerError("darks", expected=expected, found=found, source=self.folder)
        return combine(chosen)

    def _partition(self, detector: Detector, readout: str) -> Path:
        return self.folder / f"detector={detector.name}" / f"readout={readout}"

    def _place(self, dark: DarkInfo, digest: str) -> Path:
        folder = self._partition(dark.detector, dark.readout)
        return folder / f"{dark.epoch:.5f}_{digest[:12]}.parquet"

    def _read(self, path: Path) -> Record:
        """Read a record that must be of the dark that its folder and name say."""
        record = read_record(path)
        place = self._place(record, record.digest)
        if place != path:
            expected = place.relative_to(self.folder)
            found = path.relative_to(self.folder)
            raise LedgerError("place of the record", expected=expected, found=found, source=path)
        return record


def _modes(readout: str) -> tuple[str, ...]:
    modes = {IRS2: (IRS2,), TRAD: (TRAD,), POOLED: (IRS2, TRAD)}
    try:
        return modes[readout.upper()]
    except KeyError:
        expected = "irs2, trad or pooled"
        raise LedgerError("readout mode", expected=expected, found=readout) from None
