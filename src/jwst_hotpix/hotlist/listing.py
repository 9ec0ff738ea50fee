"""Summaries of the lists in a folder: detector, dates, number of pixels, origin."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.library import require_folder
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.folders import files_in
from jwst_hotpix.tools.terminal import day

__all__ = ["ListFile", "lists_in"]


@dataclass(frozen=True, kw_only=True)
class ListFile:
    """
    Summary of a hot pixel list file.

    Attributes
    ----------
    file : str
        Name of the file.
        folder : str
        Its folder.
    detector, readout : str
        As in `PixelList`.
    first, last : str or None
        Dates of its first and last dark, ISO 8601, UTC. For a list that was not built from darks,
        the last is the date by which its pixels were known to be hot, and there is no first.
        n_pixels : int
        Number of entries.
    pedigree : str
        As in CRDS, e.g. ``"INFLIGHT 2022-07-01 2025-07-01"``.
    origin : str
        The description in its header.
    """

    file: str
    folder: str
    detector: str
    readout: str
    first: str | None
    last: str | None
    n_pixels: int
    pedigree: str
    origin: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """
        Read a list file.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        ListFile

        Raises
        ------
        MissingListError, ListFormatError, FrameMismatchError
            As `~jwst_hotpix.hotlist.asdf_file.read`.
        """
        pixels, description = asdf_file.read_with_description(path)
        origin = pixels.provenance
        return cls(
            file=path.name,
            folder=str(path.parent),
            detector=pixels.detector,
            readout=pixels.readout,
            first=date_of(origin.coverage[0]) if origin.coverage else None,
            last=date_of(origin.known_until),
            n_pixels=len(pixels),
            pedigree=origin.pedigree,
            origin=description,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes, ready for JSON."""
        return asdict(self)

    def row(self) -> dict[str, Any]:
        """Return a table row, with dates to the day."""
        row = self.to_dict() | {"first": day(self.first) or "", "last": day(self.last) or ""}
        del row["folder"]
        return row


def lists_in(folder: str | os.PathLike[str]) -> Iterator[ListFile | HotPixError]:
    """
    Read the lists of a folder.

    Parameters
    ----------
    folder : path
        Its ``.asdf`` files are read.

    Yields
    ------
    ListFile or HotPixError
        Sorted by name; an error for a file that is not a list.

    Raises
    ------
    MissingListError
        When there is no such folder.
    """
    for path in sorted(files_in(require_folder(folder), "*.asdf")):
        try:
            yield ListFile.of(path)
        except HotPixError as error:
            yield error
