"""Files that other pipelines read: hot pixel maps of exoTEDRF, bad pixel lists of msaexp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml

from jwst_hotpix.flag.bits import HOT
from jwst_hotpix.flag.targets import Targets
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window, flat
from jwst_hotpix.masks.reference_mask import Mask
from jwst_hotpix.tools.atomic import atomic_path

__all__ = ["export_msaexp", "export_npy"]

# msaexp's own bits (msaexp/data/msaexp_badpix_nrs1.yaml, version 0.9.19).
_MSAEXP_HOT = 8


def export_npy(targets: Targets, window: Window, mask: Mask, path: Path) -> int:
    """
    Write a boolean map for the ``hot_pixel_map`` of exoTEDRF (version 2.5).

    exoTEDRF adds 2048 to the DQ of the pixels in the map, whether or not HOT is set: of a pixel
    that the mask calls HOT already this makes WARM. So these are not in the map.

    Parameters
    ----------
    targets : Targets
        Pixels to flag, full frame.
    window : Window
        Frame of the exposures that the map is meant for; raw rows for IRS2.
    mask : Mask
        The MASK that dq_init uses for them.
    path : pathlib.Path
        Where to write (.npy).

    Returns
    -------
    int
        Number of pixels that are True.
    """
    image = np.zeros(window.array_shape, dtype=bool)
    row, column, inside = window.locate(targets.y, targets.x)
    new = (mask.dq[targets.y, targets.x] & HOT)[inside] == 0
    image[window.array_rows(row)[new], column[new]] = True
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.save(file, image)
    return int(image.sum())


def export_msaexp(pixels: PixelList, targets: Targets, path: Path) -> int:
    """
    Write a bad pixel list as msaexp keeps them.

    Parameters
    ----------
    pixels : PixelList
        The list that the targets come from.
    targets : Targets
        Pixels to flag, full frame; all are written as HOT.
    path : pathlib.Path
        Where to write (.yaml).

    Returns
    -------
    int
        Number of pixels.
    """
    shape = get_detector(pixels.detector).shape
    index = np.unique(flat(targets.y, targets.x, shape))
    content = {
        "detector": pixels.detector,
        "flags": {"HOT": _MSAEXP_HOT},
        "pixel_index": index.tolist(),
        "pixel_value": [_MSAEXP_HOT] * index.size,
        "shape": list(shape),
    }
    with atomic_path(path) as temporary:
        temporary.write_text(yaml.safe_dump(content), encoding="utf-8")
    return int(index.size)
