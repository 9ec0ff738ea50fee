"""What the verbs print and write: tables, JSON, progress, problems."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.notebook import plain_table
from jwst_hotpix.tools.plot_file import FigureFolder, save_plot
from jwst_hotpix.tools.terminal import Table as ShownTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "emit",
    "emit_tables",
    "excluding",
    "print_rows",
    "print_table",
    "report_problems",
    "watched",
    "write_ecsv",
    "write_figure",
]

_T = TypeVar("_T")

# A table that goes to a file or a pipe is as wide as it needs to be.
_WIDE = 400

# JSON is printed so many pieces at a time: as one text, that of an archive fills the memory.
_PIECES = 100_000


def emit(result: Mapping[str, Any], *, as_json: bool, title: str) -> None:
    """
    Print a result, as JSON or as a table.

    Parameters
    ----------
    result : mapping
        Names and values.
    as_json : bool
        Print JSON.
    title : str
        Title of the table.
    """
    if as_json:
        pieces = json.JSONEncoder(indent=2, allow_nan=False).iterencode(result)
        while some := "".join(islice(pieces, _PIECES)):
            click.echo(some, nl=False)
        click.echo()
    else:
        print_table(result, title)


def emit_tables(result: Mapping[str, Any], tables: Iterable[ShownTable], *, as_json: bool) -> None:
    """
    Print a result as JSON, or as tables.

    Parameters
    ----------
    result : mapping
        For JSON.
    tables : iterable of jwst_hotpix.tools.terminal.Table
        What to show in a terminal.
    as_json : bool
        Print the result as JSON.
    """
    if as_json:
        emit(result, as_json=True, title="")
        return
    for title, content in tables:
        if isinstance(content, Mapping):
            print_table(content, title)
        elif content:
            print_rows(content, title)
        else:
            click.echo(title)


def print_table(rows: Mapping[str, Any], title: str) -> None:
    """
    Print names and values as a two-column table on stdout.

    Parameters
    ----------
    rows : mapping
        Names and values.
    title : str
        Title of the table.
    """
    table = Table(show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    for name, value in rows.items():
        table.add_row(name.replace("_", " "), _text(value))
    _print(table, title)


def print_rows(
    rows: Sequence[Mapping[str, Any]], title: str, columns: Mapping[str, str] | None = None
) -> None:
    """
    Print a table on stdout, with a row for each mapping.

    Parameters
    ----------
    rows : sequence of mapping
        At least one, unless columns are given.
    title : str
        Title of the table.
    columns : mapping, optional
        What to call each column, by its key in the rows; by default all of the first row.
    """
    columns = columns or {key: key.replace("_", " ") for key in rows[0]}
    table = Table()
    for key, name in columns.items():
        number = all(isinstance(row[key], int | float | None) for row in rows)
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_text(row[key]) for key in columns))
    _print(table, title)


def watched(items: Iterable[_T], text: str, total: int) -> Iterator[_T]:
    """
    Pass items on behind a progress bar on stderr, if that is a terminal: stdout is for results.

    Parameters
    ----------
    items : iterable
        What takes time to come.
    text : str
        What is being done.
    total : int
        How many items there will be.

    Yields
    ------
    object
        The items.
    """
    # Verbs that are done in a moment need no progress bar.
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(
        items, text, total, console=console, transient=True, disable=not console.is_terminal
    )


@contextmanager
def excluding(*, strict: bool) -> Iterator[list[LedgerError] | None]:
    """
    Collect the damaged records of a ledger and name them on stderr, also when all else fails.

    Parameters
    ----------
    strict : bool
        Collect none: the first damaged record is an error.

    Yields
    ------
    list of LedgerError or None
        What `Ledger.records` takes as ``damaged``.
    """
    damaged: list[LedgerError] | None = None if strict else []
    try:
        yield damaged
    finally:
        for error in sorted(damaged or (), key=str):
            click.echo(f"hotpix: warning: record excluded: {error}", err=True)


def report_problems(reasons: Iterable[object]) -> None:
    """
    Print what went wrong on stderr, one line each, and exit with status 1 if anything did.

    Parameters
    ----------
    reasons : iterable of str or Exception
        Each names its file.
    """
    failed = False
    for reason in reasons:
        failed = True
        click.echo(f"hotpix: {reason}", err=True)
    if failed:
        sys.exit(1)


def write_ecsv(rows: Sequence[Mapping[str, Any]], path: Path, *, units: Mapping[str, str]) -> None:
    """
    Write an ECSV table with a row for each mapping.

    Parameters
    ----------
    rows : sequence of mapping
        Values by column; None is a missing value.
    path : pathlib.Path
        File to write, replaced if it exists.
    units : mapping of str to str
        Units by column, as astropy writes them.
    """
    table = plain_table(rows, units)
    with atomic_path(path) as temporary:
        table.write(temporary, format="ascii.ecsv")


def _print(table: Table, title: str) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    # rich would wrap the title of a table to the width of the table.
    console.print(title, style="italic", highlight=False, markup=False, soft_wrap=True)
    console.print(table)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {key}" for key, count in value.items())
    if isinstance(value, float):
        return f"{value:.4g}"
    # rich would take brackets, as a file name may have them, for markup.
    return "unknown" if value is None else escape(str(value))


def write_figure(
    name: str,
    draw: Callable[[], Figure],
    *,
    plots: Iterable[Path | None] = (),
    figures: FigureFolder | None = None,
) -> None:
    """
    Draw and write a figure, if any file of it is wanted.

    Parameters
    ----------
    name : str
        Name of the figure in the folder.
    draw : callable
        Draws the figure; called only if it is needed.
    plots : iterable of Path or None
        Files to write the figure to, by ``--plot``.
    figures : FigureFolder, optional
        Folder to write the figure to, by ``--figures``.
    """
    files = [path for path in plots if path is not None]
    if not files and figures is None:
        return
    figure = draw()
    for path in files:
        save_plot(figure, path)
    if figures is not None:
        figures.write(name, figure)
