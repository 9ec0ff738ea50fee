"""Copy the needed parts of a remote FITS file into a local FITS file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.exposure.header_blocks import HeaderUnit, read_units_by
from jwst_hotpix.tools.remote_file import RemoteFile

__all__ = ["Choose", "refuse_other", "write_excerpt"]

#: From the headers of a file: the numbers of the units needed besides the first; None for all.
Choose = Callable[[Sequence[HeaderUnit]], Collection[int] | None]

_BLOCK = 2880


def write_excerpt(remote: RemoteFile, choose: Choose, path: Path) -> bool:
    """
    Copy the needed units of a FITS file; only the headers of the others are downloaded.

    Parameters
    ----------
    remote : RemoteFile
        The file.
    choose : callable
        Which units are needed.
    path : Path
        Where to write them: a FITS file in which they are the same, byte for byte.

    Returns
    -------
    bool
        False if this is not possible, because the server has no range requests or the file is
        compressed, or if the whole file is needed. Nothing has been written then.

    Raises
    ------
    FetchError
        When the file cannot be read, is not FITS, or is truncated or damaged.
    OSError
        When it cannot be written.
    """
    if not (remote.has_ranges and remote.size and remote.head.startswith(b"SIMPLE")):
        return False
    units = list(read_units_by(_Ahead(remote), remote.size, FetchError))
    if any("ZIMAGE" in unit for unit in units):
        return False
    needed = choose(units)
    if needed is None:
        return False
    with path.open("wb") as file:
        for number, unit in enumerate(units):
            if number == 0 or number in needed:
                file.writelines(_content(remote, unit))
    return True


def _content(remote: RemoteFile, unit: HeaderUnit) -> Iterator[bytes]:
    """Yield a unit; its header has already been read."""
    yield unit.text + b" " * (-len(unit.text) % _BLOCK)
    start, stop = unit.data_start, unit.data_end + -unit.data_end % _BLOCK
    yield (kept := remote.head[start:stop])
    if start + len(kept) < stop:
        yield from remote.stream(start + len(kept), stop)


class _Ahead:
    """
    Read headers block by block: most are a single block.

    A call may return fewer bytes than requested, as at the end of a file; the reader then
    requests the rest.
    """

    def __init__(self, remote: RemoteFile) -> None:
        self._remote, self._start, self._kept = remote, 0, remote.head

    def __call__(self, start: int, stop: int) -> bytes:
        if not self._start <= start < self._start + len(self._kept):
            self._start, self._kept = start, self._remote.read(start, start + _BLOCK)
        return self._kept[start - self._start : stop - self._start]


def refuse_other(remote: RemoteFile) -> None:
    """
    Raise if the first bytes show that a file is not FITS, before downloading all of it.

    Parameters
    ----------
    remote : RemoteFile
        The file.

    Raises
    ------
    FetchError
        When it is neither FITS nor compressed.
    """
    if not remote.head.startswith((b"SIMPLE", b"\x1f\x8b", b"BZ", b"PK", b"\x1f\x9d")):
        sentence = "not a FITS file"
        raise FetchError("file", expected="FITS", found=remote.head[:6], sentence=sentence)
