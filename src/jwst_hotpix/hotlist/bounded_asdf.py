"""
Whether an ASDF file can be given to the asdf library: some make it loop, or fill the memory.

Layout of header and blocks: ASDF Standard 1.6.0, "Low-level file layout". A list has a short tree,
and blocks that are as long as they claim.
"""

from __future__ import annotations

import bz2
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from jwst_hotpix.exceptions import ListFormatError

__all__ = ["MOST_BYTES", "require_bounded"]

#: Bytes. A list of all pixels of a detector, each with one interval, has 220 MB.
MOST_BYTES = 1 << 28
_MOST_TREE, _MOST_DEPTH, _MOST_NODES = 1 << 20, 50, 100_000

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
    Check that a file ends where it claims to, before a library believes it.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    ListFormatError
        When its tree is too large, too deep, or contains itself, names a value twice, or takes
        arrays from another file; when a block reaches beyond the file or does not unpack to its
        size. It does not name the file.
    """
    tree, place = _tree_of(content)
    _check_tree(tree)
    total = 0
    for block in _blocks(content, place):
        total += block
        _require(total <= MOST_BYTES, f"blocks of more than {MOST_BYTES >> 20} MiB")


def _tree_of(content: bytes) -> tuple[bytes, int]:
    """Return the YAML document, and where what follows it starts."""
    end = content.find(b"\n...", 0, _MOST_TREE)
    _require(end >= 0, "a tree without end")
    after = content.find(b"\n", end + 4)
    return content[: end + 4], len(content) if after < 0 else after + 1


def _check_tree(tree: bytes) -> None:
    """Go through the events of the parser, which builds nothing from them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_events(yaml.parse(tree, Loader=loader))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        _require(False, " ".join(str(error).split())[:200])


@dataclass
class _Node:
    """
    A mapping or sequence that the parser is in.

    Attributes
    ----------
    event : yaml.CollectionStartEvent
        Where it starts; has its tag and its anchor.
    names : set of str
        The names in a mapping so far.
    name : str, optional
        The name whose value comes next.
    size : int
        Nodes in it so far, with those that it refers to.
    """

    event: yaml.CollectionStartEvent
    names: set[str] = field(default_factory=set)
    name: str | None = None
    size: int = 1

    def take(self, size: int, text: str | None) -> None:
        """Take a node as the next item, name or value; a text if it is a scalar."""
        self.size += size
        _require(self.size <= _MOST_NODES, "a tree of too many nodes")
        if not isinstance(self.event, yaml.MappingStartEvent):
            return
        if self.name is None:
            self.name = text or ""
            _require(self.name not in self.names, f"{self.name!r} twice")
            self.names.add(self.name)
            return
        if self.name == "source" and "ndarray" in str(self.event.tag) and text is not None:
            # A number counts the blocks of this file; all else is the address of another one.
            _require(text.isdigit(), f"an array in another file: {text!r}")
        self.name = None


def _check_events(events: Iterator[yaml.Event]) -> None:
    sizes: dict[str, int] = {}
    open_nodes: list[_Node] = []
    for event in events:
        size, text = 1, None
        if isinstance(event, yaml.CollectionStartEvent):
            _require(len(open_nodes) < _MOST_DEPTH, "a tree that is nested too deeply")
            open_nodes.append(_Node(event))
            continue
        if isinstance(event, yaml.AliasEvent):
            _require(event.anchor in sizes, "a tree that contains itself")
            size = sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            text = event.value
            sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionEndEvent):
            node = open_nodes.pop()
            size = sizes[node.event.anchor] = node.size
        else:
            continue
        if open_nodes:
            open_nodes[-1].take(size, text)


def _blocks(content: bytes, place: int) -> Iterator[int]:
    """Yield the size of each block once unpacked; what follows the blocks is their index."""
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
