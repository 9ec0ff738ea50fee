"""Downloads of whole files: resumed, verified, and given their name only when complete."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.tools.remote_file import RemoteFile

__all__ = ["download"]


def download(
    remote: RemoteFile, path: str | os.PathLike[str], *, size: int | None = None, sha1: str = ""
) -> bool:
    """
    Download a file, unless it is there already.

    Received bytes are kept in a hidden file next to ``path``, which the next call completes, even
    after a kill. Any number of calls may request the same file at once: one downloads it, the
    others wait.

    Parameters
    ----------
    remote : RemoteFile
        From `~jwst_hotpix.tools.remote_file.open_remote`.
    path : path
        Where to put it; the folder must exist.
    size : int, optional
        Size that it must have, in bytes; by default that given by the server.
    sha1 : str
        Its SHA-1 in hexadecimal, if known.

    Returns
    -------
    bool
        Whether it was downloaded.

    Raises
    ------
    FetchError
        When it cannot be downloaded, or does not match its size or checksum.
    OSError
        When it cannot be written; if possible, a full disk is reported before downloading.
    """
    final, size = Path(path), remote.size if size is None else size
    if remote.size not in {None, size}:
        found = f"{remote.size} bytes instead of {size}"
        raise _wrong(remote, size, remote.size, f"the server has {found}")
    with _held(_partial(final, remote, sha1)) as (file, partial):
        if final.exists():
            partial.unlink(missing_ok=True)
            return False
        try:
            is_resumed = _complete(remote, file, size, final)
            problem = _problem(remote, file, size, sha1)
            if problem is not None and is_resumed:
                # The bytes left by an earlier call may be at fault.
                file.truncate(0)
                _complete(remote, file, size, final)
                problem = _problem(remote, file, size, sha1)
            if problem is not None:
                partial.unlink()
                raise problem
            os.fsync(file.fileno())
            partial.replace(final)
        except OSError as error:
            if error.errno is None:
                raise
            # The hidden name would mean nothing to the user.
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
    return True


def _partial(final: Path, remote: RemoteFile, sha1: str) -> Path:
    """Name the unfinished file after its content, so that other content does not continue it."""
    return final.with_name(f".{final.name}.{remote.identity(sha1)[:8]}.part")


@contextmanager
def _held(partial: Path) -> Iterator[tuple[BufferedRandom, Path]]:
    """Open the unfinished file for this process alone; the lock ends with the process."""
    while True:
        with partial.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                is_same = os.fstat(file.fileno()).st_ino == partial.stat().st_ino
            except FileNotFoundError:
                is_same = False
            # Another process may have completed and renamed it while this one waited.
            if is_same:
                yield file, partial
                return


def _complete(remote: RemoteFile, file: BufferedRandom, size: int | None, final: Path) -> bool:
    """Download what is missing; return whether part of it was there already."""
    start = file.seek(0, os.SEEK_END)
    # Without a tag or size to compare, old bytes may belong to another file.
    if not (remote.tag or size) or (size is not None and start > size):
        start = 0
        file.truncate(0)
    if size is not None:
        free = shutil.disk_usage(final.parent).free
        if free < size - start:
            needed = f"{(size - start) / 1e6:.0f} MB needed, {free / 1e6:.0f} MB free"
            raise OSError(28, f"no space left on device ({needed})", os.fspath(final))
    file.writelines(remote.stream(start))
    file.flush()
    return start > 0


def _problem(
    remote: RemoteFile, file: BufferedRandom, size: int | None, sha1: str
) -> FetchError | None:
    found = file.seek(0, os.SEEK_END)
    if size is not None and found != size:
        return _wrong(remote, size, found, f"received {found} bytes instead of {size}")
    file.seek(0)
    digest = hashlib.file_digest(file, "sha1").hexdigest() if sha1 else sha1
    if digest != sha1.lower():
        return _wrong(remote, sha1, digest, "the downloaded file has a different checksum (SHA-1)")
    return None


def _wrong(remote: RemoteFile, expected: object, found: object, sentence: str) -> FetchError:
    return FetchError(
        "content", expected=expected, found=found, source=remote.uri, sentence=sentence
    )
