"""What a list adds to a MASK and a DARK: the file that bridges the time to the next delivery."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.hotlist.asdf_file import Header
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import POOLED
from jwst_hotpix.masks.reference_mask import Mask

__all__ = ["supplement", "supplement_header"]


def supplement(pixels: PixelList, mask: Mask, dark: Mask | None = None) -> PixelList:
    """
    Take away what a MASK, and a DARK, flag already.

    Parameters
    ----------
    pixels : PixelList
    mask : Mask
    dark : Mask, optional
        The DQ of a DARK.

    Returns
    -------
    PixelList
        The entries whose pixel has DO_NOT_USE in neither, naming both; a list like any.

    Raises
    ------
    FrameMismatchError
        When a reference is of another detector or readout mode.
    """
    masked = np.zeros(len(pixels), dtype=bool)
    for reference in (mask, dark):
        if reference is not None:
            pixels.require(reference.window.detector.name)
            _require_readout(pixels, reference)
            masked |= reference.has("DO_NOT_USE", pixels.y, pixels.x)
    origin = replace(
        pixels.provenance,
        mask=mask.name,
        mask_useafter=mask.useafter,
        dark=dark.name if dark else None,
        dark_useafter=dark.useafter if dark else None,
    )
    return pixels.select(~masked, provenance=origin)


def supplement_header(mask: Mask) -> Header:
    """
    Describe a supplement, valid from the USEAFTER of its mask.

    Parameters
    ----------
    mask : Mask

    Returns
    -------
    Header
    """
    return Header(
        useafter=mask.useafter,
        description=f"Hot pixels that {mask.name} does not flag",
        history=(f"The hot pixels of an interim list that {mask.name} does not flag.",),
    )


def _require_readout(pixels: PixelList, reference: Mask) -> None:
    if pixels.readout not in (reference.readout, POOLED):
        raise FrameMismatchError(
            "readout", expected=pixels.readout, found=reference.readout, source=reference.name
        )
