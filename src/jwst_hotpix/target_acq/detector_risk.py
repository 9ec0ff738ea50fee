"""What a list adds to the risk of its detector."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import TargetAcqError, naming
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.births import Births, count_births
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.target_acq.placement import places_hit
from jwst_hotpix.target_acq.ta_flat import TaFlat
from jwst_hotpix.tools.dates import Date, date_of, epoch_of
from jwst_hotpix.tools.folders import path_list
from jwst_hotpix.tools.terminal import day, percent

__all__ = ["DetectorRisk", "read_lists"]


@dataclass(frozen=True, eq=False, kw_only=True)
class DetectorRisk:
    """
    A list, and what of it the TA flat does not know.

    Attributes
    ----------
    file : str
        The list as the user named it.
    pixels : PixelList
        The whole list.
    new : PixelList
        Pixels that the TA flat does not know, from `new_pixels`.
    at : float or None
        MJD (UTC) at which they are hot.
    hits : ndarray of bool, shape (rows, columns)
        Places of a stamp that hold one of them, from `places_hit`.
    births : Births or None
        Births since the TA flat, above the threshold of target acquisition; None where the list
        has no darks to count them from.
    """

    file: str
    pixels: PixelList
    new: PixelList
    at: float | None
    hits: NDArray[np.bool_]
    births: Births | None

    @classmethod
    def of(cls, pixels: PixelList, flat: TaFlat, at: Date | None = None, *, file: str) -> Self:
        """
        Select the pixels of a list that the TA flat does not know.

        Parameters
        ----------
        pixels : PixelList
            The list.
        flat : TaFlat
            The TA flat in use.
        at : str, astropy.time.Time or float, optional
            Date, any `Date`, at which the pixels are hot; by default that of the last dark of the
            list.
        file : str
            As the attribute.

        Returns
        -------
        DetectorRisk

        Raises
        ------
        HotPixError
            For a list that `new_pixels` refuses.
        """
        at = pixels.provenance.known_until if at is None else epoch_of(at)
        new = flat.unknown(pixels, at)
        threshold = get_detector(pixels.detector).ta_threshold
        return cls(
            file=file,
            pixels=pixels,
            new=new,
            at=at,
            hits=places_hit(new),
            births=count_births(pixels, since=flat.since, threshold=threshold),
        )

    @property
    def stamp_probability(self) -> float:
        """Probability that a stamp anywhere on the detector is hit."""
        return float(self.hits.mean())

    def to_dict(self) -> dict[str, Any]:
        """Return what counts, ready for JSON; ``growth`` are births, as in the list file."""
        return {
            "file": self.file,
            "detector": get_detector(self.new.detector).name,
            "at": date_of(self.at),
            "new_pixels": len(self.new),
            "stamp_probability": self.stamp_probability,
            "growth_per_month": self.births and self.births.per_month,
            "growth_error": self.births and self.births.error,
        }

    def row(self, stars: int) -> dict[str, Any]:
        """Return a row of a table, with the number of stars on this detector."""
        return {
            "list": self.file,
            "on": day(date_of(self.at)),
            "stars": stars,
            "new pixels": len(self.new),
            "a stamp hit": percent(self.stamp_probability),
            "births per month": self.births and str(self.births),
        }


def read_lists(
    paths: Sequence[str | os.PathLike[str]], flat: TaFlat, at: Date | None = None
) -> tuple[DetectorRisk, ...]:
    """
    Read lists, one per detector, and select the pixels that the TA flat does not know.

    Parameters
    ----------
    paths : sequence of path
        List files.
    flat : TaFlat
        The TA flat in use.
    at : str, astropy.time.Time or float, optional
        Date, ISO 8601 (UTC), a time, or MJD (UTC), at which the pixels are hot; by default that of
        the last dark of each list.

    Returns
    -------
    tuple of DetectorRisk
        One per list, in the same order.

    Raises
    ------
    HotPixError
        For a file that is not a list, a list that `new_pixels` refuses, two of one detector.
    """
    found: dict[str, DetectorRisk] = {}
    for path in path_list(paths):
        with naming(path):
            one = DetectorRisk.of(asdf_file.read(path), flat, epoch_of(at), file=str(path))
        name = get_detector(one.pixels.detector).name
        if name in found:
            raise TargetAcqError(
                f"lists of {name}",
                expected="one per detector",
                found=f"{found[name].file} and {path}",
            )
        found[name] = one
    return tuple(found.values())
