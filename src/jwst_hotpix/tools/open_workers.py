"""Workers as asked for: processes of this machine, or those of a cluster."""

from __future__ import annotations

from contextlib import AbstractContextManager

from jwst_hotpix.tools.workers import Workers

__all__ = ["open_workers"]


def open_workers(
    number: int, *, scheduler: str | None = None, memory: str | None = None
) -> AbstractContextManager[Workers]:
    """
    Start processes on this machine, or use the workers of a cluster.

    Parameters
    ----------
    number : int
        Processes of this machine.
    scheduler : str, optional
        Address of a dask scheduler, e.g. ``"tcp://cluster:8786"``, to use its workers instead.
    memory : str, optional
        As `local_workers` takes it.

    Returns
    -------
    context manager
        Gives `Workers`, which end with the block.

    Raises
    ------
    ClusterError
        On entry, as `local_workers` and `dask_workers`.
    """
    # Each imports what the other has no use for, dask half a second of it.
    if scheduler is not None:
        from jwst_hotpix.tools.dask_workers import dask_workers

        return dask_workers(scheduler)
    from jwst_hotpix.tools.local_workers import local_workers

    return local_workers(number, memory=memory)
