"""What a list adds to a MASK and a DARK, to bridge the time to the next delivery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from jwst_hotpix.hotlist.asdf_file import Header
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.masks.reference_mask import Mask
from jwst_hotpix.masks.same_readout import require_same

__all__ = ["supplement", "supplement_header"]


def supplement(pixels: PixelList, mask: Mask, dark: Mask | None = None) -> PixelList:
    """
    Remove the entries that a MASK or a DARK already flags.

    Parameters
    ----------
    pixels : PixelList
        The list.
    mask : Mask
        The MASK to supplement.
    dark : Mask, optional
        The DQ of the DARK in use with it.

    Returns
    -------
    PixelList
        The entries whose pixel is DO_NOT_USE in neither. Its provenance names both references.

    Raises
    ------
    FrameMismatchError
        When a reference belongs to another detector or readout mode.
    """
    masked = np.zeros(len(pixels), dtype=bool)
    for reference in (mask, dark):
        if reference is not None:
            detector = reference.window.detector.name
            require_same(pixels, detector, reference.readout, reference.source)
            masked |= reference.has("DO_NOT_USE", pixels.y, pixels.x)
    origin = replace(pixels.provenance, **_supplemented(mask, dark))
    return pixels.select(~masked, provenance=origin)


def _supplemented(mask: Mask, dark: Mask | None) -> dict[str, Any]:
    return {
        "mask": mask.name,
        "mask_useafter": mask.useafter,
        "dark": dark.name if dark else None,
        "dark_useafter": dark.useafter if dark else None,
    }


def supplement_header(mask: Mask) -> Header:
    """
    Return the header of a supplement, valid from the USEAFTER of its mask.

    Parameters
    ----------
    mask : Mask
        The MASK it supplements.

    Returns
    -------
    Header
        USEAFTER, description and history.
    """
    return Header(
        useafter=mask.useafter,
        description=f"Hot pixels that {mask.name} does not flag",
        history=(f"The hot pixels of an interim list that {mask.name} does not flag.",),
    )
