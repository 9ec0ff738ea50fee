"""Build a list from a ledger in one call, for Python."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.tools.dates import Date

__all__ = ["build"]


def build(
    ledger: Ledger | str | os.PathLike[str],
    detector: str,
    readout: str = POOLED,
    *,
    threshold: float | None = None,
    as_of: Date | None = None,
    mask: NDArray[np.generic] | None = None,
) -> PixelList:
    """
    Make a list of all hot pixels from a ledger, as ``hotpix build`` does.

    Parameters
    ----------
    ledger : Ledger or path
        The ledger, or its folder.
    detector : str
        Name of the detector, e.g. ``"NRS1"``.
    readout : str
        ``"irs2"``, ``"trad"`` or ``"pooled"``, in either case.
    threshold : float, optional
        Dark rate in DN/s above which a pixel is hot; the detector's own by default.
    as_of : str, astropy.time.Time or float, optional
        Date: ISO 8601 (UTC), a time, or MJD (UTC). Only evidence known by then is used.
    mask : ndarray of bool or int, shape (2048, 2048), optional
        Hot pixels of the active mask, science frame: its centers explain hot neighbors whose center
        no dark can see.

    Returns
    -------
    PixelList
        Centers, neighbors and rings.

    Raises
    ------
    LedgerError
        When nothing is left; as `Ledger.records`.
    ListFormatError, FrameMismatchError
        As `build_list`.
    """
    store = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
    mode = readout.upper()
    sightings = store.sightings(detector, mode, as_of=as_of)
    return build_list(sightings, threshold=threshold, readout=mode, mask=mask, as_of=as_of)
