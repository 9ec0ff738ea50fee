"""Reductions: of several products of one exposure, the one that counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TypeVar

from packaging.version import InvalidVersion, Version

from jwst_hotpix.measure.dark_info import DarkInfo
from jwst_hotpix.tools.dates import mjd

__all__ = ["REPLACES", "exposure_of", "one_per_exposure", "what_counts"]

#: How `what_counts` begins where the new product is the one that counts.
REPLACES = "replaces"

# Products of one exposure, the best first. Ramps are measured here, whatever reduced them before,
# and also show the pixels that the mask knew.
_PRODUCTS = ("uncal", "dark", "rateints", "rate")
_RAMPS = _PRODUCTS[:2]
_OLDEST = Version("0.dev0")
# Days; products of one exposure may round its mid-time differently, and no two exposures of a
# detector are that close.
_SAME_TIME = 1e-6

_Info = TypeVar("_Info", bound=DarkInfo)


def exposure_of(info: DarkInfo) -> object:
    """
    Return what all products of one exposure share and no two exposures do.

    Parameters
    ----------
    info : DarkInfo
        Of one detector.

    Returns
    -------
    object
        Hashable. References are made from many exposures, so each is one of its own.
    """
    if info.kind == "reference":
        return info
    time = round(info.epoch / _SAME_TIME)
    return time, info.window, info.readout, info.facts.get("exsegnum")


def one_per_exposure(infos: Iterable[_Info]) -> list[_Info]:
    """
    Keep one product of each exposure: they are one look, not several that agree.

    Parameters
    ----------
    infos : iterable of DarkInfo
        Of one detector.

    Returns
    -------
    list of DarkInfo
        Sorted by epoch, those of one epoch in the order given. Ramps count before rates; of
        rates the newest reduction: the highest CAL_VER, then the integrations before their
        average, then the latest DATE. Products without these cards count as the oldest. Of
        equal ones the first counts.
    """
    given = list(infos)
    best: dict[object, _Info] = {}
    for info in given:
        if _merit(info) > _merit(best.setdefault(exposure_of(info), info)):
            best[exposure_of(info)] = info
    # Taken out, since the same object may be given twice.
    left = [best.pop(one) for info in given if best.get(one := exposure_of(info)) is info]
    return sorted(left, key=lambda info: info.epoch)


def what_counts(new: _Info, others: Sequence[_Info]) -> str:
    """
    Report which product of an exposure counts, now that there is another one.

    Parameters
    ----------
    new : DarkInfo
        The product that has been added.
    others : sequence of DarkInfo
        The other products of the same exposure.

    Returns
    -------
    str
        What to say after the name of the new file; empty if there are no others.
    """
    if not others:
        return ""
    (known,) = one_per_exposure(others)
    if one_per_exposure([known, new]) == [new]:
        return f"{REPLACES} {_describe(known)} of the same exposure"
    return f"does not count: the ledger holds {_describe(known)} of the same exposure"


def _merit(info: DarkInfo) -> tuple[bool, Version, int, float]:
    product = str(info.product)
    order = _PRODUCTS.index(product) if product in _PRODUCTS else len(_PRODUCTS)
    is_ramp = product in _RAMPS
    # What reduced a ramp before it was measured here matters only among ramps of one kind.
    return is_ramp, _OLDEST if is_ramp else _version(info), -order, _date(info)


def _version(info: DarkInfo) -> Version:
    try:
        return Version(str(info.facts.get("cal_ver", "")))
    except InvalidVersion:
        return _OLDEST


def _date(info: DarkInfo) -> float:
    try:
        return mjd(str(info.facts.get("date", "")))
    except ValueError:
        return -inf


def _describe(info: DarkInfo) -> str:
    facts = info.facts
    version = f"jwst {facts['cal_ver']}" if "cal_ver" in facts else ""
    details = [str(detail) for detail in (info.product, version, facts.get("date")) if detail]
    return f"{facts.get('file', facts.get('filename', 'another file'))} ({', '.join(details)})"
