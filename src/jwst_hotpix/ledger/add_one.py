"""Add one exposure to a ledger, from a local or a remote file."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jwst_hotpix.exceptions import DarkError, HotPixError
from jwst_hotpix.ledger.copies import Copy, keep_copy, take_copy
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.science_record import ScienceRecord, science_record_of
from jwst_hotpix.ledger.sources import Sources, is_settled
from jwst_hotpix.tools.remote_file import is_uri

if TYPE_CHECKING:
    from jwst_hotpix.measure.dark_file import DarkFile
    from jwst_hotpix.measure.rate import DarkRate

__all__ = ["Options", "add_one", "copy_one"]


class Options(NamedTuple):
    """
    Options for all files, and for some of them.

    Attributes
    ----------
    released : float or None
        MJD (UTC) of the public release of science exposures; None for the end of each exposure.
    released_on : dict of str to float
        The same by file.
    group_time : float or None
        Seconds between the groups of ramps of references that do not give it.
    sources : mapping
        From `~jwst_hotpix.ledger.sources.sources_of`: files not to be downloaded again.
    copies : str
        Folder of `~jwst_hotpix.ledger.copies`: parts already downloaded; empty if there are none.
    """

    released: float | None
    released_on: dict[str, float]
    group_time: float | None
    sources: Sources
    copies: str = ""


def add_one(
    ledger: Ledger, path: str | os.PathLike[str], options: Options
) -> DarkRate | ScienceRecord | None:
    """
    Measure a file and add it to the ledger.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    path : path
        A file, or an address.
    options : Options
        As for all files.

    Returns
    -------
    DarkRate, ScienceRecord or None
        The record that was added; None if the ledger already has it.

    Raises
    ------
    HotPixError, OSError
        As `jwst_hotpix.ledger.add_files.ingest_file`.
    """
    name = os.fspath(path)
    if not is_uri(name):
        return _added_here(ledger, path, options, {})
    try:
        return _added_from(ledger, name, options)
    except HotPixError as error:
        # Any other name is that of a copy that no longer exists.
        raise error.within(name) from error


def _added_from(ledger: Ledger, uri: str, options: Options) -> DarkRate | ScienceRecord | None:
    """Do the same for a remote file."""
    from jwst_hotpix.exposure.remote import RemoteExposure
    from jwst_hotpix.measure.needed import needed_of

    if is_settled(ledger, options.sources, {"uri": uri}):
        return None
    try:
        with take_copy(options.copies, uri) as copy:
            if copy is not None:
                if copy.path is None:
                    return None
                return _added_here(ledger, copy.path, options, copy.facts)
        found = RemoteExposure.find(uri)
        if is_settled(ledger, options.sources, found.facts):
            return None
        with found.excerpt(needed_of) as path:
            return _added_here(ledger, path, options, found.facts)
    except DarkError as error:
        # A DRK of zeros next to the ramp that must be measured.
        if error.what != "extensions":
            raise
    found = RemoteExposure.find(uri)
    with found.whole() as path:
        return _added_here(ledger, path, options, found.facts)


def copy_one(ledger: Ledger, options: Options, uri: str) -> None:
    """
    Copy the needed parts of a remote file, unless the ledger has it, for `add_one`.

    Parameters
    ----------
    ledger : Ledger
        The ledger to which it will be added.
    options : Options
        With a folder for copies.
    uri : str
        Its address.
    """
    from jwst_hotpix.exposure.remote import RemoteExposure
    from jwst_hotpix.measure.needed import needed_of

    def make(folder: Path) -> Copy | None:
        if is_settled(ledger, options.sources, {"uri": uri}):
            return Copy(None, {})
        found = RemoteExposure.find(uri)
        if is_settled(ledger, options.sources, found.facts):
            return Copy(None, {})
        path = found.copy(needed_of, folder)
        return None if path is None else Copy(path, found.facts)

    keep_copy(options.copies, uri, make)


def _added_here(
    ledger: Ledger, path: str | os.PathLike[str], options: Options, origin: dict[str, str]
) -> DarkRate | ScienceRecord | None:
    # Imported here, in the workers, because it imports astropy.
    from jwst_hotpix.measure.open_evidence import open_evidence

    with open_evidence(path) as file:
        measured = _measured(ledger, file, options)
    if measured is None:
        return None
    measured = replace(measured, facts=measured.facts | origin)
    if isinstance(measured, ScienceRecord):
        return measured if ledger.add_science(measured) else None
    return measured if ledger.add(measured) else None


def _measured(ledger: Ledger, file: DarkFile, options: Options) -> DarkRate | ScienceRecord | None:
    from jwst_hotpix.measure.from_science import measure_science
    from jwst_hotpix.measure.rate import measure_open

    if file.kind == "science":
        return science_record_of(measure_science(file), released=options.released)
    with ThreadPoolExecutor(1) as helper:
        digest = helper.submit(file.digest)
        # The steps of jwst take minutes; other darks are measured while the digest is computed.
        if file.is_ramp and ledger.holds(file, digest.result()):
            return None
        return measure_open(file, digest.result, group_time=options.group_time)
