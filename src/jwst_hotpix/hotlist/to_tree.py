"""Convert a list to the tree of its ASDF file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from jwst_hotpix.exceptions import ListFormatError
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.provenance import SUPPLEMENTED
from jwst_hotpix.hotlist.schema import REFTYPE, SCHEMA
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.readouts import IRS2, POOLED, TRAD, patterns_of

__all__ = ["Header", "default_name", "require_digest", "to_tree"]

# In ``meta.hotpix``. The released schema allows it without listing it; older readers ignore it.
_DIGEST = "digest"

# A reference for several patterns names one and lists all (CRDS, P_READPA).
_PATTERNS = {
    IRS2: ("NRSIRS2", sorted(patterns_of(IRS2))),
    TRAD: ("NRSRAPID", sorted(patterns_of(TRAD))),
    POOLED: ("ANY", ["ANY"]),
}


@dataclass(frozen=True, kw_only=True)
class Header:
    """
    Header that CRDS requires of any reference, besides the pedigree.

    Attributes
    ----------
    useafter : str
        ISO 8601, UTC, e.g. ``"2022-07-01T00:00:00"``.
    author, description : str
        Who made the list, and what it contains.
    history : tuple of str
        One entry per line.
    """

    useafter: str
    author: str = "jwst_hotpix"
    description: str = "Interim list of hot pixels"
    history: tuple[str, ...] = ("Hot pixels that the active MASK reference may not know yet.",)


def default_name(pixels: PixelList, header: Header) -> str:
    """
    Name a list file as DESIGN does: ``jwst_nirspec_hotpix_<detector>_<readout>_<useafter>.asdf``.

    Parameters
    ----------
    pixels : PixelList
        The list.
    header : Header
        What the file holds beside the pixels of the list.

    Returns
    -------
    str
    """
    instrument = get_detector(pixels.detector).instrument
    date = header.useafter[:10].replace("-", "")
    return f"jwst_{instrument}_hotpix_{pixels.detector}_{pixels.readout}_{date}.asdf".lower()


def to_tree(pixels: PixelList, header: Header, filename: str) -> dict[str, Any]:
    """
    Return the tree of a list, following the schema.

    Parameters
    ----------
    pixels : PixelList
        The list.
    header : Header
        What the file holds beside its pixels.
    filename : str
        The name of the file, without its folder.

    Returns
    -------
    dict
        For `~jwst_hotpix.hotlist.parse.parse`, which reads it back.
    """
    detector = get_detector(pixels.detector)
    is_nirspec = detector.instrument == "NIRSPEC"
    readpatt, patterns = _PATTERNS[pixels.readout if is_nirspec else POOLED]
    rows, columns = detector.shape
    described = _describe(pixels)
    meta = {
        "telescope": "JWST",
        "reftype": REFTYPE,
        "model_type": "HotPixModel",
        "filename": filename,
        "date": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds"),
        "useafter": header.useafter,
        "pedigree": pixels.provenance.pedigree,
        "author": header.author,
        "description": header.description,
        "instrument": {"name": detector.instrument, "detector": detector.name},
        "exposure": {"readpatt": readpatt, "p_readpatt": "|".join((*patterns, ""))},
        "subarray": {"name": "FULL", "xstart": 1, "ystart": 1, "xsize": columns, "ysize": rows},
        "hotpix": described | {_DIGEST: _digest_of(described, pixels)},
    }
    return {"meta": meta, "pixels": pixels.columns()}


def _digest_of(described: Mapping[str, Any], pixels: PixelList) -> str:
    """Return a SHA-256 of the pixels and their description; asdf itself checks only arrays."""
    known = {name: value for name, value in described.items() if name != _DIGEST}
    text = json.dumps([pixels.digest(), pixels.provenance.pedigree, known], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def require_digest(described: Mapping[str, Any], pixels: PixelList) -> None:
    """
    Check that a list has not changed since it was written.

    Parameters
    ----------
    described : mapping
        ``meta.hotpix`` of its file. Lists of older versions have no checksum there.
    pixels : PixelList
        The list, as read from that file.

    Raises
    ------
    ListFormatError
        When the checksum does not match. The error does not name the file.
    """
    given = described.get(_DIGEST)
    if given is not None and given != _digest_of(described, pixels):
        sentence = "damaged, or changed by hand: the content does not match its checksum"
        raise ListFormatError("checksum", expected=given, found="another", sentence=sentence)


def _describe(pixels: PixelList) -> dict[str, Any]:
    origin = pixels.provenance
    references = {key: getattr(origin, key) for key in SUPPLEMENTED}
    # The released schema allows it without listing it, and older readers ignore it.
    assumed = {} if origin.assumptions is None else {"assumptions": origin.assumptions}
    return {
        "schema": SCHEMA,
        "readout": pixels.readout,
        "threshold": float(pixels.threshold),
        "ipc": float(origin.ipc),
        "coverage": origin.coverage
        and {"first": float(origin.coverage[0]), "last": float(origin.coverage[1])},
        "as_of": origin.as_of,
        "n_exposures": int(origin.n_exposures),
        "ledger": origin.ledger,
        **assumed,
        "growth_per_month": origin.growth_per_month,
        "growth_error": origin.growth_error,
        "supplements": references if any(references.values()) else None,
    }
