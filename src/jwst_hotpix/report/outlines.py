"""Outlines of subarrays and apertures on the detector map, as far as the package knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jwst_hotpix.instrument.readouts import SUBARRAYS
from jwst_hotpix.target_acq.wata import APERTURE, SUB32

__all__ = ["OUTLINES", "Outline"]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """
    A rectangle on the map.

    Attributes
    ----------
    name : str
        E.g. ``"SUB32"``.
    detector : str
        Name of the detector.
    left, right, bottom, top : float
        Its edges, in pixels of the science frame: pixel 0 reaches from -0.5 to 0.5.
    """

    name: str
    detector: str
    left: float
    right: float
    bottom: float
    top: float


def _outlines() -> Iterator[Outline]:
    for subarray in SUBARRAYS.values():
        rows, columns = subarray.shape
        for detector, ystart in subarray.ystart.items():
            # Target acquisition uses NRS1 only.
            if subarray.name == "FULL" or (
                subarray.name == "SUB32" and detector != SUB32.detector.name
            ):
                continue
            left, bottom = subarray.xstart - 1.5, ystart - 1.5
            yield Outline(
                name=subarray.name,
                detector=detector,
                left=left,
                right=left + columns,
                bottom=bottom,
                top=bottom + rows,
            )
    (bottom, top), (left, right) = APERTURE
    yield Outline(
        name="S1600A1",
        detector=SUB32.detector.name,
        left=left - 1,
        right=right - 1,
        bottom=bottom - 1,
        top=top - 1,
    )


#: Where exposures have their subarray is read from their headers; these are the usual places.
OUTLINES = tuple(_outlines())
