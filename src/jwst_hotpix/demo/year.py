"""A simulated year of darks put through the monitor, compared with the masks of that year."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, mjd

__all__ = ["DELIVERIES", "Deliveries", "Unmasked", "list_as_of", "observe", "unmasked"]

START, END = "2023-03-01", "2024-03-04"

# Campaigns of darks every 3 to 4 months; the MASK and DARK of each are delivered a month later.
_CAMPAIGNS = ("2023-03-02", "2023-06-25", "2023-10-16", "2024-02-05")
_PER_CAMPAIGN, _LATENCY = 6, DAYS_PER_MONTH
_BETWEEN = 14.0  # days from one single dark to the next
# Days from a dark in one readout mode to that in the other: an exposure of 1000 s and overheads.
_APART = 0.03
_EXPOSURES_EVERY = 14.0
# Darks of each readout mode to keep.
_KEPT = 6


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """
    When masks are made and when they are delivered.

    Attributes
    ----------
    known : tuple of float
        MJD (UTC) of the darks that each mask is made from.
    latency : float
        Time until its delivery, in days.
    """

    known: tuple[float, ...]
    latency: float = _LATENCY

    def in_use(self, epoch: float) -> float:
        """
        Return the darks behind the mask in use; the first one is assumed to be in use before.

        Parameters
        ----------
        epoch : float
            MJD (UTC) of the exposure.

        Returns
        -------
        float
            MJD (UTC) of the mask's darks.
        """
        arrived = [known for known in self.known if known + self.latency <= epoch]
        return max(arrived, default=self.known[0])


DELIVERIES = Deliveries(known=tuple(mjd(day) for day in _CAMPAIGNS))


@dataclass(frozen=True, eq=False, kw_only=True)
class Unmasked:
    """
    Numbers of unmasked hot pixels in exposures of a year.

    Attributes
    ----------
    epoch : ndarray of float, shape (m,)
        MJD (UTC) of the exposures.
    official : ndarray of int, shape (m,)
        With the mask in use only.
    causal : ndarray of int, shape (m,)
        With the mask and the list as of the exposure.
    full : ndarray of int, shape (m,)
        With the mask and the list of the end of the year, as in later reprocessing.
    """

    epoch: NDArray[np.float64]
    official: NDArray[np.int_]
    causal: NDArray[np.int_]
    full: NDArray[np.int_]

    def totals(self) -> dict[str, int]:
        """Return the sums over all exposures: official, causal, full."""
        return {name: int(getattr(self, name).sum()) for name in ("official", "causal", "full")}


def dark_epochs() -> NDArray[np.float64]:
    """Return the epochs of the darks, MJD (UTC), sorted."""
    start, end = mjd(START), mjd(END)
    campaigns = [mjd(day) + np.arange(_PER_CAMPAIGN) / 4 for day in _CAMPAIGNS]
    epochs = np.sort(np.concatenate([*campaigns, np.arange(start, end, _BETWEEN)]))
    return epochs[epochs < end]


def observe(
    folder: Path, worlds: Mapping[str, World], until: float, announce: Callable[[str], None]
) -> Ledger:
    """
    Simulate the darks of the year and ingest them.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write the ledger, and in ``practice/darks`` the last darks of both readout modes.
    worlds : mapping of str to World
        The detector, by readout mode.
    until : float
        MJD (UTC) of the last dark.
    announce : callable
        Called with the progress.

    Returns
    -------
    Ledger
        The ledger of these darks.
    """
    ledger, epochs = Ledger(folder / "ledger"), dark_epochs()
    epochs = epochs[epochs <= until]
    kept = folder / "practice" / "darks"
    kept.mkdir(parents=True)
    for number, epoch in enumerate(epochs, start=1):
        announce(f"dark {number} of {epochs.size} in both readout modes, into the ledger")
        for order, world in enumerate(worlds.values()):
            name = (
                f"jw09998{number:03d}001_02101_{order + 1:05d}_{world.detector}_rate.fits".lower()
            )
            path = folder / name
            start, seed = epoch + order * _APART, number + order * epochs.size
            ingest_file(ledger, write_dark_rate(path, world, start=start, seed=seed))
            if number > epochs.size - _KEPT:
                _pack(path, kept / f"{name}.gz")
            # A hundred full frames would fill a small disk.
            path.unlink()
    return ledger


def _pack(path: Path, packed: Path) -> None:
    # At its fastest, gzip takes a second, and noise does not get smaller by trying harder.
    with path.open("rb") as plain, gzip.open(packed, "wb", compresslevel=1) as file:
        shutil.copyfileobj(plain, file, 1 << 20)


def list_as_of(ledger: Ledger, world: World, epoch: float) -> PixelList:
    """
    Build the list from the darks before an epoch.

    Parameters
    ----------
    ledger : Ledger
        The darks.
    world : World
        Sets detector and readout mode.
    epoch : float
        MJD (UTC).

    Returns
    -------
    PixelList
        The list as of the epoch.
    """
    sightings = ledger.sightings(world.detector, world.readout, as_of=epoch)
    return build_list(sightings, readout=world.readout, as_of=epoch, pedigree="SIMULATION")


def unmasked(ledger: Ledger, world: World, full: PixelList) -> Unmasked:
    """
    Count the unmasked hot pixels in exposures of the year.

    Parameters
    ----------
    ledger : Ledger
        The darks.
    world : World
        The truth.
    full : PixelList
        The list of the end of the year.

    Returns
    -------
    Unmasked
        Counts for an exposure every two weeks.
    """
    epochs = np.arange(mjd(START) + _EXPOSURES_EVERY / 2, mjd(END), _EXPOSURES_EVERY)
    rows = []
    for epoch in epochs:
        left = world.mask_image(epoch) & ~world.mask_image(DELIVERIES.in_use(epoch))
        counts = [left.sum()]
        for pixels in (list_as_of(ledger, world, epoch), full):
            active = pixels.active(epoch)
            kept = left.copy()
            kept[pixels.y[active], pixels.x[active]] = False
            counts.append(kept.sum())
        rows.append(counts)
    official, causal, complete = np.array(rows, dtype=int).T
    return Unmasked(epoch=epochs, official=official, causal=causal, full=complete)
