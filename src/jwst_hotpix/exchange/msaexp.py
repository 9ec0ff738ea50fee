"""Bad pixel lists of msaexp: YAML in, columns of a list out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError
from jwst_hotpix.exchange.findings import Findings
from jwst_hotpix.exchange.guess_format import text_of
from jwst_hotpix.instrument.detectors import DETECTORS, Detector
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.masks.mask_checks import check_bit, check_detector
from jwst_hotpix.tools.bounded_yaml import UnboundedError, require_bounded_yaml

__all__ = ["read_msaexp"]

# More than a list of all bad pixels of a detector has.
_MOST_NODES = 600_000

_KEYS = ("flags", "pixel_index", "pixel_value", "shape")


def read_msaexp(path: Path, detector: Detector, bit: int | None = None) -> Findings:
    """
    Read a bad pixel list of msaexp (``msaexp/data/msaexp_badpix_nrs1.yaml``, version 0.9.19).

    Parameters
    ----------
    path : pathlib.Path
        YAML with ``pixel_index`` (``y * shape[1] + x``, zero-based, full science frame),
        ``pixel_value``, ``flags`` (their bits by name), ``shape``, and the ``files`` it was made
        from.
    detector : Detector
        The detector that the names of the files must agree with, if they contain one.
    bit : int, optional
        Value of the bit that means hot; by default that of HOT in ``flags``.

    Returns
    -------
    Findings
        Columns x and y only.

    Raises
    ------
    ListFormatError
        For missing keys or values of the wrong type, or a bit that no pixel has.
    FrameMismatchError
        For another detector or shape, or an index off the detector.
    """
    content = _load(path)
    for name in _names_of_files(content):
        for part in str(name).upper().split("_"):
            check_detector(part if part in DETECTORS else None, detector)
    index, value, shape = (
        _integers(content, key) for key in ("pixel_index", "pixel_value", "shape")
    )
    if tuple(shape) != detector.shape:
        raise FrameMismatchError("shape", expected=detector.shape, found=tuple(shape.tolist()))
    if index.shape != value.shape:
        raise ListFormatError(
            "length of pixel_value", expected=index.size, found=value.size,
            sentence=f"pixel_index has {index.size} values, but pixel_value has {value.size}",
        )  # fmt: skip
    end = detector.shape[0] * detector.shape[1]
    off = (index < 0) | (index >= end)
    if off.any():
        raise FrameMismatchError("pixel_index", expected=f"0 to {end - 1}", found=index[off][0])
    if bit is None:
        bit = _hot_bit(content)
    check_bit(value, bit)
    y, x = unflat(np.unique(index[(value & bit) != 0]), detector.shape)
    return Findings({"x": x, "y": y})


def _load(path: Path) -> Mapping[str, Any]:
    text, loader = text_of(path), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        require_bounded_yaml(text, _MOST_NODES)
        content = yaml.load(text, Loader=loader)  # noqa: S506 (both loaders are safe)
    except Exception as error:  # noqa: BLE001
        # For values that look like dates or numbers but are not, yaml raises any Python error.
        found = str(error) if isinstance(error, UnboundedError) else f"an invalid value: {error}"
        raise ListFormatError(
            "file", expected="YAML of msaexp", found=found, sentence=f"not valid YAML: {found}"
        ) from None
    keys = content.keys() if isinstance(content, Mapping) else ()
    if not set(_KEYS) <= set(keys):
        missing = ", ".join(key for key in _KEYS if key not in keys)
        raise ListFormatError(
            "keys", expected=", ".join(_KEYS), found=", ".join(map(str, keys)),
            sentence=f"not a list of msaexp: it lacks {missing}",
        )  # fmt: skip
    return dict(content)


def _names_of_files(content: Mapping[str, Any]) -> Sequence[Any]:
    names = content.get("files") or []
    if not isinstance(names, list):
        raise ListFormatError("files", expected="a list of names", found=type(names).__name__)
    return names


def _integers(content: Mapping[str, Any], key: str) -> NDArray[np.int64]:
    values = content[key]
    if not isinstance(values, list) or not all(type(value) is int for value in values):
        raise ListFormatError(key, expected="a list of integers", found=type(values).__name__)
    try:
        return np.array(values, dtype=np.int64)
    except OverflowError:
        largest = max(values, key=abs)
        raise ListFormatError(key, expected="64-bit integers", found=largest) from None


def _hot_bit(content: Mapping[str, Any]) -> int:
    flags = content["flags"]
    bit = flags.get("HOT") if isinstance(flags, Mapping) else None
    if type(bit) is not int:
        raise ListFormatError(
            "flags", expected="the bit of HOT", found=flags,
            sentence="flags does not name HOT; choose a bit with --bit",
        )  # fmt: skip
    if not 0 < bit < 1 << 32:
        raise ListFormatError("bit of HOT in flags", expected="a bit of 32", found=bit)
    return bit
