"""Which pixels of a list the TA flat does not know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jwst_hotpix.exceptions import FrameMismatchError, TargetAcqError
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.readouts import IRS2, POOLED, TRAD
from jwst_hotpix.tools.dates import Date, epoch_of, iso, mjd

__all__ = ["TaFlat", "new_pixels"]


@dataclass(frozen=True, kw_only=True)
class TaFlat:
    """
    The TA flat that lists are compared with.

    Attributes
    ----------
    since : float
        MJD (UTC) of the darks that it was made from. Given as any `Date`.
    any_readout : bool
        Accept IRS2 lists too.
    """

    since: float
    any_readout: bool = False

    def __post_init__(self) -> None:
        # A frozen dataclass offers no other way to normalize its own fields.
        object.__setattr__(self, "since", mjd(self.since))

    def unknown(self, pixels: PixelList, at: Date | None = None) -> PixelList:
        """Return the pixels that it does not know, as `new_pixels`."""
        return new_pixels(pixels, self.since, at=at, any_readout=self.any_readout)


def new_pixels(
    pixels: PixelList, since: Date, *, at: Date | None = None, any_readout: bool = False
) -> PixelList:
    """
    Select the pixels that are hot for target acquisition and that its flat cannot know.

    Parameters
    ----------
    pixels : PixelList
        List of target acquisition's readout mode, TRAD, or of both modes together.
    since : str, astropy.time.Time or float
        Date of the darks that the TA flat was made from: ISO 8601 (UTC), a time, or MJD (UTC).
    at : str, astropy.time.Time or float, optional
        Date at which the pixels are hot; by default that of the list's last dark.
    any_readout : bool
        Accept an IRS2 list all the same: its dark rates differ from those of TRAD.

    Returns
    -------
    PixelList
        Entries of at least 3 DN/s (`Detector.ta_threshold`) or without a rate, centers and
        neighbors, active at ``at`` and first seen hot after ``since``. A pixel that turned hot
        between two darks around ``since`` is among them.

    Raises
    ------
    FrameMismatchError
        For a list of another instrument, or of IRS2.
    TargetAcqError
        For a supplement, which lacks what the MASK has; a list whose own threshold is above
        that of target acquisition; no date; a date before ``since``.
    """
    _check(pixels, any_readout=any_readout)
    since, at = mjd(since), epoch_of(at)
    at = pixels.provenance.known_until if at is None else at
    if at is None:
        raise TargetAcqError(
            "date to look at",
            expected="a date",
            found=None,
            sentence="the list names no dark, so the date to look at must be given",
        )
    if not since <= at:
        expected = f"not before the TA flat, {iso(since, 'seconds')}"
        raise TargetAcqError("date to look at", expected=expected, found=iso(at, "seconds"))
    threshold = get_detector(pixels.detector).ta_threshold
    hot = np.isnan(pixels.rate) | (pixels.rate >= threshold)
    return pixels.select(hot & pixels.active(at) & (pixels.onset_latest > since))


def _check(pixels: PixelList, *, any_readout: bool) -> None:
    detector = get_detector(pixels.detector)
    if detector.instrument != "NIRSPEC":
        raise FrameMismatchError("detector", expected="NRS1 or NRS2", found=detector.name)
    if pixels.readout == IRS2 and not any_readout:
        expected = f"{TRAD} or {POOLED}, as target acquisition is always read out in {TRAD}"
        raise FrameMismatchError("readout of the list", expected=expected, found=IRS2)
    if pixels.provenance.mask is not None:
        expected = "a complete one: the TA flat does not know what a MASK knows"
        found = f"a supplement of {pixels.provenance.mask}"
        raise TargetAcqError("list", expected=expected, found=found)
    if pixels.threshold > detector.ta_threshold:
        expected = f"at most {detector.ta_threshold} DN/s"
        raise TargetAcqError("threshold of the list", expected=expected, found=pixels.threshold)
