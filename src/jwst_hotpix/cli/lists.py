"""Where a verb takes its lists from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from jwst_hotpix.hotlist.library import ENVIRONMENT, Library

__all__ = ["library_of"]


def library_of(listed: Path | None, folder: Path | None) -> Library:
    """
    Read the list that was asked for, or all of a folder.

    Parameters
    ----------
    listed : pathlib.Path or None
        ``--list``.
    folder : pathlib.Path or None
        ``--library``; without either the folder that ``$JWST_HOTPIX_LIBRARY`` names.

    Returns
    -------
    Library

    Raises
    ------
    click.UsageError
        When both are given, or none and the variable is not set.
    MissingListError, ListFormatError
        When the list or the folder cannot be used.
    """
    if listed is not None and folder is not None:
        raise click.UsageError("give --list or --library, not both")
    if listed is not None:
        return Library.of_list(listed)
    place = folder or os.environ.get(ENVIRONMENT)
    if not place:
        raise click.UsageError(f"give --list, --library or ${ENVIRONMENT}")
    return Library.of_folder(place)
