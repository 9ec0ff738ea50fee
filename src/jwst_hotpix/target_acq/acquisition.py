"""A target acquisition as it was executed: its stamps, and the hot pixels in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jwst_hotpix.exceptions import ExposureError, TargetAcqError
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.target_acq.risk import STAMP

__all__ = ["Acquisition", "Stamp", "pixels_in", "stamp_window"]


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """
    One postage stamp.

    Attributes
    ----------
    star : str
        Name of the reference star or target.
    image : int
        Number of the image within the acquisition: MSATA takes two, half a facet apart.
    window : Window
        Detector and place of the stamp, full frame, science frame.
    centroid : tuple of float or None
        **One-based** y and x where the star was found, full frame, science frame.
    """

    star: str
    image: int
    window: Window
    centroid: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class Acquisition:
    """
    A target acquisition as it was executed.

    Attributes
    ----------
    name : str
        File name of the exposure.
    kind : str
        ``"MSATA"`` or ``"WATA"``.
    epoch : float
        MJD (UTC) of the mid-time.
    group_time : float
        Seconds between groups (TGROUP).
    nframes : int
        Reads averaged into a group.
    stamps : tuple of Stamp
        One per star and image.
    """

    name: str
    kind: str
    epoch: float
    group_time: float
    nframes: int
    stamps: tuple[Stamp, ...]


def stamp_window(
    detector: str, column: int, row: int, centroid: tuple[float, float] | None
) -> Window:
    """
    Place a stamp on its detector: corners are **one-based science pixels**, as in SUBSTRT1, 2.

    No document says so. The evidence is the one public table, of NRS1, in jwst pull request
    6757: ``sci_x_centroid = extract_col_start + image_centroid_row - 1`` and
    ``sci_y_centroid = extract_row_start + image_centroid_col - 1``. Positions within the stamp
    are in detector order, the corner is not. That NRS2 and WATA do the same is an assumption;
    the place where the star was found is the check.

    Parameters
    ----------
    detector : str
        ``"NRS1"`` or ``"NRS2"``.
    column, row : int
        ``extract_col_start`` and ``extract_row_start``, or EXTCOLST and EXTROWST.
    centroid : tuple of float or None
        ``sci_y_centroid`` and ``sci_x_centroid``, or SCIYCNTR and SCIXCNTR.

    Returns
    -------
    Window
        Detector, corner and shape of the stamp.

    Raises
    ------
    ExposureError
        When the star was found outside the stamp: the corner is then in another frame.
    FrameMismatchError
        For an unknown detector, or a stamp that reaches beyond its edge.
    """
    window = Window(detector=get_detector(detector), ystart=row, xstart=column, shape=STAMP)
    corner = (window.ystart, window.xstart)
    for axis, start, size, found in zip("yx", corner, STAMP, centroid or corner, strict=True):
        if not start - 0.5 <= found <= start + size - 0.5:
            raise ExposureError(
                f"one-based science {axis} of a star in its {window.detector.name} stamp",
                expected=f"{start} to {start + size - 1}",
                found=found,
            )
    return window


def pixels_in(stamp: Stamp, lists: Iterable[PixelList]) -> PixelList:
    """
    Select the pixels of a stamp.

    Parameters
    ----------
    stamp : Stamp
        A stamp of the acquisition.
    lists : iterable of PixelList
        One per detector, from `new_pixels` at the date of the acquisition.

    Returns
    -------
    PixelList
        Entries of the list of its detector that lie in the stamp.

    Raises
    ------
    TargetAcqError
        When there is no list of the detector of the stamp.
    """
    by_detector = {get_detector(pixels.detector).name: pixels for pixels in lists}
    name = stamp.window.detector.name
    if name not in by_detector:
        expected = f"a list of {name}, on which star {stamp.star} lies"
        found = f"lists of {', '.join(by_detector) or 'no detector'}"
        raise TargetAcqError("lists", expected=expected, found=found)
    pixels = by_detector[name]
    _, _, inside = stamp.window.locate(pixels.y, pixels.x)
    return pixels.select(inside)
