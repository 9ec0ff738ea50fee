"""A simulated year of darks through the monitor, against the masks of the same year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, iso, mjd

__all__ = ["DELIVERIES", "Deliveries", "Unmasked", "describe", "list_as_of", "observe", "unmasked"]

START, END = "2023-03-01", "2024-03-04"

# Campaigns of darks every 3 to 4 months; each makes a MASK and DARK that arrive a month later.
_CAMPAIGNS = ("2023-03-02", "2023-06-25", "2023-10-16", "2024-02-05")
_PER_CAMPAIGN, _LATENCY = 6, DAYS_PER_MONTH
_BETWEEN = 14.0  # days from one lone dark to the next
_EXPOSURES_EVERY = 14.0


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """
    When masks are made and when they arrive.

    Attributes
    ----------
    known : tuple of float
        MJD (UTC) of the darks that each mask is made from.
    latency : float
        Days until it is delivered.
    """

    known: tuple[float, ...]
    latency: float = _LATENCY

    def in_use(self, epoch: float) -> float:
        """
        Return what the mask in use knows; the first one is taken to be there from the start.

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
    Hot pixels that exposures of a year keep.

    Attributes
    ----------
    epoch : ndarray of float, shape (m,)
        MJD (UTC) of the exposures.
    official : ndarray of int, shape (m,)
        With the mask in use.
    causal : ndarray of int, shape (m,)
        With the list as of the exposure too.
    full : ndarray of int, shape (m,)
        With the list of the end of the year too, as in a later reprocessing.
    """

    epoch: NDArray[np.float64]
    official: NDArray[np.int_]
    causal: NDArray[np.int_]
    full: NDArray[np.int_]

    def totals(self) -> dict[str, int]:
        """Return the pixel-exposures of the year: official, causal, full."""
        return {name: int(getattr(self, name).sum()) for name in ("official", "causal", "full")}


def dark_epochs() -> NDArray[np.float64]:
    """Return when darks are taken, MJD (UTC), sorted."""
    start, end = mjd(START), mjd(END)
    campaigns = [mjd(day) + np.arange(_PER_CAMPAIGN) / 4 for day in _CAMPAIGNS]
    epochs = np.sort(np.concatenate([*campaigns, np.arange(start, end, _BETWEEN)]))
    return epochs[epochs < end]


def observe(
    folder: Path, worlds: Mapping[str, World], until: float, tell: Callable[[str], None]
) -> Ledger:
    """
    Take the darks of the year and ingest them.

    Parameters
    ----------
    folder : pathlib.Path
        Gets the ledger, and the last dark of each readout as an example.
    worlds : mapping of str to World
        By readout mode.
    until : float
        MJD (UTC) of the last dark.
    tell : callable
        Is told how far it is.

    Returns
    -------
    Ledger
    """
    ledger, epochs = Ledger(folder / "ledger"), dark_epochs()
    epochs = epochs[epochs <= until]
    (folder / "darks").mkdir(exist_ok=True)
    for number, epoch in enumerate(epochs, start=1):
        tell(f"dark {number} of {epochs.size} in both readouts, into the ledger")
        for readout, world in worlds.items():
            name = f"jw09998001001_02101_00001_{world.detector}_{readout}_rate.fits".lower()
            # One file a readout, written anew: sixty full frames would fill a small disk.
            path = folder / "darks" / name
            ledger.ingest(write_dark_rate(path, world, start=epoch, seed=number))
    return ledger


def list_as_of(ledger: Ledger, world: World, epoch: float) -> PixelList:
    """
    Build the list that is known at an epoch.

    Parameters
    ----------
    ledger : Ledger
    world : World
        Gives detector and readout.
    epoch : float
        MJD (UTC).

    Returns
    -------
    PixelList
    """
    sightings = ledger.sightings(world.detector, world.readout, as_of=epoch)
    return build_list(sightings, readout=world.readout, as_of=epoch, pedigree="SIMULATION")


def unmasked(ledger: Ledger, world: World, full: PixelList) -> Unmasked:
    """
    Count the hot pixels that exposures of the year keep.

    Parameters
    ----------
    ledger : Ledger
    world : World
        The truth.
    full : PixelList
        The list of the end of the year.

    Returns
    -------
    Unmasked
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


def describe(year: Unmasked) -> str:
    """Say in one line what the year came to."""
    total = year.totals()
    return (
        f"{iso(year.epoch[0])[:10]} to {iso(year.epoch[-1])[:10]}: {total['official']} unmasked "
        f"pixel-exposures with the masks in use, {total['causal']} with the list of the day, "
        f"{total['full']} reprocessed"
    )
