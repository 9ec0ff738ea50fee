"""From science exposures to lists of new hot pixels, one for each detector and readout mode."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import HotPixError, reason_of
from jwst_hotpix.exposure.find import gather
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.summary import Summary
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.looks import STARED, Kind, group_visits, look_of
from jwst_hotpix.ledger.science_record import ScienceRecord, science_record_of
from jwst_hotpix.ledger.with_looks import with_looks
from jwst_hotpix.measure.dark_info import ScienceInfo
from jwst_hotpix.measure.excess import BOUNDS, IN_ALL, UNKNOWN, level_of
from jwst_hotpix.measure.from_science import ScienceRate, read_science
from jwst_hotpix.measure.open_science import describe_science, open_science
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.tools.folders import path_list
from jwst_hotpix.tools.notebook import html_of, plain_table

if TYPE_CHECKING:
    from astropy.table import Table

__all__ = ["JUDGED_AT", "Discovery", "Found", "Rejected", "discover"]

# DN/s at which the fraction of pixels that could be judged is given.
JUDGED_AT = (1.0, 3.0, 10.0)

# Floors of a stare, whose rule is stricter, by those of single images.
_STARE = np.append(level_of(BOUNDS * np.float32(IN_ALL / STARED)), np.uint8(UNKNOWN))

# A folder holds other products of the same exposures, which are no evidence.
_RATE = re.compile(r".*_(rate|rateints)\.fits(\.gz)?")


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """
    A file that is no evidence.

    Attributes
    ----------
    file : str
        As the caller named it.
    reason : str
        Why; it names the file.
    """

    file: str
    reason: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """
    What the exposures of one detector and readout mode show.

    Attributes
    ----------
    pixels : PixelList
        New hot pixels; with a ledger, also all of its hot pixels.
    path : Path or None
        File of the list; None if nothing was found.
    files : tuple of Path
        Exposures that were used.
    looks : dict of str to int
        Number of looks by kind: ``"single"``, ``"stared"``, ``"dithered"``.
    judged : dict of float to float
        Fraction of the pixels in which a hot pixel above this many DN/s would have been found.
    """

    pixels: PixelList
    path: Path | None
    files: tuple[Path, ...]
    looks: dict[str, int]
    judged: dict[float, float]

    def __repr__(self) -> str:
        return f"<Found in {len(self.files)} exposures: {self.pixels!r}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, ready for JSON."""
        summary = Summary.of(self.pixels)
        return {
            "detector": self.pixels.detector,
            "readout": self.pixels.readout,
            "list": None if self.path is None else str(self.path),
            "n_exposures": len(self.files),
            "n_looks": sum(self.looks.values()),
            "looks": {str(kind): number for kind, number in self.looks.items()},
            "judged": {f"{rate:g}": round(share, 4) for rate, share in self.judged.items()},
            "n_centers": summary.n_centers,
            "n_neighbors": summary.n_neighbors,
        }

    @property
    def warning(self) -> str | None:
        """What the observer should know of these exposures, if anything."""
        name = f"{self.pixels.detector} {self.pixels.readout}"
        if set(self.looks) == {str(Kind.SINGLE)}:
            return (
                f"{name}: a single exposure cannot distinguish hot pixels from cosmic rays, so "
                "none is listed; give all exposures of the visit, or _rateints instead of _rate"
            )
        if self.judged[JUDGED_AT[0]] < 0.5:
            return (
                f"{name}: hot pixels of {JUDGED_AT[0]:g} DN/s would have been found in only "
                f"{self.judged[JUDGED_AT[0]]:.0%} of the pixels; longer exposures see more"
            )
        return None


@dataclass(frozen=True, eq=False, kw_only=True)
class Discovery:
    """
    All that a set of exposures shows.

    Attributes
    ----------
    lists : tuple of Found
        By detector and readout mode.
    rejected : tuple of Rejected
        Files that were not used, and why.
    """

    lists: tuple[Found, ...]
    rejected: tuple[Rejected, ...]

    def __repr__(self) -> str:
        found = ", ".join(
            f"{len(one.pixels)} pixels of {one.pixels.detector} {one.pixels.readout}"
            for one in self.lists
        )
        return f"<Discovery: {found or 'nothing found'}; {len(self.rejected)} files rejected>"

    def _repr_html_(self) -> str:
        return html_of(repr(self), self.to_table())

    def to_table(self) -> Table:
        """
        Return the lists as a table.

        Returns
        -------
        astropy.table.Table
            A row per list: detector, readout mode, file, and numbers of exposures, looks, centers
            and neighbors.
        """
        rows = [one.to_dict() for one in self.lists]
        kept = [{key: row[key] for key in row if key not in {"looks", "judged"}} for row in rows]
        return plain_table(kept, {})


