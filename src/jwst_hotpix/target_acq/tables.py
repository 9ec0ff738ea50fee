"""What results share in a terminal: dates to the day, probabilities in percent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

__all__ = ["Table", "day", "odds_table", "percent"]

# A title, and either names with values or rows of them; no rows where there is nothing to list.
Table: TypeAlias = tuple[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]]


def odds_table(result: Mapping[str, Any]) -> Table:
    """
    Show the odds of all stars.

    Parameters
    ----------
    result : mapping
        From ``to_dict`` of a result.

    Returns
    -------
    Table
        Numbers and texts by name, without what is also there in other words.
    """
    hidden = {"at_least", "longest_interval_months"}
    if result["at_least"] == 1:
        hidden |= {name for name in result if name.endswith("at_least_probability")}
    shown = {
        name: percent(value) if name.endswith(("probability", "monte_carlo_error")) else value
        for name, value in result.items()
        if name not in hidden
    }
    return "Target acquisition", shown


def percent(probability: float) -> str:
    """Write a probability in percent."""
    return f"{100 * probability:.2f} %"


def day(date: str | None) -> str | None:
    """Shorten an ISO 8601 date-time to its day."""
    return date and date[:10]
