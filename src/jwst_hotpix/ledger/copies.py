"""Copies of remote files, made ahead by threads while workers measure earlier ones."""

from __future__ import annotations

import hashlib
import pickle
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jwst_hotpix.tools.remote_file import is_uri

__all__ = ["Copy", "copy_ahead", "keep_copy", "take_copy"]

_NOTE = ".note"
_AHEAD = 3


@dataclass(frozen=True)
class Copy:
    """
    The copy of a remote file.

    Attributes
    ----------
    path : Path or None
        A file with the parts needed; None if the ledger already has it.
    facts : dict of str to str
        Its source, from `~jwst_hotpix.exposure.remote.RemoteExposure`.
    """

    path: Path | None
    facts: dict[str, str]


def copy_ahead(names: Iterable[str], number: int, copy: Callable[[str], None]) -> Iterator[str]:
    """
    Yield names once their files are here.

    Parameters
    ----------
    names : iterable of str
        Files and addresses.
    number : int
        How many copies to make at once; up to three times as many are made ahead, so that a slow
        one does not hold up the others.
    copy : callable
        Called with an address to make its copy; must not raise.

    Yields
    ------
    str
        The names, in the given order.
    """
    pool = ThreadPoolExecutor(number)
    waiting: deque[tuple[str, Future[None] | None]] = deque()
    try:
        for name in names:
            waiting.append((name, pool.submit(copy, name) if is_uri(name) else None))
            if len(waiting) > _AHEAD * number:
                yield _here(*waiting.popleft())
        while waiting:
            yield _here(*waiting.popleft())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def keep_copy(folder: str, uri: str, make: Callable[[Path], Copy | None]) -> None:
    """
    Make the copy of a file, and keep it, or the error, for `take_copy`.

    Parameters
    ----------
    folder : str
        Folder of all copies.
    uri : str
        Address of the file.
    make : callable
        Called with a folder to make the copy; returns None to leave the file to the worker.
    """
    place = _place(folder, uri)
    try:
        place.mkdir()
    except FileExistsError:
        # The same address was given twice.
        return
    note: Copy | Exception | None
    try:
        note = make(place)
    except Exception as error:  # noqa: BLE001 (whoever measures it raises it)
        note = error
    if note is not None:
        # Complete or absent, since another process may look for it.
        part = place / f"{_NOTE}.part"
        part.write_bytes(pickle.dumps(note))
        part.rename(place / _NOTE)


@contextmanager
def take_copy(folder: str, uri: str) -> Iterator[Copy | None]:
    """
    Provide the copy of a file; it is removed when the block ends.

    Parameters
    ----------
    folder, uri : str
        As for `keep_copy`; an empty folder means that there are no copies.

    Yields
    ------
    Copy or None
        None if there is none.

    Raises
    ------
    Exception
        The error raised while making the copy.
    """
    place = _place(folder, uri)
    try:
        note = pickle.loads((place / _NOTE).read_bytes()) if folder else None  # noqa: S301 (ours)
    except FileNotFoundError:
        note = None
    try:
        if isinstance(note, Exception):
            raise note
        yield note
    finally:
        if folder:
            shutil.rmtree(place, ignore_errors=True)


def _place(folder: str, uri: str) -> Path:
    return Path(folder, hashlib.sha256(uri.encode()).hexdigest()[:16])


def _here(name: str, copy: Future[None] | None) -> str:
    if copy is not None:
        copy.result()
    return name
