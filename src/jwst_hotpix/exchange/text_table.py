"""Tables of text as people write them, whatever separates and names their columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from textwrap import dedent

from jwst_hotpix.exceptions import ListFormatError

__all__ = [
    "ECSV",
    "Row",
    "TextTable",
    "ecsv_header",
    "looks_like_table",
    "require_closed_quotes",
    "split_table",
]

#: How an ECSV table starts.
ECSV = "# %ECSV"

# Blanks also separate, where a row has none of these.
_SEPARATORS = (",", ";", "\t")

# A coordinate, or a range of them as in jwst_reffiles (fallback_mask): 199:201, 2030:, :10 or ":".
_COORDINATE = re.compile(r"[-+]?\d+(\.\d*)?([eE]\d+)?|\d*:\d*")

# No table of pixels has more; a line of a million cells is something else. While it is read, a row
# takes a kilobyte, and the worst detector has some ten thousand hot pixels.
_MOST_COLUMNS, _MOST_ROWS = 1000, 300_000
# Characters; astropy reads the header of an ECSV table slowly.
_LONGEST_HEADER = 1 << 18


@dataclass(frozen=True, kw_only=True)
class Row:
    """
    One row of a table.

    Attributes
    ----------
    line : int
        Number of its line in the file, from one.
    cells : list of str
        One per column, without surrounding blanks.
    """

    line: int
    cells: list[str]


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """
    A table of text.

    Attributes
    ----------
    names : list of str
        Names of the columns, lower case.
    rows : list of Row
        Each with as many cells as there are names.
    """

    names: list[str]
    rows: list[Row]


def split_table(text: str) -> TextTable:
    """
    Split a text into named columns.

    Lines that start with ``#`` are comments. The names are in the first row, or in the last
    comment before it (``# x y``). Without either, the first two columns are x and y.

    Parameters
    ----------
    text : str
        Contents of the file.

    Returns
    -------
    TextTable
        Possibly without rows.

    Raises
    ------
    ListFormatError
        For a quote that is not closed, a row that is longer or shorter than the others, or a
        name that appears twice.
    """
    comments, body = _comments_and_body(text)
    if not body:
        raise ListFormatError(
            "rows", expected="at least one pixel", found=0, sentence="the table is empty"
        )
    separator = _separator_of(body[0][1])
    rows = [Row(line=line, cells=_cells(words, separator, line)) for line, words in body]
    if not _is_pixel(rows[0].cells):
        names, rows = rows[0].cells, rows[1:]
    else:
        names = _named_in(comments) or ["x", "y", *(f"column {i}" for i in range(3, 1000))]
        names = names[: len(rows[0].cells)]
    names = [name.lower() for name in names]
    _require_distinct(names)
    for row in rows:
        if len(row.cells) != len(names):
            raise ListFormatError(
                f"cells in line {row.line}", expected=len(names), found=len(row.cells)
            )
    return TextTable(names=names, rows=rows)


def looks_like_table(text: str) -> bool:
    """
    Decide whether a text may be a table of pixels.

    Parameters
    ----------
    text : str
        The beginning of a file.

    Returns
    -------
    bool
        True if its first row has separators, or starts with two coordinates, or names x and y.
    """
    _, body = _comments_and_body(text)
    if not body:
        return False
    first = body[0][1]
    words = first.split()
    return (
        _separator_of(first) is not None
        or _is_pixel(words)
        or {"x", "y"} <= {word.lower() for word in words}
    )


def ecsv_header(text: str) -> str:
    """
    Return the header of an ECSV table, as astropy finds it.

    Parameters
    ----------
    text : str
        Contents of the file.

    Returns
    -------
    str
        YAML.

    Raises
    ------
    ListFormatError
        When it is longer than the header of any table of pixels.
    """
    lines = filter(None, (line.strip() for line in text.splitlines()))
    header = takewhile(lambda line: line.startswith("#"), lines)
    # The first line is no YAML.
    _, _, found = dedent("\n".join(filter(None, (line[1:] for line in header)))).partition("\n")
    if len(found) > _LONGEST_HEADER:
        raise ListFormatError(
            "header", expected=f"at most {_LONGEST_HEADER} characters", found=len(found)
        )
    return found


def require_closed_quotes(text: str) -> None:
    """
    Refuse an ECSV table with an open quote, which would swallow the rows after it.

    Parameters
    ----------
    text : str
        Contents of the file.

    Raises
    ------
    ListFormatError
        Naming the line.
    """
    _, body = _comments_and_body(text)
    separator = "," if re.search(r"^# delimiter: [',\"]*,", text, re.MULTILINE) else " "
    for line, words in body:
        _cells(words, separator, line)


def _comments_and_body(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the comments before the first row, and the rows with the numbers of their lines."""
    comments: list[str] = []
    body: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip(" ")
        if words.startswith("#"):
            if not body:
                comments.append(words.lstrip("# "))
        elif words.strip():
            body.append((number, words))
            if len(body) > _MOST_ROWS:
                raise ListFormatError("rows", expected=f"at most {_MOST_ROWS}", found="more")
    return comments, body


def _separator_of(row: str) -> str | None:
    """Return the character that separates the cells of a row, or None for blanks."""
    return next((separator for separator in _SEPARATORS if separator in row), None)


def _cells(row: str, separator: str | None, line: int) -> list[str]:
    if separator is None:
        # A remark may follow the cells.
        cells = row.partition("#")[0].split()
    else:
        try:
            # Each line on its own, so that an open quote cannot swallow the rows after it.
            (cells,) = csv.reader([row], delimiter=separator, strict=True, skipinitialspace=True)
        except csv.Error as error:
            raise ListFormatError(
                f"line {line}", expected="closed quotes", found=error,
                sentence=f"line {line} cannot be read: a quote is not closed",
            ) from None  # fmt: skip
    if len(cells) > _MOST_COLUMNS:
        raise ListFormatError(
            f"cells in line {line}", expected=f"at most {_MOST_COLUMNS}", found=len(cells)
        )
    return [cell.strip() for cell in cells]


def _is_pixel(cells: list[str]) -> bool:
    return len(cells) > 1 and all(_COORDINATE.fullmatch(cell) for cell in cells[:2])


def _named_in(comments: list[str]) -> list[str] | None:
    """Return the names in the last comment, if it names x and y."""
    if not comments:
        return None
    names = re.split(r"[\s,;]+", comments[-1].strip())
    return names if {"x", "y"} <= {name.lower() for name in names} else None


def _require_distinct(names: list[str]) -> None:
    for name in _repeated(names):
        raise ListFormatError(
            "columns", expected="distinct names", found=", ".join(names),
            sentence=f"two columns are named {name!r}",
        )  # fmt: skip


def _repeated(names: list[str]) -> Iterator[str]:
    return (name for i, name in enumerate(names) if name and name in names[:i])
