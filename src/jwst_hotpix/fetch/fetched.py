"""What became of one file that was to be fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["FAILED", "FETCHED", "PRESENT", "WANTED", "Fetched", "to_dict"]

#: States: not here, and not asked for yet; here already; fetched now; not to be had.
WANTED, PRESENT, FETCHED, FAILED = "wanted", "present", "fetched", "failed"


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """
    One file.

    Attributes
    ----------
    name : str
        Its name at the source, without a folder.
    bytes : int or None
        Its size; None where the source does not give it.
    state : str
        ``"wanted"``, ``"present"``, ``"fetched"`` or ``"failed"``.
    reason : str
        Why it failed, in one line; else empty.
    """

    name: str
    bytes: int | None
    state: str
    reason: str = ""


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
        ``files``, one dict per file, and ``bytes``: the known sizes of all that did not fail.
    """
    known = list(files)
    total = sum(file.bytes or 0 for file in known if file.state != FAILED)
    return {"files": [asdict(file) for file in known], "bytes": total}
