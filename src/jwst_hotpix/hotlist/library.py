"""A folder of hot pixel lists, and which of them fits an exposure best."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from jwst_hotpix.exceptions import HotPixError, MissingListError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.published_growth import RENEWAL_DAYS
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.tools.dates import Date, iso, mjd
from jwst_hotpix.tools.folders import files_in

__all__ = ["BUILTIN", "ENVIRONMENT", "Library", "require_folder"]

ENVIRONMENT = "JWST_HOTPIX_LIBRARY"

#: In place of a folder: the lists that come with the package.
BUILTIN = "builtin"

# Below "stpipe", so that the pipeline's log handlers, and with them cal_logs, get every line.
log = logging.getLogger(f"stpipe.{__name__}")

# From a list, and the readout mode and epoch of an exposure, to what counts: more is better.
_Merit = Callable[[PixelList, str, float], Any]


@dataclass(frozen=True, eq=False, kw_only=True)
class Library:
    """
    Lists that were read once, to choose from for any number of exposures.

    Attributes
    ----------
    folder : Path
        As it was given.
    lists : mapping of str to PixelList
        By file name.
    reach : float
        A list applies to exposures from this many days before its date; infinite for lists with
        onset dates, which apply to all exposures.
    """

    folder: Path
    lists: Mapping[str, PixelList]
    reach: float = math.inf

    @classmethod
    def of_folder(cls, folder: str | os.PathLike[str]) -> Self:
        """
        Read the lists of a folder.

        Parameters
        ----------
        folder : path
            All its ``.asdf`` files that are hot pixel lists count; others are named and ignored.

        Returns
        -------
        Library
            All lists of the folder, read.

        Raises
        ------
        MissingListError
            When the folder is missing.
        """
        place = require_folder(folder)
        return cls(folder=place, lists=_lists_of(place))

    @classmethod
    def builtin(cls) -> Self:
        """
        Read the lists that come with the package.

        Returns
        -------
        Library
            Lists with a single date each. They apply to exposures from 120 days before that date
            on.
        """
        place = Path(str(files("jwst_hotpix") / "resources" / "builtin"))
        # It contains pixels that were hot, and unmasked, by one date. Most turned hot after the
        # references of that date: in older exposures they were cold, and flagging would do harm.
        return cls(folder=place, lists=_lists_of(place), reach=RENEWAL_DAYS)

    def best(self, *, detector: str, readout: str, epoch: Date) -> tuple[str, str]:
        """
        Name the list that fits an exposure best.

        Of the lists of the detector: measured ones before simulations and placeholders; those of
        the same readout mode before pooled ones before
        those of the other mode; complete lists before supplements; lists whose darks begin before
        the exposure; then the list with the newest darks, which knows most.

        Parameters
        ----------
        detector : str
            Of the exposure, e.g. ``"NRS1"``.
        readout : str
            ``"IRS2"`` or ``"TRAD"``.
        epoch : str, astropy.time.Time or float
            Date of the exposure: ISO 8601 (UTC), a time, or MJD (UTC).

        Returns
        -------
        name : str
            File name.
        reason : str
            Why this one, e.g. ``"the newest of 3 lists for NRS1 IRS2 in lists"``.

        Raises
        ------
        MissingListError
            When there is no list for the detector, or none reaches back to the exposure.
        """
        epoch = mjd(epoch)
        left = {name: one for name, one in self.lists.items() if one.detector == detector.upper()}
        if not left:
            raise self._without(detector)
        starts = {name: _coverage(one)[1] - self.reach for name, one in left.items()}
        left = {name: one for name, one in left.items() if starts[name] <= epoch}
        if not left:
            raise self._too_early(detector, min(starts.values()), epoch)
        reason = "the only list for {kind}"
        for merit, words in _MERITS:
            values = {name: merit(one, readout, epoch) for name, one in left.items()}
            best, among = max(values.values()), len(left)
            left = {name: one for name, one in left.items() if values[name] == best}
            if len(left) < among:
                reason = words.replace("{n}", str(among)).replace("{readout}", readout)
        if len(left) > 1:
            # So that the choice does not depend on the file system.
            reason = f"the last by name of {len(left)} equal lists for {{kind}}"
        name = max(left)
        kind = f"{detector} {self.lists[name].readout}"
        reason = f"{reason.replace('{kind}', kind)} {self._where}"
        if not math.isinf(self.reach):
            date = iso(_coverage(self.lists[name])[1])[:10]
            reason += f"; its pixels were hot by {date}, their onsets are unknown"
        return name, reason

    @property
    def _where(self) -> str:
        return f"in {self.folder}" if math.isinf(self.reach) else "among the builtin lists"

    def _too_early(self, detector: str, start: float, epoch: float) -> MissingListError:
        first, date = iso(start)[:10], iso(epoch)[:10]
        return MissingListError(
            "hot pixel list",
            expected=f"an exposure of {first} or later",
            found=date,
            sentence=f"the exposure is from {date}, but the builtin list for {detector}, which has "
            f"no onset dates, applies only to exposures from {first} on",
        )

    def _without(self, detector: str) -> MissingListError:
        kinds = " and ".join(sorted({pixels.detector for pixels in self.lists.values()}))
        there = f"there are lists for {kinds}" if kinds else "it holds no lists"
        return MissingListError(
            "hot pixel list",
            expected=f"one for {detector}",
            found=f"{kinds or 'none'} {self._where}",
            sentence=f"no hot pixel list for {detector} {self._where}: {there}",
        )


def require_folder(folder: str | os.PathLike[str]) -> Path:
    """
    Return the path of a folder of lists.

    Parameters
    ----------
    folder : path
        As it was given.

    Returns
    -------
    Path

    Raises
    ------
    MissingListError
        When there is no such folder.
    """
    place = Path(folder)
    if not place.is_dir():
        sentence = "there is no such folder of lists"
        raise MissingListError(
            "library", expected="a folder", found="none", source=place, sentence=sentence
        )
    return place


def _lists_of(folder: Path) -> dict[str, PixelList]:
    lists = {}
    for path in sorted(files_in(folder, "*.asdf")):
        try:
            lists[path.name] = asdf_file.read(path)
        except HotPixError as error:
            log.warning("Not used as a list of the library: %s", error)
    return lists


def _coverage(pixels: PixelList) -> tuple[float, float]:
    """Return when the first and the last dark were taken; never, where that is unknown."""
    origin = pixels.provenance
    return origin.coverage or (math.inf, origin.known_until or -math.inf)


def _is_complete(pixels: PixelList) -> bool:
    return pixels.provenance.mask is None and pixels.provenance.dark is None


# What makes a list better, in this order, and why the one is chosen where this has decided.
_MERITS: tuple[tuple[_Merit, str], ...] = (
    (
        lambda one, *_: one.provenance.is_measured,
        "the only one of {n} lists for {kind} of a real detector",
    ),
    (lambda one, readout, _: one.readout == readout, "the only list for {kind}"),
    (
        lambda one, *_: one.readout == POOLED,
        "the only list for {kind}, as there is none for {readout},",
    ),
    (
        lambda one, *_: _is_complete(one),
        "the only one of {n} lists for {kind} that is not a supplement",
    ),
    (
        lambda one, _, epoch: _coverage(one)[0] <= epoch,
        "the only one of {n} lists for {kind} whose darks begin before the exposure",
    ),
    (lambda one, *_: _coverage(one)[1], "the newest of {n} lists for {kind}"),
    (
        lambda one, *_: one.provenance.n_exposures,
        "the one made from most darks among {n} equally new lists for {kind}",
    ),
)
