"""The log of the pipeline in a file: what ``strun`` would show."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["logged_to"]

_log = logging.getLogger(__name__)


@contextmanager
def logged_to(path: Path) -> Iterator[None]:
    """
    Write to a file what ``strun`` would show, and let ``cal_logs`` have it.

    Parameters
    ----------
    path : Path
        Whatever ends the block by an exception is in it too.
    """
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"))
    # CRDS does not hand its lines up.
    root, crds = logging.getLogger(), logging.getLogger("CRDS")
    level = root.level
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    for logger in (root, crds):
        logger.addHandler(handler)
    try:
        yield
    except BaseException:
        _log.exception("Failed")
        raise
    finally:
        for logger in (root, crds):
            logger.removeHandler(handler)
        logging.captureWarnings(False)
        root.setLevel(level)
        handler.close()
