"""
Flagging: which pixels of an exposure to flag, with which bits, and the record of it.

Arrays in, arrays out; what changes a product in place says so.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "apply": ["flag_hot", "promote", "unflag"],
        "bits": [
            "DO_NOT_USE",
            "HOT",
            "OTHER_BAD_PIXEL",
            "TELEGRAPH",
            "clear_hot",
            "hot_without_do_not_use",
            "is_masked",
            "set_bits",
        ],
        "stamp": ["Counts", "StepRecord"],
        "targets": [
            "Neighbors",
            "Policy",
            "Targets",
            "active_targets",
            "add_crosses",
            "is_target",
            "recovered",
        ],
    },
)
