"""The output folder: hidden while at work, final names only for what is whole."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp, mkstemp

from jwst_hotpix.exceptions import ExposureError

__all__ = ["publish", "run_folder"]

_PREFIX, _LOCK, _CLAIM, _DRAFT = ".reprocess-", ".lock", ".claim-", ".draft-"


@contextmanager
def run_folder(output: Path) -> Iterator[Path]:
    """
    Give a hidden folder for the work of one run, and clear away those of dead runs.

    A lock that ends with this process distinguishes a run at work from a dead one, on any file
    system whose locks reach all machines that use it.

    Parameters
    ----------
    output : Path
        Created if it is missing.

    Yields
    ------
    pathlib.Path
        Goes, with all that is in it, when the block ends.

    Raises
    ------
    OSError
        When ``output`` cannot be written to.
    """
    output.mkdir(parents=True, exist_ok=True)
    _clear_dead(output)
    descriptor, lock = _locked(output)
    folder = lock.with_suffix("")
    try:
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def publish(
    folder: Path,
    output: Path,
    main: str,
    kept: Set[str] = frozenset(),
    *,
    may_replace: bool = True,
) -> None:
    """
    Give products their final names, the main one last: where it is, all are.

    Parameters
    ----------
    folder : Path
        In a folder of `run_folder`, with whole files.
    output : Path
        The folder of the products.
    main : str
        Name of the main product.
    kept : set of str
        Names in ``output`` that are not to be replaced.
    may_replace : bool
        Whether other existing files may be replaced; logs always are.

    Raises
    ------
    ExposureError
        When the run has ended meanwhile, or a name is one of ``kept``, that of another
        exposure's product in this run, or that of a file that may not be replaced.
    """
    paths = sorted(folder.iterdir(), key=lambda path: (path.name == main, path.name))
    names = [path.name for path in paths]
    # A first attempt may have been interrupted.
    new = [name for name in names if not (folder.parent / f"{_CLAIM}{name}").exists()]
    _check_names(names, main, folder.parent, kept)
    for path in paths:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    # One exposure at a time: of two runs with other lists, none has one product and one another.
    with _alone_in(output):
        if not may_replace:
            _require_new(output, [name for name in new if Path(name).suffix != ".log"])
        for path in paths:
            path.replace(output / path.name)
    place = os.open(output, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _check_names(names: Sequence[str], main: str, run: Path, kept: Set[str]) -> None:
    if not _lock_of(run).exists():
        # A worker of a cluster may outlive the run: what that reported as undone must stay so.
        sentence = "this run has already ended"
        raise ExposureError("run", expected="under way", found="ended", sentence=sentence)
    for name in sorted(kept & set(names)):
        raise _overwriting(name, "an input exposure")
    # A log has the name of the main product, so that claiming this one is enough.
    for name in (name for name in names if Path(name).suffix != ".log"):
        other = _claim(run / f"{_CLAIM}{name}", main)
        if other != main:
            raise _overwriting(name, f"that of {other}")


def _require_new(output: Path, names: Sequence[str]) -> None:
    for name in names:
        if (output / name).exists():
            sentence = f"product {name} exists already; use --overwrite to replace it"
            raise ExposureError("product", expected="a new file", found=name, sentence=sentence)


def _claim(place: Path, owner: str) -> str:
    """
    Claim a place; return whose it is.

    A folder with the name of the owner in it, renamed: that takes no place that is taken, and no
    file system needs links for it.
    """
    draft = Path(mkdtemp(prefix=_DRAFT, dir=place.parent))
    (draft / owner).touch()
    try:
        draft.rename(place)
    except OSError as error:
        shutil.rmtree(draft)
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
            raise
        (other,) = place.iterdir()
        return other.name
    return owner


def _overwriting(name: str, what: str) -> ExposureError:
    sentence = f"product {name} would overwrite {what}"
    return ExposureError(
        "product", expected="a name of its own", found=f"{name}, {what}", sentence=sentence
    )


@contextmanager
def _alone_in(output: Path) -> Iterator[None]:
    """Wait until no other worker publishes in a folder, where its file system has locks."""
    lock = output / f"{_PREFIX}publish{_LOCK}"
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT)
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Whoever held it has taken it away with him, and others may be at the next one already.
        if _is_open(descriptor, lock):
            break
        os.close(descriptor)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def _is_open(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{_LOCK}")


def _locked(output: Path) -> tuple[int, Path]:
    """Make a lock file and lock it."""
    while True:
        descriptor, name = mkstemp(_LOCK, _PREFIX, output)
        lock = Path(name)
        try:
            _try_lock(descriptor)
        except BlockingIOError:
            pass
        except OSError:
            # This file system has no locks: no other run will take this one for dead.
            return descriptor, lock
        # A run that clears may have been quicker, and taken the file for a dead run's.
        if lock.exists():
            return descriptor, lock
        os.close(descriptor)


def _clear_dead(output: Path) -> None:
    for lock in output.glob(f"{_PREFIX}*{_LOCK}"):
        with suppress(FileNotFoundError):
            descriptor = os.open(lock, os.O_RDWR)
            with suppress(OSError):
                _try_lock(descriptor)
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
            os.close(descriptor)
    # The lock comes first and goes last. A worker of a cluster may recreate a folder.
    for folder in output.glob(f"{_PREFIX}*"):
        if folder.is_dir() and not _lock_of(folder).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _try_lock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
