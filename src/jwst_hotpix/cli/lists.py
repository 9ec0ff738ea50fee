"""``hotpix lists``: the lists that come with the package, and those of a library."""

from __future__ import annotations

import os
from pathlib import Path

import click

from jwst_hotpix.cli.options import json_option
from jwst_hotpix.cli.output import emit_tables, report_problems
from jwst_hotpix.cli.parameter_types import InputPath
from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.hotlist.library import BUILTIN, ENVIRONMENT, Library
from jwst_hotpix.hotlist.listing import ListFile, lists_in

__all__ = ["command"]

_HOW_TO_USE = (
    f"The builtin lists are used only with --library {BUILTIN} or ${ENVIRONMENT}={BUILTIN}."
)


@click.command("lists")
@click.option(
    "--library", metavar="DIR", type=InputPath(),
    help=f"Folder of lists to show with the builtin ones [${ENVIRONMENT}].",
)  # fmt: skip
@json_option
def command(library: Path | None, *, as_json: bool) -> None:
    """
    Show the hot pixel lists that come with the package, and those of a folder.

    A list covers the time from its first to its last dark. A list without a first date contains
    pixels known to be hot by its last date, without their onsets.

    \b
    Examples:
      hotpix lists
      hotpix lists --library lists/
    """
    folder = str(library or os.environ.get(ENVIRONMENT) or BUILTIN)
    places = {folder: folder, BUILTIN: str(Library.builtin().folder)}
    rows, tables, problems = [], [], []
    for name in dict.fromkeys((BUILTIN, folder)):
        found = list(lists_in(places[name]))
        lists = [one for one in found if isinstance(one, ListFile)]
        rows += [one.to_dict() | {"library": name} for one in lists]
        tables.append((name if lists else f"{name}: no lists", [one.row() for one in lists]))
        problems += [one for one in found if isinstance(one, HotPixError)]
    emit_tables({"lists": rows}, [*tables, (_HOW_TO_USE, [])], as_json=as_json)
    report_problems(problems)
