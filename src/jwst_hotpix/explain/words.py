"""A hot pixel in one sentence."""

from __future__ import annotations

from datetime import date

from jwst_hotpix.explain.hot_in_spectra import HotPixel
from jwst_hotpix.explain.row_excess import LINE
from jwst_hotpix.tools.dates import iso

__all__ = ["in_words", "place_of", "rate_of"]

_KINDS = {
    "center": "a pixel that has been {hot} since",
    "neighbor": "a pixel that has been lit by a {hot} neighbor since",
    "inferred_center": "the center of a ring of pixels that have been {hot} since",
}


def in_words(pixel: HotPixel) -> str:
    """
    Describe what a hot pixel does to its spectrum.

    Parameters
    ----------
    pixel : HotPixel
        A pixel from `find_hot`.

    Returns
    -------
    str
        A sentence, which speaks of a line or a hole only if the pixel stands out by at least `LINE`
        times the scatter.
    """
    hot = "flickering" if pixel.status == "telegraph" else "hot"
    facts = f"{_KINDS[pixel.role].format(hot=hot)} {_since(pixel)}{rate_of(pixel)}"
    sigma, where, at = pixel.sigma, place_of(pixel), f"x {pixel.x}, y {pixel.y}"
    if sigma is None or abs(sigma) < LINE:
        tail = "" if sigma is None else f", {sigma:.1f} sigma: it does not stand out"
        return f"{at}{where and f', {where},'} is {facts}{tail})"
    what = "hole" if sigma < 0 else "line" if where else "peak"
    tail = f"{sigma:.0f} sigma"
    if not where:
        return f"the {what} at {at} is {facts}, {tail})"
    return f"the {what} {where} is {facts}, {tail}; {at})"


def rate_of(pixel: HotPixel) -> str:
    """
    Describe the dark rate of a pixel.

    Parameters
    ----------
    pixel : HotPixel
        A pixel from `find_hot`.

    Returns
    -------
    str
        E.g. ``"4.5 DN/s"``, to three digits.
    """
    if pixel.rate is None:
        return "rate unknown"
    return f"{pixel.rate:.3g} DN/s" if pixel.rate < 100 else f"{pixel.rate:.0f} DN/s"


def place_of(pixel: HotPixel) -> str:
    """
    Describe where in a spectrum a pixel lies.

    Parameters
    ----------
    pixel : HotPixel
        A pixel from `find_hot`.

    Returns
    -------
    str
        E.g. ``"at 2.34 µm in source 933"``; empty in a whole image without wavelengths.
    """
    if pixel.wavelength_um is None:
        where = "at an unknown wavelength" if pixel.source_id or pixel.slit else ""
    else:
        where = f"at {pixel.wavelength_um:.4g} µm"
    if pixel.source_id:
        return f"{where} in source {pixel.source_id}"
    slit = pixel.slit or ""
    return f"{where} in {slit if slit.startswith('slice') else f'slit {slit}'}" if slit else where


def _since(pixel: HotPixel) -> str:
    if pixel.last_cold is None:
        return f"{_month(pixel.onset)} or earlier ("
    return f"{_month(pixel.onset)} (cold in {_month(pixel.last_cold)}; "


def _month(epoch: float) -> str:
    return f"{date.fromisoformat(iso(epoch)[:10]):%B %Y}"
