"""CRDS mappings (pmap, imap, rmap): the rules that select reference files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["PARKEYS", "Rules", "imap_text", "pmap_text", "rmap_text"]

_DETECTOR = "META.INSTRUMENT.DETECTOR"
_READPATT = "META.EXPOSURE.READPATT"
_SUBARRAY = "META.SUBARRAY.NAME"
_CORNERS = tuple(f"META.SUBARRAY.{key}" for key in ("XSTART", "YSTART", "XSIZE", "YSIZE"))
_USEAFTER = ("META.OBSERVATION.DATE", "META.OBSERVATION.TIME")

# MASK and DARK: from the real rmaps jwst_nirspec_mask_0021 and dark_0029 of 2019. The others:
# from the "reference selection keywords" in the jwst documentation.
PARKEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mask": (_DETECTOR, _SUBARRAY, _READPATT),
        "dark": (_DETECTOR, _READPATT, _SUBARRAY, *_CORNERS),
        "superbias": (_DETECTOR, _READPATT, _SUBARRAY, *_CORNERS),
        "saturation": (_DETECTOR, _SUBARRAY),
        "linearity": (_DETECTOR, _SUBARRAY),
        "gain": (_DETECTOR, _SUBARRAY),
        "readnoise": (_DETECTOR, _READPATT, _SUBARRAY),
        "refpix": (_DETECTOR, _READPATT),
        "hotpix": (_DETECTOR, _READPATT),
    }
)

# File names by USEAFTER ("2023-01-01 00:00:00"), for each set of matching keys.
Rules = Mapping[tuple[str, ...], Mapping[str, str]]


def rmap_text(name: str, reftype: str, rules: Rules) -> str:
    """
    Return the text of the rmap of one reference type.

    Parameters
    ----------
    name : str
        Name of the rmap.
    reftype : str
        One of `PARKEYS`.
    rules : mapping
        File names by USEAFTER, for each set of matching keys.

    Returns
    -------
    str
        The rmap with the checksum that CRDS expects.
    """
    header: dict[str, object] = {
        "classes": ("Match", "UseAfter"),
        "derived_from": "jwst_hotpix.simulate",
        "filekind": reftype.upper(),
        "instrument": "NIRSPEC",
        "mapping": "REFERENCE",
        "name": name,
        "observatory": "JWST",
        "parkey": (PARKEYS[reftype], _USEAFTER),
    }
    if _SUBARRAY in PARKEYS[reftype]:
        header["substitutions"] = {_SUBARRAY: {"GENERIC": "N/A"}}
    cases = "".join(
        f"    {key!r} : UseAfter({{\n"
        + "".join(f"        {date!r} : {file!r},\n" for date, file in sorted(files.items()))
        + "    }),\n"
        for key, files in sorted(rules.items())
    )
    return _seal(header, f"Match({{\n{cases}}})")


def imap_text(name: str, mappings: Mapping[str, str]) -> str:
    """
    Return the text of the imap, which lists the rmap of each NIRSpec reference type.

    Parameters
    ----------
    name : str
        Name of the imap.
    mappings : mapping of str to str
        Name of the rmap, or ``"N/A"``, by reference type in lower case.

    Returns
    -------
    str
        The imap with its checksum.
    """
    header: dict[str, object] = {
        "derived_from": "jwst_hotpix.simulate",
        "instrument": "NIRSPEC",
        "mapping": "INSTRUMENT",
        "name": name,
        "observatory": "JWST",
        "parkey": ("REFTYPE",),
    }
    return _seal(header, _dict_text({reftype.upper(): rmap for reftype, rmap in mappings.items()}))


def pmap_text(name: str, imap: str) -> str:
    """
    Return the text of a context that contains NIRSpec only.

    Parameters
    ----------
    name, imap : str
        Names of the pmap and of the imap it refers to.

    Returns
    -------
    str
        The pmap with its checksum.
    """
    header: dict[str, object] = {
        "derived_from": "jwst_hotpix.simulate",
        "mapping": "PIPELINE",
        "name": name,
        "observatory": "JWST",
        "parkey": ("META.INSTRUMENT.NAME",),
    }
    return _seal(header, _dict_text({"NIRSPEC": imap}))


def _dict_text(items: Mapping[str, object]) -> str:
    lines = "".join(f"    {key!r} : {value!r},\n" for key, value in sorted(items.items()))
    return f"{{\n{lines}}}"


def _seal(header: dict[str, object], selector: str) -> str:
    """Add the checksum as `crds.core.rmap` computes it: over all lines except its own."""
    body = f"header = {_dict_text(header)}\n\nselector = {selector}\n"
    digest = hashlib.sha1(body.encode(), usedforsecurity=False).hexdigest()
    return f"header = {_dict_text(header | {'sha1sum': digest})}\n\nselector = {selector}\n"
