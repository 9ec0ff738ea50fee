"""What headers of records may hold: a checksum shows damage, but anybody can write a record."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window

__all__ = [
    "header_in",
    "require",
    "require_columns",
    "require_facts",
    "require_values",
    "window_in",
]

_PLAIN = (str, int, float, bool, type(None))


def require(good: bool, found: str) -> None:
    """
    Raise unless something is as it must be.

    Parameters
    ----------
    good : bool
        Whether it is.
    found : str
        What there is instead.

    Raises
    ------
    ValueError
    """
    if not good:
        raise ValueError(found)


def header_in(text: bytes | None) -> dict[str, Any]:
    """
    Read the header of a record.

    Parameters
    ----------
    text : bytes or None
        JSON, or None where there is none.

    Returns
    -------
    dict
        Empty where there is none.

    Raises
    ------
    ValueError
        When it is not a JSON object.
    RecursionError
        When it is nested too deeply.
    """
    header: Any = json.loads(text) if text else {}
    require(isinstance(header, dict), "a header that is no JSON object")
    return dict(header)


def require_values(
    header: dict[str, Any], *, texts: tuple[str, ...], numbers: tuple[str, ...]
) -> None:
    """
    Check the types of values.

    Parameters
    ----------
    header : dict
        From `header_in`.
    texts, numbers : tuple of str
        Names of values that must be texts, and finite numbers.

    Raises
    ------
    ValueError, LookupError, OverflowError
    """
    for name in texts:
        require(isinstance(header[name], str), f"{name} {header[name]!r}")
    for name in numbers:
        good = isinstance(header[name], int | float) and isfinite(header[name])
        require(good and not isinstance(header[name], bool), f"{name} {header[name]!r}")


def require_facts(header: dict[str, Any]) -> None:
    """
    Check the header facts and the digest of the exposure.

    Parameters
    ----------
    header : dict
        From `header_in`.

    Raises
    ------
    ValueError, LookupError
    """
    digest, facts = header["digest"], header["facts"]
    is_digest = isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest) is not None
    require(is_digest, f"digest {digest!r}")
    plain = isinstance(facts, dict) and all(isinstance(v, _PLAIN) for v in facts.values())
    require(plain, "facts that are no texts and numbers")


def window_in(header: dict[str, Any], ystart: Any, xstart: Any, shape: Any) -> Window:
    """
    Return the part of the detector that an exposure shows.

    Parameters
    ----------
    header : dict
        From `header_in`; its detector and readout mode are checked, too.
    ystart, xstart, shape
        As the header gives them.

    Returns
    -------
    Window

    Raises
    ------
    ValueError, LookupError, TypeError
        `FrameMismatchError` for an unknown detector, and a window that reaches beyond it.
    """
    places = (ystart, xstart, *shape)
    good = len(places) == 4 and all(type(place) is int for place in places)
    require(good, f"a window of {places}")
    detector = get_detector(header["detector"])
    require(header["readout"] in detector.readouts, f"readout {header['readout']!r}")
    return Window(detector=detector, ystart=ystart, xstart=xstart, shape=(shape[0], shape[1]))


def require_columns(table: pa.Table, kinds: dict[str, pa.DataType]) -> None:
    """
    Check the columns of a record.

    Parameters
    ----------
    table : pyarrow.Table
        The columns.
    kinds : dict of str to pyarrow.DataType
        Their types by name.

    Raises
    ------
    ValueError, LookupError
    """
    for name, kind in kinds.items():
        column = table.column(name)
        require(column.type == kind, f"{name} of {column.type}")
        require(column.null_count == 0, f"{name} with nulls")
