"""A detector with known hot pixels: the truth from which exposures are simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.crosses import DEFAULT_ALPHA, spread
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.published_growth import GROWTH
from jwst_hotpix.instrument.readouts import IRS2
from jwst_hotpix.simulate import population
from jwst_hotpix.simulate.hotpixels import HotPixels
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, Date, mjd

__all__ = ["World"]

# Birkmann et al. 2022 (arXiv:2208.12686): the median dark rate is below 0.01 e-/s.
_BASE_MEDIAN, _BASE_SIGMA = 0.008, 0.35


@dataclass(frozen=True, eq=False, kw_only=True)
class World(HotPixels):
    """
    One detector in one readout mode, with every pixel that ever turns hot.

    Attributes
    ----------
    detector : str
        ``"NRS1"`` or ``"NRS2"``.
    readout : str
        ``"TRAD"`` or ``"IRS2"``. The growth rates of the two modes in JWST-STScI-009188 cannot
        come from one population of pixels, so `draw` gives each mode its own; `read_as` shows one
        population in both modes.
    seed : int
        Seed of the quiet dark current and of the telegraph states.
    alpha : float
        Fraction of a pixel's signal that leaks into each of its four neighbors (IPC).
    y, x, rate, onset, recovery, telegraph, duty, dwell : ndarray, shape (n,)
        See `HotPixels`. The pixel itself shows ``(1 - 4 alpha) rate``.
    """

    detector: str
    readout: str
    alpha: float = DEFAULT_ALPHA

    @classmethod
    def quiet(cls, *, detector: str, readout: str, seed: int = 0) -> World:
        """
        Return a world without hot pixels.

        Parameters
        ----------
        detector : str
            ``"NRS1"`` or ``"NRS2"``.
        readout : str
            ``"TRAD"`` or ``"IRS2"``.
        seed : int
            Seed of the quiet dark current.

        Returns
        -------
        World
            With quiet dark current only.
        """
        return cls(detector=detector, readout=readout, seed=seed, **cls.no_columns())

    @classmethod
    def draw(  # noqa: PLR0913 (the knobs of a demo)
        cls,
        *,
        detector: str,
        readout: str,
        start: Date = "2022-07-01",
        months: float = 36,
        growth: Sequence[float] | None = None,
        stock: int = 2000,
        seed: int = 0,
        telegraph_share: float = 0.2,
        recovery_per_year: float = 0.05,
        cluster_share: float = 0.1,
    ) -> World:
        """
        Draw a world whose hot pixels grow as in Table 1 of JWST-STScI-009188, or as given.

        Parameters
        ----------
        detector : str
            ``"NRS1"`` or ``"NRS2"``.
        readout : str
            ``"TRAD"`` or ``"IRS2"``.
        start : str, astropy.time.Time or float
            Date, any `Date`, from which pixels turn hot.
        months : float
            For how many months pixels turn hot.
        growth : sequence of float, length 4, optional
            Births per month above 1, 3, 10 and 100 DN/s, before IPC; by default from Table 1.
        stock : int
            Number of pixels that were hot before ``start``.
        seed : int
            The same seed gives the same world.
        telegraph_share, cluster_share : float
            Fraction of telegraph pixels, and of pixels that turn hot next to another one.
        recovery_per_year : float
            Rate at which hot pixels recover, per year.

        Returns
        -------
        World
            With ``stock`` pixels and those born within ``months``.
        """
        columns: dict[str, Any] = population.draw_columns(
            # Worlds with the same seed must not have the same pixels.
            np.random.default_rng([seed, ord(detector[-1]), readout == IRS2]),
            detector=detector,
            growth=GROWTH[detector, readout] if growth is None else growth,
            span=(mjd(start), mjd(start) + months * DAYS_PER_MONTH),
            stock=stock,
            telegraph_share=telegraph_share,
            recovery_per_year=recovery_per_year,
            cluster_share=cluster_share,
        )
        return cls(detector=detector, readout=readout, seed=seed, **columns)

    def read_as(self, readout: str) -> World:
        """
        Return the same detector, with the same hot pixels, in another readout mode.

        Parameters
        ----------
        readout : str
            ``"TRAD"`` or ``"IRS2"``.

        Returns
        -------
        World
            Equal in everything except `readout`.
        """
        return replace(self, readout=readout)

    def base_rate(self) -> NDArray[np.float32]:
        """
        Return the dark rate without hot pixels.

        Returns
        -------
        ndarray of float32, shape (2048, 2048)
            DN/s, science frame; log-normal, and 0 for reference pixels.
        """
        chip = get_detector(self.detector)
        # A generator of its own: the base must not depend on the number of hot pixels.
        rng = np.random.default_rng([self.seed, ord(self.detector[-1])])
        quiet = rng.standard_normal(chip.shape, dtype=np.float32) * np.float32(_BASE_SIGMA)
        base: NDArray[np.float32] = np.exp(quiet) * np.float32(_BASE_MEDIAN)
        return np.where(chip.active_area(), base, np.float32(0))

    def dark_rate(self, epoch: Date, *, telegraph_high: bool = False) -> NDArray[np.float32]:
        """
        Return the dark rate of all pixels at an instant, IPC included.

        Parameters
        ----------
        epoch : str, astropy.time.Time or float
            Date: ISO 8601 (UTC), a time, or MJD (UTC).
        telegraph_high : bool
            Count telegraph pixels as high, as in `center_rate`.

        Returns
        -------
        ndarray of float32, shape (2048, 2048)
            DN/s, science frame.
        """
        image = self.base_rate()
        image[self.y, self.x] += self.center_rate(mjd(epoch), telegraph_high=telegraph_high)
        return spread(image, self.alpha).astype(np.float32, copy=False)

    def mask_image(self, epoch: Date, threshold: float = 1.0) -> NDArray[np.bool_]:
        """
        Return the pixels that a mask flags as hot if made from darks up to an instant.

        Parameters
        ----------
        epoch : str, astropy.time.Time or float
            Date of the last dark: ISO 8601 (UTC), a time, or MJD (UTC).
        threshold : float
            DN/s above which centers and neighbors alike are flagged, as in STScI's masks;
            telegraph pixels are in their high state.

        Returns
        -------
        ndarray of bool, shape (2048, 2048)
            True where flagged; science frame.
        """
        return self.dark_rate(epoch, telegraph_high=True) > threshold
