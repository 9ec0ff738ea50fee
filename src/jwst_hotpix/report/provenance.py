"""Where the page comes from: the ledger and its digest, versions, assumptions, the command."""

from __future__ import annotations

from importlib.metadata import version

from jwst_hotpix.report.material import Material
from jwst_hotpix.report.section import Section, render

__all__ = ["provenance"]

_PACKAGES = ("jwst_hotpix", "bokeh", "numpy", "pyarrow", "scipy")


def provenance(material: Material) -> Section:
    """
    State where the page comes from.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    Section
        Words only.
    """
    digests = {mode.name: mode.pixels.provenance.assumptions for mode in material.modes}
    # Usually one for all.
    assumptions = {digest: name for name, digest in digests.items()}
    words = render(
        "provenance.html",
        material=material,
        versions=[f"{name} {version(name)}" for name in _PACKAGES],
        assumptions={name: digest for digest, name in assumptions.items()},
    )
    return Section(anchor="provenance", title="Provenance", words=words)
