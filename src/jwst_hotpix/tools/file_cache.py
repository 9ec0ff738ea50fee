"""A cache of downloaded files: a folder of limited size."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.tools.download import download
from jwst_hotpix.tools.remote_file import RemoteFile, name_of

__all__ = ["cached_file"]

# Bytes, unless the environment asks for another limit.
_LIMIT = 20 * 10**9

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@contextmanager
def cached_file(remote: RemoteFile, *, sha1: str = "") -> Iterator[Path]:
    """
    Download a file, unless it is in the cache, and keep it at least until the block ends.

    If the folder would exceed its limit, the least recently used files are removed. The folder is
    ``$JWST_HOTPIX_CACHE``, by default ``jwst_hotpix`` in the user's cache folder, and its limit
    ``$JWST_HOTPIX_CACHE_SIZE``, by default 20 GB.

    Parameters
    ----------
    remote : RemoteFile
        The file.
    sha1 : str
        Its SHA-1 in hexadecimal, if known.

    Yields
    ------
        Path
        The file in the cache, with the same name.

    Raises
    ------
    FetchError
        When it cannot be downloaded, or is larger than the limit.
    OSError
        When it cannot be written.
    """
    folder = _root() / remote.identity(sha1)[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        # Another process may have removed it before it was locked.
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name_of(remote.uri)
        if not path.is_file():
            _make_room(remote, folder)
            download(remote, path, sha1=sha1)
        os.utime(folder)
        yield path


def _root() -> Path:
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("JWST_HOTPIX_CACHE") or Path(caches, "jwst_hotpix"))


def _limit() -> int:
    text = os.environ.get("JWST_HOTPIX_CACHE_SIZE", "")
    size = _SIZE.fullmatch(text.strip())
    return int(float(size[1]) * _UNITS[size[2].upper()]) if size else _LIMIT


def _make_room(remote: RemoteFile, folder: Path) -> None:
    """Remove the least recently used files, except those in use."""
    needed, limit = remote.size or 0, _limit()
    if needed > limit:
        sentence = (
            f"{needed / 1e9:.1f} GB exceed the limit of the cache, {limit / 1e9:.1f} GB "
            "(JWST_HOTPIX_CACHE_SIZE)"
        )
        raise FetchError("size", expected=f"at most {limit}", found=needed, source=remote.uri,
                         sentence=sentence)  # fmt: skip
    others = [one for one in folder.parent.iterdir() if one.is_dir() and one != folder]
    total = sum(map(_size, others))
    for other in sorted(others, key=lambda one: one.stat().st_mtime):
        if total + needed <= limit:
            return
        size = _size(other)
        if _remove(other):
            total -= size


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*"))


def _remove(folder: Path) -> bool:
    try:
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    except OSError:
        # In use, or gone already.
        return False
    return True
