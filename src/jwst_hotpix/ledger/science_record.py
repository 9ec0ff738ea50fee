"""One science exposure in the ledger, and its Parquet file (format ``ledger-3``)."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from jwst_hotpix.exceptions import LedgerError, naming, reason_of
from jwst_hotpix.instrument.frames import flat, unflat
from jwst_hotpix.ledger.bounds import STEP, Bounds
from jwst_hotpix.ledger.header_checks import (
    header_in,
    require,
    require_columns,
    require_facts,
    require_values,
    window_in,
)
from jwst_hotpix.ledger.parquet_file import DIGEST, read_parquet, write_parquet
from jwst_hotpix.ledger.record import KEY
from jwst_hotpix.measure.dark_info import ScienceInfo
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.regular_file import read_regular
from jwst_hotpix.tools.short_floats import shorten

if TYPE_CHECKING:
    from jwst_hotpix.measure.from_science import ScienceRate

__all__ = [
    "ScienceRecord",
    "read_science_record",
    "science_record_of",
    "write_science_record",
]

_VERSION = "ledger-3"
# Pixels that share a bound, by the version of a record.
_STEPS = {"ledger-2": 1, _VERSION: STEP}

# Of zstd: from 12 on it finds what sorted columns repeat.
_LEVEL = 15
_CLASSES = b"hotpix_classes"
_PLAIN = ("readout", "kind", "epoch", "known", "facts", "first", "last", "visit", "configuration")
_MORE = ("disperser", "independent", "digest")
_COLUMNS = ("rate", "error", "share", "share_error")
_KINDS = {"x": pa.uint16(), "y": pa.uint16(), **dict.fromkeys(_COLUMNS, pa.float32())}
_NAMES = ("visit", "configuration", "disperser")
_DATES = ("epoch", "known", "first", "last")

# The digest of a mask, which names its file; and bytes: one bit a pixel is less.
_MASK, _MOST_MASK = re.compile("[0-9a-f]{16}"), 1 << 24


@dataclass(frozen=True, eq=False, kw_only=True)
class ScienceRecord(ScienceInfo):
    """
    What the ledger keeps of a science exposure.

    Attributes
    ----------
    independent : int
        As in `ScienceRate`.
    pixel : ndarray of int32, shape (n,)
        Hot pixels, ``y * columns + x``, full frame, zero-based; sorted.
    rate, error, share, share_error : ndarray of float32, shape (n,)
        As in `Excess`.
    bounds : Bounds
        To which bound all other pixels are cold.
    digest : str
        Of the exposure's content.
    """

    independent: int
    pixel: NDArray[np.int32]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    share: NDArray[np.float32]
    share_error: NDArray[np.float32]
    bounds: Bounds
    digest: str

    @property
    def mask_digest(self) -> str:
        """What distinguishes the mask of this exposure from others."""
        return _digest_of(self.bounds.masked)


def _digest_of(mask: bytes) -> str:
    return sha256(mask).hexdigest()[:16]


def science_record_of(science: ScienceRate, *, released: float | None = None) -> ScienceRecord:
    """
    Keep of a science exposure what the history needs.

    Parameters
    ----------
    science : ScienceRate
        What the exposure shows of each pixel, rates in DN/s.
    released : float, optional
        MJD (UTC) of its public release: others do not know of it before. By default its end.

    Returns
    -------
    ScienceRecord
    """
    excess, window = science.excess, science.window
    return ScienceRecord(
        **science.setup() | {"known": max(science.known, released or science.known)},
        independent=science.independent,
        pixel=window.full_frame(excess.pixel),
        bounds=Bounds.of(window, excess.bound, science.masked),
        digest=science.digest,
        rate=shorten(excess.rate, 12),
        error=shorten(excess.error, 6),
        share=shorten(excess.share, 8),
        share_error=shorten(excess.share_error, 6),
    )


def write_science_record(record: ScienceRecord, path: Path, masks: Path) -> None:
    """
    Write a record, complete or not at all.

    Parameters
    ----------
    record : ScienceRecord
        What to write.
    path : Path
        A file of that name is replaced.
    masks : Path
        Folder of masks; that of the exposure is written unless it is there.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    mask = masks / f"{record.mask_digest}.mask"
    if not mask.exists():
        masks.mkdir(parents=True, exist_ok=True)
        with atomic_path(mask) as temporary:
            temporary.write_bytes(record.bounds.masked)
    y, x = unflat(record.pixel, record.detector.shape)
    columns = {"x": x.astype(np.uint16), "y": y.astype(np.uint16)}
    columns |= {name: getattr(record, name) for name in _COLUMNS}
    header = json.dumps(_header_of(record)).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {KEY: header, _CLASSES: record.bounds.classes}
    write_parquet(path, columns, metadata, level=_LEVEL)


