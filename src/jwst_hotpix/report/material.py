"""What the page is made of, read once from the ledger and the MASKs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.ledger.holdings import Holdings
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.trending.gathered import Gathered

__all__ = ["Asked", "Material"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """
    What the page is asked to show.

    Attributes
    ----------
    detector : str or None
        Name of one detector; None for all.
    masks : sequence of pathlib.Path
        MASK references of any detectors, readout modes and dates; by default the one that CRDS
        selects.
    threshold : float or None
        Dark rate in DN/s above which a pixel is hot; None for that of the detector.
    since : float or None
        MJD (UTC) from which on looks are shown and growth is fitted.
    as_of : float or None
        MJD (UTC) of the page: only evidence known by then is used.
    ta_flat : float or None
        MJD (UTC) of the darks behind the TA flat; None for the date of the newest MASK.
    command : str
        The command that makes this page.
    """

    detector: str | None = None
    masks: Sequence[Path] = ()
    threshold: float | None = None
    since: float | None = None
    as_of: float | None = None
    ta_flat: float | None = None
    command: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """
    What the page is made of.

    Attributes
    ----------
    folder : str
        The ledger, as the user named it.
    asked : Asked
        What the page is asked to show.
    at : float or None
        MJD (UTC) of the page: the date asked for, else that of the last look; None where there is
        neither.
    modes : tuple of Mode
        One per detector and readout mode with evidence, by detector; none of an empty ledger.
    growth : Gathered
        Trends, as ``hotpix trend`` reports them.
    holdings : Holdings or None
        What the ledger holds, as ``hotpix show`` reports it; None if nothing.
    problems : tuple of str
        Damaged records and what else could not be used, one sentence each.
    """

    folder: str
    asked: Asked = field(default_factory=Asked)
    at: float | None = None
    modes: tuple[Mode, ...] = ()
    growth: Gathered = field(default_factory=Gathered)
    holdings: Holdings | None = None
    problems: tuple[str, ...] = ()

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """The detectors with evidence, each once."""
        return tuple(dict.fromkeys(mode.detector for mode in self.modes))

    @property
    def since(self) -> float | None:
        """MJD (UTC) from which on looks are shown; None for all."""
        return self.asked.since

    @property
    def is_simulated(self) -> bool:
        """Whether any of the evidence is simulated."""
        return not all(_is_measured(mode.pixels) for mode in self.modes)


def _is_measured(pixels: PixelList) -> bool:
    return pixels.provenance.is_measured
