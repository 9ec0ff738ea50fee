"""Numbers as astronomers write them: with errors, units and dates."""

from __future__ import annotations

from math import floor, log10

from jwst_hotpix.tools.dates import DAYS_PER_MONTH, iso
from jwst_hotpix.tools.proportion import Proportion

__all__ = ["age", "count", "counted", "day", "percent", "rate", "share", "uncertain"]

# Days from which an age is given in months.
_MONTHS_FROM = 100.0


def day(epoch: float) -> str:
    """Write an MJD (UTC) as a date, ``2024-03-01``."""
    return iso(epoch)[:10]


def count(number: float) -> str:
    """Write a whole number with narrow spaces between thousands."""
    return f"{round(number):,}".replace(",", "\u202f")


def counted(number: int, singular: str, plural: str = "") -> str:
    """Write a number of things: ``1 pixel``, ``2 pixels``."""
    return f"{count(number)} {singular if number == 1 else plural or singular + 's'}"


def uncertain(value: float, error: float) -> str:
    """Write a number with its error, to the second digit of the error: ``64.0 ± 3.1``."""
    digits = 1 - floor(log10(error)) if error > 0 else 1
    places = min(max(digits, 0), 4)
    return f"{value:z.{places}f} ± {error:.{places}f}".replace("-", "\u2212")


def percent(value: float) -> str:
    """Write a probability or a fraction in percent, to about two digits."""
    places = 0 if value >= 0.1 else 1 if value >= 0.01 else 2
    return f"{100 * value:.{places}f}\u202f%"


def rate(value: float) -> str:
    """Write a threshold in DN/s, without the unit."""
    return f"{value:g}"


def share(proportion: Proportion) -> str:
    """Write a fraction with its error in percent, or that there was nothing to count."""
    value, error = proportion.value, proportion.error
    if value is None or error is None:
        return "none"
    return f"{100 * value:.1f} ± {100 * error:.1f}\u202f%"


def age(days: float) -> str:
    """Write an age: ``12 days``, ``5.1 months``."""
    if days < _MONTHS_FROM:
        return counted(round(days), "day")
    return f"{days / DAYS_PER_MONTH:.1f} months"
