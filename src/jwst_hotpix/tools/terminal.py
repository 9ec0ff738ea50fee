"""Results as tables that fit a terminal: dates to the day, probabilities in percent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

__all__ = ["Table", "day", "percent"]

# A title, and either values by name or rows of them. Without rows the title stands alone.
Table: TypeAlias = tuple[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]]


def percent(probability: float) -> str:
    """Write a probability in percent."""
    return f"{100 * probability:.2f} %"


def day(date: str | None) -> str | None:
    """Shorten an ISO 8601 date-time to its day."""
    return date and date[:10]
