"""Whether a file is of the detector, and has the bit, that was asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError
from jwst_hotpix.instrument.detectors import Detector

__all__ = ["check_bit", "check_detector", "name_values"]

# So many values of an image are named in an error.
_NAMED = 5


def check_detector(found: object, detector: Detector) -> None:
    """Raise `FrameMismatchError` when a file names another detector; one that names none passes."""
    if found is not None and str(found).upper() != detector.name:
        raise FrameMismatchError("detector", expected=detector.name, found=found)


def check_bit(values: NDArray[np.integer], bit: int) -> None:
    """Raise `ListFormatError` unless one of the values, shape (n,), has the bit."""
    if bit <= 0 or not (values.astype(np.int64) & bit).any():
        found = name_values(values)
        raise ListFormatError(
            "bit", expected=f"pixels that have bit {bit}", found=found,
            sentence=f"no pixel has bit {bit}; the values are {found}",
        )  # fmt: skip


def name_values(values: NDArray[np.integer]) -> str:
    """Write the values that occur, shape (n,), and how many pixels have each, for an error."""
    kinds, counts = np.unique(values, return_counts=True)
    pairs = zip(kinds[:_NAMED], counts[:_NAMED], strict=True)
    named = [f"{kind} ({count} pixel{'' if count == 1 else 's'})" for kind, count in pairs]
    return ", ".join([*named, "..."] if kinds.size > _NAMED else named) or "0 only"
