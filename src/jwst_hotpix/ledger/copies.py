"""Copies of files elsewhere, made ahead by threads while workers measure those before them."""

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

__all__ = ["Copy", "copied_ahead", "keep_copy", "taken"]

_NOTE = ".note"
_AHEAD = 3


@dataclass(frozen=True)
class Copy:
    """
    What became of a file elsewhere.

    Attributes
    ----------
    path : Path or None
        The parts of it that are needed, as a file; None where the ledger holds it already.
    facts : dict of str to str
        Where it comes from, as `~jwst_hotpix.exposure.remote.RemoteExposure` gives it.
    """

    path: Path | None
    facts: dict[str, str]


def copied_ahead(names: Iterable[str], number: int, copy: Callable[[str], None]) -> Iterator[str]:
    """
    Pass names on once their files are here.

    Parameters
    ----------
    names : iterable of str
        Files and addresses.
    number : int
        How many copies to make at once; up to three times as many are ahead of who takes the
        names, so that one that takes long does not hold up the others.
    copy : callable
        Makes the copy of an address; it must not raise.

    Yields
    ------
    str
        The names, in their order.
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
    Make the copy of a file and keep it, or the error, until it is `taken`.

    Parameters
    ----------
    folder : str
        For all copies.
    uri : str
        Address of the file.
    make : callable
        Makes the copy in a folder; None leaves the file to whoever measures it.
    """
    place = _place(folder, uri)
    try:
        place.mkdir()
    except FileExistsError:
        # The same address a second time.
        return
    note: Copy | Exception | None
    try:
        note = make(place)
    except Exception as error:  # noqa: BLE001 (whoever measures it raises it)
        note = error
    if note is not None:
        # Whole or not there: the one who looks for it may be another process.
        part = place / f"{_NOTE}.part"
        part.write_bytes(pickle.dumps(note))
        part.rename(place / _NOTE)


@contextmanager
def taken(folder: str, uri: str) -> Iterator[Copy | None]:
    """
    Take the copy of a file; it is removed when the block ends.

    Parameters
    ----------
    folder, uri : str
        As `keep_copy` got them; without folder there are no copies.

    Yields
    ------
    Copy or None
        None where there is none.

    Raises
    ------
    Exception
        What making the copy raised.
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
