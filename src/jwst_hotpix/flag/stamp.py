"""The record of the step in the header of a product."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from jwst_hotpix.tools.ascii_text import in_ascii

__all__ = ["Counts", "StepRecord", "stamp"]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """
    Numbers of pixels in a product.

    Attributes
    ----------
    active, masked : int
        Entries that are hot at the time of the exposure and in its frame; those of them that were
        masked already.
    centers, neighbors : int
        Pixels newly flagged, by role.
    promoted, cleared : int
        HOT pixels of the mask that were given DO_NOT_USE; recovered pixels whose flags were
        cleared.
    """

    active: int = 0
    masked: int = 0
    centers: int = 0
    neighbors: int = 0
    promoted: int = 0
    cleared: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )


@dataclass(frozen=True, kw_only=True)
class StepRecord:
    """
    What the step did to one exposure.

    Attributes
    ----------
    status : str
        ``"COMPLETE"`` or ``"SKIPPED"``.
    name, digest, pedigree : str
        File name of the list, the SHA-256 of its content, and its pedigree.
    age : float, optional
        Time from the list's last dark to the exposure, in days.
    counts : Counts
        Numbers of pixels flagged.
    """

    status: str = "SKIPPED"
    name: str = "N/A"
    digest: str = ""
    pedigree: str = "N/A"
    age: float | None = None
    counts: Counts = field(default_factory=Counts)

    def cards(self) -> list[tuple[str, str | int | float, str]]:
        """Return the FITS header cards: keyword, value, comment."""
        age = "unknown" if self.age is None else round(self.age, 3)
        return [
            ("S_HOTPIX", self.status, "Hot pixel flagging"),
            ("R_HOTPIX", in_ascii(self.name), "Hot pixel list"),
            ("HPXDIGST", self.digest[:16], "Start of the sha256 of the list's content"),
            ("HPXPEDIG", in_ascii(self.pedigree), "Pedigree of the list"),
            ("HPXAGE", age, "[d] From the list's last dark to the exposure"),
            ("HPXACTIV", self.counts.active, "Active entries in this frame"),
            ("HPXKNOWN", self.counts.masked, "Active entries masked already"),
            ("HPXCENTR", self.counts.centers, "Hot pixels newly flagged"),
            ("HPXNEIGH", self.counts.neighbors, "Neighbors newly flagged"),
            ("HPXPROMO", self.counts.promoted, "HOT pixels given DO_NOT_USE"),
            ("HPXCLEAR", self.counts.cleared, "Recovered pixels unflagged"),
        ]


def stamp(model: Any, summary: StepRecord) -> None:
    """
    Write a summary into the header of a product, replacing an earlier one.

    Parameters
    ----------
    model : JwstDataModel
        Changed in place: ``meta.cal_step.hotpix`` and cards in its primary header. ``ramp_fit``
        drops both, so its result needs to be stamped again.
    summary : StepRecord
        What to write.
    """
    model.meta.cal_step.hotpix = summary.status
    cards = summary.cards()
    ours = {keyword for keyword, *_ in cards}
    extra = dict(model.extra_fits.instance) if model.hasattr("extra_fits") else {}
    primary = dict(extra.get("PRIMARY", {}))
    kept = [list(card) for card in primary.get("header", []) if card[0] not in ours]
    primary["header"] = [*kept, *map(list, cards)]
    model.extra_fits = {**extra, "PRIMARY": primary}
