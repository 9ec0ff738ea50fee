"""The top of the page: how many pixels are hot, new and unmasked, and what that means for TA."""

from __future__ import annotations

from itertools import groupby

from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH
from jwst_hotpix.instrument.published_growth import RENEWAL_DAYS
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.section import Section, render
from jwst_hotpix.report.standing import Standing
from jwst_hotpix.report.ta_risk import TaRisk, ta_risk
from jwst_hotpix.tools.dates import DAYS_PER_MONTH

__all__ = ["AHEAD", "today"]

#: Months from today for which unmasked pixels are predicted: soon, at the next delivery (MASKs
#: follow each other every 3 to 4 months), and in a year.
AHEAD = (1.0, RENEWAL_DAYS / DAYS_PER_MONTH, 12.0)


def today(material: Material) -> Section:
    """
    Say in words how things stand.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    Section
        Words only.
    """
    standings = [(mode, Standing.of(mode)) for mode in material.modes]
    risk = ta_risk(material)
    words = render(
        "today.html",
        material=material,
        detectors=[
            (detector, [*some])
            for detector, some in groupby(standings, key=lambda one: one[0].detector)
        ],
        newest_darks=_newest_references(material),
        risk=risk if isinstance(risk, TaRisk) else None,
        no_risk="" if isinstance(risk, TaRisk) else risk,
        ahead=AHEAD,
        births_and_net_growth=BIRTHS_AND_NET_GROWTH,
    )
    return Section(anchor="today", title="Today", words=words)


def _newest_references(material: Material) -> dict[str, float]:
    """Return the date of the newest CRDS DARK in the ledger, by detector and readout mode."""
    parts = material.holdings.parts if material.holdings else ()
    at = material.at
    return {
        part.name: part.last
        for part in parts
        if part.kind == "reference" and (at is None or part.last <= at)
    }
