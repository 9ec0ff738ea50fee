"""Counts out of a total, with errors that hold at both ends."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Proportion"]


@dataclass(frozen=True, kw_only=True)
class Proportion:
    """
    A count out of a total.

    Attributes
    ----------
    part : int
        How many were counted.
    total : int
        Out of how many.
    """

    part: int
    total: int

    def __add__(self, other: Proportion) -> Proportion:
        """Count both together."""
        return Proportion(part=self.part + other.part, total=self.total + other.total)

    @property
    def value(self) -> float | None:
        """Part over total; None when the total is zero."""
        return self.part / self.total if self.total else None

    @property
    def error(self) -> float | None:
        """
        Binomial standard error: half the 68 % Wilson interval, which is not 0 at 0 and 1.

        Wilson 1927, J. Am. Stat. Assoc. 22, 209.
        """
        if self.value is None:
            return None
        spread = self.value * (1 - self.value) / self.total + 1 / (4 * self.total**2)
        return math.sqrt(spread) / (1 + 1 / self.total)
