"""One record of the ledger, and its Parquet file (format ``ledger-1``)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from numpy.typing import NDArray

from jwst_hotpix.exceptions import HotPixError, LedgerError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window, unflat
from jwst_hotpix.measure.dark_info import DarkInfo
from jwst_hotpix.tools.atomic import atomic_path

__all__ = ["VERSION", "Record", "read_record", "write_record"]

VERSION = "ledger-1"

_KEY = b"hotpix"
_TEXTS, _NUMBERS = ("readout", "kind", "facts", "digest"), ("epoch", "known", "floor")
_COLUMNS = ("x", "y", "rate", "error", "seen")


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
        Pixels of the window that say nothing, reference border excepted; sorted.
    digest : str
        sha256 of the dark; see `DarkFile.digest`.
    """

    floor: float
    pixel: NDArray[np.int32]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    unseen: NDArray[np.int32]
    digest: str

    @classmethod
    def from_header(cls, header: dict[str, Any], **columns: Any) -> Self:
        """Put a record together from the header of its file and its columns."""
        window = header["window"]
        given: dict[str, Any] = {name: header[name] for name in _TEXTS}
        given |= {name: float(header[name]) for name in _NUMBERS}
        given["window"] = Window(
            detector=get_detector(header["detector"]),
            ystart=window["ystart"],
            xstart=window["xstart"],
            shape=tuple(window["shape"]),
        )
        return cls(**given, **columns)

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
            **{name: getattr(self, name) for name in (*_TEXTS, *_NUMBERS)},
        }


def write_record(record: Record, path: str | os.PathLike[str]) -> None:
    """
    Write a record, whole or not at all.

    Parameters
    ----------
    record : Record
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
    table = pa.table(
        {
            "x": x.astype(np.uint16),
            "y": y.astype(np.uint16),
            "rate": np.concatenate([record.rate, blank]),
            "error": np.concatenate([record.error, blank]),
            "seen": np.arange(n + k) < n,
            # The same in every row, which costs nothing on disk and saves a join.
            "epoch": np.full(n + k, record.epoch),
        }
    ).replace_schema_metadata({_KEY: json.dumps(record.header())})
    with atomic_path(path) as temporary:
        # What a kill leaves must not look like a record to those who read **/*.parquet.
        part = temporary.with_suffix(".part")
        pq.write_table(table, part, compression="zstd", use_dictionary=["epoch"])
        part.rename(temporary)


def read_record(path: str | os.PathLike[str]) -> Record:
    """
    Read a record.

    Parameters
    ----------
    path : path

    Returns
    -------
    Record

    Raises
    ------
    LedgerError
        When the file is damaged, no record, or of a newer format.
    OSError
        When it cannot be read.
    """
    content = Path(path).read_bytes()
    try:
        with pq.ParquetFile(pa.BufferReader(content)) as file:
            header = _header_of(file)
            table = file.read(columns=list(_COLUMNS), use_threads=False)
        x, y, rate, error, seen = (table.column(name).to_numpy() for name in _COLUMNS)
        window = header["window"]
        pixel = y.astype(np.int32) * get_detector(header["detector"]).shape[1] + x
        record = Record.from_header(
            header, pixel=pixel[seen], rate=rate[seen], error=error[seen], unseen=pixel[~seen]
        )
        _, _, inside = record.window.locate(y, x)
    except LedgerError as error_:
        raise error_.within(path) from None
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError, HotPixError) as error_:
        expected = f"a whole record of {VERSION}"
        found = str(error_).splitlines()[0] if str(error_) else type(error_).__name__
        raise LedgerError("record", expected=expected, found=found, source=path) from error_
    if not inside.all():
        expected, found = f"all in {window}", f"{np.count_nonzero(~inside)} outside"
        raise LedgerError("pixels", expected=expected, found=found, source=path)
    return record


def _header_of(file: pq.ParquetFile) -> dict[str, Any]:
    text = (file.schema_arrow.metadata or {}).get(_KEY)
    header: dict[str, Any] = json.loads(text) if text else {}
    version = header.get("version", "none")
    if version != VERSION:
        raise LedgerError("ledger format", expected=f"{VERSION} or older", found=version)
    return header
