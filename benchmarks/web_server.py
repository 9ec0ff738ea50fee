"""A web server on loopback, for tests and benchmarks: with ranges, without, or misbehaving."""

import http.server
import json
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 1 << 16


@dataclass
class Site:
    """
    What the server has and how it behaves; a test changes it while the server runs.

    ``files`` are bytes or paths by URL path. ``faults`` are behaviors by URL path: a number is an
    HTTP status; ``"html"``, ``"stall"``, ``"cut"``, ``"no ranges"``, ``"lie"`` (other bytes than
    those asked for), ``"grow"`` (another content each time). ``times`` limits how often a fault
    occurs.
    """

    files: dict[str, bytes | Path] = field(default_factory=dict)
    faults: dict[str, int | str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    rpc: dict[str, Callable[..., object]] = field(default_factory=dict)
    latency: float = 0.0
    has_tags: bool = True
    url: str = ""
    requests: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)

    def size(self, path: str) -> int:
        """Return the bytes of a file."""
        content = self.files[path]
        return len(content) if isinstance(content, bytes) else content.stat().st_size

    def part(self, path: str, start: int, stop: int) -> bytes:
        """Return a part of a file."""
        content = self.files[path]
        if isinstance(content, bytes):
            return content[start:stop]
        with content.open("rb") as file:
            file.seek(start)
            return file.read(stop - start)

    def path_of(self, url: str) -> str:
        """Return the key in ``files`` of what a client asks for."""
        return url.partition("?")[0]

    def answer(self, _path: str, body: bytes) -> bytes | int:
        """Answer a POST, with bytes, an HTTP status or 0 for a cut: JSON RPC, as CRDS does."""
        asked = json.loads(body)
        self.requests[asked["method"]] += 1
        fault = self.fault(asked["method"])
        if isinstance(fault, int):
            return fault
        result = self.rpc[asked["method"]](*asked["params"])
        return json.dumps({"error": None, "result": result, "id": asked["id"]}).encode()

    def fault(self, path: str) -> int | str | None:
        """Return how to misbehave this time."""
        if path not in self.faults or self.times.get(path, 1) <= 0:
            return None
        if path in self.times:
            self.times[path] -= 1
        return self.faults[path]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body are written one after the other; the second would wait for the first.
    disable_nagle_algorithm = True
    site: Site

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Let the site answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.site.answer(self.path, body)
        if answer == 0:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return None
        if isinstance(answer, int):
            return self._refuse(answer)
        kind = "text/html" if answer.startswith(b"<html") else "application/json"
        return self._send(answer, kind)

    def do_GET(self) -> None:
        """Send a file, or a part of it."""
        path = self.site.path_of(self.path)
        self.site.requests[path] += 1
        time.sleep(self.site.latency)
        fault = self.site.fault(path)
        if isinstance(fault, int):
            return self._refuse(fault)
        if fault == "html":
            return self._send(b"<html>Welcome to the archive</html>", "text/html; charset=utf-8")
        if path not in self.site.files:
            return self._refuse(404)
        return self._send_file(path, fault)

    def _refuse(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 429:
            self.send_header("Retry-After", "3600")
        self.end_headers()

    def _send(self, body: bytes, kind: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_file(self, path: str, fault: str | None) -> None:
        size = self.site.size(path)
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start, stop = 0, size
        if asked and fault != "no ranges":
            start, stop = int(asked[1]), min(int(asked[2] or size - 1) + 1, size)
            shown = start + 2880 if fault == "lie" and start else start
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {shown}-{stop - 1}/{size}")
        else:
            self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(stop - start))
        if self.site.has_tags:
            version = self.site.requests[path] if fault == "grow" else 1
            self.send_header("ETag", f'"{version}"')
        self.end_headers()
        self._send_body(path, start, stop, fault)

    def _send_body(self, path: str, start: int, stop: int, fault: str | None) -> None:
        # What is short arrives at once.
        middle = (start + stop) // 2 if stop - start > PIECE else stop + PIECE
        for at in range(start, stop, PIECE):
            if fault in {"cut", "stall"} and at + PIECE > middle:
                self._write(path, at, middle)
                if fault == "stall":
                    time.sleep(2)
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self._write(path, at, min(at + PIECE, stop))

    def _write(self, path: str, start: int, stop: int) -> None:
        body = self.site.part(path, start, stop)
        self.site.sent[path] += len(body)
        self.wfile.write(body)
        self.wfile.flush()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Clients that go away are no news."""


class serving:  # noqa: N801 (a context manager)
    """Serve a site on a free port of loopback while the block runs."""

    def __init__(self, site: Site) -> None:
        handler = type("Handler", (_Handler,), {"site": site})
        self._server, self._site = _Server(("127.0.0.1", 0), handler), site
        site.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Site:
        """Start."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self._site

    def __exit__(self, *_: object) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
