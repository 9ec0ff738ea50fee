"""Whether a MASK flags as hot what the DARK beside it shows above the threshold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import TrendError
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.trending.dated_masks import DatedMask

__all__ = ["Consistency", "compare", "matching"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Consistency:
    """
    Pixels that DARK and MASK agree and disagree on.

    Attributes
    ----------
    mask : DatedMask
    dark : Record
    threshold : float
        DN/s.
    both : int
        Pixels above the threshold that are flagged.
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


def matching(mask: DatedMask, records: Iterable[Record]) -> Record:
    """
    Find the reference dark nearest in time to a mask.

    Parameters
    ----------
    mask : DatedMask
    records : iterable of Record
        Of any detector and readout mode.

    Returns
    -------
    Record

    Raises
    ------
    TrendError
        When no reference of the mask's detector and readout mode shows the full frame.
    """
    references = [
        record
        for record in records
        if (record.detector, record.readout) == (mask.detector, mask.readout)
        and record.kind == "reference"
        and record.window.shape == record.detector.shape
    ]
    if not references:
        expected = f"one of {mask.detector.name} {mask.readout} in the ledger"
        raise TrendError("reference dark", expected=expected, found="none", source=mask.name)
    return min(references, key=lambda record: abs(record.epoch - mask.epoch))


def compare(mask: DatedMask, dark: Record, threshold: float) -> Consistency:
    """
    Compare what a mask flags as hot with the pixels of a dark above a threshold.

    Parameters
    ----------
    mask : DatedMask
    dark : Record
        Of the same detector.
    threshold : float
        DN/s.

    Returns
    -------
    Consistency
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
