"""The files that a command is given: named one by one, in lists, or as folders of exposures."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from jwst_hotpix.exceptions import PathError

__all__ = ["EXPOSURES", "expand", "gather", "read_lists"]

#: Products in detector pixels, by their names in the archive, from raw to calibrated.
EXPOSURES = ("uncal", "ramp", "rate", "rateints", "cal", "calints")

_PRODUCT = re.compile(r"(?P<root>.+)_(?P<kind>[a-z0-9]+)\.fits(\.gz)?")

# CRDS names references so.
_REFERENCE = re.compile(r"jwst_[a-z]+_(?P<type>[a-z]+)_\d+\.fits(\.gz)?")


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
        ``@name`` for a text file with a path per line, relative to the current folder. Empty lines
        and those that begin with ``#`` are ignored.
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
    files = []
    for path in map(Path, read_lists(paths)):
        if not path.is_dir():
            files.append(path)
            continue
        found = _found_in(path, kinds, reference)
        if not found:
            what = ", ".join(f"*_{kind}.fits" for kind in kinds)
            sentence = f"no exposures ({what}) in this folder or below it"
            raise PathError("folder", expected=what, found="none", source=path, sentence=sentence)
        files += _best_of(found, kinds) if one_per_exposure else found
    return files


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
    for path in paths:
        name = os.fspath(path)
        if name.startswith("@"):
            yield from _lines_of(Path(name[1:]))
        else:
            yield name


def _lines_of(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        sentence = "not a text file with a path per line"
        raise PathError(
            "list of files", expected="text", found="other", source=path, sentence=sentence
        ) from None
    for line in lines:
        if (name := line.strip()) and not name.startswith("#"):
            yield name


def _found_in(folder: Path, kinds: Sequence[str], reference: str | None) -> list[Path]:
    """Return the files with such names, except in hidden folders, which hold unfinished work."""

    def is_wanted(name: str) -> bool:
        product, of_crds = _PRODUCT.fullmatch(name), _REFERENCE.fullmatch(name)
        is_reference = of_crds is not None and of_crds["type"] == reference
        return is_reference or (product is not None and product["kind"] in kinds)

    return sorted(
        path
        for path in folder.rglob("*")
        if is_wanted(path.name)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


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
