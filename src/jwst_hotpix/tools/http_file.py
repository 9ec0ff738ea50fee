"""A file on a web server, read in parts; the responses of the server are checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import requests

from jwst_hotpix.exceptions import first_line
from jwst_hotpix.tools.patience import TransientError, patience, transient
from jwst_hotpix.tools.remote_file import RemoteFile

__all__ = ["HttpFile"]

# Bytes per piece: an incomplete piece is lost when a connection is cut.
_PIECE = 1 << 16

# Of whole numbers no more than a file can have.
_NUMBER = re.compile("[0-9]{1,18}")
_RANGE = re.compile(rf"bytes ({_NUMBER.pattern})-{_NUMBER.pattern}/({_NUMBER.pattern}|\*)")

# RFC 9110.
_REASONS = {
    401: "the server requires a login (HTTP 401)",
    403: "access is denied (HTTP 403)",
    404: "no such file on the server (HTTP 404)",
    416: "the file is empty (HTTP 416)",
    410: "no longer on the server (HTTP 410)",
    429: "too many requests for the server (HTTP 429)",
}


class HttpFile(RemoteFile):
    """
    A file on a web server.

    Parameters
    ----------
    uri : str
        ``https://…`` or ``http://…``. Logins are taken from ``~/.netrc``, proxies from the
        environment.

    Raises
    ------
    FetchError
        When there is no such file, access is denied, the server cannot be reached, or it sends
        something else.
    """

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        self.size, self.tag = None, ""
        self._marks: list[str] | None = None
        # The response to the first request gives size and tag.
        self.head  # noqa: B018

    def _pieces(self, start: int, end: int | None) -> Iterator[bytes]:
        with self._answer(start, end) as answer:
            skip = self._begin(answer, start)
            left = None if end is None else end - start
            for piece in answer.iter_content(_PIECE):
                dropped, skip = min(skip, len(piece)), max(skip - len(piece), 0)
                if left == 0 and piece:
                    # More than was requested: do not wait for the rest.
                    return
                wanted = piece[dropped:][:left]
                if wanted:
                    yield wanted
                left = None if left is None else left - len(wanted)
            # A connection can be reused only once its response has been read to the end.

    @contextmanager
    def _answer(self, start: int, end: int | None) -> Iterator[requests.Response]:
        """Request a part, and translate the errors of requests."""
        last = "" if end is None else end - 1
        headers = {"Range": f"bytes={start}-{last}", "Accept-Encoding": "identity"}
        timeout = patience().timeout
        try:
            with _session().get(self.uri, headers=headers, stream=True, timeout=timeout) as answer:
                self._check(answer)
                yield answer
        except requests.exceptions.SSLError as error:
            raise self._failed("the certificate of the server is not valid") from error
        except requests.exceptions.ConnectTimeout as error:
            sentence = f"the server cannot be reached (no answer for {timeout:g} s)"
            raise TransientError(sentence, unreachable=True) from error
        except requests.exceptions.Timeout as error:
            raise TransientError(f"the server sent nothing for {timeout:g} s") from error
        except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError) as e:
            raise _broken(e, timeout) from e
        except UnicodeError as error:
            raise self._failed("the server redirects to no address") from error
        except requests.exceptions.RequestException as error:
            raise self._failed(first_line(error)) from error

    def _check(self, answer: requests.Response) -> None:
        """Raise unless the response has content."""
        code = answer.status_code
        if code not in {200, 206}:
            reason = _REASONS.get(code, f"the server answers {answer.reason} (HTTP {code})")
            raise transient(reason, code, answer.headers) or self._failed(reason)
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind == "text/html":
            raise self._failed("the server sent a web page instead of the file")

    def _begin(self, answer: requests.Response, start: int) -> int:
        """Compare a response with the request; return how many bytes precede the requested ones."""
        marks = [mark for name in ("ETag", "Last-Modified") if (mark := answer.headers.get(name))]
        at, total = 0, answer.headers.get("Content-Length", "")
        if answer.status_code == 206:
            part = _RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
            if part is None or int(part[1]) != start:
                raise self._failed("the server sent bytes other than those requested")
            at, total = start, part[2]
        elif not start:
            self.has_ranges = False
        size = int(total) if _NUMBER.fullmatch(total) else None
        if self._marks is None:
            self.size, self._marks = size, marks
            self.tag = next(iter(marks), "")
        # Several servers behind one address may each tag a file in their own way.
        elif size != self.size or (marks and self._marks and not {*marks} & {*self._marks}):
            raise self._failed("the file changed while it was read")
        return start - at


def _broken(error: Exception, timeout: float) -> TransientError:
    """Describe why a connection ended or could not be made."""
    text = str(error)
    if "Read timed out" in text:
        return TransientError(f"the server sent nothing for {timeout:g} s")
    if "Name or service not known" in text or "NameResolution" in text:
        return TransientError("no such server, or no network", unreachable=True)
    if "NewConnectionError" in text or "refused" in text:
        return TransientError("the server cannot be reached", unreachable=True)
    return TransientError("the connection was cut")


@cache
def _session() -> requests.Session:
    """Reuse connections: opening one takes several times as long as a request."""
    return requests.Session()
