"""Remote files, read in parts."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.tools.patience import TransientError, patience

__all__ = ["RemoteFile", "is_uri", "name_of", "without_credentials"]

# Parameters of signed addresses (AWS, Google, Azure), and what people call passwords.
_SECRET = re.compile(
    r"(?i)signature|token|credential|secret|password|api_?key|accesskey"
    r"|^(sig|expires|s[a-z]|x-(amz|goog)-.*)$"
)

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

# Bytes.
_HEAD = 10 * 2880

# After this many bytes a connection counts as good, and the number of retries starts again.
_GOOD = 1 << 20

# Servers that could not be reached, so that further files do not wait as long.
_unreachable: set[str] = set()


def is_uri(text: str) -> bool:
    """
    Return whether a name is a network address.

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


def without_credentials(uri: str) -> str:
    """
    Return an address without what only its user may know.

    Parameters
    ----------
    uri : str
        As a user typed it, perhaps signed.

    Returns
    -------
    str
        Without user name, password, and the signatures and tokens of its query; all else, such as
        ``?uri=mast:JWST/product/…``, stays.
    """
    parts = urlsplit(uri)
    pairs = [pair for pair in parts.query.split("&") if not _SECRET.search(pair.partition("=")[0])]
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host, query="&".join(pairs)))


def name_of(uri: str) -> str:
    """
    Return the name of the file at an address.

    Parameters
    ----------
    uri : str
        The address.

    Returns
    -------
    str
        Its last part, without query; ``"file"`` if there is none.
    """
    path = re.split(r"[?#]", uri.split("://", 1)[-1], maxsplit=1)[0]
    return path.rstrip("/").rpartition("/")[2] or "file"


class RemoteFile(ABC):
    """
        A remote file.

    Parameters
    ----------
    uri : str
        Its address.

    Attributes
    ----------
    size : int or None
        Bytes; None if the server does not report it.
    tag : str
        Changes with the content (ETag, or the date of last modification); empty if unknown.
    has_ranges : bool
        Whether the server supports range requests.
    """

    size: int | None
    tag: str
    has_ranges: bool = True

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def read(self, start: int, stop: int) -> bytes:
        """
        Read a part.

        Parameters
        ----------
        start, stop : int
            Offsets of the first byte, and of the first byte after the part.

        Returns
        -------
        bytes
            As many as requested, or up to the end of the file.

        Raises
        ------
        FetchError
            As `stream`.
        """
        kept = self.head[start:stop]
        start += len(kept)
        return kept + b"".join(self.stream(start, stop)) if start < stop else kept

    def identity(self, sha1: str = "") -> str:
        """Distinguish the content from any other: by its SHA-1, if that is known, or tag."""
        return sha256(f"{self.uri} {sha1 or self.tag} {self.size}".encode()).hexdigest()

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """
        Read piece by piece; after a transient failure reading resumes where it stopped.

        Parameters
        ----------
        start : int
            Offset of the first byte.
        stop : int, optional
            Offset of the first byte not to read; the end of the file by default.

        Yields
        ------
        bytes
            Consecutive pieces, without gaps.

        Raises
        ------
        FetchError
            When the file cannot be read, or changes meanwhile.
        """
        limits, failures, at, good = patience(), 0, start, start
        while self._is_short(at, stop):
            try:
                for piece in self._pieces(at, stop):
                    at += len(piece)
                    yield piece
                if stop is None and self.size is None:
                    return
                self._require_whole(at, stop)
            except TransientError as error:
                if at - good >= _GOOD:
                    failures, good = 0, at
                failures += 1
                is_lost = error.unreachable and self.host in _unreachable
                if failures > limits.retries or is_lost:
                    raise self._failed(str(error), unreachable=error.unreachable) from error
                limits.pause(failures, error.wait)

    @cached_property
    def head(self) -> bytes:
        """The first bytes, read in one request: most primary FITS headers are no longer."""
        return b"".join(self.stream(0, _HEAD))

    @property
    def host(self) -> str:
        """Name of the server or bucket."""
        return self.uri.split("://", 1)[-1].partition("/")[0]

    @abstractmethod
    def _pieces(self, start: int, end: int | None) -> Iterator[bytes]:
        """Send one request; raise `TransientError` if a retry may succeed."""

    def _end(self, stop: int | None) -> int | None:
        """Return where reading ends; the size may become known only while reading."""
        return min((end for end in (stop, self.size) if end is not None), default=None)

    def _is_short(self, at: int, stop: int | None) -> bool:
        end = self._end(stop)
        return end is None or at < end

    def _require_whole(self, at: int, stop: int | None) -> None:
        if self._is_short(at, stop):
            raise TransientError(f"the connection was cut after {at} of {self._end(stop)} bytes")

    def _failed(self, reason: str, *, unreachable: bool = False) -> FetchError:
        if unreachable:
            _unreachable.add(self.host)
        return FetchError(
            "address", expected="a file", found=reason, source=self.uri, sentence=reason
        )
