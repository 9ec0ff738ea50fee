"""
Masks: reading and writing them, which one an exposure had, and lists compared with them.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "any_mask": ["MaskFile", "read_mask_file"],
        "compare_delivery": ["reconcile", "reconcile_files"],
        "delivery_score": ["Reconciliation"],
        "make_supplement": ["supplement", "supplement_header"],
        "of_exposure": ["Masks"],
        "reference_mask": ["Mask", "read_mask"],
        "write_mask": ["export_mask"],
    },
)
