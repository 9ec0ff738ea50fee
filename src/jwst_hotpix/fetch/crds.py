"""DARK and MASK references in CRDS for NIRSpec, from the rules of its contexts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from jwst_hotpix.exceptions import FetchError, reason_of
from jwst_hotpix.exposure.ask_crds import CrdsSilentError, asking
from jwst_hotpix.exposure.crds_files import CrdsFiles
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.tools.dates import mjd

__all__ = ["Reference", "contexts_of", "list_references"]

_INSTRUMENT = "nirspec"

# Values of keys in rules that mean any.
_ANY = {"N/A", "ANY", "GENERIC", "*"}

_CONTEXT = re.compile(r"jwst_\d{4,}\.pmap")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """
    A reference file, as the rules of CRDS list it.

    Attributes
    ----------
    name : str
        File name.
    reftype : str
        ``"dark"`` or ``"mask"``.
    detector : str
        ``"NRS1"`` or ``"NRS2"``.
    readout : str
        ``"IRS2"`` or ``"TRAD"``; empty if it applies to both.
    subarrays : tuple of str
        The subarrays it is for, ``"FULL"`` included; empty if it applies to all.
    useafter : float
        MJD (UTC) of the first exposure it applies to; ``-inf`` if the rules give no date.
    context : str
        The first of the given contexts that lists it.
    """

    name: str
    reftype: str
    detector: str
    readout: str
    subarrays: tuple[str, ...]
    useafter: float
    context: str


def contexts_of(text: str | None, files: CrdsFiles) -> list[str]:
    """
    List the contexts that a user requests.

    Parameters
    ----------
    text : str or None
        A context such as ``"jwst_1100.pmap"``; the first and last of a range with a colon between
        them; ``"all"`` for those in the cache; None for the one in use.
    files : CrdsFiles
        The cache and the server.

    Returns
    -------
    list of str
        Sorted by number.

    Raises
    ------
    FetchError
        When there is no such context in the cache or on the server.
    """
    if text is None:
        return [_context_in_use()]
    first, _, last = text.partition(":")
    cached = {path.name for path in files.place("jwst_0000.pmap").parent.glob("*.pmap")}
    known = sorted(name for name in {*cached, *files.catalog} if _CONTEXT.fullmatch(name))
    known.sort(key=_number)
    if text == "all":
        known = [name for name in known if name in cached]
        return known or _refuse(text, known, files)
    for end in filter(None, (first, last)):
        if end not in known:
            _refuse(end, known, files)
    if not last:
        return [first]
    between = [one for one in known if _number(first) <= _number(one) <= _number(last)]
    return between or _refuse(text, known, files)


def list_references(
    contexts: Iterable[str], reftypes: Iterable[str], files: CrdsFiles
) -> list[Reference]:
    """
    List the references of contexts.

    Parameters
    ----------
    contexts : iterable of str
        From `contexts_of`.
    reftypes : iterable of str
        Of ``"dark"`` and ``"mask"``.
    files : CrdsFiles
        The cache and the server; rules that the cache lacks are fetched.

    Returns
    -------
    list of Reference
        Each once, sorted by type, detector, readout mode, USEAFTER and name.

    Raises
    ------
    FetchError
        When rules cannot be obtained or read.
    """
    found: dict[str, Reference] = {}
    seen: set[str] = set()
    kinds = tuple(reftypes)
    for context in contexts:
        rmaps = _rmaps(context, files)
        for reftype in kinds:
            rmap = rmaps.get(reftype, "")
            if not rmap.endswith(".rmap") or rmap in seen:
                continue
            seen.add(rmap)
            rules = _load(rmap, files)
            with _understanding(rmap):
                listed = list(_listed(rules, reftype, context))
            for reference in listed:
                known = found.setdefault(reference.name, reference)
                found[reference.name] = _merged(known, reference)
    order = ("reftype", "detector", "readout", "useafter", "name")
    return sorted(found.values(), key=lambda one: [getattr(one, name) for name in order])


def _context_in_use() -> str:
    from stpipe.crds_client import get_context_used

    try:
        with asking():
            return str(get_context_used("jwst"))
    except CrdsSilentError as error:
        raise FetchError(
            "context", expected="one", found="none", sentence=f"no CRDS context: {error}"
        ) from error


def _number(context: str) -> int:
    return int("".join(filter(str.isdigit, context)))


def _refuse(name: str, known: list[str], files: CrdsFiles) -> list[str]:
    holds = f"it holds {known[0]} to {known[-1]}" if known else "it holds none"
    alone = files.why_alone
    sentence = f"no such context in the CRDS cache ({holds}), and {alone}"
    if not alone:
        sentence = f"no such context in the CRDS cache or on its server ({holds})"
    raise FetchError("context", expected=known, found=name, source=name, sentence=sentence)


def _rmaps(context: str, files: CrdsFiles) -> Mapping[str, str]:
    """Return the names of a context's rules by reference type; old contexts may have none."""
    imap = _children(context, files).get(_INSTRUMENT, "")
    return _children(imap, files) if imap.endswith(".imap") else {}


