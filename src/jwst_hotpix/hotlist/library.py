"""A folder of hot pixel lists, and which of them fits an exposure."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from jwst_hotpix.exceptions import HotPixError, MissingListError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import POOLED

__all__ = ["ENVIRONMENT", "Choice", "Library", "find"]

ENVIRONMENT = "JWST_HOTPIX_LIBRARY"

# Below "stpipe", so that the pipeline's log handlers, and with them cal_logs, get every line.
log = logging.getLogger(f"stpipe.{__name__}")


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice:
    """
    A list and why it was chosen.

    Attributes
    ----------
    pixels : PixelList
    name : str
        As logs and headers give it.
    reason : str
        In words.
    """

    pixels: PixelList
    name: str
    reason: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Library:
    """
    Lists that were read once, to choose from for any number of exposures.

    Attributes
    ----------
    place : str
        Where they come from, as errors and reasons give it.
    lists : mapping of str to PixelList
        By file name.
    is_single : bool
        The one list that was asked for, so that there is nothing to choose.
    """

    place: str
    lists: Mapping[str, PixelList]
    is_single: bool = False

    @classmethod
    def of_folder(cls, folder: str | os.PathLike[str]) -> Self:
        """
        Read the lists of a folder.

        Parameters
        ----------
        folder : path
            All its ``.asdf`` files that are hot pixel lists count; others are left alone.

        Returns
        -------
        Library

        Raises
        ------
        MissingListError
            When the folder is missing.
        """
        place = Path(folder)
        if not place.is_dir():
            raise MissingListError("library", expected="a folder", found="none", source=place)
        return cls(place=place.name, lists=_lists_of(place))

    @classmethod
    def of_list(cls, path: str | os.PathLike[str]) -> Self:
        """
        Read one list, which then is the choice for every exposure of its detector.

        Parameters
        ----------
        path : path

        Returns
        -------
        Library

        Raises
        ------
        MissingListError, ListFormatError, FrameMismatchError
            As `jwst_hotpix.hotlist.asdf_file.read`.
        """
        name = asdf_file.name_of(path)
        return cls(place=name, lists={name: asdf_file.read(path)}, is_single=True)

    def find(self, *, detector: str, readout: str, epoch: float) -> Choice:
        """
        Find the list that fits an exposure best.

        Of the lists of the detector: those of the same readout mode before pooled ones before
        those of the other mode; complete lists before supplements; lists whose darks begin before
        the exposure; then the list with the newest darks, which knows most.

        Parameters
        ----------
        detector : str
        readout : str
            ``"IRS2"`` or ``"TRAD"``.
        epoch : float
            MJD (UTC) of the exposure.

        Returns
        -------
        Choice

        Raises
        ------
        MissingListError
            When none is of the detector.
        """
        fitting = {
            name: pixels
            for name, pixels in self.lists.items()
            if pixels.detector.upper() == detector.upper()
        }
        if not fitting:
            kinds = sorted({pixels.detector for pixels in self.lists.values()})
            found = f"{' and '.join(kinds) or 'none'} in {self.place}"
            raise MissingListError("hot pixel list", expected=f"one of {detector}", found=found)
        name, best = max(
            fitting.items(), key=lambda item: _merit(*item, readout=readout, epoch=epoch)
        )
        if self.is_single:
            return Choice(pixels=best, name=name, reason="as asked for")
        which = f"best of {len(fitting)} lists" if len(fitting) > 1 else "only list"
        reason = f"the {which} of {detector} in {self.place}"
        return Choice(pixels=best, name=name, reason=reason)


def find(folder: str | os.PathLike[str], *, detector: str, readout: str, epoch: float) -> Choice:
    """
    Find the list of a folder that fits one exposure best, as `Library` does for many.

    Parameters
    ----------
    folder : path
    detector, readout, epoch
        As `Library.find`.

    Returns
    -------
    Choice

    Raises
    ------
    MissingListError
        When the folder is missing or has no list of the detector.
    """
    library = Library.of_folder(folder)
    return library.find(detector=detector, readout=readout, epoch=epoch)


def _lists_of(folder: Path) -> dict[str, PixelList]:
    lists = {}
    for path in sorted(folder.glob("*.asdf")):
        try:
            lists[path.name] = asdf_file.read(path)
        except HotPixError as error:
            log.warning("Left out of the library: %s", error)
    return lists


def _merit(name: str, pixels: PixelList, *, readout: str, epoch: float) -> tuple[object, ...]:
    """Order lists from worst to best; the name decides between equals, for want of better."""
    origin = pixels.provenance
    first, last = origin.coverage or (math.inf, origin.known_until or -math.inf)
    return (
        pixels.readout == readout,
        pixels.readout == POOLED,
        origin.mask is None and origin.dark is None,
        first <= epoch,
        last,
        origin.n_exposures,
        name,
    )
