"""``hotpix show``: what a list or a ledger holds."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.options import at_option, input_argument, json_option, strict_option
from jwst_hotpix.cli.output import emit_tables, excluding
from jwst_hotpix.tools.dates import date_of

__all__ = ["command"]


@click.command("show")
@input_argument("path", "LIST|LEDGER")
@at_option("Count only the pixels of a list that are hot at this date (ISO 8601, UTC).")
@strict_option
@json_option
def command(path: Path, epoch: float | None, *, strict: bool, as_json: bool) -> None:
    """
    Summarize a hot pixel list or a ledger.

    Of a list: its pixels, its darks, and where it comes from. Of a ledger, which is a folder: how
    many darks and science exposures it holds, from when to when, with which gaps, and how many
    pixels were hot in the newest one.

    \b
    Examples:
      hotpix show jwst_nirspec_hotpix_nrs1_irs2_20220701.asdf --at 2024-03-01
      hotpix show ledger
    """
    if path.is_dir():
        if epoch is not None:
            raise click.UsageError("--at is for a list; the records of a ledger have dates")
        _show_ledger(path, strict=strict, as_json=as_json)
        return
    if strict:
        raise click.UsageError("--strict is for a ledger")
    _show_list(path, epoch, as_json=as_json)


def _show_list(path: Path, epoch: float | None, *, as_json: bool) -> None:
    # With asdf, which ledgers do without.
    from jwst_hotpix.hotlist import asdf_file
    from jwst_hotpix.hotlist.summary import Summary

    pixels = asdf_file.read(path)
    title = str(path)
    if epoch is not None:
        pixels = pixels.select(pixels.active(epoch))
        title = f"{path} at {date_of(epoch)}"
    summary = Summary.of(pixels)
    emit_tables(summary.to_dict(), summary.tables(title), as_json=as_json)


def _show_ledger(path: Path, *, strict: bool, as_json: bool) -> None:
    # With pyarrow, which lists do without.
    from jwst_hotpix.ledger.holdings import Holdings
    from jwst_hotpix.ledger.ledger import Ledger

    with excluding(strict=strict) as damaged:
        held = Holdings.of(Ledger(path), damaged=damaged)
    emit_tables(held.to_dict(), held.tables(), as_json=as_json)
