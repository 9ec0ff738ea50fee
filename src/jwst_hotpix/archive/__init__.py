"""
Archives: what a list does for each of many exposures (audit), and doing it (reprocess).

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "gain": ["Auditor", "Gain"],
        "many_exposures": ["reprocess"],
        "recipe": ["Recipe"],
        "strun": ["Call"],
    },
)
