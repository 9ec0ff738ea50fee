"""The sections of the page, in their order."""

from __future__ import annotations

from collections.abc import Callable

from jwst_hotpix.report.births import births
from jwst_hotpix.report.deliveries import deliveries
from jwst_hotpix.report.detector_map import detector_map
from jwst_hotpix.report.growth import growth
from jwst_hotpix.report.light_curve import light_curve
from jwst_hotpix.report.looks import looks
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.provenance import provenance
from jwst_hotpix.report.section import Section
from jwst_hotpix.report.today import today

__all__ = ["SECTIONS"]

#: What makes each section, from the top of the page to its end.
SECTIONS: tuple[Callable[[Material], Section], ...] = (
    today,
    growth,
    births,
    detector_map,
    light_curve,
    looks,
    deliveries,
    provenance,
)