def _children(name: str, files: CrdsFiles) -> dict[str, str]:
    rules = _load(name, files)
    with _understanding(name):
        return {str(key).lower(): str(value) for key, value in rules.selector.items()}


def _load(name: str, files: CrdsFiles) -> Any:
    """Load a mapping; only missing ones are fetched, as mappings never change."""
    from crds.core import rmap

    if not files.place(name).is_file():
        files.fetch(name)
    with _understanding(name), asking():
        return rmap.get_cached_mapping(name)


@contextmanager
def _understanding(name: str) -> Iterator[None]:
    """Turn into one error whatever the CRDS client raises for rules that are damaged."""
    try:
        yield
    except Exception as error:
        sentence = f"damaged rules: {reason_of(error)}"
        raise FetchError(
            "rules", expected="a CRDS mapping", found=str(error), source=name, sentence=sentence
        ) from error


def _listed(rules: Any, reftype: str, context: str) -> Iterator[Reference]:
    """Yield the references that the rules select, with detector, readout, subarray and date."""
    flat = rules.todict()
    for values in flat["selections"]:
        case = dict(zip(flat["parameters"], values, strict=False))
        name = str(case.get("REFERENCE", ""))
        detector = str(case.get("META.INSTRUMENT.DETECTOR", "")).upper()
        if not name.endswith(".fits") or detector in {"", *_ANY}:
            continue
        subarray = str(case.get("META.SUBARRAY.NAME", "N/A")).upper()
        yield Reference(
            name=name,
            reftype=reftype,
            detector=detector,
            readout=_readout(detector, str(case.get("META.EXPOSURE.READPATT", "N/A"))),
            subarrays=() if subarray in _ANY else tuple(re.split(r"\s*[,|]\s*", subarray)),
            useafter=_date(str(case.get("USEAFTER", ""))),
            context=context,
        )


def _readout(detector: str, patterns: str) -> str:
    modes = {
        get_detector(detector).readout_of(pattern.strip())
        for pattern in re.split("[,|]", patterns)
        if pattern.strip() not in {"", *_ANY}
    }
    return modes.pop() if len(modes) == 1 else ""


def _date(text: str) -> float:
    try:
        return mjd(text)
    except ValueError:
        return float("-inf")


def _merged(one: Reference, other: Reference) -> Reference:
    """Merge two entries for the same file."""
    serves_all = not (one.subarrays and other.subarrays)
    names = () if serves_all else tuple(sorted({*one.subarrays, *other.subarrays}))
    return replace(
        one,
        subarrays=names,
        readout=one.readout if one.readout == other.readout else "",
        useafter=min(one.useafter, other.useafter),
    )
