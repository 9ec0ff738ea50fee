"""Where one detector in one readout mode stands: how many pixels are hot, new, and unmasked."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Self

import numpy as np

from jwst_hotpix.hotlist.births import Births, Recoveries, count_births, count_recoveries
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.masks.make_supplement import supplement
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.tools.dates import DAYS_PER_MONTH

__all__ = ["Expected", "Standing"]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """
    How many unmasked hot pixels to expect.

    Attributes
    ----------
    months : float
        Months from the date of the page.
    number : float
        Expected number of pixels, neighbors above the threshold included.
    error : float
        Standard error of the prediction: that of the birth rate, and the Poisson scatter of births.
    """

    months: float
    number: float
    error: float


@dataclass(frozen=True, kw_only=True)
class Standing:
    """
    Hot pixels of one detector in one readout mode, at its last look.

    Attributes
    ----------
    n_hot : int
        Pixels above the threshold, those lit by a neighbor included.
    n_centers : int
        Those that are hot themselves, inferred centers of rings included.
    n_unmasked : int or None
        Those of ``n_hot`` that the MASK does not flag DO_NOT_USE; None without a MASK.
    n_new : int or None
        Centers first seen hot after the USEAFTER of the MASK.
    mask_age, look_age : float or None
        Days from the USEAFTER of the MASK, and from the last look, to the date of the page.
    births : Births or None
        Per month, over all evidence; None where that is too short.
    recoveries : Recoveries or None
        Likewise.
    """

    n_hot: int
    n_centers: int
    n_unmasked: int | None
    n_new: int | None
    mask_age: float | None
    look_age: float
    births: Births | None
    recoveries: Recoveries | None

    @classmethod
    def of(cls, mode: Mode) -> Self:
        """
        Count.

        Parameters
        ----------
        mode : Mode
            List and MASKs.

        Returns
        -------
        Standing
        """
        hot = mode.pixels.select(mode.active)
        center, newest = hot.role != Role.NEIGHBOR, mode.newest
        return cls(
            n_hot=len(hot),
            n_centers=int(center.sum()),
            n_unmasked=None if newest is None else len(supplement(hot, newest.mask)),
            n_new=None
            if newest is None
            else int(np.sum(center & (hot.onset_latest > newest.since))),
            mask_age=None if newest is None else mode.at - newest.since,
            look_age=max(0.0, mode.at - mode.last),
            births=count_births(mode.pixels),
            recoveries=count_recoveries(mode.pixels),
        )

    def unmasked_after(self, months: float) -> Expected | None:
        """
        Return how many unmasked hot pixels to expect if no MASK is delivered.

        Parameters
        ----------
        months : float
            Months from the date of the page.

        Returns
        -------
        Expected or None
            None where MASK or births are not known.
        """
        if self.n_unmasked is None or self.births is None:
            return None
        # Those since the last look have not been seen yet.
        born = self.births.per_month * (months + self.look_age / DAYS_PER_MONTH)
        error = self.births.error * (months + self.look_age / DAYS_PER_MONTH)
        return Expected(months=months, number=self.n_unmasked + born, error=sqrt(error**2 + born))
