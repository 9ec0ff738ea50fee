"""Whether a mask belongs to the detector and readout mode of a list."""

from __future__ import annotations

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.readouts import POOLED

__all__ = ["require_same"]


def require_same(
    pixels: PixelList, detector: str, readout: str | None, source: object = None
) -> None:
    """
    Refuse a mask of another detector or readout mode than a list.

    Parameters
    ----------
    pixels : PixelList
        The list; a pooled one goes with both readout modes.
    detector : str
        Detector of the mask.
    readout : str or None
        Readout mode of the mask, if it is known.
    source : object, optional
        The mask, as errors name it.

    Raises
    ------
    FrameMismatchError
        When they differ.
    """
    if detector != pixels.detector:
        raise FrameMismatchError(
            "detector", expected=pixels.detector, found=detector, source=source,
            sentence=f"this is a mask of {detector}, but the list is of {pixels.detector}",
        )  # fmt: skip
    if readout is not None and pixels.readout not in (readout, POOLED):
        raise FrameMismatchError(
            "readout", expected=pixels.readout, found=readout, source=source,
            sentence=f"this is a mask for {readout}, but the list is for {pixels.readout}",
        )  # fmt: skip
