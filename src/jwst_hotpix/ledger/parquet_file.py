"""Parquet files of records, written completely or not at all, and verified when read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.regular_file import read_regular

__all__ = ["DIGEST", "read_parquet", "write_parquet"]

#: In every format of the ledger, so that a newer format is distinguished from damage.
DIGEST = b"hotpix_sha256"
# Bytes, and rows: every pixel of a detector. Few bytes may hold any number of equal rows, which are
# counted before they are read.
_MOST, _MOST_ROWS = 1 << 27, 1 << 22


def write_parquet(
    path: str | os.PathLike[str],
    columns: Mapping[str, Any],
    metadata: Mapping[bytes, bytes],
    *,
    constant: Sequence[str] = (),
    level: int | None = None,
) -> None:
    """
    Write a record, complete or not at all.

    Parameters
    ----------
    path : path
        A file of that name is replaced.
    columns : mapping of str to ndarray
        Columns by name, all of the same length.
    metadata : mapping of bytes to bytes
        Metadata of the schema, to which a checksum is added.
    constant : sequence of str
        Columns with the same value in every row, which the checksum does not cover.
    level : int, optional
        Of zstd, 1 to 22: the higher, the smaller and slower; by default that of Parquet, 1.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    table = pa.table(dict(columns))
    checked = table.select([name for name in columns if name not in constant])
    kept = dict(metadata) | {DIGEST: _digest_of(checked, metadata)}
    with atomic_path(path) as temporary:
        # Leftovers of a killed process must not match **/*.parquet.
        part = temporary.with_suffix(".part")
        with (
            part.open("wb") as stream,
            # Arrow's own copy of the schema would repeat the metadata.
            pq.ParquetWriter(
                stream,
                table.schema,
                compression="zstd",
                compression_level=level,
                use_dictionary=list(constant),
                use_byte_stream_split=_floats(checked),
                write_page_checksum=True,
                # A record is small enough to be read as a whole.
                write_statistics=False,
                store_schema=False,
            ) as file,
        ):
            file.write_table(table)
            file.add_key_value_metadata(kept)
        part.rename(temporary)


def read_parquet(
    path: str | os.PathLike[str], columns: Sequence[str]
) -> tuple[dict[bytes, bytes], pa.Table]:
    """
    Read a record.

    Parameters
    ----------
    path : path
        The file.
    columns : sequence of str
        The columns that the checksum covers, in the order of the file.

    Returns
    -------
    metadata : dict of bytes to bytes
        That of the schema; with `DIGEST` where the file has a checksum, which matches.
    table : pyarrow.Table
        The columns.

    Raises
    ------
    ValueError
        When the file is damaged, a column is missing, or the checksum does not match; files of
        older versions have no checksum.
    PathError
        When it is not a regular file, or is too large to be a record.
    pyarrow.ArrowException
        When the file is damaged.
    OSError
        When it cannot be read.
    """
    content = pa.BufferReader(read_regular(path, _MOST))
    try:
        with pq.ParquetFile(content, page_checksum_verification=True) as file:
            if not 0 <= file.metadata.num_rows <= _MOST_ROWS:
                raise ValueError(f"{file.metadata.num_rows} rows")
            metadata = dict(file.schema_arrow.metadata or {})
            table = file.read(columns=list(columns), use_threads=False)
    except OSError as error:
        # pyarrow also raises OSError for damage, which is not an error of the system.
        raise ValueError(str(error)) from error
    checked = {key: value for key, value in metadata.items() if key != DIGEST}
    expected = metadata.get(DIGEST)
    if expected is not None and expected != _digest_of(table.select(columns), checked):
        raise ValueError("content that does not match its checksum")
    return metadata, table


def _floats(table: pa.Table) -> list[str]:
    """Return the columns that compress better with their bytes split."""
    return [field.name for field in table.schema if pa.types.is_floating(field.type)]


def _digest_of(table: pa.Table, metadata: Mapping[bytes, bytes]) -> bytes:
    sha = sha256()
    for name, value in sorted(metadata.items()):
        sha.update(b"%s %d " % (name, len(value)) + value)
    for name in table.column_names:
        values = table.column(name).to_numpy()
        sha.update(f"{name} {values.dtype.str} {values.size} ".encode() + values.tobytes())
    return sha.hexdigest().encode("ascii")