def discover(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    ledger: str | os.PathLike[str] | None = None,
    threshold: float | None = None,
    write_beside: Callable[[Found, Path], object] | None = None,
) -> Discovery:
    """
    Find new hot pixels in science exposures, and write lists of them.

    Parameters
    ----------
    paths : path or iterable of path
        ``_rate`` or ``_rateints`` products, or folders of them; of any number of visits, detectors
        and readout modes.
    folder : path
        Folder for the lists; created if missing.
    ledger : path, optional
        A ledger whose darks and science exposures count too.
    threshold : float, optional
        DN/s; the detector's own by default.
    write_beside : callable, optional
        Called with each result and the path of its list before the list is written, to write what
        belongs beside it: where the list is, all is.

    Returns
    -------
    Discovery

    Raises
    ------
    LedgerError
        When there is no such ledger, or a record of it is damaged.
    OSError
        When a list cannot be written.
    """
    store = None if ledger is None else Ledger(ledger)
    if store is not None:
        store.require_folder()
    groups, rejected = _sorted_out(path_list(paths))
    lists = []
    for (detector, readout), infos in sorted(groups.items()):
        shown = _Shown(get_detector(detector))
        for visit in group_visits(infos):
            shown.add(visit, infos)
        rejected += shown.rejected
        if shown.records:
            found, header = _found(shown, readout, store, Path(folder), threshold)
            if found.path is not None:
                found.path.parent.mkdir(parents=True, exist_ok=True)
                if write_beside is not None:
                    write_beside(found, found.path)
                asdf_file.write(found.pixels, found.path, header)
            lists.append(found)
    return Discovery(lists=tuple(lists), rejected=tuple(rejected))


def _sorted_out(
    paths: Iterable[str | os.PathLike[str]],
) -> tuple[dict[tuple[str, str], dict[ScienceInfo, Path]], list[Rejected]]:
    """Read the headers: what is evidence, by detector and readout mode."""
    given = [Path(path) for path in paths]
    named = {path.resolve() for path in given if not path.is_dir()}
    files, _ = gather(given)
    groups: dict[tuple[str, str], dict[ScienceInfo, Path]] = {}
    rejected = []
    for file in files:
        if file.resolve() not in named and not _RATE.fullmatch(file.name):
            continue
        try:
            with open_science(file) as opened:
                info = describe_science(opened)
        except (HotPixError, OSError) as error:
            rejected.append(Rejected(file=str(file), reason=reason_of(error)))
            continue
        groups.setdefault((info.detector.name, info.readout), {})[info] = file
    return groups, rejected


class _Shown:
    """
    What the exposures of one detector and readout mode show, visit by visit.

    Parameters
    ----------
    detector : Detector
        The detector that the exposures are of.
    """

    def __init__(self, detector: Detector) -> None:
        self.detector = detector
        self.records: list[ScienceRecord] = []
        self.kinds: list[Kind] = []
        self.files: list[Path] = []
        self.rejected: list[Rejected] = []
        self._best = np.full(detector.shape, UNKNOWN, np.uint8)
        self._shown, self._masked = (np.zeros(detector.shape, bool) for _ in range(2))

    def add(self, visit: Sequence[ScienceInfo], files: dict[ScienceInfo, Path]) -> None:
        """Measure the exposures of a visit, one in memory at a time."""
        records, floors = [], None
        for info in visit:
            try:
                exposure = read_science(files[info])
            except (HotPixError, OSError) as error:
                self.rejected.append(Rejected(file=str(files[info]), reason=reason_of(error)))
                continue
            self.files.append(files[info])
            self._mark(exposure)
            floors = _two_smallest(floors, exposure.excess.floor)
            records.append(science_record_of(exposure))
        if floors is None:
            return
        kind = look_of(records).kind
        self.records += records
        self.kinds.append(kind)
        if kind != Kind.SINGLE:
            # Two exposures must find a pixel, or the integrations of one.
            floor = floors[min(len(records), 2) - 1]
            best = self._best[records[0].window.part]
            np.minimum(best, _STARE[floor] if kind == Kind.STARED else floor, out=best)

    def masked(self) -> NDArray[np.bool_]:
        """Return the pixels shown for which no exposure has a rate."""
        return self._masked

    def judged(self) -> dict[float, float]:
        """Return the fraction of the pixels shown that could be judged, by rate."""
        shown = self._shown & self.detector.active_area()
        levels = np.searchsorted(BOUNDS, JUDGED_AT)
        shares = [float(np.mean(self._best[shown] <= level)) for level in levels]
        return dict(zip(JUDGED_AT, shares, strict=True))

    def _mark(self, exposure: ScienceRate) -> None:
        part = exposure.window.part
        was_seen = self._shown[part] & ~self._masked[part]
        self._masked[part] = exposure.masked & ~was_seen
        self._shown[part] = True


def _two_smallest(
    smallest: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None, new: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    if smallest is None:
        return new, np.full_like(new, UNKNOWN)
    first, second = smallest
    return np.minimum(first, new), np.minimum(second, np.maximum(first, new))


def _found(
    shown: _Shown, readout: str, ledger: Ledger | None, folder: Path, threshold: float | None
) -> tuple[Found, asdf_file.Header]:
    """Return what exposures show, and the header of its list, which is yet to be written."""
    if ledger is None:
        looks = [look_of(visit) for visit in group_visits(shown.records)]
        sightings = with_looks(None, looks)
    else:
        sightings = ledger.sightings(shown.detector.name, readout, own=shown.records)
    pixels = build_list(sightings, threshold=threshold, readout=readout, mask=shown.masked())
    header = asdf_file.Header(
        useafter=iso(float(sightings.start.min()), "seconds"),
        description="Hot pixels found in science exposures",
    )
    path = folder / asdf_file.default_name(pixels, header) if len(pixels) else None
    return Found(
        pixels=pixels,
        path=path,
        files=tuple(shown.files),
        looks=dict(Counter(str(kind) for kind in shown.kinds)),
        judged=shown.judged(),
    ), header
