"""The hot pixels that a file of another format holds, before they become a list."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ListFormatError

__all__ = ["Findings", "require_places"]

log = logging.getLogger(__name__)

_TIMES = ("onset_earliest", "onset_latest", "recovery_earliest", "recovery_latest")


class Findings(NamedTuple):
    """
    What a file holds about hot pixels.

    Attributes
    ----------
    columns : dict of str to ndarray, shape (n,)
        The columns of a list that the file provides, x and y among them: zero-based, full frame,
        science frame.
    readout : str, optional
        ``"IRS2"``, ``"TRAD"`` or ``"POOLED"``.
    pedigree : str, optional
        PEDIGREE of a reference file.
    threshold : float, optional
        Dark rate above which a pixel counts as hot, in DN/s.
    """

    columns: dict[str, NDArray[Any]]
    readout: str | None = None
    pedigree: str | None = None
    threshold: float | None = None

    @classmethod
    def of_rows(
        cls,
        columns: Mapping[str, NDArray[Any]],
        *,
        onset: NDArray[np.float64] | None = None,
        flags: Sequence[str] | None = None,
        **facts: Any,
    ) -> Self:
        """
        Gather the rows of a table.

        Parameters
        ----------
        columns : mapping of str to ndarray, shape (n,)
            Columns of a list, x and y among them. Rows that agree in these and in all times count
            once, as the first of them.
        onset : ndarray of float, shape (n,), optional
            MJD (UTC), both the earliest and the latest; NaN where unknown.
        flags : sequence of str, optional
            One per row. Rows with HOT count, or all if there is none.
        **facts
            Other attributes.

        Returns
        -------
        Findings
            The rows that count.
        """
        columns = dict(columns)
        if onset is not None:
            columns["onset_earliest"] = np.where(np.isnan(onset), -np.inf, onset)
            columns["onset_latest"] = onset
        kept = np.flatnonzero(_hot(flags)) if flags is not None else np.arange(columns["x"].size)
        keys = [columns[name][kept] for name in ("x", "y", *_TIMES) if name in columns]
        _, first = np.unique(np.stack(keys), axis=1, return_index=True)
        kept = kept[np.sort(first)]
        return cls({name: values[kept] for name, values in columns.items()}, **facts)


def require_places(names: Sequence[str], n: int) -> None:
    """
    Refuse a table without places.

    Parameters
    ----------
    names : sequence of str
        Names of its columns, lower case.
    n : int
        Number of its rows.

    Raises
    ------
    ListFormatError
        When it lacks column x or y, or has no rows.
    """
    if not {"x", "y"} <= set(names):
        found = ", ".join(names)
        raise ListFormatError(
            "columns", expected="x and y, zero-based", found=found,
            sentence=f"no columns x and y; the columns are {found}",
        )  # fmt: skip
    if not n:
        raise ListFormatError(
            "rows", expected="at least one pixel", found=0, sentence="the table has no rows"
        )


def _hot(flags: Sequence[str]) -> NDArray[np.bool_]:
    hot = np.array([flag.strip().upper() == "HOT" for flag in flags])
    if not hot.any():
        kinds = ", ".join(sorted(set(flags)))
        log.warning("no pixel is flagged HOT; pixels flagged %s are taken as hot", kinds)
        hot[:] = True
    return hot
