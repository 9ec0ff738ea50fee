"""The files that a command is given: named one by one, in lists, or as folders of exposures."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from jwst_hotpix.exceptions import PathError
from jwst_hotpix.tools.dates import iso, mjd_of
from jwst_hotpix.tools.folders import files_below, path_list
from jwst_hotpix.tools.remote_file import is_uri

__all__ = ["EXPOSURES", "Dated", "expand", "expand_dated", "gather", "line_of", "read_lists"]

#: Products in detector pixels, by their names in the archive, from raw to calibrated.
EXPOSURES = ("uncal", "ramp", "rate", "rateints", "cal", "calints")

_PRODUCT = re.compile(r"(?P<root>.+)_(?P<kind>[a-z0-9]+)\.fits(\.gz)?")

# CRDS names references so.
_REFERENCE = re.compile(r"jwst_[a-z]+_(?P<type>[a-z]+)_\d+\.fits(\.gz)?")


# Follows the name in a line of a list, after a tab.
_RELEASED = "released="

# Bytes, and pieces of so many: a list of a million files. A device never ends.
_PIECE, _MOST_PIECES = 1 << 20, 256


class Dated(NamedTuple):
    """
    An input file, with the release date from a list.

    Attributes
    ----------
    path : Path or str
        The file; text for an address such as ``https://…``.
    released : float or None
        MJD (UTC) of its public release; None if no list gives it.
    """

    path: Path | str
    released: float | None = None


def expand(
    paths: Iterable[str | os.PathLike[str]],
    kinds: Sequence[str] = EXPOSURES,
    *,
    reference: str | None = None,
    one_per_exposure: bool = False,
) -> list[Path]:
    """
    List files, reading lists of files and searching folders.

    Parameters
    ----------
    paths : iterable of path
        Files, whatever their names; folders, which are searched with all folders below them; and
        ``@name`` for a text file with one path per line, relative to the current folder, or ``@-``
        for such lines from standard input. Empty lines, lines that begin with ``#``, and anything
        after a tab are ignored.
    kinds : sequence of str
        The products to take from a folder: ``"rate"`` for ``*_rate.fits``, also gzipped.
    reference : str, optional
        A type of CRDS references to take from a folder too, e.g. ``"dark"`` for
        ``jwst_nirspec_dark_0046.fits``.
    one_per_exposure : bool
        From a folder take only one product of each exposure, the first of ``kinds`` that is there.

    Returns
    -------
    list of Path
        In the order given, those of a folder by name; repeated files stay.

    Raises
    ------
    PathError
        For a folder without such files, and for a list that is no text.
    OSError
        When a list cannot be read.
    """
    found = expand_dated(paths, kinds, reference=reference, one_per_exposure=one_per_exposure)
    for file in found:
        if isinstance(file.path, str):
            sentence = "only local files can be read; download it first"
            raise PathError("path", expected="a local path", found=file.path, source=file.path,
                            sentence=sentence)  # fmt: skip
    return [Path(file.path) for file in found]


def expand_dated(
    paths: Iterable[str | os.PathLike[str]],
    kinds: Sequence[str] = EXPOSURES,
    *,
    reference: str | None = None,
    one_per_exposure: bool = False,
) -> list[Dated]:
    """
    List files as `expand` does, with the release dates given in lists.

    Parameters
    ----------
    paths, kinds, reference, one_per_exposure
        As for `expand`. A line of a list may end in a tab and ``released=`` with a date, ISO 8601,
        UTC; for a folder the date applies to all files below it. Addresses such as ``https://…``
        are accepted too.

    Returns
    -------
    list of Dated
        In the order given, those of a folder by name; repeated files stay.

    Raises
    ------
    PathError
        As `expand`, and for an invalid release date.
    OSError
        When a list cannot be read.
    """
    files = []
    for path, released in _read_dated(paths):
        if isinstance(path, str) or not path.is_dir():
            files.append(Dated(path, released))
            continue
        found = _found_in(path, kinds, reference)
        if not found:
            what = ", ".join(f"*_{kind}.fits" for kind in kinds)
            sentence = f"no exposures ({what}) in this folder or below it"
            raise PathError("folder", expected=what, found="none", source=path, sentence=sentence)
        chosen = _best_of(found, kinds) if one_per_exposure else found
        files += [Dated(one, released) for one in chosen]
    return files


def line_of(path: str | os.PathLike[str], released: float | None) -> str:
    """
    Write a line of a list of files.

    Parameters
    ----------
    path : path
        The file.
    released : float or None
        MJD (UTC) of its public release, if it is known.

    Returns
    -------
    str
        The line, for `expand_dated`, without a line break.
    """
    note = "" if released is None else f"\t{_RELEASED}{iso(released, 'seconds')}"
    return f"{os.fspath(path)}{note}"


def gather(paths: Iterable[str | os.PathLike[str]]) -> tuple[list[Path], list[Path]]:
    """
    List files as `expand` does, but each once.

    Parameters
    ----------
    paths : iterable of path
        As `expand` takes them.

    Returns
    -------
    files : list of Path
        In the order given; each once, even if links lead to it.
    repeated : list of Path
        Files that were given more than once.
    """
    files: dict[str, Path] = {}
    named = expand(paths)
    repeated = [
        file for file in named if files.setdefault(os.path.realpath(file), file) is not file
    ]
    return list(files.values()), repeated


def read_lists(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """
    Put the lines of text files in place of ``@name``.

    Parameters
    ----------
    paths : iterable of path
        As `expand` takes them.

    Yields
    ------
    str
        Names as they are given or listed, those of a list relative to the current folder.

    Raises
    ------
    PathError
        For a list that is no text.
    OSError
        When a list cannot be read.
    """
    for path, _ in _read_dated(paths):
        yield os.fspath(path)


def _read_dated(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Dated]:
    for path in path_list(paths):
        name = os.fspath(path)
        if not name.startswith("@"):
            yield Dated(_place(name))
            continue
        for line in _lines_of(name[1:]):
            listed, *notes = line.split("\t")
            dates = [note.strip() for note in notes if note.strip().startswith(_RELEASED)]
            released = None
            if dates:
                text = dates[0].removeprefix(_RELEASED)
                released = mjd_of(text, f"{name[1:]}: release date of {listed}", PathError)
            yield Dated(_place(listed.strip()), released)


def _place(name: str) -> Path | str:
    """Return a path, or an address unchanged, as a path would lose a slash."""
    return name if is_uri(name) else Path(name)


def _lines_of(name: str) -> Iterator[str]:
    """Read the lines of a text file, or of standard input for ``-``."""
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
        # Also a pipe, as shells make of <(find ...).
        content = b"".join(islice(iter(lambda: file.read(_PIECE), b""), _MOST_PIECES + 1))
    try:
        lines = content.decode("utf-8-sig").splitlines()
        # No path can hold a null character.
        is_text = b"\0" not in content and len(content) <= _PIECE * _MOST_PIECES
    except UnicodeDecodeError:
        is_text = False
    if not is_text:
        sentence = "not a text file with a path per line"
        raise PathError(
            "list of files", expected="text", found="other", source=name, sentence=sentence
        )
    for line in lines:
        if (text := line.strip()) and not text.startswith("#"):
            yield text


def _found_in(folder: Path, kinds: Sequence[str], reference: str | None) -> list[Path]:
    """Return the files with such names, except in hidden folders, which hold unfinished work."""

    def is_wanted(name: str) -> bool:
        product, of_crds = _PRODUCT.fullmatch(name), _REFERENCE.fullmatch(name)
        is_reference = of_crds is not None and of_crds["type"] == reference
        return is_reference or (product is not None and product["kind"] in kinds)

    return sorted(path for path in files_below(folder) if is_wanted(path.name))


def _best_of(files: Iterable[Path], kinds: Sequence[str]) -> Iterator[Path]:
    """Choose one product of each exposure; files are sorted, so those of one are together."""

    def exposure(path: Path) -> tuple[Path, str]:
        product = _PRODUCT.fullmatch(path.name)
        is_known = product is not None and product["kind"] in kinds
        return path.parent, product["root"] if product and is_known else path.name

    def rank(path: Path) -> int:
        product = _PRODUCT.fullmatch(path.name)
        return kinds.index(product["kind"]) if product and product["kind"] in kinds else 0

    for _, products in groupby(sorted(files, key=exposure), key=exposure):
        yield min(products, key=rank)
