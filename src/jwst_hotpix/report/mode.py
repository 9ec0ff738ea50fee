"""One detector in one readout mode: what was seen of it, its list, and its MASKs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.chances import Chances
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.masks.delivery_score import Reconciliation
from jwst_hotpix.masks.reference_mask import Mask

__all__ = ["Delivery", "Mode"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Delivery:
    """
    A MASK of one detector and readout mode, and the score of a list against it.

    Attributes
    ----------
    mask : Mask
        The reference; ``mask.dq`` has standard bits in the full science frame.
    since : float
        MJD (UTC) from which it applies: its USEAFTER.
    score : Reconciliation or None
        The list of that date compared with what the MASK adds to the one before it; None for the
        first one, and where the ledger knows nothing of that time.
    """

    mask: Mask
    since: float
    score: Reconciliation | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Mode:
    """
    One detector in one readout mode.

    Attributes
    ----------
    sightings : Sightings
        Darks, references and looks of science exposures, in order of time.
    pixels : PixelList
        The list that ``hotpix build --readout`` makes of them.
    chances : Chances
        The probabilities that its intervals were cut from.
    at : float
        MJD (UTC) of the page.
    deliveries : tuple of Delivery
        MASKs in order of time, of the user or of CRDS; none where neither has any.
    no_mask : str
        Why there are none.
    """

    sightings: Sightings
    pixels: PixelList
    chances: Chances
    at: float
    deliveries: tuple[Delivery, ...] = ()
    no_mask: str = ""

    @property
    def detector(self) -> Detector:
        """The detector."""
        return self.sightings.detector

    @property
    def readout(self) -> str:
        """``"IRS2"`` or ``"TRAD"``."""
        return self.pixels.readout

    @property
    def name(self) -> str:
        """Detector and readout mode, e.g. ``"NRS1 IRS2"``."""
        return f"{self.detector.name} {self.readout}"

    @property
    def key(self) -> str:
        """The same for names in HTML and JavaScript, e.g. ``"nrs1-irs2"``."""
        return self.name.lower().replace(" ", "-")

    @property
    def last(self) -> float:
        """MJD (UTC) of the end of the last look, to which "today" refers."""
        return float(self.sightings.end.max())

    @property
    def listed(self) -> NDArray[np.int32]:
        """Pixels of the list, ``y * columns + x``, zero-based; sorted, each once."""
        pixels = self.pixels
        return np.unique(flat(pixels.y, pixels.x, self.detector.shape)).astype(np.int32)

    @property
    def active(self) -> NDArray[np.bool_]:
        """Which entries of the list are hot at the last look, shape (n,)."""
        return self.pixels.active(self.last)

    @property
    def newest(self) -> Delivery | None:
        """The MASK in use at the date of the page, if one is known."""
        in_use = [one for one in self.deliveries if one.since <= self.at]
        return in_use[-1] if in_use else None
