"""The result of reprocessing an archive, ready for JSON."""

from __future__ import annotations

from typing import Any

from jwst_hotpix.tools.batch import DONE, FAILED, SKIPPED, Batch
from jwst_hotpix.tools.workers import Workers

__all__ = ["reprocessed"]


def reprocessed(batch: Batch, pool: Workers) -> dict[str, Any]:
    """
    Sort the files of a batch by what became of them, ready for JSON.

    Parameters
    ----------
    batch : Batch
        Of `~jwst_hotpix.archive.many_exposures.reprocess`.
    pool : Workers
        Who did it.

    Returns
    -------
    dict
        ``done`` and ``retried``: files; ``skipped``, ``failed`` and ``redone``: a dict each, with
        ``file`` and ``reason``; ``workers``: their number; ``memory_per_worker``: bytes.
    """
    done, skipped, failed = (batch.of(status) for status in (DONE, SKIPPED, FAILED))
    explained = {
        "skipped": skipped,
        "failed": failed,
        "redone": [outcome for outcome in done if outcome.reason],
    }
    return {
        "done": [outcome.file for outcome in done],
        **{
            key: [{"file": one.file, "reason": one.reason} for one in outcomes]
            for key, outcomes in explained.items()
        },
        "retried": [outcome.file for outcome in batch.outcomes if outcome.retried],
        "workers": pool.number,
        "memory_per_worker": pool.memory,
    }
