"""Where the records of a ledger lie: by detector, readout mode, date and content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.readouts import IRS2, POOLED, TRAD
from jwst_hotpix.ledger.reductions import SAME_TIME
from jwst_hotpix.measure.dark_info import DarkInfo
from jwst_hotpix.tools.folders import files_in

__all__ = ["Places", "names_in"]


class Places:
    """
    The files of the records of one kind, ``detector=NRS1/readout=IRS2/<epoch>_<digest>.parquet``.

    Parameters
    ----------
    root : Path
        Folder that they are below.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, info: DarkInfo, digest: str) -> Path:
        """Return the place of the record of an exposure with the SHA-256 of its content."""
        return self.root.joinpath(*_parts_of(info, digest))

    def require(self, path: Path, info: DarkInfo, digest: str) -> None:
        """Raise `LedgerError` unless a record was read from the file where it must lie."""
        # Of thousands of records, paths are not built to compare them.
        expected, found = _parts_of(info, digest), path.parts[-3:]
        if found != expected:
            raise LedgerError(
                "place of the record", expected=Path(*expected), found=Path(*found), source=path
            )

    def of_modes(self, detector: str, readout: str) -> Iterator[Path]:
        """List the files of a detector in a readout mode, ``"pooled"`` for both, in any order."""
        folder = self.root / f"detector={get_detector(detector).name}"
        return _files_in(folder / f"readout={mode}" for mode in _modes(readout))

    def beside(self, info: DarkInfo, digest: str) -> Iterator[Path]:
        """Yield the files of other products that may be of the same exposure as a record."""
        place = self.of(info, digest)
        # Names begin with the epoch, which another product may round differently.
        starts = tuple(f"{info.epoch + step:.5f}_" for step in (-SAME_TIME, 0, SAME_TIME))
        for path in _files_in([place.parent]):
            if path.name.startswith(starts) and path != place:
                yield path

    def files(self) -> Iterator[Path]:
        """List all files, in any order; raise `OSError` when a folder cannot be read."""
        detectors = files_in(self.root, "detector=*")
        return _files_in(mode for one in detectors for mode in files_in(one, "readout=*"))


def names_in(path: Path) -> tuple[str, str]:
    """Return the detector and readout mode that the place of a record names."""
    detector, readout = (part.partition("=")[2] for part in path.parts[-3:-1])
    return detector, readout


def _parts_of(info: DarkInfo, digest: str) -> tuple[str, str, str]:
    name = f"{info.epoch:.5f}_{digest[:12]}.parquet"
    return f"detector={info.detector.name}", f"readout={info.readout}", name


def _files_in(folders: Iterable[Path]) -> Iterator[Path]:
    return (path for folder in folders for path in files_in(folder, "[!.]*.parquet"))


def _modes(readout: str) -> tuple[str, ...]:
    modes = {IRS2: (IRS2,), TRAD: (TRAD,), POOLED: (IRS2, TRAD)}
    try:
        return modes[readout.upper()]
    except KeyError:
        expected = "irs2, trad or pooled"
        raise LedgerError("readout mode", expected=expected, found=readout) from None
