"""
Hot pixels of the JWST NIRSpec detectors, known by the day they turned hot.

Names below are imported on first use: asking for a version or a list costs no pipeline.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["HotPixDetector1Pipeline", "HotPixModel", "HotPixStep", "PixelList"]

_HOMES = {
    "HotPixDetector1Pipeline": "pipeline",
    "HotPixModel": "reference.model",
    "HotPixStep": "step",
    "PixelList": "pixellist",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
