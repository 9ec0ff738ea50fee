"""What a list adds to a MASK: the file that bridges the time until the next delivery."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jwst_hotpix.flagging import DO_NOT_USE
from jwst_hotpix.pixellist import PixelList
from jwst_hotpix.reference.io import Header
from jwst_hotpix.reference.mask import Mask

__all__ = ["supplement", "supplement_header"]


def supplement(pixels: PixelList, mask: Mask) -> PixelList:
    """
    Take away what a mask flags already.

    Parameters
    ----------
    pixels : PixelList
    mask : Mask

    Returns
    -------
    PixelList
        The entries whose pixel has no DO_NOT_USE in the mask, naming the mask; a list like any.

    Raises
    ------
    FrameMismatchError
        When the mask is another detector's.
    """
    pixels.require(mask.detector.name)
    flagged = (mask.dq & DO_NOT_USE) != 0
    new = ~flagged[pixels.y.astype(np.intp), pixels.x.astype(np.intp)]
    origin = replace(pixels.provenance, mask=mask.name, mask_useafter=mask.useafter)
    return pixels.select(new, provenance=origin)


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
