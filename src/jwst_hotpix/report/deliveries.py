"""Each delivered MASK against the list of its day: how right the list was, and what it missed."""

from __future__ import annotations

from jwst_hotpix.report.material import Material
from jwst_hotpix.report.section import Section, render

__all__ = ["deliveries"]


def deliveries(material: Material) -> Section:
    """
    Show the score of the list against each MASK that followed another.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    Section
        Words only.
    """
    words = render("deliveries.html", material=material)
    return Section(anchor="deliveries", title="Deliveries", words=words)
