"""Open only regular files for reading: a pipe or device could block, or never end."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from jwst_hotpix.exceptions import PathError

__all__ = ["identity_of", "open_regular", "read_regular"]


@contextmanager
def open_regular(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """
    Open a file to read bytes.

    Parameters
    ----------
    path : path
        A regular file, or a link to one.

    Yields
    ------
    file object
        Closed when the block ends.

    Raises
    ------
    PathError
        When it is a pipe, a device or a socket. The error does not name the file.
    OSError
        When there is no such file, or it cannot be read.
    """
    # Without O_NONBLOCK a pipe without a writer would not even open.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            sentence = "is a device or a pipe; only regular files are read"
            raise PathError("file", expected="a regular file", found="another", sentence=sentence)
        yield file


def read_regular(path: str | os.PathLike[str], most: int) -> bytes:
    """
    Read a whole file, unless it is too large.

    Parameters
    ----------
    path : path
        A regular file, or a link to one.
    most : int
        Largest size, in bytes. Larger files are not read.

    Returns
    -------
    bytes

    Raises
    ------
    PathError
        When it is larger, or not a regular file. The error does not name the file.
    OSError
        When there is no such file, or it cannot be read.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        # As much as there is: a buffer for as much as there may be takes longer than to read it.
        content = file.read(min(size, most) + 1)
    if len(content) > most:
        sentence = f"larger than {most >> 20} MiB, the limit for such a file"
        raise PathError("size", expected=f"at most {most}", found="more", sentence=sentence)
    return content


def identity_of(status: os.stat_result) -> tuple[int, ...]:
    """Return what distinguishes a file from others of its name, and from itself once changed."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
