"""What an exposure is: all that its list, its mask and the bits of its pixels depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwst_hotpix.exposure.headers import detector_of, product_of, readout_of
from jwst_hotpix.exposure.when import dates_of_exposure
from jwst_hotpix.exposure.where import frame_of
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.frames import Window

__all__ = ["Exposure", "describe"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Exposure:
    """
    An exposure by its header, whether that is on disk or in memory.

    Attributes
    ----------
    name : str
        As errors give it: the path as it was typed, or the file name of a model.
    product : str
        ``"uncal"``, ``"ramp"`` (it passed ``dq_init``), ``"rate"``, ``"rateints"``, ``"cal"`` or
        ``"calints"``; a single slit is a ``"cal"`` or ``"calints"`` too. By content: the name of
        the file does not count.
    detector : Detector
        The detector that was read.
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    epoch : float
        MJD (UTC) of the mid-time.
    header : mapping
        By FITS keyword: the primary header, or as much of it as counts here.
    """

    name: str
    product: str
    detector: Detector
    readout: str
    epoch: float
    header: Mapping[str, Any]

    @cached_property
    def frame(self) -> Window:
        """
        What ``dq_init`` sees of the exposure: raw rows for an IRS2 full frame, in any product.

        Raises
        ------
        ExposureError, FrameMismatchError
            As `jwst_hotpix.exposure.where.frame_of`.
        """
        return frame_of(self.header, self.readout)


def describe(name: str, header: Mapping[str, Any], axes: int, *, has_slits: bool) -> Exposure:
    """
    Describe an exposure.

    Parameters
    ----------
    name : str
        As in `Exposure`.
    header : mapping
        By FITS keyword.
    axes : int
        Of the science array.
    has_slits : bool
        The science array is that of a slit.

    Returns
    -------
    Exposure
        What its list and its mask are chosen by.

    Raises
    ------
    ExposureError
        When a keyword that counts is missing or cannot be: detector, readout pattern, date.
    FrameMismatchError
        When JWST has no such detector.
    """
    detector = detector_of(header)
    return Exposure(
        name=name,
        product=product_of(header, axes, has_slits=has_slits),
        detector=detector,
        readout=readout_of(header, detector),
        epoch=dates_of_exposure(header).epoch,
        header=header,
    )
