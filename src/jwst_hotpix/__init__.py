"""
Hot pixels of the JWST NIRSpec detectors, and when each one turned hot.

The names below are imported on first use, so that importing the package loads no pipeline.
"""

from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "discovery.find_new": ["discover"],
        "history.build": ["build"],
        "hotlist.datamodel": ["HotPixModel"],
        "hotlist.pixellist": ["PixelList"],
        "ledger.ledger": ["Ledger"],
        "pipeline": ["HotPixDetector1Pipeline"],
        "step": ["HotPixStep"],
    },
)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        # Reading the metadata of an installed package takes as long as the rest of --help.
        from importlib.metadata import version

        return version(__name__)
    return _load(name)
