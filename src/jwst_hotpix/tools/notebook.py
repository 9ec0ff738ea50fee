"""Results in Python sessions and notebooks: tables with units, and their first rows as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from astropy.table import QTable, Table

__all__ = ["html_of", "plain_table", "table_of"]

_SHOWN = 10


def plain_table(rows: Sequence[Mapping[str, Any]], units: Mapping[str, str]) -> Table:
    """
    Make a table with one row per mapping.

    Parameters
    ----------
    rows : sequence of mapping
        Values by column; None is a missing value.
    units : mapping of str to str
        Units by column, as astropy writes them.

    Returns
    -------
    astropy.table.Table
        Masked where values are missing. Columns without any value are omitted.
    """
    # astropy takes half a second to import, and tables are rarely needed.
    from astropy.table import Column, MaskedColumn, Table

    table = Table()
    for name in rows[0] if rows else ():
        values = [row[name] for row in rows]
        missing = [value is None for value in values]
        if not any(missing):
            table[name] = Column(values, unit=units.get(name))
        elif not all(missing):
            filler = type(next(value for value in values if value is not None))()
            known = [filler if value is None else value for value in values]
            table[name] = MaskedColumn(known, mask=missing, unit=units.get(name))
    return table


def table_of(columns: Mapping[str, ArrayLike], units: Mapping[str, str], **meta: Any) -> QTable:
    """
    Make a table from columns.

    Parameters
    ----------
    columns : mapping of str to array_like, shape (n,)
        Values by column.
    units : mapping of str to str
        Units by column, as astropy writes them.
    **meta
        Metadata of the table.

    Returns
    -------
    astropy.table.QTable
        Columns with a unit are quantities.
    """
    from astropy.table import QTable, Table

    table = Table(dict(columns), meta=meta)
    for name, unit in units.items():
        table[name].unit = unit
    return QTable(table)


def html_of(text: str, table: Table) -> str:
    """
    Show a result in a notebook.

    Parameters
    ----------
    text : str
        Description of the result, in one line.
    table : astropy.table.Table
        All rows of the result.

    Returns
    -------
    str
        HTML: the line, the first ten rows, if any, rounded, and the number of further rows.
    """
    if not len(table):
        # astropy would show "<No columns>", which is no HTML.
        return f"<p>{escape(text)}</p>"
    first = table[:_SHOWN]
    for column in first.columns.values():
        if column.dtype.kind == "f":
            # Only where it is displayed: astropy also writes files in this format.
            column.info.format = ".2f" if str(column.info.unit) == "d" else ".4g"
    more = len(table) - _SHOWN
    rest = f"<p>{more} more rows in to_table()</p>" if more > 0 else ""
    rows = f'<div style="overflow-x: auto">{first._repr_html_()}</div>'
    return f"<p>{escape(text)}</p>{rows}{rest}"
