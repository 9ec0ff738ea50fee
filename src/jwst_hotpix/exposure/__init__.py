"""
What an exposure shows and when, on disk and in memory; where its files and its references are.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "ask_crds": ["CrdsClient"],
        "description": ["Exposure", "describe"],
        "find": ["gather"],
        "fits_file": ["open_whole"],
        "in_memory": ["check_product", "describe_model", "parts_of"],
        "on_disk": ["ExposureFile", "read_exposure"],
        "when": ["Dates", "dates_of_exposure", "dates_of_reference", "epoch_of_useafter"],
        "where": ["frame_of", "window_of", "window_of_slit"],
    },
)
