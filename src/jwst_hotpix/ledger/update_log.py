"""The log of `hotpix update`: dates of searches, and files that could not be used."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

from jwst_hotpix.ledger.ledger import Ledger

__all__ = ["UpdateLog"]


class UpdateLog:
    """
    A text file in the folder of a ledger: one JSON object per line, only appended to.

    It contains what the records do not: addresses without a record of their own, and the date of
    each search. Without it nothing is lost; the next update reads some files again.

    Parameters
    ----------
    ledger : Ledger
        Its folder is made when the first line is written.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.path = ledger.folder / "_update.jsonl"

    @cached_property
    def settled(self) -> frozenset[str]:
        """Addresses for which no record is expected."""
        return frozenset(str(line["settled"]) for line in self._lines if "settled" in line)

    def last_look(self, search: str) -> float | None:
        """
        Return when a search was last completed, including all files that it found.

        Parameters
        ----------
        search : str
            Name that identifies the search.

        Returns
        -------
        float or None
            MJD (UTC); None if never.
        """
        looks = [line.get("looked") for line in self._lines if line.get("search") == search]
        return max(filter(None, map(_date_in, looks)), default=None)

    def settle(self, uri: str, reason: str) -> None:
        """
        Record that an address need not be read again.

        Parameters
        ----------
        uri : str
            The address.
        reason : str
            What is wrong with it, or that the ledger has it from another source.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        self._add({"settled": uri, "reason": reason})

    def look(self, search: str, when: float) -> None:
        """
        Record that a search was completed.

        Parameters
        ----------
        search : str
            As for `last_look`.
        when : float
            MJD (UTC) of its start.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        self._add({"search": search, "looked": when})

    @cached_property
    def _lines(self) -> tuple[Mapping[str, Any], ...]:
        try:
            content = Path(self.path).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ()
        return tuple(filter(None, map(_parsed, content.splitlines())))

    def _add(self, line: Mapping[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # In one write, so that lines of several processes do not mix, and on a new line, in case
        # the last one was cut short by a kill.
        text = f"\n{json.dumps(line)}\n".encode()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(descriptor, text)
        finally:
            os.close(descriptor)


def _parsed(line: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _date_in(look: object) -> float | None:
    try:
        date = float(look) if isinstance(look, int | float) else None
    except OverflowError:
        return None
    return date if date is not None and isfinite(date) else None
