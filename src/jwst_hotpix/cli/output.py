"""What the verbs share: dates in, tables and JSON out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

__all__ = ["DATE", "date_of", "emit", "print_table"]

_MJD_OF_UNIX_EPOCH = 40587.0
_SECONDS_PER_DAY = 86400.0


class _Date(click.ParamType):  # type: ignore[type-arg]
    """An ISO 8601 date or date-time, UTC, as MJD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, float):
            return value
        try:
            stamp = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"expected an ISO 8601 date such as 2024-03-01, found {value!r}", param, ctx)
        stamp = stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp
        return stamp.timestamp() / _SECONDS_PER_DAY + _MJD_OF_UNIX_EPOCH


DATE = _Date()


def date_of(mjd: float | None) -> str | None:
    """
    Write an MJD (UTC) as an ISO 8601 date-time.

    Parameters
    ----------
    mjd : float or None

    Returns
    -------
    str or None
    """
    if mjd is None:
        return None
    seconds = (mjd - _MJD_OF_UNIX_EPOCH) * _SECONDS_PER_DAY
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


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


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {key}" for key, count in value.items())
    if isinstance(value, float):
        return f"{value:.4g}"
    return "unknown" if value is None else str(value)
