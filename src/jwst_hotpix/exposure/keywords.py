"""Values of a header: what is missing, what is a number, what is text."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from math import isfinite
from numbers import Real
from typing import Any

from jwst_hotpix.exceptions import HotPixError

__all__ = ["history_of", "number_in", "value_in", "whole_number_in"]


def value_in(header: Mapping[str, Any], keyword: str) -> Any:
    """Return the value of a keyword; None where it is missing, or there without a value."""
    value = header.get(keyword)
    # Whoever has such a value has imported astropy, which takes a fifth of a second: a list is
    # made of a ledger without it.
    card = sys.modules.get("astropy.io.fits.card")
    return None if card is not None and isinstance(value, card.Undefined) else value


def number_in(header: Mapping[str, Any], keyword: str, error: type[HotPixError]) -> float | None:
    """Return a number, which may be NaN in a model; None where the keyword is missing."""
    value = value_in(header, keyword)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real):
        raise error(keyword, expected="a number", found=repr(value))
    return float(value)


def whole_number_in(
    header: Mapping[str, Any], keyword: str, error: type[HotPixError]
) -> int | None:
    """Return a whole number; None where the keyword is missing."""
    value = number_in(header, keyword, error)
    if value is None:
        return None
    if not isfinite(value) or value != int(value):
        raise error(keyword, expected="a whole number", found=value)
    return int(value)


def history_of(header: Mapping[str, Any]) -> str:
    """Return the lines of HISTORY."""
    return "\n".join(str(line) for line in header.get("HISTORY", ()))
