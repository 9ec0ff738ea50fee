"""What many darks saw of one detector: the object between the ledger and the history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.frames import Window

__all__ = ["Sightings"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Sightings:
    """
    The pixels that darks of one detector saw above the floor, sparse, sorted by pixel and epoch.

    A pixel without a row in a dark was seen below that dark's floor there, unless it is among the
    unseen ones or outside the dark's window: then the dark holds no information about it.

    Attributes
    ----------
    detector : Detector
        The detector that all darks are of.
    epoch : ndarray of float64, shape (m,)
        MJD (UTC) of each dark, sorted.
    readout : tuple of str, length m
        ``"IRS2"`` or ``"TRAD"`` of each dark.
    kind : tuple of str, length m
        ``"reference"`` (a CRDS DARK, which many darks went into) or ``"dark"`` (one exposure);
        ``"single"``, ``"stared"`` or ``"dithered"`` for looks of science exposures.
    window : tuple of Window, length m
        What each dark shows of the detector.
    floor : ndarray of float32, shape (m,)
        Dark rate in DN/s below which pixels have no row.
    pixel : ndarray of int32, shape (n,)
        ``y * columns + x``, full frame, science frame, zero-based; the first sort key.
    dark : ndarray of int32, shape (n,)
        Index of the dark; the second sort key. No pair (pixel, dark) twice.
    rate, error : ndarray of float32, shape (n,)
        DN/s. ``inf`` for a pixel that saturated before its rate could be measured.
    unseen_pixel, unseen_dark : ndarray of int32, shape (k,)
        Pixels that a dark could not see although they are in its window; sorted likewise.
    digest : str
        sha256 of the records that went in.
    span : ndarray of float64, shape (m, 2), optional
        MJD (UTC) of the start and end of each look. Darks are instants: None where all are darks.
    unseen_above : ndarray of float32, shape (k,), optional
        DN/s above which an unseen pixel would have been seen after all; infinite where nothing is
        known of it. None where it is infinite everywhere.
    alone : ndarray of int, shape (m,), optional
        Hot pixels of each look that have no row here, since no other look or dark saw them hot.
    light : tuple of str, length m, optional
        What a stared look looked at: two of the same light do not confirm each other. Empty for all
        others.
    n_exposures : int, optional
        Exposures that went in, where looks were made of several.
    seconds : ndarray of float64, shape (m,), optional
        Exposure time of each dark; NaN where its record does not give it. None where none does.
    pedigree : str, optional
        Where the darks come from, as CRDS has it: ``"INFLIGHT 2022-07-01 2024-07-01"``,
        ``"GROUND"``, ``"SIMULATION"``, ... None where only the dates are known.
    """

    detector: Detector
    epoch: NDArray[np.float64]
    readout: tuple[str, ...]
    kind: tuple[str, ...]
    window: tuple[Window, ...]
    floor: NDArray[np.float32]
    pixel: NDArray[np.int32]
    dark: NDArray[np.int32]
    rate: NDArray[np.float32]
    error: NDArray[np.float32]
    unseen_pixel: NDArray[np.int32]
    unseen_dark: NDArray[np.int32]
    digest: str
    span: NDArray[np.float64] | None = None
    unseen_above: NDArray[np.float32] | None = None
    alone: NDArray[np.intp] | None = None
    light: tuple[str, ...] | None = None
    n_exposures: int | None = None
    seconds: NDArray[np.float64] | None = None
    pedigree: str | None = None

    @property
    def start(self) -> NDArray[np.float64]:
        """MJD (UTC) of the start of each look; of a dark its epoch."""
        return self.epoch if self.span is None else self.span[:, 0]

    @property
    def end(self) -> NDArray[np.float64]:
        """MJD (UTC) of the end of each look; of a dark its epoch."""
        return self.epoch if self.span is None else self.span[:, 1]
