"""What the verbs share: dates in, tables and JSON out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from jwst_hotpix.dates import iso, mjd

__all__ = ["DATE", "date_of", "emit", "print_rows", "print_table"]


class _Date(click.ParamType):  # type: ignore[type-arg]
    """An ISO 8601 date or date-time, UTC, as MJD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, float):
            return value
        try:
            return mjd(value)
        except ValueError:
            self.fail(f"expected an ISO 8601 date such as 2024-03-01, found {value!r}", param, ctx)


DATE = _Date()


def date_of(epoch: float | None) -> str | None:
    """
    Write an MJD (UTC) as an ISO 8601 date-time.

    Parameters
    ----------
    epoch : float or None

    Returns
    -------
    str or None
    """
    return None if epoch is None else iso(epoch, "seconds")


def emit(result: Mapping[str, Any], *, as_json: bool, title: str) -> None:
    """
    Print a result, for machines or for people.

    Parameters
    ----------
    result : mapping
    as_json : bool
    title : str
        Of the table that people see.
    """
    if as_json:
        click.echo(json.dumps(result, indent=2, allow_nan=False))
    else:
        print_table(result, title)


def print_table(rows: Mapping[str, Any], title: str) -> None:
    """
    Print names and values as a two-column table on stdout.

    Parameters
    ----------
    rows : mapping
    title : str
    """
    table = Table(title=title, show_header=False, title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column()
    for name, value in rows.items():
        table.add_row(name.replace("_", " "), _text(value))
    Console().print(table)


def print_rows(rows: Sequence[Mapping[str, Any]], title: str) -> None:
    """
    Print rows of the same columns as a table on stdout.

    Parameters
    ----------
    rows : sequence of mapping
        At least one.
    title : str
    """
    table = Table(*(name.replace("_", " ") for name in rows[0]), title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(_text, row.values()))
    Console().print(table)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {key}" for key, count in value.items())
    if isinstance(value, float):
        return f"{value:.4g}"
    return "unknown" if value is None else str(value)
