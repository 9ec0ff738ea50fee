"""One record of the ledger, and its Parquet file (format ``ledger-1``)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.ledger.parquet_file import write_parquet
from jwst_hotpix.measure.dark_info import DarkInfo

__all__ = ["KEY", "NUMBERS", "TEXTS", "VERSION", "Record", "write_record"]

VERSION = "ledger-1"

# Where the schema metadata of the Parquet file holds the header, and what that holds beside
# version, detector and window.
KEY = b"hotpix"
TEXTS, NUMBERS = ("readout", "kind", "facts", "digest"), ("epoch", "known", "floor")


@dataclass(frozen=True, eq=False, kw_only=True)
class Record(DarkInfo):
    """
    What the ledger keeps of one dark.

    Attributes
    ----------
    floor : float
        DN/s. A pixel of the window without a row was seen below it.
    pixel : ndarray of int32, shape (n,)
        ``y * columns + x``, full frame, zero-based; sorted.
    rate, error : ndarray of float32, shape (n,)
        DN/s; ``inf`` where saturated.
    unseen : ndarray of int32, shape (k,)
        Pixels of the window that could not be seen, except the reference border; sorted.
    digest : str
        sha256 of the dark; see `DarkFile.digest`.
    """

    floor: float
    pixel: NDArray[np.int32]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    unseen: NDArray[np.int32]
    digest: str

    def header(self) -> dict[str, Any]:
        """Return all but the columns; ready for JSON."""
        window = self.window
        return {
            "version": VERSION,
            "detector": self.detector.name,
            "window": {
                "ystart": window.ystart,
                "xstart": window.xstart,
                "shape": list(window.shape),
            },
            **{name: getattr(self, name) for name in (*TEXTS, *NUMBERS)},
        }


def write_record(record: Record, path: str | os.PathLike[str]) -> None:
    """
    Write a record, complete or not at all.

    Parameters
    ----------
    record : Record
        What to write.
    path : path
        A file of that name is replaced.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    n, k = record.pixel.size, record.unseen.size
    y, x = unflat(np.concatenate([record.pixel, record.unseen]), record.detector.shape)
    blank = np.full(k, np.nan, np.float32)
    columns = {
        "x": x.astype(np.uint16),
        "y": y.astype(np.uint16),
        "rate": np.concatenate([record.rate, blank]),
        "error": np.concatenate([record.error, blank]),
        "seen": np.arange(n + k) < n,
        # The same in every row, which takes no space on disk and saves a join.
        "epoch": np.full(n + k, record.epoch),
    }
    header = json.dumps(record.header()).encode()
    write_parquet(path, columns, {KEY: header}, constant=["epoch"])
