"""The MASK that is in use at a date, whatever the exposure."""

from __future__ import annotations

from typing import Any

from jwst_hotpix.exceptions import MissingMaskError
from jwst_hotpix.exposure.description import Exposure
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.readouts import IRS2
from jwst_hotpix.masks.of_exposure import Masks
from jwst_hotpix.masks.reference_mask import Mask
from jwst_hotpix.tools.dates import iso

__all__ = ["mask_in_use"]


def mask_in_use(detector: Detector, readout: str, epoch: float) -> Mask:
    """
    Find the MASK that the CRDS context in use selects for the full frame.

    Parameters
    ----------
    detector : Detector
        The detector.
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    epoch : float
        MJD (UTC).

    Returns
    -------
    Mask

    Raises
    ------
    HotPixError
        When there is no CRDS cache, or no such MASK in it.
    """
    mask = Masks().of(_usual_exposure(detector, readout, epoch))
    if mask.readout != readout:
        sentence = (
            f"the MASK that CRDS selects for {readout}, {mask.name}, is one for {mask.readout}"
        )
        raise MissingMaskError("MASK", expected=readout, found=mask.readout, sentence=sentence)
    return mask


def _usual_exposure(detector: Detector, readout: str, epoch: float) -> Exposure:
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
    return Exposure(
        name=f"{detector.name} {readout}",
        product="uncal",
        detector=detector,
        readout=readout,
        epoch=epoch,
        header=header,
    )
