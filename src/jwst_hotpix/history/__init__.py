"""
From what darks saw of each pixel to the intervals in which it was hot, and to a list of them.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "intervals": ["History", "find_intervals"],
        "make_list": ["build_list"],
    },
)
