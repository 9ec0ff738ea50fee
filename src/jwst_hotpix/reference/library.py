"""A folder of hot pixel lists, and which of them fits an exposure."""

from __future__ import annotations

import logging
import math
import os
from dataclasses import dataclass
from pathlib import Path

from jwst_hotpix.detectors import POOLED
from jwst_hotpix.exceptions import HotPixError, MissingListError
from jwst_hotpix.pixellist import PixelList
from jwst_hotpix.reference import io

__all__ = ["ENVIRONMENT", "Choice", "find"]

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


def find(folder: str | os.PathLike[str], *, detector: str, readout: str, epoch: float) -> Choice:
    """
    Find the list of a folder that fits an exposure best.

    Of the lists of the detector: those of the same readout mode before pooled ones before those
    of the other mode; complete lists before supplements; lists whose darks begin before the
    exposure; then the list with the newest darks, which knows most.

    Parameters
    ----------
    folder : path
        All its ``.asdf`` files that are hot pixel lists count; others are left alone.
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
        When the folder is missing or has no list of the detector.
    """
    place = Path(folder)
    if not place.is_dir():
        raise MissingListError("library", expected="a folder", found="none", source=place)
    lists = _lists_of(place, detector)
    if not lists:
        expected, found = f"a list of {detector}", f"none in {place.name}/*.asdf"
        raise MissingListError("library", expected=expected, found=found)
    path, best = max(lists.items(), key=lambda item: _merit(*item, readout=readout, epoch=epoch))
    which = f"best of {len(lists)} lists" if len(lists) > 1 else "only list"
    reason = f"the {which} of {detector} in {place.name}"
    return Choice(pixels=best, name=path.name, reason=reason)


def _lists_of(folder: Path, detector: str) -> dict[Path, PixelList]:
    lists = {}
    for path in sorted(folder.glob("*.asdf")):
        try:
            pixels = io.read(path)
        except HotPixError as error:
            log.warning("Left out of the library: %s", error)
            continue
        if pixels.detector.upper() == detector.upper():
            lists[path] = pixels
    return lists


def _merit(path: Path, pixels: PixelList, *, readout: str, epoch: float) -> tuple[object, ...]:
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
        path.name,
    )
