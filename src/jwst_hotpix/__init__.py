"""
Hot pixels of the JWST NIRSpec detectors, and when each one turned hot.

The names below are imported on first use, so that importing the package loads no pipeline.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "hotlist.datamodel": ["HotPixModel"],
        "hotlist.pixellist": ["PixelList"],
        "pipeline": ["HotPixDetector1Pipeline"],
        "step": ["HotPixStep"],
    },
)
