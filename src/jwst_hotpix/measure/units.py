"""Units of a dark: DN/s as they are, e-/s turned into DN/s, and a note of what was done."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from jwst_hotpix.exceptions import DarkError
from jwst_hotpix.exposure.keywords import history_of

__all__ = ["FULL_FRAME_GAIN", "to_dn"]

# e-/DN. "The detector gain in full frame mode is very close to 1" (JWST-STScI-009188, section 2).
# Subarrays are read at another gain, but rates are given as gain_scale leaves them: in DN/s of
# the full frame.
FULL_FRAME_GAIN = 1.0

_PER_SECOND = r"(?:/s(?:ec(?:ond)?)?|s(?:\^|\*\*)?-1)?"
_DN = re.compile(rf"(?:dn|adu){_PER_SECOND}")
_ELECTRONS = re.compile(rf"(?:e[-\u207b]?|el|electrons?){_PER_SECOND}")
_IN_TEXT = {
    "DN/s": re.compile(r"\b(?:dn|adu)\s*/\s*s", re.IGNORECASE),
    "e-/s": re.compile(r"(?:\be[-\u207b]?|\bel|\belectrons?)\s*/\s*s", re.IGNORECASE),
}


def to_dn(header: Any, image_header: Any, *, gain: float | None, default: str) -> dict[str, Any]:
    """
    Return the factor that turns an image into DN/s, and the reason.

    Parameters
    ----------
    header, image_header : mapping
        Of the file and of the image.
    gain : float, optional
        e-/DN, for an image in e-/s; by default `FULL_FRAME_GAIN`.
    default : str
        ``"DN/s"`` or ``"e-/s"``, taken where neither BUNIT nor HISTORY names a unit.

    Returns
    -------
    dict
        ``units`` (as found or assumed), ``units_from``, ``factor`` and, where the image was in
        e-/s, the ``gain`` used. Ready for JSON.

    Raises
    ------
    DarkError
        When BUNIT is neither, or the gain is not positive.
    """
    unit, source = _unit(header, image_header, default)
    factor = {}
    if unit == "e-/s":
        factor = {"gain": FULL_FRAME_GAIN if gain is None else gain}
        if not factor["gain"] > 0:
            raise DarkError("gain", expected="a positive number of e-/DN", found=gain)
    # A subarray's DARK is in its own DN; GAINFACT is what gain_scale multiplies its rates by.
    scale = 1 / factor["gain"] if factor else header.get("GAINFACT", 1.0)
    if not 0 < scale < np.inf:
        raise DarkError("GAINFACT", expected="a positive number", found=scale)
    return {"units": unit, "units_from": source, "factor": float(scale), **factor}


def _unit(header: Any, image_header: Any, default: str) -> tuple[str, str]:
    text = str(image_header.get("BUNIT", "") or header.get("BUNIT", ""))
    if text.strip():
        return _parse(text), "BUNIT"
    named = [unit for unit, pattern in _IN_TEXT.items() if pattern.search(history_of(header))]
    if len(named) == 1:
        return named[0], "HISTORY"
    return default, f"assumed: no BUNIT, {'both' if named else 'nothing'} in HISTORY"


def _parse(text: str) -> str:
    compact = re.sub(r"\s", "", text).lower()
    if _DN.fullmatch(compact):
        return "DN/s"
    if _ELECTRONS.fullmatch(compact):
        return "e-/s"
    raise DarkError("units (BUNIT)", expected="DN/s or e-/s", found=repr(text))
