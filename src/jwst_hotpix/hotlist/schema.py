"""Schema ``hotpix-1.0.0``: its name, and the columns of a hot pixel list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import Any, Self, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "READABLE_SCHEMAS",
    "REFTYPE",
    "SCHEMA",
    "Columns",
    "Intervals",
    "Status",
    "columns_of",
]

REFTYPE = "hotpix"
SCHEMA = "hotpix-1.0.0"
READABLE_SCHEMAS = (SCHEMA,)

Columns = Mapping[str, NDArray[Any]]


class Status(IntEnum):
    """How a pixel behaves once hot."""

    STABLE = 0
    TELEGRAPH = 1
    RECOVERED = 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Intervals:
    """
    From when to when pixels were hot, one entry for each interval.

    These are the columns that the history and a list have in common; which pixel an entry is
    about, each says in its own way. ``metadata`` of a field holds the value of an entry of which
    only the place and the date of its first sighting are known.

    Attributes
    ----------
    status : ndarray of uint8, shape (n,)
        `Status`.
    rate, rate_error : ndarray of float32, shape (n,)
        Median dark rate while hot and its standard error, DN/s; NaN where only inferred.
    onset_earliest, onset_latest : ndarray of float64, shape (n,)
        MJD (UTC): last epoch seen cold (-inf: hot in the first dark), first epoch seen hot.
    recovery_earliest, recovery_latest : ndarray of float64, shape (n,)
        MJD (UTC): last epoch seen hot, first epoch seen cold again (+inf: still hot).
    n_hot, n_observed : ndarray of uint16, shape (n,)
        Number of darks since onset that saw the pixel hot, and that could see it.
    confidence : ndarray of float32, shape (n,)
        Probability that the pixel really was hot in this interval.
    """

    status: NDArray[np.uint8] = field(metadata={"unknown": Status.STABLE})
    rate: NDArray[np.float32] = field(metadata={"unknown": np.nan})
    rate_error: NDArray[np.float32] = field(metadata={"unknown": np.nan})
    onset_earliest: NDArray[np.float64] = field(metadata={"unknown": -np.inf})
    onset_latest: NDArray[np.float64]
    recovery_earliest: NDArray[np.float64] = field(metadata={"unknown": np.inf})
    recovery_latest: NDArray[np.float64] = field(metadata={"unknown": np.inf})
    n_hot: NDArray[np.uint16] = field(metadata={"unknown": 0})
    n_observed: NDArray[np.uint16] = field(metadata={"unknown": 0})
    confidence: NDArray[np.float32] = field(metadata={"unknown": 1.0})

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name."""
        return {name: getattr(self, name) for name in columns_of(type(self))}

    def select(self, keep: NDArray[np.bool_], **changes: Any) -> Self:
        """
        Return the entries chosen by a boolean array, other attributes replaced by ``changes``.

        Parameters
        ----------
        keep : ndarray of bool, shape (n,)
            True for each entry to keep.
        **changes
            E.g. ``provenance=``.
        """
        chosen: dict[str, Any] = {name: values[keep] for name, values in self.columns().items()}
        return replace(self, **chosen, **changes)


# What `typing` makes of an array depends on the version of numpy.
_ARRAY = get_origin(NDArray[np.generic])


def columns_of(table: type[Intervals]) -> dict[str, tuple[type[np.generic], Any]]:
    """
    Return the columns of a class as its annotations declare them.

    Parameters
    ----------
    table : type
        `Intervals` or a class derived from it.

    Returns
    -------
    dict of str to tuple
        For each field that is an array: the type of its elements, and the value of an entry that
        does not know it (None where every entry must).
    """
    hints = get_type_hints(table)
    return {
        one.name: (_element(hints[one.name]), one.metadata.get("unknown"))
        for one in fields(table)
        if get_origin(hints[one.name]) is _ARRAY
    }


def _element(hint: Any) -> type[np.generic]:
    """Return ``T`` of ``NDArray[T]``, before numpy 2.5 ``ndarray[…, dtype[T]]``."""
    element = get_args(hint)[-1]
    kind: type[np.generic] = next(iter(get_args(element)), element)
    return kind
