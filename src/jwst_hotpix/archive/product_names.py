"""What the products of an exposure are called."""

from __future__ import annotations

import re
from pathlib import Path

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exposure.on_disk import read_exposure
from jwst_hotpix.flag.suffix import remove_suffix

__all__ = ["RAW", "is_raw", "product_name", "product_names"]

#: The product of an exposure that has not been through Detector1.
RAW = "uncal"

# Names by which the archive marks what a file holds.
_TELLING = re.compile(r".*_(uncal|ramp|rate|rateints|cal|calints)\.fits")


def is_raw(path: Path) -> bool:
    """
    Determine whether an exposure is raw, from its name or else from its header.

    Parameters
    ----------
    path : Path
        The exposure; it need not be readable.

    Returns
    -------
    bool
        False for a file that cannot be used: that is reported when it is processed.
    """
    if telling := _TELLING.fullmatch(path.name):
        return telling[1] == RAW
    try:
        return read_exposure(path).product == RAW
    except (HotPixError, OSError):
        return False


def product_name(name: str, *, raw: bool) -> str:
    """
    Name the main product of an exposure.

    Parameters
    ----------
    name : str
        File name of the exposure.
    raw : bool
        Whether it goes through Detector1.

    Returns
    -------
    str
        ``<root>_rate.fits`` of a raw exposure; anything else keeps its name, as the pipelines
        that follow, and their associations, know it by that.
    """
    return product_names(name, raw=raw)[0]


def product_names(name: str, *, raw: bool) -> tuple[str, ...]:
    """
    Name all products of an exposure except those of further pipelines.

    Parameters
    ----------
    name : str
        File name of the exposure.
    raw : bool
        Whether it goes through Detector1.

    Returns
    -------
    tuple of str
        The main product first; of a raw exposure also ``<root>_rateints.fits``.
    """
    if not raw:
        return (name,)
    # The pipeline names its products with the same function.
    root, separator = remove_suffix(Path(name).stem)
    return f"{root}{separator}rate.fits", f"{root}{separator}rateints.fits"
