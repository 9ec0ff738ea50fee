"""From the tree of an ASDF file to a list: what it must hold, and what it may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from jwst_hotpix.exceptions import ListFormatError
from jwst_hotpix.hotlist.pixellist import COLUMNS, PixelList
from jwst_hotpix.hotlist.provenance import SUPPLEMENTED, Provenance
from jwst_hotpix.hotlist.schema import READABLE_SCHEMAS, REFTYPE

__all__ = ["parse"]

_HOTPIX = ("meta", "hotpix")


def parse(tree: Mapping[str, Any]) -> PixelList:
    """
    Read and check the tree of a hot pixel list.

    Parameters
    ----------
    tree : mapping
        As the schema describes it; ``pixels`` holds arrays. Of ``meta.hotpix`` only ``schema``,
        ``readout`` and ``threshold`` must be there.

    Returns
    -------
    PixelList

    Raises
    ------
    ListFormatError
        For a value that is missing or not allowed, by its place in the tree.
    FrameMismatchError
        For an unknown detector or a readout mode it does not have.
    """
    reftype = _get(tree, "meta", "reftype")
    if str(reftype).lower() != REFTYPE:
        raise ListFormatError("meta.reftype", expected=REFTYPE, found=reftype)
    schema = _get(tree, *_HOTPIX, "schema")
    if schema not in READABLE_SCHEMAS:
        expected = f"one of {', '.join(READABLE_SCHEMAS)} (a newer jwst_hotpix may read it)"
        raise ListFormatError("meta.hotpix.schema", expected=expected, found=schema)
    return PixelList(
        detector=_text(tree, "meta", "instrument", "detector"),
        readout=_text(tree, *_HOTPIX, "readout"),
        threshold=_number(tree, *_HOTPIX, "threshold"),
        provenance=_provenance(tree),
        **{name: _get(tree, "pixels", name) for name in COLUMNS},
    )


def _provenance(tree: Mapping[str, Any]) -> Provenance:
    """Read what is known of the origin; what is missing or null is as `Provenance` has it."""
    known = {
        keys[-1]: read(tree, *_HOTPIX, *keys)
        for keys, read in _OPTIONAL.items()
        if _get(tree, *_HOTPIX, *keys, optional=True) is not None
    }
    return Provenance(pedigree=_text(tree, "meta", "pedigree"), **known)


def _get(tree: Mapping[str, Any], *keys: str, optional: bool = False) -> Any:
    node: Any = tree
    for depth, key in enumerate(keys):
        if optional and (node is None or (isinstance(node, Mapping) and key not in node)):
            return None
        if not isinstance(node, Mapping):
            parent = ".".join(keys[:depth])
            raise ListFormatError(parent, expected="names and values", found=type(node).__name__)
        if key not in node:
            raise ListFormatError(".".join(keys[: depth + 1]), expected="a value", found="none")
        node = node[key]
    return node


def _number(tree: Mapping[str, Any], *keys: str) -> float:
    value = _get(tree, *keys)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return float(value)
    except OverflowError:
        value = "an integer beyond all numbers"
    raise ListFormatError(".".join(keys), expected="a finite number", found=value)


def _count(tree: Mapping[str, Any], *keys: str) -> int:
    value = _number(tree, *keys)
    if value < 0 or value != int(value):
        raise ListFormatError(".".join(keys), expected="a whole number, 0 or more", found=value)
    return int(value)


def _coverage(tree: Mapping[str, Any], *keys: str) -> tuple[float, float]:
    return _number(tree, *keys, "first"), _number(tree, *keys, "last")


def _text(tree: Mapping[str, Any], *keys: str) -> str:
    value = _get(tree, *keys)
    # What is printed and written into headers must not forge lines or steer a terminal.
    if not (isinstance(value, str) and value.isprintable()):
        raise ListFormatError(".".join(keys), expected="a printable text", found=repr(value))
    return value


_OPTIONAL: dict[tuple[str, ...], Callable[..., Any]] = {
    ("ipc",): _number,
    ("coverage",): _coverage,
    ("as_of",): _number,
    ("n_exposures",): _count,
    ("ledger",): _text,
    ("assumptions",): _text,
    ("growth_per_month",): _number,
    ("growth_error",): _number,
    **{("supplements", name): _text for name in SUPPLEMENTED},
}
