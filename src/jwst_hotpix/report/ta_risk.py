"""The risk for target acquisition, today and when the TA flat is next replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.instrument.readouts import TRAD
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.mode import Mode
from jwst_hotpix.report.words import day
from jwst_hotpix.target_acq.detector_risk import DetectorRisk
from jwst_hotpix.target_acq.from_lists import ListsRisk, risk_of_lists
from jwst_hotpix.target_acq.stars import Stars
from jwst_hotpix.target_acq.ta_flat import TaFlat
from jwst_hotpix.tools.dates import DAYS_PER_MONTH

__all__ = ["UPDATE_MONTHS", "TaRisk", "ta_risk"]

#: JWST-STScI-009188, conclusions: "the onboard TA flat field files should be updated on a roughly
#: yearly cadence".
UPDATE_MONTHS = 12.0


@dataclass(frozen=True, eq=False, kw_only=True)
class TaRisk:
    """
    The risk for target acquisition.

    Attributes
    ----------
    since : float
        MJD (UTC) of the darks behind the TA flat.
    is_assumed : bool
        That date was not given: it is the USEAFTER of the newest MASK.
    update : float
        MJD (UTC) of the next update, a year after the last one.
    now : ListsRisk
        As ``hotpix ta --list`` reports it, at the last darks of TRAD; ``now.ahead`` at the update.
    why_not_ahead : str
        Why ``now.ahead`` is missing; empty otherwise.
    """

    since: float
    is_assumed: bool
    update: float
    now: ListsRisk
    why_not_ahead: str = ""


def ta_risk(material: Material) -> TaRisk | str:
    """
    Compute the risk.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    TaRisk or str
        Or a sentence why it cannot be computed.
    """
    modes = [mode for mode in material.modes if _is_read_in_ta(mode)]
    if not modes:
        return "the ledger holds no NIRSpec evidence in TRAD, the readout of target acquisition"
    asked = material.asked.ta_flat
    masks = [mode.newest.since for mode in modes if mode.newest is not None]
    since = max(masks, default=None) if asked is None else asked
    if since is None:
        return "the date of the TA flat is not known: give it with --ta-flat"
    if since > min(mode.last for mode in modes):
        return f"the TA flat, made from darks of {day(since)}, is newer than the evidence in TRAD"
    flat, update = TaFlat(since=since), since + UPDATE_MONTHS * DAYS_PER_MONTH
    try:
        each = [DetectorRisk.of(mode.pixels, flat, mode.last, file=mode.name) for mode in modes]
        months = (update - max(mode.last for mode in modes)) / DAYS_PER_MONTH
        now, why = _look_ahead(each, flat, months)
    except HotPixError as error:
        return str(error)
    return TaRisk(since=since, is_assumed=asked is None, update=update, now=now, why_not_ahead=why)


def _is_read_in_ta(mode: Mode) -> bool:
    return mode.readout == TRAD and mode.detector.instrument == "NIRSPEC"


def _look_ahead(each: Sequence[DetectorRisk], flat: TaFlat, months: float) -> tuple[ListsRisk, str]:
    """Return the risk, and why it does not reach to the update."""
    stars = Stars.on(len(each))
    if months <= 0:
        return risk_of_lists(each, flat, stars), "a yearly update is overdue"
    if any(one.births is None for one in each):
        why = "births since the TA flat cannot be counted yet"
        return risk_of_lists(each, flat, stars), why
    return risk_of_lists(each, flat, stars, months=months), ""
