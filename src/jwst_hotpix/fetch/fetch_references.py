"""Download CRDS references: into the cache, as the client does, or into a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import Any

from jwst_hotpix.exceptions import HotPixError, reason_of
from jwst_hotpix.exposure.crds_files import CrdsFiles
from jwst_hotpix.fetch.crds import Reference
from jwst_hotpix.fetch.fetched import FAILED, FETCHED, PRESENT, WANTED, Fetched
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import iso

__all__ = ["fetch_references"]


def fetch_references(
    references: Iterable[Reference],
    files: CrdsFiles,
    folder: str | os.PathLike[str] | None = None,
    *,
    dry_run: bool = False,
) -> Iterator[Fetched]:
    """
    Fetch references, one after another; a failure does not stop the others.

    Parameters
    ----------
    references : iterable of Reference
        From `~jwst_hotpix.fetch.crds.list_references`.
    files : CrdsFiles
        The cache and the server.
    folder : path, optional
        Where to put them; into the cache by default.
    dry_run : bool
        Look only.

    Yields
    ------
    Fetched
        One per reference, as they are done.
    """
    for one in references:
        place = files.place(one.name) if folder is None else Path(folder, one.name)
        known: dict[str, Any] = {
            "name": one.name, "bytes": files.size(one.name), "place": os.fspath(place),
            "facts": _facts(one),
        }  # fmt: skip
        if place.is_file() and known["bytes"] in {None, place.stat().st_size}:
            yield Fetched(**known, state=PRESENT)
        elif folder is not None and place.exists():
            reason = f"{place}: exists already, with another size; remove it to fetch the reference"
            yield Fetched(**known, state=FAILED, reason=reason)
        elif dry_run:
            yield Fetched(**known, state=WANTED)
        else:
            yield _fetch(one.name, place, files, known)


def _fetch(name: str, place: Path, files: CrdsFiles, known: dict[str, Any]) -> Fetched:
    try:
        if files.holds(name):
            _copy(files.place(name), place)
        else:
            files.fetch(name, place)
    except (HotPixError, OSError) as error:
        return Fetched(**known, state=FAILED, reason=reason_of(error))
    return Fetched(**known, state=FETCHED)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(target) as temporary:
        try:
            # References never change; a link takes no space.
            temporary.hardlink_to(source)
        except OSError:
            shutil.copyfile(source, temporary)


def _facts(one: Reference) -> dict[str, Any]:
    return {
        "reftype": one.reftype,
        "detector": one.detector,
        "readout": one.readout or "any",
        "subarray": ", ".join(one.subarrays) or "any",
        "useafter": iso(one.useafter, "seconds") if isfinite(one.useafter) else None,
        "context": one.context,
    }
