"""What an option may be: dates, finite numbers, detectors, and paths checked before any work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import isfinite
from pathlib import Path
from typing import Any

import click

from jwst_hotpix.exceptions import PathError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.tools.dates import mjd
from jwst_hotpix.tools.endings import check_ending
from jwst_hotpix.tools.plot_file import FigureFolder
from jwst_hotpix.tools.remote_file import is_uri

__all__ = [
    "DATE",
    "DETECTOR",
    "OVERWRITE",
    "FiguresPath",
    "Finite",
    "InputPath",
    "NewFolder",
    "OutputPath",
    "keep_apart",
]

# Keys of click's context for the running command: whether --overwrite was given, and its files.
OVERWRITE, _READ, _WRITTEN = (f"jwst_hotpix.{name}" for name in ("overwrite", "read", "written"))


class _Date(click.ParamType):  # type: ignore[type-arg]
    """An ISO 8601 date or date-time, UTC, as MJD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, float):
            return value
        try:
            return mjd(value)
        except ValueError:
            expected = "an ISO 8601 date such as 2024-03-01, UTC from year 1 to 9999"
            self.fail(f"expected {expected}, found {value!r}", param, ctx)


class _Detector(click.ParamType):  # type: ignore[type-arg]
    """A detector of JWST, by its name in headers."""

    name = "detector"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        del param, ctx
        return get_detector(value).name


DATE = _Date()
DETECTOR = _Detector()


class Finite(click.FloatRange):
    """A range of finite numbers: that of click lets not-a-number and infinity pass."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Turn the text of an option into a number."""
        number = super().convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"expected a finite number, found {value}", param, ctx)
        return number


class _LocalPath(click.Path):
    """A local path, checked before any work."""

    done_with = "written"

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Turn the text of an option into what the command gets."""
        del param
        if is_uri(str(value)):
            raise _refusal(value, "a local path", f"only local files can be {self.done_with}")
        return self.checked(Path(value), ctx)

    def checked(self, path: Path, ctx: click.Context | None) -> Any:
        """Check a path; return it, or what is made of it."""
        raise NotImplementedError


class InputPath(_LocalPath):
    """
    A file or folder to read; its reader reports if it is missing.

    Parameters
    ----------
    remote : bool
        Also accept addresses such as ``https://…``, which stay text.
    """

    done_with = "read; download it first"

    def __init__(self, *, remote: bool = False) -> None:
        super().__init__()
        self.remote = remote

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Turn the text of an option into a path, or leave an address as it is."""
        is_address = self.remote and is_uri(str(value))
        return str(value) if is_address else super().convert(value, param, ctx)

    def checked(self, path: Path, ctx: click.Context | None) -> Path:
        """Remember what is read."""
        keep_apart(ctx, read=[path])
        return path


class OutputPath(_LocalPath):
    """
    A local file to write: its ending, its folder, that it is new.

    Parameters
    ----------
    *endings : str
        Allowed endings of the name, such as ``".asdf"``; none allows all.
    """

    def __init__(self, *endings: str) -> None:
        super().__init__()
        self.endings = endings

    def checked(self, path: Path, ctx: click.Context | None) -> Path:
        """Check that the file can be written."""
        if self.endings:
            check_ending(path, *self.endings)
        _require_parent(path)
        if path.is_dir():
            raise _refusal(path, "a file", "is a folder")
        # A device or a pipe, such as /dev/stdout, is written to and loses nothing.
        if path.is_file() and not (ctx and ctx.meta.get(OVERWRITE)):
            raise _refusal(path, "a new file", "exists already; use --overwrite to replace it")
        if path.is_file():
            keep_apart(ctx, written=[path])
        return path


class FiguresPath(_LocalPath):
    """
    A local folder for figures: that it can be one, that they are new.

    Parameters
    ----------
    *names : str
        Names of figures that are known in advance.
    """

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = names

    def checked(self, path: Path, ctx: click.Context | None) -> FigureFolder:
        """Check that figures can be written."""
        if path.exists() and not path.is_dir():
            raise _refusal(path, "a folder", "is a file; choose a folder")
        _require_parent(path)
        folder = FigureFolder(path=path, overwrite=bool(ctx and ctx.meta.get(OVERWRITE)))
        folder.check(*self.names)
        return folder


class NewFolder(_LocalPath):
    """A local folder to make and fill: one that is not there yet, or empty."""

    def checked(self, path: Path, _ctx: click.Context | None) -> Path:
        """Check that nothing is there."""
        if path.is_dir() and any(path.iterdir()):
            raise _refusal(path, "a new folder", "is not empty; choose a new folder")
        if path.exists() and not path.is_dir():
            raise _refusal(path, "a new folder", "is a file; choose a new folder")
        return path


def keep_apart(
    ctx: click.Context | None, *, read: Sequence[Path] = (), written: Sequence[Path] = ()
) -> None:
    """
    Refuse to replace a file that the command reads.

    Parameters
    ----------
    ctx : click.Context, optional
        Context of the running command, which stores the files given so far.
    read, written : sequence of Path
        Further files, in any order of the options; those to write exist.

    Raises
    ------
    PathError
        When the same file, under any name or link, is both.
    """
    if ctx is None:
        return
    reads: list[Path] = ctx.meta.setdefault(_READ, [])
    writes: list[Path] = ctx.meta.setdefault(_WRITTEN, [])
    pairs: Iterable[tuple[Path, Path]] = (*product(read, writes), *product(reads, written))
    for source, output in pairs:
        if source.is_file() and source.samefile(output):
            sentence = "is an input of this command; choose another output"
            raise _refusal(output, "a file that is not read", sentence)
    reads += read
    writes += written


def _require_parent(path: Path) -> None:
    if not path.parent.is_dir():
        raise _refusal(path, "an existing folder", f"there is no folder {path.parent}")


def _refusal(path: Any, expected: str, sentence: str) -> PathError:
    return PathError("path", expected=expected, found=path, source=path, sentence=sentence)
