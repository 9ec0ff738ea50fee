"""Read a record of the ledger, trusting nothing in its file."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from jwst_hotpix.exceptions import LedgerError, naming
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.ledger.header_checks import (
    header_in,
    require,
    require_columns,
    require_facts,
    require_values,
    window_in,
)
from jwst_hotpix.ledger.parquet_file import read_parquet
from jwst_hotpix.ledger.record import KEY, NUMBERS, TEXTS, VERSION, Record
from jwst_hotpix.measure.dark_info import KINDS

__all__ = ["read_record"]

_COLUMNS = {
    "x": pa.uint16(),
    "y": pa.uint16(),
    "rate": pa.float32(),
    "error": pa.float32(),
    "seen": pa.bool_(),
}


def read_record(path: str | os.PathLike[str]) -> Record:
    """
    Read a record, and check that it is one.

    Parameters
    ----------
    path : path
        The Parquet file of the record.

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
    with naming(path):
        try:
            metadata, table = read_parquet(path, list(_COLUMNS))
            return _record(_parse(_header_of(metadata)), **_columns_of(table))
        except (LedgerError, OSError):
            raise
        except Exception as error:
            # For a damaged file pyarrow and json raise whatever they stumble on.
            found = str(error).splitlines()[0] if str(error) else type(error).__name__
            expected = f"a whole record of {VERSION}"
            raise LedgerError("record", expected=expected, found=found) from error


def _header_of(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    header = header_in(metadata.get(KEY))
    version = header.get("version", "none")
    if version != VERSION:
        raise LedgerError("ledger format", expected=f"{VERSION} or older", found=version)
    return header


def _parse(header: dict[str, Any]) -> dict[str, Any]:
    """Turn the header of a file into attributes, trusting nothing in it."""
    window = header["window"]
    require(header["kind"] in KINDS, f"kind {header['kind']!r}")
    require_values(header, texts=(), numbers=NUMBERS)
    require_facts(header)
    return {
        **{name: header[name] for name in TEXTS},
        **{name: float(header[name]) for name in NUMBERS},
        "window": window_in(header, window["ystart"], window["xstart"], window["shape"]),
    }


def _columns_of(table: pa.Table) -> dict[str, NDArray[Any]]:
    require_columns(table, _COLUMNS)
    return {name: table.column(name).to_numpy() for name in _COLUMNS}


def _record(
    given: dict[str, Any],
    x: NDArray[np.uint16],
    y: NDArray[np.uint16],
    rate: NDArray[np.float32],
    error: NDArray[np.float32],
    seen: NDArray[np.bool_],
) -> Record:
    window = given["window"]
    n_outside = int(np.count_nonzero(~window.locate(y, x)[2]))
    if n_outside:
        raise LedgerError("pixels", expected=f"all in {window}", found=f"{n_outside} outside")
    pixel = flat(y, x, window.detector.shape).astype(np.int32)
    shown, hidden = pixel[seen], pixel[~seen]
    once = all((np.diff(part) > 0).all() for part in (shown, hidden))
    require(once, "pixels that are not sorted")
    # Few among many, both sorted.
    first, last = (np.searchsorted(shown, hidden, side) for side in ("left", "right"))
    require(bool((first == last).all()), "pixels both seen and not seen")
    require(bool((rate[seen] > 0).all() and (error[seen] >= 0).all()), "rates that none can have")
    return Record(**given, pixel=shown, rate=rate[seen], error=error[seen], unseen=hidden)
