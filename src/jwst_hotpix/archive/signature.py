"""How a product was made, by its header, and whether it would be made so now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from astropy.io import fits

from jwst_hotpix.exceptions import ExposureError, HotPixError
from jwst_hotpix.exposure.fits_file import units_of
from jwst_hotpix.hotlist.choose import Choice

__all__ = ["sign", "why_not_done"]

_RECIPE, _MADE = "HPXRECIP", "HPXMADE"
_READ = {_RECIPE, _MADE, "S_HOTPIX", "R_HOTPIX", "HPXDIGST"}

# No file name holds it.
_BETWEEN = "/"


def sign(path: Path, recipe: str, made: Iterable[str]) -> None:
    """
    Write into the main product how it was made, and what else.

    Parameters
    ----------
    path : Path
        The main product, which is changed in place.
    recipe : str
        From `Recipe.text`.
    made : iterable of str
        Names of all products.
    """
    with fits.open(path, mode="update") as hdus:
        header = hdus[0].header
        # Without a comment, for which most recipes leave no room on the card.
        header[_RECIPE] = _card(recipe)
        header[_MADE] = (_card(_BETWEEN.join(sorted(made))), "Products")


def why_not_done(main: Path, recipe: str, listed: Choice) -> str | None:
    """
    Judge from its products whether an exposure is done.

    Parameters
    ----------
    main : Path
        Where the main product is, if it is.
    recipe : str
        From `Recipe.text`.
    listed : Choice
        The list it would get now.

    Returns
    -------
    str or None
        What is missing, broken or other than it would be; None where nothing is.
    """
    try:
        # A damaged card is noticed only when its value is read.
        found = _header_of(main)
        header = {key: found[key] for key in _READ if key in found}
        for name in str(header.get(_MADE, main.name)).split(_BETWEEN):
            if name != main.name:
                _check_whole(main.with_name(name))
    except FileNotFoundError as error:
        return f"missing: {Path(error.filename).name}"
    except (HotPixError, OSError, fits.VerifyError) as error:
        return f"broken: {error}"
    if header.get("S_HOTPIX") != "COMPLETE" or header.get(_RECIPE) != _card(recipe):
        return "made in another way"
    same = (
        header.get("R_HOTPIX") == listed.name
        if listed.digest is None
        else header.get("HPXDIGST") == listed.digest[:16]
    )
    return None if same else "made with another list"


def _header_of(path: Path) -> fits.Header:
    # Ten thousand exposures that are done are to be found done in a minute.
    return units_of(path, ExposureError)[0].header


def _check_whole(path: Path) -> None:
    """Raise unless a product is there and, if it is FITS, as long as its headers require."""
    if path.suffix == ".fits":
        _header_of(path)
    else:
        path.stat()


def _card(text: str) -> str:
    """Write a text so that a FITS card can hold it."""
    return text.encode("ascii", "backslashreplace").decode().rstrip()
