"""The format of a file, judged by its content."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from enum import StrEnum
from pathlib import Path

from jwst_hotpix.exceptions import ListFormatError
from jwst_hotpix.exchange.text_table import looks_like_table
from jwst_hotpix.tools.regular_file import open_regular

__all__ = ["Format", "guess_format", "is_fits", "text_of"]

# Enough of a text to see the header of a table or the keys of a YAML file.
_HEAD = 65536

# Bytes, unpacked: ten times the largest list there is. A larger file is no list of pixels.
_LARGEST = 1 << 25


class Format(StrEnum):
    """The formats that can be imported."""

    MASK = "mask"
    MSAEXP = "msaexp"
    TABLE = "table"


def guess_format(path: Path) -> Format:
    """
    Determine the format of a file from its content.

    Parameters
    ----------
    path : pathlib.Path
        The file, plain or gzipped.

    Returns
    -------
    Format
        The format to read it as.

    Raises
    ------
    ListFormatError
        When it is in none of the formats, or damaged.
    """
    if is_fits(path):
        return _kind_of_fits(path)
    text = text_of(path, _HEAD)
    if re.search(r"^(pixel_index|flags|files):", text, re.MULTILINE):
        return Format.MSAEXP
    if looks_like_table(text):
        return Format.TABLE
    expected = "a FITS image or table, YAML of msaexp, or a table of x and y"
    found = repr(text[:20])
    raise ListFormatError(
        "content", expected=expected, found=found,
        sentence=f"not {expected}; it starts with {found}",
    )  # fmt: skip


def is_fits(path: Path) -> bool:
    """
    Determine whether a file is FITS.

    Parameters
    ----------
    path : pathlib.Path
        The file, plain or gzipped.

    Returns
    -------
    bool
        True if it starts with ``SIMPLE``.
    """
    return _bytes_of(path, 9) == b"SIMPLE  ="


def text_of(path: Path, length: int | None = None) -> str:
    """
    Read a text file.

    Parameters
    ----------
    path : pathlib.Path
        The file, plain or gzipped.
    length : int, optional
        Number of bytes to read; by default all of them.

    Returns
    -------
    str
        Its text, without a byte order mark.

    Raises
    ------
    ListFormatError
        When it is not text in UTF-8, larger than 32 MiB, or damaged.
    """
    content = _bytes_of(path, length or _LARGEST)
    if len(content) == _LARGEST:
        raise ListFormatError("bytes", expected=f"fewer than {_LARGEST}", found="more")
    try:
        # The last character may be cut in two.
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        return decoder.decode(content, final=length is None)
    except UnicodeDecodeError as error:
        raise ListFormatError(
            "text", expected="UTF-8", found=error, sentence="neither FITS nor text in UTF-8"
        ) from None


def _bytes_of(path: Path, length: int) -> bytes:
    with open_regular(path) as file:
        if file.read(2) != b"\x1f\x8b":
            file.seek(0)
            return file.read(length)
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(length)
    except (OSError, EOFError, zlib.error) as error:
        raise ListFormatError(
            "file", expected="whole gzip", found=error, sentence=f"damaged gzip file: {error}"
        ) from None


def _kind_of_fits(path: Path) -> Format:
    # With astropy, which text does without.
    from jwst_hotpix.exposure.fits_file import open_whole

    with open_whole(path, ListFormatError) as hdus:
        if any(hdu.is_image and hdu.header["NAXIS"] == 2 for hdu in hdus):
            return Format.MASK
        tables = (hdu.columns.names for hdu in hdus if not hdu.is_image)
        named = any({"x", "y"} <= {name.lower() for name in names} for names in tables)
        return Format.TABLE if named else Format.MASK
