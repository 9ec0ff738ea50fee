"""Which list an exposure gets: one that was given, the one of CRDS, or the best of a folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jwst_hotpix.exceptions import FrameMismatchError, MissingListError, naming
from jwst_hotpix.exposure.ask_crds import CRDS, CrdsClient, parameters_of
from jwst_hotpix.exposure.description import Exposure
from jwst_hotpix.exposure.headers import is_simulated
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.library import BUILTIN, ENVIRONMENT, Library
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.tools.regular_file import identity_of

if TYPE_CHECKING:
    from jwst_hotpix.hotlist.datamodel import HotPixModel

__all__ = ["Choice", "Lists"]

# Lists of CRDS kept in memory; an archive in order of time uses few at once.
_KEPT = 8


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice:
    """
    The list of an exposure, and why it is this one.

    Attributes
    ----------
    name : str
        As headers give it: a file name, after ``crds://`` for a list of CRDS.
    reason : str
        In words.
    path : str, optional
        Where the list is; None for a list of CRDS and for a model in memory.
    load : callable
        Returns the pixels. A list of CRDS is fetched only then.
    """

    name: str
    reason: str
    path: str | None
    load: Callable[[], PixelList]

    @cached_property
    def pixels(self) -> PixelList:
        """
        The list.

        Raises
        ------
        MissingListError, ListFormatError, FrameMismatchError
            When a list of CRDS cannot be fetched, or is broken.
        """
        return self.load()

    @property
    def digest(self) -> str | None:
        """Its sha256; None for a list of CRDS, whose name never stands for other content."""
        return None if self.name.startswith(CRDS) else self.pixels.digest()

    @property
    def doubt(self) -> str:
        """A note if the pedigree is not that of a real detector; otherwise empty."""
        origin = self.pixels.provenance
        if origin.is_measured:
            return ""
        return (
            f"the list has pedigree {origin.pedigree}, so its pixels are not hot in a real detector"
        )

    def doubt_about(self, exposure: Exposure) -> str:
        """Return the same note, unless the exposure is simulated as well."""
        return "" if is_simulated(exposure.header) else self.doubt

    def require_measured(self, exposure: Exposure) -> None:
        """
        Raise for a simulated list, or a placeholder, unless the exposure is simulated too.

        Parameters
        ----------
        exposure : Exposure
            The exposure that the list was chosen for.

        Raises
        ------
        MissingListError
            It names the list, and the option that allows it.
        """
        if not self.doubt_about(exposure):
            return
        pedigree = self.pixels.provenance.pedigree
        raise MissingListError(
            "pedigree of the list",
            expected="INFLIGHT or GROUND",
            found=pedigree,
            source=exposure.name,
            sentence=f"{self.name} has pedigree {pedigree}, but the exposure is not simulated "
            "(--allow-simulated uses such lists)",
        )

    def misfit(self, readout: str) -> str:
        """
        Return a note where the list was built for the other readout mode.

        Parameters
        ----------
        readout : str
            Of the exposure: ``"IRS2"`` or ``"TRAD"``.

        Returns
        -------
        str
            Empty where it fits.
        """
        found = self.pixels.readout
        if found in (readout, POOLED):
            return ""
        return f"the list was built for {found} but the exposure is {readout}"


@lru_cache(maxsize=1)
def _read_once(path: str, identity: tuple[int, ...]) -> PixelList:
    """Read a list; in an archive one exposure after the other is given the same."""
    del identity
    return asdf_file.read(path)


def _identity(path: str) -> tuple[int, ...]:
    """Return what distinguishes a file from another of this name; nothing if there is none."""
    try:
        status = Path(path).stat()
    except OSError:
        return ()
    return identity_of(status)


class Lists:
    """
    Where the lists of any number of exposures come from; each list is read once.

    Parameters
    ----------
    given : path or HotPixModel, optional
        The list for all of them.
    folder : path, optional
        Lists to choose from where none is given and CRDS serves none; by default that of
        ``$JWST_HOTPIX_LIBRARY``. The word ``builtin``, in either, stands for the lists in the
        package, which are not used otherwise.
    """

    def __init__(
        self,
        given: str | os.PathLike[str] | HotPixModel | None = None,
        folder: str | os.PathLike[str] | None = None,
    ) -> None:
        self._given = given
        self._folder = folder or os.environ.get(ENVIRONMENT)
        self._crds = CrdsClient(asdf_file.REFTYPE, MissingListError)
        self._of_crds = lru_cache(maxsize=_KEPT)(self._read_from_crds)

    def choose(self, exposure: Exposure) -> Choice:
        """
        Choose the list of an exposure.

        Parameters
        ----------
        exposure : Exposure
            On disk or in memory.

        Returns
        -------
        Choice
            The list that was given; else the one that the CRDS context in use selects, if it knows
            reftype hotpix and has one; else the best one of the folder, see `Library.best`.

        Raises
        ------
        MissingListError
            When there is none for its detector, or only a builtin one that does not reach back to
            it. The error names the exposure.
        FrameMismatchError
            When the list that was given is of another detector.
        ListFormatError
            When it is broken.
        """
        if self._as_given is not None:
            _require_detector(self._as_given.name, self._as_given.pixels, exposure)
            return self._as_given
        choice = self._from_crds(exposure)
        if choice is None:
            with naming(exposure.name):
                choice = self._from_folder(exposure)
        return choice

    def require_any(self, instrument: str = "NIRSPEC") -> None:
        """
        Raise unless there is a place to look for lists, before any work is done.

        Parameters
        ----------
        instrument : str
            Whose lists CRDS is asked for, e.g. ``"NIRSPEC"``.

        Raises
        ------
        MissingListError
            When no list and no folder is given, and CRDS serves no lists.
        """
        if self._given is None and not self._folder and not self._crds.serves(instrument):
            raise _nowhere()

    @cached_property
    def _as_given(self) -> Choice | None:
        given = self._given
        if given is None:
            return None
        path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
        pixels = asdf_file.read(given) if path is None else _read_once(path, _identity(path))
        name = asdf_file.name_of(given)
        return Choice(name=name, reason="as asked for", path=path, load=lambda: pixels)

    def _from_crds(self, exposure: Exposure) -> Choice | None:
        """Ask the context in use, if it knows hot pixel lists and has one for this exposure."""
        if not self._crds.serves(exposure.detector.instrument):
            return None
        name = self._crds.recommend(parameters_of(exposure.header))
        if name is None:
            return None
        return Choice(
            name=f"{CRDS}{name}",
            reason="the one that the CRDS context selects",
            path=None,
            load=lambda: _require_detector(name, self._of_crds(name), exposure),
        )

    def _read_from_crds(self, name: str) -> PixelList:
        return asdf_file.read(self._crds.fetch(name))

    def _from_folder(self, exposure: Exposure) -> Choice:
        library = self._library
        name, reason = library.best(
            detector=exposure.detector.name, readout=exposure.readout, epoch=exposure.epoch
        )
        return Choice(
            name=name,
            reason=reason,
            path=str(Path(library.folder) / name),
            load=lambda: library.lists[name],
        )

    @cached_property
    def _library(self) -> Library:
        if not self._folder:
            raise _nowhere()
        if os.fspath(self._folder) == BUILTIN:
            return Library.builtin()
        return Library.of_folder(self._folder)


def _require_detector(name: str, pixels: PixelList, exposure: Exposure) -> PixelList:
    detector = exposure.detector.name
    if pixels.detector != detector:
        raise FrameMismatchError(
            "detector of the list",
            expected=detector,
            found=pixels.detector,
            source=exposure.name,
            sentence=f"{name} is a list for {pixels.detector}, not for {detector}",
        )
    return pixels


def _nowhere() -> MissingListError:
    return MissingListError(
        "hot pixel list",
        expected=f"a list, a folder of lists or ${ENVIRONMENT}",
        found="none of them",
        sentence="no hot pixel list: give a list (override_hotpix, --list) or a folder of lists "
        f"(library, --library, ${ENVIRONMENT}), or {BUILTIN!r} in place of the folder for the "
        "lists that come with the package, or make one of your own exposures (hotpix discover); "
        "the CRDS context in use serves none",
    )