def read_science_record(
    path: str | os.PathLike[str], masks: Path, known: dict[str, bytes] | None = None
) -> ScienceRecord:
    """
    Read a record.

    Parameters
    ----------
    path : path
        The Parquet file of the record.
    masks : Path
        Folder of masks.
    known : dict of str to bytes, optional
        Masks by their digests, to which that of the record is added: of many records, masks that
        they share are read once.

    Returns
    -------
    ScienceRecord

    Raises
    ------
    LedgerError
        When the file is damaged, no record, of a newer format, or its mask is missing.
    OSError
        When it cannot be read.
    """
    with naming(path):
        try:
            metadata, table = read_parquet(path, ["x", "y", *_COLUMNS])
            header = _known_header(metadata.get(KEY))
            require_columns(table, _KINDS)
            mask = _mask_of(header["mask"], masks, {} if known is None else known)
            record = _record_of(header, metadata[_CLASSES], table, mask)
            if DIGEST not in metadata:
                # Otherwise its checksum has shown that all is as it was written.
                record.bounds.at(record.pixel)
        except (LedgerError, OSError):
            raise
        except Exception as error:
            # For a damaged file pyarrow and json raise whatever they stumble on.
            expected, found = f"a whole record of {_VERSION}", reason_of(error)
            raise LedgerError("record", expected=expected, found=found) from error
        return record


def _known_header(text: bytes | None) -> dict[str, Any]:
    header = header_in(text)
    version = header.get("version", "none")
    if version not in _STEPS:
        raise LedgerError("ledger format", expected=f"{_VERSION} or older", found=version)
    require(header["kind"] == "science", f"kind {header['kind']!r}")
    require_values(header, texts=(*_NAMES, "mask"), numbers=_DATES)
    require_facts(header)
    require(_MASK.fullmatch(header["mask"]) is not None, f"mask {header['mask']!r}")
    require(type(header["independent"]) is int, f"independent {header['independent']!r}")
    return header


def _header_of(record: ScienceRecord) -> dict[str, Any]:
    window = record.window
    return {
        "version": _VERSION,
        "detector": record.detector.name,
        "window": [window.ystart, window.xstart, *window.shape],
        "mask": record.mask_digest,
        "pointing": record.pointing,
        **{name: getattr(record, name) for name in (*_PLAIN, *_MORE)},
    }


def _record_of(
    header: dict[str, Any], classes: bytes, table: pa.Table, masked: bytes
) -> ScienceRecord:
    ystart, xstart, *shape = header["window"]
    window = window_in(header, ystart, xstart, shape)
    y, x = (table.column(name).to_numpy().astype(np.intp) for name in ("y", "x"))
    pixel = flat(y, x, window.detector.shape).astype(np.int32)
    columns = {name: table.column(name).to_numpy() for name in _COLUMNS}
    if (np.diff(pixel) <= 0).any() or not window.locate(y, x)[2].all():
        raise LedgerError("pixels", expected=f"sorted, all in {window}", found="others")
    bounds = Bounds(window=window, classes=classes, masked=masked, step=_STEPS[header["version"]])
    if not bounds.is_whole():
        raise LedgerError("bounds", expected=f"those of {window}", found="others")
    return ScienceRecord(
        window=window,
        pointing=_pointing_in(header["pointing"]),
        pixel=pixel,
        bounds=bounds,
        **columns,
        **{name: header[name] for name in (*_PLAIN, *_MORE)},
    )


def _pointing_in(given: Any) -> tuple[float, float] | None:
    if given is None:
        return None
    east, north = float(given[0]), float(given[1])
    require(isfinite(east) and isfinite(north), f"pointing {given!r}")
    return east, north


def _mask_of(digest: str, masks: Path, known: dict[str, bytes]) -> bytes:
    """Return a mask; of equal ones the same object, which lookups take for the same."""
    if digest not in known:
        mask = masks / f"{digest}.mask"
        try:
            content = read_regular(mask, _MOST_MASK)
        except FileNotFoundError:
            raise LedgerError("mask of the record", expected=mask, found="none") from None
        if _digest_of(content) != digest:
            raise LedgerError("mask of the record", expected=mask, found="one that is damaged")
        known[digest] = content
    return known[digest]
