"""Files elsewhere, read in parts."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.tools.patience import PassingError, patience

__all__ = ["RemoteFile", "is_uri", "name_of"]

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

# Bytes.
_HEAD = 10 * 2880

# A connection that has brought so many bytes is a good one: repetitions count anew.
_GOOD = 1 << 20

# Servers that could not be reached: each of many files would wait as long.
_unreachable: set[str] = set()


def is_uri(text: str) -> bool:
    """
    Return whether a name is an address on a network.

    Parameters
    ----------
    text : str
        As a user typed it.

    Returns
    -------
    bool
        True for ``https://…``, ``s3://…``, ``crds://…`` and the like.
    """
    return _URI.match(text) is not None


def name_of(uri: str) -> str:
    """
    Return the name of the file that an address leads to.

    Parameters
    ----------
    uri : str
        The address.

    Returns
    -------
    str
        Its last part, without query; ``"file"`` where there is none.
    """
    path = re.split(r"[?#]", uri.split("://", 1)[-1], maxsplit=1)[0]
    return path.rstrip("/").rpartition("/")[2] or "file"


class RemoteFile(ABC):
    """
    A file elsewhere.

    Parameters
    ----------
    uri : str
        Its address.

    Attributes
    ----------
    size : int or None
        Bytes; None where the server does not say.
    tag : str
        Changes with the content (ETag, or the date of the last change); empty if unknown.
    has_ranges : bool
        Whether the server sends parts of it.
    moved : int
        Bytes of content received so far.
    """

    size: int | None
    tag: str
    has_ranges: bool = True

    def __init__(self, uri: str) -> None:
        self.uri, self.moved = uri, 0

    def read(self, start: int, stop: int) -> bytes:
        """
        Read a part.

        Parameters
        ----------
        start, stop : int
            Offsets of its first byte, and of the first one after it.

        Returns
        -------
        bytes
            As many as asked for, or up to the end of the file.

        Raises
        ------
        FetchError
            As `stream`.
        """
        kept = self.head[start:stop]
        start += len(kept)
        return kept + b"".join(self.stream(start, stop)) if start < stop else kept

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """
        Read piece by piece; what fails in passing is asked for again, from where it stopped.

        Parameters
        ----------
        start : int
            Offset of the first byte.
        stop : int, optional
            Offset of the first byte not to read; the end of the file by default.

        Yields
        ------
        bytes
            One after another without gaps.

        Raises
        ------
        FetchError
            When the file cannot be had, or changes meanwhile.
        """
        limits, failures, at, good = patience(), 0, start, start
        while self._is_short(at, stop):
            try:
                for piece in self._pieces(at, stop):
                    self.moved += len(piece)
                    at += len(piece)
                    yield piece
                if stop is None and self.size is None:
                    return
                self._require_whole(at, stop)
            except PassingError as error:
                if at - good >= _GOOD:
                    failures, good = 0, at
                failures += 1
                is_lost = error.unreachable and self.host in _unreachable
                if failures > limits.retries or is_lost:
                    raise self._failed(str(error), unreachable=error.unreachable) from error
                limits.pause(failures, error.wait)

    @cached_property
    def head(self) -> bytes:
        """The first bytes, which are read at once: most headers of FITS files take no more."""
        return b"".join(self.stream(0, _HEAD))

    @property
    def host(self) -> str:
        """The server, or bucket, by name."""
        return self.uri.split("://", 1)[-1].partition("/")[0]

    @abstractmethod
    def _pieces(self, start: int, end: int | None) -> Iterator[bytes]:
        """Send one request; raise `PassingError` where another may succeed."""

    def _end(self, stop: int | None) -> int | None:
        """Return where reading ends; the size may have become known only by reading."""
        return min((end for end in (stop, self.size) if end is not None), default=None)

    def _is_short(self, at: int, stop: int | None) -> bool:
        end = self._end(stop)
        return end is None or at < end

    def _require_whole(self, at: int, stop: int | None) -> None:
        if self._is_short(at, stop):
            raise PassingError(f"the connection was cut after {at} of {self._end(stop)} bytes")

    def _failed(self, reason: str, *, unreachable: bool = False) -> FetchError:
        if unreachable:
            _unreachable.add(self.host)
        return FetchError(
            "address", expected="a file", found=reason, source=self.uri, sentence=reason
        )
