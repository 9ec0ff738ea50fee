"""The outcome of fetching one file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["FAILED", "FETCHED", "PRESENT", "WANTED", "Fetched", "to_dict", "total_of"]

#: States: not here and not yet requested; here already; fetched now; not available.
WANTED, PRESENT, FETCHED, FAILED = "wanted", "present", "fetched", "failed"


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """
        One file to fetch, and its state.

    Attributes
    ----------
    name : str
        Its name at the source, without a folder.
    bytes : int or None
        Its size; None if the source does not give it.
    state : str
        ``"wanted"``, ``"present"``, ``"fetched"`` or ``"failed"``.
    place : str
        Local path or remote address, from which other commands can read it.
    reason : str
        Why it failed, in one line; else empty.
    facts : dict
        Metadata from the source: detector, dates and so on; ready for JSON.
    """

    name: str
    bytes: int | None
    state: str
    place: str
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def to_dict(files: Iterable[Fetched]) -> dict[str, Any]:
    """
    Return the files as ``hotpix fetch --json`` prints them.

    Parameters
    ----------
    files : iterable of Fetched
        In the order to print.

    Returns
    -------
    dict
        ``files``, one dict per file with its facts, and ``bytes`` as `total_of`.
    """
    known = list(files)
    rows = [asdict(file) for file in known]
    flat = [{**row.pop("facts"), **row} for row in rows]
    return {"files": flat, "bytes": total_of(known)}


def total_of(files: Iterable[Fetched]) -> int:
    """
    Add up sizes.

    Parameters
    ----------
    files : iterable of Fetched
        Any.

    Returns
    -------
    int
        Bytes of all files of known size that did not fail.
    """
    return sum(file.bytes or 0 for file in files if file.state != FAILED)
