"""The MASKs that lists are compared with: those that were given, or the one that CRDS selects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jwst_hotpix.exceptions import ListFormatError, MissingMaskError, naming
from jwst_hotpix.exposure.description import Exposure
from jwst_hotpix.exposure.when import epoch_of_useafter
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.readouts import IRS2
from jwst_hotpix.masks.of_exposure import Masks
from jwst_hotpix.masks.reference_mask import Mask, read_mask
from jwst_hotpix.report.mode import Delivery
from jwst_hotpix.tools.dates import iso

__all__ = ["mask_of_crds", "read_deliveries"]


def read_deliveries(paths: Sequence[Path]) -> dict[tuple[str, str], list[Delivery]]:
    """
    Read MASKs.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        MASK references, in any order.

    Returns
    -------
    dict of (str, str) to list of Delivery
        By detector and readout mode, each in order of time, without scores.

    Raises
    ------
    ListFormatError, FrameMismatchError
        As `read_mask`; for a MASK without USEAFTER, or of a subarray.
    """
    found: dict[tuple[str, str], list[Delivery]] = {}
    for path in paths:
        mask = read_mask(path)
        detector = mask.window.detector
        if not mask.window.is_whole:
            raise ListFormatError(
                "MASK", expected="one of the full frame", found=mask.window.shape, source=path,
                sentence="this is the MASK of a subarray; the page needs that of the full frame",
            )  # fmt: skip
        found.setdefault((detector.name, mask.readout), []).append(_dated(mask))
    return {place: sorted(some, key=lambda one: one.since) for place, some in found.items()}


def mask_of_crds(detector: Detector, readout: str, epoch: float) -> Delivery:
    """
    Find the MASK that the CRDS context in use selects.

    Parameters
    ----------
    detector : Detector
        The detector.
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    epoch : float
        MJD (UTC) of an exposure of the full frame.

    Returns
    -------
    Delivery
        Without a score.

    Raises
    ------
    HotPixError
        When there is no CRDS cache, or no such MASK in it.
    """
    rows, columns = detector.shape
    day, _, time = iso(epoch, "seconds").partition("T")
    header: dict[str, Any] = {
        "INSTRUME": detector.instrument,
        "DETECTOR": detector.name,
        "EXP_TYPE": "NRS_MSASPEC",
        "READPATT": "NRSIRS2RAPID" if readout == IRS2 else "NRSRAPID",
        "SUBARRAY": "FULL",
        "SUBSTRT1": 1,
        "SUBSTRT2": 1,
        "SUBSIZE1": columns,
        "SUBSIZE2": rows,
        "DATE-OBS": day,
        "TIME-OBS": time,
    }
    exposure = Exposure(
        name=f"{detector.name} {readout}",
        product="uncal",
        detector=detector,
        readout=readout,
        epoch=epoch,
        header=header,
    )
    mask = Masks().of(exposure)
    if mask.readout != readout:
        sentence = (
            f"the MASK that CRDS selects for {readout}, {mask.name}, is one for {mask.readout}"
        )
        raise MissingMaskError("MASK", expected=readout, found=mask.readout, sentence=sentence)
    return _dated(mask)


def _dated(mask: Mask) -> Delivery:
    with naming(mask.source):
        return Delivery(mask=mask, since=epoch_of_useafter(mask.useafter, ListFormatError))
