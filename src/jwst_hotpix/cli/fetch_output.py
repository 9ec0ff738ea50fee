"""Output of ``hotpix fetch``: a table to read, or paths for the next command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import click

from jwst_hotpix.cli.output import emit, print_rows, report_problems
from jwst_hotpix.fetch.fetched import FAILED, Fetched, to_dict, total_of

__all__ = ["report_fetched"]


def report_fetched(
    files: Iterable[Fetched], *, as_json: bool, dry_run: bool, lines: Sequence[str] | None = None
) -> None:
    """
    Print the outcome for each file; exit with status 1 if any failed.

    Parameters
    ----------
    files : iterable of Fetched
        All of them.
    as_json : bool
        Print JSON.
    dry_run : bool
        Print a table, otherwise the place of each file, one per line, which ``hotpix ingest LEDGER
        @-`` reads; a summary goes to stderr.
    lines : sequence of str, optional
        Lines to print instead of the places.
    """
    known = list(files)
    if as_json:
        emit(to_dict(known), as_json=True, title="")
    elif dry_run:
        _print_table(known)
    else:
        for line in lines or [file.place for file in known if file.state != FAILED]:
            click.echo(line)
    if not as_json:
        click.echo(f"hotpix: {_summary(known)}", err=True)
    report_problems(_problems(known))


def _print_table(files: Sequence[Fetched]) -> None:
    rows = [
        {
            "name": file.name,
            **file.facts,
            "MB": "" if file.bytes is None else f"{file.bytes / 1e6:.1f}",
            "state": file.state,
        }
        for file in files
    ]
    if rows:
        print_rows(rows, "Files")


def _summary(files: Sequence[Fetched]) -> str:
    counts = Counter(file.state for file in files)
    parts = ", ".join(f"{count} {state}" for state, count in counts.items())
    unknown = sum(file.bytes is None for file in files)
    rest = f" and {unknown} of unknown size" if unknown else ""
    return f"{len(files)} files ({parts or 'none'}), {total_of(files) / 1e6:.1f} MB{rest}"


def _problems(files: Sequence[Fetched]) -> list[str]:
    """Give each file and its reason on one line; combine files that share a reason."""
    failed = [file for file in files if file.state == FAILED]
    without = Counter(_common(file) for file in failed)
    lines = []
    for reason, count in without.items():
        first, *others = [file for file in failed if _common(file) == reason]
        if len(others) < 3:
            lines += [_line(file) for file in (first, *others)]
        else:
            lines.append(f"{first.name} and {count - 1} others: {reason}")
    return lines


def _common(file: Fetched) -> str:
    return file.reason.rpartition(f"{file.name}: ")[2]


def _line(file: Fetched) -> str:
    return file.reason if file.name in file.reason else f"{file.name}: {file.reason}"
