"""The result of ingesting files, ready for JSON."""

from __future__ import annotations

from typing import Any

from jwst_hotpix.ledger.reductions import REPLACES
from jwst_hotpix.tools.batch import DONE, FAILED, SKIPPED, Batch

__all__ = ["ingested"]


def ingested(batch: Batch) -> dict[str, list[Any]]:
    """
    Sort the files of a batch by what became of them, ready for JSON.

    Parameters
    ----------
    batch : Batch
        Of `~jwst_hotpix.ledger.add_files.ingest_files`.

    Returns
    -------
    dict of str to list
        ``ingested`` and ``already_present``: files; ``rejected``, ``replaced`` and ``superseded``:
        a dict each, with ``file`` and ``reason``.
    """
    added, present, rejected = (batch.of(status) for status in (DONE, SKIPPED, FAILED))
    noted = [outcome for outcome in added if outcome.reason]
    replaced = [outcome for outcome in noted if outcome.reason.startswith(REPLACES)]
    explained = {
        "rejected": rejected,
        "replaced": replaced,
        "superseded": [outcome for outcome in noted if outcome not in replaced],
    }
    return {
        "ingested": [outcome.file for outcome in added],
        "already_present": [outcome.file for outcome in present],
        **{
            key: [{"file": one.file, "reason": one.reason} for one in outcomes]
            for key, outcomes in explained.items()
        },
    }
