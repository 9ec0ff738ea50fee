"""Which parts of a file are needed to measure it, from its headers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jwst_hotpix.exposure.header_blocks import HeaderUnit
from jwst_hotpix.measure.dark_file import IMAGES
from jwst_hotpix.measure.open import DARK_TYPES
from jwst_hotpix.measure.open_science import SCIENCE_TYPES

__all__ = ["needed_of"]

# Besides the image with the rates: its errors, and flags with their meaning.
_OF_REFERENCE = {"UNC", "DQ", "DQ_DEF"}
_OF_RATE = {"SCI", "ERR", "DQ"}


def needed_of(units: Sequence[HeaderUnit]) -> Collection[int] | None:
    """
    Choose the units of a FITS file that are needed to measure it, besides the first.

    Parameters
    ----------
    units : sequence of HeaderUnit
        All headers of the file.

    Returns
    -------
    collection of int or None
        Their numbers; empty for a file that is refused by its first header; None for a ramp, all of
        which is needed.
    """
    header, names = units[0], {unit.name for unit in units}
    reftype = str(header.get("REFTYPE", "")).upper()
    is_dark = reftype == "DARK" or str(header.get("DATAMODL", "")).startswith("Dark")
    instrument = str(header.get("INSTRUME", "")).upper()
    exposures = {DARK_TYPES.get(instrument), *SCIENCE_TYPES.get(instrument, ())}
    if is_dark:
        images = names.intersection(IMAGES.values())
        wanted = images | _OF_REFERENCE if images else None
    elif reftype or header.get("EXP_TYPE") not in exposures:
        wanted = set()
    else:
        axes = [len(unit.shape) for unit in units if unit.name == "SCI"]
        is_rate = axes in ([2], [3]) and "GROUPDQ" not in names
        wanted = _OF_RATE if is_rate else None
    if wanted is None:
        return None
    return [number for number, unit in enumerate(units) if number and unit.name in wanted]
