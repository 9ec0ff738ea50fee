"""
Check that an ASDF file is safe to load: some make the asdf library loop or exhaust memory.

Layout of header and blocks: ASDF Standard 1.6.0, "Low-level file layout". A list has a short tree,
and blocks of the length stated in their headers.
"""

from __future__ import annotations

import bz2
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from jwst_hotpix.exceptions import ListFormatError
from jwst_hotpix.tools.bounded_yaml import UnboundedError, require_bounded_yaml

__all__ = ["MOST_BYTES", "require_bounded"]

#: Bytes. A list of all pixels of a detector, each with one interval, takes 220 MB.
MOST_BYTES = 1 << 28
_MOST_TREE, _MOST_NODES = 1 << 20, 100_000

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
        in another file; when a block extends beyond the file or does not unpack to its size. The
        error does not name the file.
    """
    tree, place = _tree_of(content)
    try:
        require_bounded_yaml(tree, _MOST_NODES, _check_value)
    except UnboundedError as error:
        _require(False, str(error))
    total = 0
    for block in _blocks(content, place):
        total += block
        _require(total <= MOST_BYTES, f"blocks of more than {MOST_BYTES >> 20} MiB")


def _tree_of(content: bytes) -> tuple[bytes, int]:
    """Return the YAML document, and the offset of what follows it."""
    end = content.find(b"\n...", 0, _MOST_TREE)
    _require(end >= 0, "a tree without end")
    after = content.find(b"\n", end + 4)
    return content[: end + 4], len(content) if after < 0 else after + 1


def _check_value(tag: str, name: str, text: str) -> None:
    # A number is the index of a block in this file; anything else is the address of another file.
    own = name != "source" or "ndarray" not in tag or text.isdigit()
    _require(own, f"an array in another file: {text!r}")


def _blocks(content: bytes, place: int) -> Iterator[int]:
    """Yield the unpacked size of each block; the blocks are followed by their index."""
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
