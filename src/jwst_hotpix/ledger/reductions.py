"""Choose among several products of one exposure the one that is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TypeVar

from packaging.version import InvalidVersion, Version

from jwst_hotpix.measure.dark_info import DarkInfo
from jwst_hotpix.tools.dates import mjd

__all__ = ["REPLACES", "SAME_TIME", "exposure_of", "one_per_exposure", "what_counts"]

#: Beginning of the text of `what_counts` if the new product is the one that is used.
REPLACES = "replaces"

# Products of one exposure, best first. Ramps are measured here, whatever reduced them before, and
# also show the pixels already masked.
_PRODUCTS = ("uncal", "dark", "rateints", "rate")
_RAMPS = _PRODUCTS[:2]
_OLDEST = Version("0.dev0")
#: Days; products of one exposure may round its mid-time differently, and no two exposures of a
# detector are this close in time.
SAME_TIME = 1e-6

_Info = TypeVar("_Info", bound=DarkInfo)


def exposure_of(info: DarkInfo) -> object:
    """
    Return a key that identifies an exposure, the same for all its products.

    Parameters
    ----------
    info : DarkInfo
        Of one detector.

    Returns
    -------
    object
        Hashable. References are made from many exposures, so each has its own key.
    """
    if info.kind == "reference":
        return info
    time = round(info.epoch / SAME_TIME)
    return time, info.window, info.readout, info.facts.get("exsegnum")


def one_per_exposure(infos: Iterable[_Info]) -> list[_Info]:
    """
    Keep one product of each exposure: several are one look, not independent confirmations.

    Parameters
    ----------
    infos : iterable of DarkInfo
        Of one detector.

    Returns
    -------
    list of DarkInfo
        Sorted by epoch, those of one epoch in the order given. Ramps are preferred to rates; of
        rates, the newest reduction: the highest CAL_VER, then the integrations before their
        average, then the latest DATE. Products without these keywords rank as the oldest. Of equal
        ones the first is kept.
    """
    given = [(info, exposure_of(info)) for info in infos]
    best: dict[object, _Info] = {}
    for info, one in given:
        # Nearly all exposures have one product, which need not be judged.
        other = best.setdefault(one, info)
        if other is not info and _merit(info) > _merit(other):
            best[one] = info
    # Removed, since the same object may be given twice.
    left = [best.pop(one) for info, one in given if best.get(one) is info]
    return sorted(left, key=lambda info: info.epoch)


def what_counts(new: _Info, others: Sequence[_Info]) -> str:
    """
    Report which product of an exposure is used after another one is added.

    Parameters
    ----------
    new : DarkInfo
        The product that has been added.
    others : sequence of DarkInfo
        The other products of the same exposure.

    Returns
    -------
    str
        Text to follow the name of the new file; empty if there are no others.
    """
    if not others:
        return ""
    (known,) = one_per_exposure(others)
    if one_per_exposure([known, new]) == [new]:
        return f"{REPLACES} {_describe(known)} of the same exposure"
    return f"is not used: the ledger holds {_describe(known)} of the same exposure"


def _merit(info: DarkInfo) -> tuple[bool, Version, int, float]:
    product = str(info.product)
    order = _PRODUCTS.index(product) if product in _PRODUCTS else len(_PRODUCTS)
    is_ramp = product in _RAMPS
    # The earlier reduction of a ramp matters only among ramps of one kind.
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
