"""What each exposure of an archive would gain from hot pixel lists, from headers and masks."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from astropy.io.fits import VerifyError
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ExposureError, HotPixError
from jwst_hotpix.exposure.on_disk import ExposureFile, read_exposure
from jwst_hotpix.flag.targets import Neighbors, Policy, active_targets
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.pixellist import Onset, PixelList
from jwst_hotpix.masks.of_exposure import Masks, is_masked_in_product
from jwst_hotpix.tools.dates import iso

__all__ = ["Auditor", "Gain"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """
    What an exposure would gain from its list.

    Attributes
    ----------
    file : str
        The path as it was given.
    product, detector, readout : str
        As in `jwst_hotpix.exposure.description.Exposure`.
    epoch : float
        MJD (UTC) of the mid-time.
    list : str
        Name of the list, as headers give it.
    list_age_days : float, optional
        Days from the last dark of the list to the exposure, 0 if the dark is later; None where
        the list gives no date.
    expected_unlisted : float, optional
        Pixels of the whole detector expected to have turned hot since the last dark of the list;
        None where age or growth is unknown.
    active : int
        Pixels of the list that are hot at the mid-time and within the arrays of the product.
    already_masked : int, optional
        Those of them that the MASK or the DQ masks; None where neither is available.
    new : int
        The others, which the step would flag.
    mask : str, optional
        What masks them: the name of a MASK, ``"DQ"``, or the list itself where the step has
        flagged the file with it.
    done : bool
        The step has flagged the file with this very list, so there is nothing to gain.
    note : str
        A remark on the numbers, or empty.
    """

    file: str
    product: str
    detector: str
    readout: str
    epoch: float
    list: str
    list_age_days: float | None
    expected_unlisted: float | None
    active: int
    already_masked: int | None
    new: int
    mask: str | None
    done: bool
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes ready for JSON: the epoch as ``date``, ISO 8601 (UTC)."""
        row = asdict(self) | {"date": iso(self.epoch, "seconds")}
        del row["epoch"]
        for name, digits in (("list_age_days", 3), ("expected_unlisted", 1)):
            row[name] = None if row[name] is None else round(row[name], digits)
        return row


class _Masked(NamedTuple):
    """How many pixels are masked and by what, with a remark."""

    n: int | None
    by: str | None
    note: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Auditor:
    """
    Lists, masks and what counts as hot, for any number of exposures.

    Attributes
    ----------
    lists : Lists
        Where the lists of the exposures come from.
    masks : Masks
        Where their masks come from.
    threshold : float, optional
        Dark rate in DN/s above which a pixel is hot; by default that of the list.
    neighbors : Neighbors
        Which neighbors count; crosses are not supported.
    onset : Onset
        Which end of the onset interval to use.
    min_confidence : float
        Entries of lower confidence are ignored.
    allow_simulated : bool
        Use simulated lists and placeholders for real exposures.
    by_dq : bool
        Compare with the DQ of products that have one rather than with the MASK: it also holds
        saturated pixels, those that the DARK masks, and those flagged by hand.
    """

    lists: Lists
    masks: Masks
    threshold: float | None = None
    neighbors: Neighbors = Neighbors.THRESHOLD
    onset: Onset = Onset.EARLIEST
    min_confidence: float = 0.0
    allow_simulated: bool = False
    by_dq: bool = False

    def audit(self, path: str | os.PathLike[str]) -> Gain:
        """
        Determine what an exposure would gain.

        Parameters
        ----------
        path : path
            An uncal, ramp, rate, rateints or calibrated product, or a slit.

        Returns
        -------
        Gain
            Pixels that are hot, already masked, and new.

        Raises
        ------
        ExposureError, FrameMismatchError
            As `read_exposure`.
        MissingListError, FrameMismatchError
            As `Lists.choose`, and `Choice.require_measured` unless that is allowed.
        """
        try:
            return self._audit(path, read_exposure(path))
        except VerifyError as error:
            # Cards are parsed only when they are asked for.
            raise ExposureError("header", expected="whole", found=error, source=path) from None

    def _audit(self, path: str | os.PathLike[str], exposure: ExposureFile) -> Gain:
        choice = self.lists.choose(exposure)
        if not self.allow_simulated:
            choice.require_measured(exposure)
        y, x = self._active(choice.pixels, exposure)
        is_done = _is_done(exposure, choice.pixels)
        if is_done:
            masked = _Masked(y.size, choice.name, "flagged with this list already")
        else:
            masked = self._masked(exposure, y, x)
        origin = choice.pixels.provenance
        notes = [choice.misfit(exposure.readout), choice.doubt_about(exposure), masked.note]
        return Gain(
            file=os.fspath(path),
            product=exposure.product,
            detector=exposure.detector.name,
            readout=exposure.readout,
            epoch=exposure.epoch,
            list=choice.name,
            list_age_days=origin.age(exposure.epoch),
            expected_unlisted=origin.expected_unlisted(exposure.epoch),
            active=y.size,
            already_masked=masked.n,
            new=y.size - (masked.n or 0),
            mask=masked.by,
            done=is_done,
            note="; ".join(filter(None, notes)),
        )

    def _active(
        self, pixels: PixelList, exposure: ExposureFile
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Choose what is hot at the mid-time and in one of the windows; slits may overlap."""
        policy = Policy(
            threshold=self.threshold,
            neighbors=self.neighbors,
            onset=self.onset,
            min_confidence=self.min_confidence,
        )
        targets = active_targets(pixels, exposure.epoch, policy)
        shown = np.zeros(targets.y.shape, dtype=bool)
        for window in exposure.windows:
            shown |= window.locate(targets.y, targets.x)[2]
        return targets.y[shown], targets.x[shown]

    def _masked(self, exposure: ExposureFile, y: NDArray[np.intp], x: NDArray[np.intp]) -> _Masked:
        has_dq = exposure.product != "uncal"
        if self.by_dq and has_dq:
            return _masked_by_dq(exposure, y, x)
        try:
            mask = self.masks.of(exposure)
        except HotPixError as error:
            if has_dq:
                return _masked_by_dq(exposure, y, x)
            return _Masked(None, None, str(error))
        return _Masked(int(mask.has("DO_NOT_USE", y, x).sum()), mask.name)


def _masked_by_dq(exposure: ExposureFile, y: NDArray[np.intp], x: NDArray[np.intp]) -> _Masked:
    return _Masked(int(is_masked_in_product(exposure, y, x).sum()), "DQ")


def _is_done(exposure: ExposureFile, pixels: PixelList) -> bool:
    header = exposure.header
    if header.get("S_HOTPIX") != "COMPLETE":
        return False
    return str(header.get("HPXDIGST")) == pixels.digest()[:16]
