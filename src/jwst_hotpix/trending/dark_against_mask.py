"""Whether a MASK flags as hot the pixels that the nearest DARK shows above the threshold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import TrendError
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.tools.finite import finite
from jwst_hotpix.tools.terminal import Table
from jwst_hotpix.trending.dated_masks import DatedMask

__all__ = ["Consistency", "compare", "matching"]

# Pixels that a terminal shows.
_LISTED = 20


@dataclass(frozen=True, eq=False, kw_only=True)
class Consistency:
    """
    Pixels that DARK and MASK agree and disagree on.

    Attributes
    ----------
    mask : DatedMask
        The mask.
    dark : Record
        The dark.
    threshold : float
        DN/s above which pixels of the dark count as hot.
    both : int
        Number of pixels that are above the threshold and flagged.
    y, x : ndarray of int, shape (n,)
        Pixels that only one of them has; full frame, science frame, zero-based.
    rate : ndarray of float32, shape (n,)
        DN/s; NaN below the floor of the dark or where it could not see, infinite where it
        saturates at once.
    flagged : ndarray of bool, shape (n,)
        The mask has it, the dark does not.
    """

    mask: DatedMask
    dark: Record
    threshold: float
    both: int
    y: NDArray[np.intp]
    x: NDArray[np.intp]
    rate: NDArray[np.float32]
    flagged: NDArray[np.bool_]

    @property
    def n_dark(self) -> int:
        """Pixels of the dark above the threshold."""
        return self.both + int(np.sum(~self.flagged))

    @property
    def n_mask(self) -> int:
        """Pixels that the mask flags as hot."""
        return self.both + int(np.sum(self.flagged))

    def to_dict(self) -> dict[str, Any]:
        """Return dates, numbers and the pixels that only one of them has, ready for JSON."""
        listed = {
            name: [
                {"x": int(x), "y": int(y), "rate": finite(rate)}
                for x, y, rate in zip(self.x[row], self.y[row], self.rate[row], strict=True)
            ]
            for name, row in (("only_dark", ~self.flagged), ("only_mask", self.flagged))
        }
        return {
            "mask": self.mask.name,
            "mask_date": iso(self.mask.epoch, "seconds"),
            "dark_date": iso(self.dark.epoch, "seconds"),
            "threshold": self.threshold,
            "n_dark": self.n_dark,
            "n_mask": self.n_mask,
            "n_both": self.both,
            **listed,
        }

    def tables(self) -> Iterator[Table]:
        """Yield the numbers, then the first pixels that only one of them has."""
        result = self.to_dict()
        sizes = {name: len(v) if isinstance(v, list) else v for name, v in result.items()}
        yield "DARK against MASK", sizes
        apart = [
            {"only in": name, **pixel}
            for name, key in (("DARK", "only_dark"), ("MASK", "only_mask"))
            for pixel in result[key]
        ]
        if apart:
            yield "Pixels that only one of them has (zero-based)", apart[:_LISTED]
        if len(apart) > _LISTED:
            yield f"and {len(apart) - _LISTED} more, listed with --json", []


def matching(mask: DatedMask, records: Iterable[Record]) -> Record:
    """
    Find the reference dark nearest in time to a mask.

    Parameters
    ----------
    mask : DatedMask
        The mask.
    records : iterable of Record
        Records of any detector and readout mode.

    Returns
    -------
    Record
        A reference of the mask's detector and readout mode that shows the full frame.

    Raises
    ------
    TrendError
        When there is none.
    """
    references = [
        record
        for record in records
        if (record.detector, record.readout) == (mask.detector, mask.readout)
        and record.kind == "reference"
        and record.window.is_whole
    ]
    if not references:
        expected = f"one of {mask.detector.name} {mask.readout} in the ledger"
        raise TrendError("reference dark", expected=expected, found="none")
    return min(references, key=lambda record: abs(record.epoch - mask.epoch))


def compare(mask: DatedMask, dark: Record, threshold: float) -> Consistency:
    """
    Compare the pixels that a mask flags as hot with those of a dark above a threshold.

    Parameters
    ----------
    mask : DatedMask
        The mask.
    dark : Record
        A dark of the same detector.
    threshold : float
        DN/s above which pixels of the dark count as hot.

    Returns
    -------
    Consistency
        What they agree and disagree on.
    """
    rate = np.full(mask.hot.size, np.nan, dtype=np.float32)
    rate[dark.pixel] = dark.rate
    above, flagged = rate > threshold, mask.hot.reshape(-1)
    pixel = np.flatnonzero(above != flagged)
    y, x = unflat(pixel, mask.hot.shape)
    return Consistency(
        mask=mask,
        dark=dark,
        threshold=threshold,
        both=int(np.sum(above & flagged)),
        y=y,
        x=x,
        rate=rate[pixel],
        flagged=flagged[pixel],
    )
