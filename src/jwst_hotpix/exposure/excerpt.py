"""The parts of a FITS file elsewhere that are needed, as a FITS file here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.exposure.header_blocks import HeaderUnit, read_units_by
from jwst_hotpix.tools.remote_file import RemoteFile

__all__ = ["Choose", "refuse_other", "write_excerpt"]

#: By the headers of a file: the numbers of the units needed beside the first; None for all.
Choose = Callable[[Sequence[HeaderUnit]], Collection[int] | None]

_BLOCK = 2880


def write_excerpt(remote: RemoteFile, choose: Choose, path: Path) -> bool:
    """
    Copy the units of a FITS file that are needed; of the others only headers travel.

    Parameters
    ----------
    remote : RemoteFile
        The file.
    choose : callable
        Which units are needed.
    path : Path
        Where to write them: a FITS file like the other one, byte for byte, without the rest.

    Returns
    -------
    bool
        False where that is not possible, as no parts are sent or the file is compressed, or is not
        wanted, as all of it is needed. Nothing has been written then.

    Raises
    ------
    FetchError
        When the file cannot be had, is no FITS, or is cut short or damaged.
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
    """Yield a unit; its header has travelled already."""
    yield unit.text + b" " * (-len(unit.text) % _BLOCK)
    start, stop = unit.data_start, unit.data_end + -unit.data_end % _BLOCK
    yield (kept := remote.head[start:stop])
    if start + len(kept) < stop:
        yield from remote.stream(start + len(kept), stop)


class _Ahead:
    """
    Read headers block by block: most have one, and what follows a look at one is the header.

    It returns fewer bytes than asked for, as a file at its end does; its reader asks for the rest.
    """

    def __init__(self, remote: RemoteFile) -> None:
        self._remote, self._start, self._kept = remote, 0, remote.head

    def __call__(self, start: int, stop: int) -> bytes:
        if not self._start <= start < self._start + len(self._kept):
            self._start, self._kept = start, self._remote.read(start, start + _BLOCK)
        return self._kept[start - self._start : stop - self._start]


def refuse_other(remote: RemoteFile) -> None:
    """
    Raise for what is no FITS file by its first bytes, before all of it travels.

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
