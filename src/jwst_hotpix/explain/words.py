"""A hot pixel in one sentence."""

from __future__ import annotations

from datetime import date

from jwst_hotpix.explain.excess import LINE
from jwst_hotpix.explain.hot_in_spectra import HotPixel
from jwst_hotpix.tools.dates import iso

__all__ = ["in_words", "place_of"]

_KINDS = {
    "center": "a hot pixel",
    "neighbor": "the neighbor of a hot pixel",
    "inferred_center": "the center of a ring of hot pixels",
}


def in_words(pixel: HotPixel) -> str:
    """
    Say what a hot pixel does to its spectrum.

    Parameters
    ----------
    pixel : HotPixel

    Returns
    -------
    str
        It is called a line, or a hole, only where it stands out by `LINE` times the scatter.
    """
    rate = "rate unknown" if pixel.rate is None else f"{pixel.rate:.3g} DN/s"
    kind = _KINDS[pixel.role] + (" that flickers" if pixel.status == "telegraph" else "")
    facts = f"{kind} {_since(pixel)}{rate}"
    sigma = pixel.sigma
    at = f"x {pixel.x}, y {pixel.y}"
    if sigma is None or abs(sigma) < LINE:
        tail = "" if sigma is None else f", {sigma:.1f} sigma: it does not stand out"
        return f"{at}, {place_of(pixel)}, is {facts}{tail})"
    what = "line" if sigma > 0 else "hole"
    return f"a {what} {place_of(pixel)} is {facts}, {sigma:.0f} sigma; {at})"


def place_of(pixel: HotPixel) -> str:
    """
    Say where in a spectrum a pixel lies.

    Parameters
    ----------
    pixel : HotPixel

    Returns
    -------
    str
        E.g. ``"at 2.34 µm of source 933"``.
    """
    if pixel.wavelength_um is None:
        where = "at no known wavelength"
    else:
        where = f"at {pixel.wavelength_um:.4g} µm"
    if pixel.source_id:
        return f"{where} of source {pixel.source_id}"
    slit = pixel.slit or ""
    return f"{where} of {slit if slit.startswith('slice') else f'slit {slit}'}" if slit else where


def _since(pixel: HotPixel) -> str:
    if pixel.last_cold is None:
        return f"since {_month(pixel.onset)} or before ("
    return f"since {_month(pixel.onset)} (cold in {_month(pixel.last_cold)}; "


def _month(epoch: float) -> str:
    return f"{date.fromisoformat(iso(epoch)[:10]):%B %Y}"
