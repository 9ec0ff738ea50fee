"""Download exposures from MAST, or list the addresses at which commands can read them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jwst_hotpix.exceptions import HotPixError, reason_of
from jwst_hotpix.fetch.fetched import FAILED, FETCHED, PRESENT, WANTED, Fetched
from jwst_hotpix.fetch.mast import MastFile
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.download import download
from jwst_hotpix.tools.open_remote import open_remote

__all__ = ["fetch_exposures"]


def fetch_exposures(
    files: Iterable[MastFile],
    folder: str | os.PathLike[str] | None = None,
    *,
    now: float,
    dry_run: bool = False,
) -> Iterator[Fetched]:
    """
    Fetch public exposures, one after another; a failure does not stop the others.

    Parameters
    ----------
    files : iterable of MastFile
        From `~jwst_hotpix.fetch.mast.find_in_mast`.
    folder : path, optional
        Where to put them; created if missing. By default nothing is fetched, and their place is in
        the public cloud.
    now : float
        MJD (UTC). Exposures that are not public by then fail.
    dry_run : bool
        Look only.

    Yields
    ------
    Fetched
        One per file, as they are done.
    """
    for file in files:
        place = file.cloud if folder is None else os.fspath(Path(folder, file.name))
        known: dict[str, Any] = {
            "name": file.name, "bytes": file.bytes, "place": place, "facts": _facts(file),
        }  # fmt: skip
        if not file.is_public(now):
            yield Fetched(**known, state=FAILED, reason=_why_not(file))
        elif folder is not None and Path(place).is_file():
            yield _present(Path(place), known)
        elif folder is None or dry_run:
            yield Fetched(**known, state=WANTED)
        else:
            yield _fetch(file, Path(place), known)


def _why_not(file: MastFile) -> str:
    if file.restricted or file.released is None:
        return "is proprietary"
    return f"is proprietary until {date_of(file.released)}"


def _present(place: Path, known: dict[str, Any]) -> Fetched:
    here, listed = place.stat().st_size, known["bytes"]
    if listed in {None, here}:
        return Fetched(**known, state=PRESENT)
    sizes = f"has {here} bytes here and {listed} in MAST"
    return Fetched(**known, state=FAILED, reason=f"{sizes}; remove it to fetch it again")


def _fetch(file: MastFile, place: Path, known: dict[str, Any]) -> Fetched:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        remote = open_remote(file.url)
        download(remote, place, size=file.bytes if remote.size is None else remote.size)
    except (HotPixError, OSError) as error:
        return Fetched(**known, state=FAILED, reason=reason_of(error))
    return Fetched(**known | {"bytes": place.stat().st_size}, state=FETCHED)


def _facts(file: MastFile) -> dict[str, Any]:
    return {
        "detector": file.detector,
        "readpatt": file.readpatt,
        "subarray": file.subarray,
        "program": file.program,
        "start": date_of(file.start),
        "released": date_of(file.released),
    }
