"""What the products of an exposure are called."""

from __future__ import annotations

__all__ = ["RAW", "product_name", "product_names"]

#: How the name of a raw exposure ends.
RAW = "_uncal.fits"


def product_name(name: str) -> str:
    """
    Name the main product of an exposure.

    Parameters
    ----------
    name : str
        File name of the exposure.

    Returns
    -------
    str
        ``<root>_rate.fits`` of ``<root>_uncal.fits``; anything else keeps its name, as the
        pipelines that follow, and their associations, know it by that.
    """
    return f"{name.removesuffix(RAW)}_rate.fits" if name.endswith(RAW) else name


def product_names(name: str) -> tuple[str, ...]:
    """
    Name all products of an exposure except those of further pipelines.

    Parameters
    ----------
    name : str
        File name of the exposure.

    Returns
    -------
    tuple of str
        The main product first; of a raw exposure also ``<root>_rateints.fits``.
    """
    main = product_name(name)
    return (main, f"{name.removesuffix(RAW)}_rateints.fits") if name.endswith(RAW) else (main,)
