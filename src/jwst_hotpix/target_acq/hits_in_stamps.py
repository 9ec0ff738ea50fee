"""Which stars of real acquisitions were hit, and by which pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.target_acq.acquisition import Acquisition, Stamp, pixels_in
from jwst_hotpix.target_acq.pixel_rows import rows_of
from jwst_hotpix.target_acq.signal_in_groups import READ_NOISE, difference_noise, signal
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.finite import finite
from jwst_hotpix.tools.terminal import Table, day

__all__ = ["AcquisitionHits", "StampHits", "find_hits"]


@dataclass(frozen=True, eq=False, kw_only=True)
class StampHits:
    """
    The hot pixels of one stamp.

    Attributes
    ----------
    stamp : Stamp
        The stamp.
    pixels : PixelList
        Hot pixels in it that the TA flat does not know.
    signal : ndarray of float, shape (n,)
        DN that each adds to the difference of two groups of the exposure; NaN where the rate is
        unknown.
    signal_to_noise : ndarray of float, shape (n,)
        The signal over the read noise of that difference.
    from_centroid : ndarray of float, shape (n,), or None
        Distance in pixels from where the star was found; None where it was not found.
    """

    stamp: Stamp
    pixels: PixelList
    signal: NDArray[np.float64]
    signal_to_noise: NDArray[np.float64]
    from_centroid: NDArray[np.float64] | None

    def to_dict(self) -> dict[str, Any]:
        """Return the stamp and its pixels, ready for JSON."""
        window, n = self.stamp.window, len(self.pixels)
        far = np.full(n, np.nan) if self.from_centroid is None else self.from_centroid
        columns = (self.signal.tolist(), self.signal_to_noise.tolist(), far.tolist())
        return {
            "star": self.stamp.star,
            "image": self.stamp.image,
            "detector": window.detector.name,
            "x": window.xstart - 1,
            "y": window.ystart - 1,
            "x_one_based": window.xstart,
            "y_one_based": window.ystart,
            "pixels": [
                {
                    **row,
                    "signal_dn": finite(added),
                    "signal_to_noise": finite(ratio),
                    "from_centroid": finite(distance),
                }
                for row, added, ratio, distance in zip(rows_of(self.pixels), *columns, strict=True)
            ],
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row of a table per pixel, its place counted from one."""
        for pixel in self.to_dict()["pixels"]:
            place = f"{pixel['x_one_based']}, {pixel['y_one_based']}"
            yield {
                "star (image)": f"{self.stamp.star} ({self.stamp.image})",
                "pixel": f"{self.stamp.window.detector.name} {place}",
                "DN/s": pixel["rate"],
                "hot on": day(pixel["onset_latest"]),
                "sigma": pixel["signal_to_noise"],
                "from star": pixel["from_centroid"],
            }


@dataclass(frozen=True, eq=False, kw_only=True)
class AcquisitionHits:
    """
    The hot pixels in the stamps of one acquisition.

    Attributes
    ----------
    acquisition : Acquisition
        The acquisition.
    stamps : tuple of StampHits
        One per stamp.
    """

    acquisition: Acquisition
    stamps: tuple[StampHits, ...]

    @property
    def stars(self) -> set[str]:
        """Names of the stars that have a stamp."""
        return {one.stamp.star for one in self.stamps}

    @property
    def stars_hit(self) -> set[str]:
        """Names of the stars of which a stamp holds a hot pixel."""
        return {one.stamp.star for one in self.stamps if len(one.pixels)}

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {
            "file": self.acquisition.name,
            "kind": self.acquisition.kind,
            "date": date_of(self.acquisition.epoch),
            "stars": len(self.stars),
            "stars_hit": len(self.stars_hit),
            "stamps": [one.to_dict() for one in self.stamps],
        }

    def table(self) -> Table:
        """Return a row per hot pixel in a stamp, under a title that counts the stars."""
        counted = f"{len(self.stars_hit)} of {len(self.stars)} stars hit"
        rows = [row for one in self.stamps for row in one.rows()]
        return f"{self.acquisition.name}: {self.acquisition.kind}, {counted}", rows


def find_hits(
    acquisition: Acquisition, new: Sequence[PixelList], read_noise: float = READ_NOISE
) -> AcquisitionHits:
    """
    Find the hot pixels in the stamps of an acquisition.

    Parameters
    ----------
    acquisition : Acquisition
        From `read_acquisition`.
    new : sequence of PixelList
        One per detector, from `new_pixels` at the date of the acquisition.
    read_noise : float
        DN per read.

    Returns
    -------
    AcquisitionHits
        The pixels of every stamp.

    Raises
    ------
    TargetAcqError
        When there is no list of the detector of a stamp.
    """
    noise = difference_noise(read_noise, acquisition.nframes)

    def hits_of(stamp: Stamp) -> StampHits:
        pixels = pixels_in(stamp, new)
        added = signal(pixels.rate, acquisition.group_time)
        return StampHits(
            stamp=stamp,
            pixels=pixels,
            signal=added,
            signal_to_noise=added / noise,
            from_centroid=_from_centroid(stamp, pixels),
        )

    return AcquisitionHits(
        acquisition=acquisition, stamps=tuple(hits_of(stamp) for stamp in acquisition.stamps)
    )


def _from_centroid(stamp: Stamp, pixels: PixelList) -> NDArray[np.float64] | None:
    if stamp.centroid is None:
        return None
    # One-based, as the centroid.
    y, x = (values.astype(np.float64) + 1 for values in (pixels.y, pixels.x))
    return np.hypot(y - stamp.centroid[0], x - stamp.centroid[1])
