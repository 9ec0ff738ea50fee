"""Which remote files are already in a ledger, so that they are not downloaded again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.exposure.ask_crds import CRDS
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.record import KEY
from jwst_hotpix.tools.regular_file import open_regular

__all__ = ["Sources", "is_settled", "sources_of"]

#: Files of records by the address of their source.
Sources = Mapping[str, Sequence[Path]]


def sources_of(ledger: Ledger) -> Sources:
    """
    List the addresses that records give as their origin.

    Parameters
    ----------
    ledger : Ledger
        If its folder is missing, the ledger is empty; damaged records are ignored.

    Returns
    -------
    mapping of str to sequence of Path
        By address, the files of the records.

    Raises
    ------
    OSError
        When a folder of the ledger cannot be read.
    """
    found: dict[str, list[Path]] = defaultdict(list)
    for path in ledger.files():
        try:
            with open_regular(path) as file:
                header = json.loads((pq.read_schema(file).metadata or {})[KEY])
            uri = header["facts"].get("uri")
        except Exception:  # noqa: BLE001, S112 (a damaged record raises anything)
            continue
        if isinstance(uri, str):
            found[uri].append(path)
    return found


def is_settled(ledger: Ledger, sources: Sources, facts: Mapping[str, Any]) -> bool:
    """
    Determine whether the ledger has an intact record of the current content of an address.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    sources : mapping
        From `sources_of`.
    facts : mapping
        ``uri`` and ``uri_tag``, from `~jwst_hotpix.exposure.remote.RemoteExposure`. A file without
        a tag may have changed, unless it is a CRDS reference, which never does.

    Returns
    -------
    bool
    """
    uri, tag = facts["uri"], facts.get("uri_tag")
    if tag is None and not uri.startswith(CRDS):
        return False
    return any(_is_of(ledger, path, uri, tag) for path in sources.get(uri, ()))


def _is_of(ledger: Ledger, path: Path, uri: str, tag: str | None) -> bool:
    try:
        facts = ledger.read(path).facts
    except (LedgerError, OSError):
        return False
    return facts.get("uri") == uri and (uri.startswith(CRDS) or facts.get("uri_tag") == tag)
