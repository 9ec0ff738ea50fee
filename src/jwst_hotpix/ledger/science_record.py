"""One science exposure in the ledger, and its Parquet file (format ``ledger-3``)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from jwst_hotpix.exceptions import HotPixError, LedgerError, naming
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window, flat, unflat
from jwst_hotpix.ledger.bounds import STEP, Bounds
from jwst_hotpix.ledger.parquet_file import read_parquet, write_parquet
from jwst_hotpix.measure.dark_info import ScienceInfo
from jwst_hotpix.tools.atomic import atomic_path

if TYPE_CHECKING:
    from jwst_hotpix.measure.from_science import ScienceRate

__all__ = [
    "SCIENCE_VERSION",
    "ScienceRecord",
    "read_science_record",
    "science_record_of",
    "write_science_record",
]

SCIENCE_VERSION = "ledger-3"
# Pixels that share a bound, by the version of a record.
_STEPS = {"ledger-2": 1, SCIENCE_VERSION: STEP}

# Of zstd: from 12 on it finds what sorted columns repeat.
_LEVEL = 15
_HEADER, _CLASSES = b"hotpix", b"hotpix_classes"
_PLAIN = ("readout", "kind", "epoch", "known", "facts", "first", "last", "visit", "configuration")
_MORE = ("disperser", "independent", "digest")
_COLUMNS = ("rate", "error", "share", "share_error")


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
        rate=_rounded(excess.rate, 12),
        error=_rounded(excess.error, 6),
        share=_rounded(excess.share, 8),
        share_error=_rounded(excess.share_error, 6),
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
    metadata = {_HEADER: header, _CLASSES: record.bounds.classes}
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
            header = _known_header(metadata.get(_HEADER, b"{}"))
            mask = _mask_of(str(header["mask"]), masks, {} if known is None else known)
            return _record_of(header, metadata[_CLASSES], table, mask)
        except (LedgerError, OSError):
            raise
        except (pa.ArrowException, LookupError, TypeError, ValueError, HotPixError) as no:
            expected = f"a whole record of {SCIENCE_VERSION}"
            raise LedgerError("record", expected=expected, found=str(no) or "none") from no


def _rounded(values: NDArray[np.float32], bits: int) -> NDArray[np.float32]:
    """Round numbers to this many bits: the others are noise, which cannot be compressed."""
    half = np.uint32(1 << (22 - bits))
    raw = values.astype(np.float32).view(np.uint32)
    rounded = ((raw + half) & ~np.uint32(2 * half - 1)).view(np.float32)
    return np.where(np.isfinite(values), rounded, values)


def _known_header(text: bytes) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(text)
    version = header.get("version", "none")
    if version not in _STEPS:
        raise LedgerError("ledger format", expected=f"{SCIENCE_VERSION} or older", found=version)
    return header


def _header_of(record: ScienceRecord) -> dict[str, Any]:
    window = record.window
    return {
        "version": SCIENCE_VERSION,
        "detector": record.detector.name,
        "window": [window.ystart, window.xstart, *window.shape],
        "mask": record.mask_digest,
        "pointing": record.pointing,
        **{name: getattr(record, name) for name in (*_PLAIN, *_MORE)},
    }


def _record_of(
    header: dict[str, Any], classes: bytes, table: pa.Table, masked: bytes
) -> ScienceRecord:
    detector = get_detector(header["detector"])
    ystart, xstart, *shape = header["window"]
    window = Window(detector=detector, ystart=ystart, xstart=xstart, shape=(shape[0], shape[1]))
    y, x = (table.column(name).to_numpy().astype(np.intp) for name in ("y", "x"))
    pixel = flat(y, x, detector.shape).astype(np.int32)
    columns = {name: table.column(name).to_numpy() for name in _COLUMNS}
    if (np.diff(pixel) <= 0).any() or not window.locate(y, x)[2].all():
        raise LedgerError("pixels", expected=f"sorted, all in {window}", found="others")
    bounds = Bounds(window=window, classes=classes, masked=masked, step=_STEPS[header["version"]])
    # The checksums have shown that they are as they were written.
    if not bounds.is_whole():
        raise LedgerError("bounds", expected=f"those of {window}", found="others")
    pointing = header["pointing"]
    return ScienceRecord(
        window=window,
        pointing=None if pointing is None else (float(pointing[0]), float(pointing[1])),
        pixel=pixel,
        bounds=bounds,
        **columns,
        **{name: header[name] for name in (*_PLAIN, *_MORE)},
    )


def _mask_of(digest: str, masks: Path, known: dict[str, bytes]) -> bytes:
    """Return a mask; of equal ones the same object, which lookups take for the same."""
    if digest not in known:
        mask = masks / f"{digest}.mask"
        try:
            content = mask.read_bytes()
        except FileNotFoundError:
            raise LedgerError("mask of the record", expected=mask, found="none") from None
        if _digest_of(content) != digest:
            raise LedgerError("mask of the record", expected=mask, found="one that is damaged")
        known[digest] = content
    return known[digest]
