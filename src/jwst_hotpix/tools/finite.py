"""Numbers that JSON can hold."""

from __future__ import annotations

from math import isfinite

__all__ = ["finite"]


def finite(value: float | None) -> float | None:
    """Return a number; None for NaN and infinities, and for None."""
    return float(value) if value is not None and isfinite(value) else None
