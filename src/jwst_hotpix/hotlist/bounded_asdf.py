"""
Check that an ASDF file is safe to load: some make the asdf library loop or exhaust memory.

Layout of header and blocks: ASDF Standard 1.6.0, "Low-level file layout". A list has a short tree,
and blocks of the length stated in their headers.
"""

from __future__ import annotations

import bz2
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from jwst_hotpix.exceptions import ListFormatError
from jwst_hotpix.tools.bounded_yaml import UnboundedError, require_bounded_yaml

__all__ = ["MOST_BYTES", "require_bounded"]

#: Bytes. A list of all pixels of a detector, each with one interval, takes 220 MB.
MOST_BYTES = 1 << 28
_MOST_TREE, _MOST_NODES, _MOST_VALUES = 1 << 20, 100_000, 1 << 22

_END = re.compile(rb"\r?\n\.\.\.(?:\r?\n|\Z)")
_MAGIC = b"\xd3BLK"
# Flags, compression, allocated, used and data size; a checksum follows.
_BLOCK = struct.Struct(">I4sQQQ")
_STREAMED = 1
_UNPACKERS: dict[bytes, Callable[[], Any]] = {
    b"zlib": zlib.decompressobj,
    b"bzp2": bz2.BZ2Decompressor,
}


def require_bounded(content: bytes) -> None:
    """
    Check that the tree and blocks of a file are bounded, before a library loads it.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    ListFormatError
        When its tree is too large or too deep, contains itself, repeats a name, or refers to arrays
        in another file; when an array has more values than a detector has pixels, or is masked;
        when a block extends beyond the file or does not unpack to its size. The error does not
        name the file.
    """
    tree, place = _tree_of(content)
    try:
        require_bounded_yaml(tree, _MOST_NODES, _Arrays().check)
    except UnboundedError as error:
        _require(False, str(error))
    total = 0
    for block in _blocks(content, place):
        total += block
        _require(total <= MOST_BYTES, f"blocks of more than {MOST_BYTES >> 20} MiB")


def _tree_of(content: bytes) -> tuple[bytes, int]:
    """
    Return the YAML document, and the offset of what follows it.

    Both are found as asdf finds them, which skips whatever comes before: what is checked must be
    what it loads.
    """
    start = content.find(b"%YAML")
    _require(start >= 0 and _MAGIC not in content[:start], "no tree")
    found = _END.search(content, start)
    end = found.end() if found else len(content)
    _require(found is not None and end <= _MOST_TREE, "a tree without end")
    # As many lines before it as in the file, for the lines that errors give.
    return b"\n" * content.count(b"\n", 0, start) + content[start:end], end


class _Arrays:
    """The arrays that a tree describes: a few bytes may describe one that fills the memory."""

    def __init__(self) -> None:
        self._size = 1

    def check(self, tag: str, name: str, value: yaml.NodeEvent) -> None:
        """Check a value of a mapping, as `Check` has it."""
        # An integer in an array takes time that grows with the square of its length.
        _require("core/integer" not in tag, "an integer of many words")
        if "ndarray" not in tag:
            return
        # A number is the index of a block in this file, anything else the address of another file.
        if name == "source":
            is_own = _number_in(value) is not None
            _require(is_own, f"an array in another file: {_text_of(value)!r}")
        # Readers would take what is masked for values.
        _require(name != "mask", "a masked array")
        if name == "shape":
            self._measure(value)

    def _measure(self, value: yaml.NodeEvent) -> None:
        if isinstance(value, yaml.SequenceStartEvent):
            self._size = 1
            return
        number = _number_in(value)
        _require(number is not None, f"an array of shape {_text_of(value)!r}")
        self._size *= number or 0
        _require(self._size <= _MOST_VALUES, f"an array of more than {_MOST_VALUES} values")


def _number_in(value: yaml.NodeEvent) -> int | None:
    """Return a whole number, unless it is a text that looks like one."""
    text = value.value if isinstance(value, yaml.ScalarEvent) and value.implicit[0] else ""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


def _text_of(value: yaml.NodeEvent) -> str:
    return str(value.value) if isinstance(value, yaml.ScalarEvent) else "none"


def _blocks(content: bytes, place: int) -> Iterator[int]:
    """Yield the unpacked size of each block; the blocks are followed by their index."""
    # As for the tree, asdf skips what comes before the first.
    place = max(content.find(_MAGIC, place), place)
    while content.startswith(_MAGIC, place):
        header = int.from_bytes(content[place + 4 : place + 6], "big")
        start = place + 6 + header
        _require(header >= _BLOCK.size + 16 and start <= len(content), "a block cut short")
        flags, packing, allocated, used, size = _BLOCK.unpack_from(content, place + 6)
        place = start + allocated
        _require(not flags & _STREAMED, "a block without size")
        _require(used <= allocated and place <= len(content), "a block cut short")
        _require(size <= MOST_BYTES, f"a block of {size} bytes")
        packed = memoryview(content)[start : start + used]
        _require(_unpacked_size(packed, packing, size) == size, "a block of another size")
        yield size


def _unpacked_size(packed: memoryview, packing: bytes, size: int) -> int:
    if packing == bytes(4):
        return len(packed)
    _require(packing in _UNPACKERS, f"a block packed as {packing!r}")
    unpacker = _UNPACKERS[packing]()
    try:
        found = len(unpacker.decompress(packed, size + 1))
    except (zlib.error, OSError, ValueError) as error:
        _require(False, f"a damaged block: {error}")
    return found if unpacker.eof else -1


def _require(good: bool, found: str) -> None:
    if not good:
        raise ListFormatError("file", expected="a whole ASDF hot pixel list", found=found)
