"""Where the page comes from: the ledger and its digest, versions, assumptions, the command."""

from __future__ import annotations

from jwst_hotpix.report.material import Material
from jwst_hotpix.report.section import Section, render

__all__ = ["provenance"]


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
    words = render("provenance.html", material=material)
    return Section(anchor="provenance", title="Provenance", words=words)
