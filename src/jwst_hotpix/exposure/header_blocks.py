"""
The headers of a FITS file in one pass over its header blocks, and no more than is asked of them.

astropy takes half a millisecond for each header, and a calibrated MOS exposure has three hundred.
This reads the blocks, keeps them as they are, and finds what is asked for on demand. Layout of
headers and sizes of data: FITS Standard 4.0, sections 3.3 and 4.4.1.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from math import prod
from typing import Any

from astropy.io import fits

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exposure.fits_errors import cut_short, damaged

__all__ = ["HeaderUnit", "read_units", "read_units_by"]

_BLOCK, _CARD = 2880, 80
# Most headers of the pipeline's products fit into so many blocks: one read each.
_READ = 3 * _BLOCK
_END = b"END".ljust(_CARD)
_BITPIX = frozenset({8, 16, 32, 64, -32, -64})
# The name of an extension as nearly all write it: letters, digits, an underscore.
_PLAIN_NAME = re.compile(rb"EXTNAME = '(\w+) *'(?!')")
# No product has more; a file that claims to is not one, and nobody should wait for it.
_MOST_BLOCKS, _MOST_UNITS, _MOST_AXES = 2000, 20_000, 999


class HeaderUnit(Mapping[str, Any]):
    """
    One header of a FITS file, by keyword, and where its data lie.

    Attributes
    ----------
    text : bytes
        The header as it is, to its END card.
    shape : tuple of int
        Of the data array in numpy's order, slowest axis first; empty without data.
    bitpix : int
        As in the header: 8, 16, 32, 64, -32 or -64.
    data_start, data_end : int
        Byte offsets of the data in the file, without their padding; zero where the file or the
        image is compressed.
    """

    __slots__ = ("bitpix", "data_end", "data_start", "shape", "text")

    def __init__(
        self,
        text: bytes,
        shape: tuple[int, ...],
        bitpix: int,
        data_start: int = 0,
        data_end: int = 0,
    ) -> None:
        self.text, self.shape, self.bitpix = text, shape, bitpix
        self.data_start, self.data_end = data_start, data_end

    def __getitem__(self, keyword: str) -> Any:
        at = _find(self.text, f"{keyword:<8}= ".encode("ascii"), 0)
        if at < 0:
            raise KeyError(keyword)
        plain = self.text[at + 10 : at + 30].strip()
        if plain.isdigit():
            return int(plain)
        return fits.Card.fromstring(self.text[at : at + _CARD]).value

    def __contains__(self, keyword: object) -> bool:
        return _find(self.text, f"{keyword:<8}= ".encode("ascii"), 0) >= 0

    def __iter__(self) -> Iterator[str]:
        for at in range(0, len(self.text), _CARD):
            if self.text.startswith(b"= ", at + 8):
                yield self.text[at : at + 8].decode("ascii").rstrip()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def name(self) -> str:
        """EXTNAME in capitals; ``"PRIMARY"`` for the first unit, as astropy names it."""
        plain = _PLAIN_NAME.search(self.text)
        if plain is not None and not plain.start() % _CARD:
            return plain[1].decode("ascii").upper()
        first = "PRIMARY" if self.text.startswith(b"SIMPLE") else ""
        return str(self.get("EXTNAME", first)).strip().upper()

    @property
    def is_image(self) -> bool:
        """A primary array or an IMAGE extension, uncompressed."""
        return self.text.startswith((b"SIMPLE", b"XTENSION= 'IMAGE "))

    @property
    def header(self) -> fits.Header:
        """The whole header, as astropy reads it."""
        return fits.Header.fromstring(self.text)


def read_units(descriptor: int, error: type[HotPixError]) -> Iterator[HeaderUnit]:
    """
    Read the headers of an uncompressed FITS file one after another.

    Parameters
    ----------
    descriptor : int
        Of the open file, which is left where it is.
    error : type of HotPixError
        What to raise; it does not name the file.

    Returns
    -------
    iterator of HeaderUnit
        The header of each unit of the file, in order.

    Raises
    ------
    HotPixError
        As ``error``, where the file is not FITS, a header has no end or does not describe its data,
        or the data reach beyond the end of the file.
    """

    def read(start: int, stop: int) -> bytes:
        return os.pread(descriptor, stop - start, start)

    return read_units_by(read, os.fstat(descriptor).st_size, error)


def read_units_by(
    read: Callable[[int, int], bytes], size: int, error: type[HotPixError]
) -> Iterator[HeaderUnit]:
    """
    Read the headers of an uncompressed FITS file, wherever it is.

    Parameters
    ----------
    read : callable
        Returns the bytes of the file from one offset up to another, possibly fewer; none at the
        end.
    size : int
        Size of the file, in bytes.
    error : type of HotPixError
        What to raise; it does not name the file.

    Yields
    ------
    HeaderUnit
        The header of one unit of the file.

    Raises
    ------
    HotPixError
        As `read_units`.
    """
    place = 0
    for number in range(_MOST_UNITS):
        text, start = _read_header(read, place, error)
        unit = _describe(text, number, start, error)
        place = unit.data_end + -unit.data_end % _BLOCK
        if unit.data_end > size:
            raise cut_short(error, unit.data_end, size)
        yield unit
        # Zero blocks and other remains after the last unit are allowed, and mean nothing.
        if place >= size or not read(place, place + 8).startswith(b"XTENSION"):
            return
    raise damaged(error, f"more than {_MOST_UNITS} extensions")


def _read_header(
    read: Callable[[int, int], bytes], place: int, error: type[HotPixError]
) -> tuple[bytes, int]:
    """Return a header to its END, and where its data start."""
    text = read(place, place + _READ)
    if not text.startswith((b"SIMPLE  =", b"XTENSION=")):
        found = "no SIMPLE or XTENSION at the start of a header"
        raise damaged(error, found)
    at = _find(text, _END, 0)
    while at < 0:
        more = read(place + len(text), place + len(text) + _READ)
        if not more or len(text) > _MOST_BLOCKS * _BLOCK:
            raise damaged(error, "a header without END card")
        searched = len(text) - len(text) % _CARD
        text += more
        at = _find(text, _END, searched)
    end = at + _CARD
    return text[:end], place + end + -end % _BLOCK


def _find(text: bytes, wanted: bytes, start: int) -> int:
    """Find what starts a card, as a match inside the text of another card does not."""
    at = text.find(wanted, start)
    while at > 0 and at % _CARD:
        at = text.find(wanted, at + 1)
    return at


def _describe(text: bytes, number: int, start: int, error: type[HotPixError]) -> HeaderUnit:
    """Read the cards that the standard puts first, in their order."""
    bitpix = _integer(text, 1, b"BITPIX  = ", error)
    axes = _integer(text, 2, b"NAXIS   = ", error)
    if bitpix not in _BITPIX or not 0 <= axes <= _MOST_AXES:
        raise damaged(error, f"BITPIX {bitpix} and NAXIS {axes}")
    shape = tuple(_integer(text, 2 + i, b"NAXIS%-3d= " % i, error) for i in range(axes, 0, -1))
    extra, groups = 0, 1
    if number:
        extra = _integer(text, 3 + axes, b"PCOUNT  = ", error)
        groups = _integer(text, 4 + axes, b"GCOUNT  = ", error)
    if extra < 0 or groups < 0 or (shape and min(shape) < 0):
        raise damaged(error, f"negative sizes: {shape}, PCOUNT {extra}, GCOUNT {groups}")
    pixels = prod(shape) if shape else 0
    length = abs(bitpix) // 8 * groups * (extra + pixels)
    return HeaderUnit(text, shape, bitpix, start, start + length)


def _integer(text: bytes, card: int, keyword: bytes, error: type[HotPixError]) -> int:
    at = card * _CARD
    if text.startswith(keyword, at):
        try:
            return int(text[at + 10 : at + _CARD].split(b"/", 1)[0])
        except ValueError:
            pass
    found = repr(text[at : at + _CARD].decode("latin-1").rstrip())
    raise damaged(error, f"{found} in place of {keyword[:8].decode().rstrip()} and its number")
