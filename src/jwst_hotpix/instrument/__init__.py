"""
What JWST's detectors are: shapes, readouts, frames, crosses. Needs nothing but numpy.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "crosses": [
            "DEFAULT_ALPHA",
            "Coupling",
            "Lighting",
            "Measured",
            "Role",
            "count_neighbors",
            "cross",
            "estimate_coupling",
            "find_centers",
            "spread",
            "who_lights_whom",
        ],
        "detectors": ["DETECTORS", "Detector", "get_detector"],
        "dq_flags": ["PIXEL", "bits_of"],
        "frames": ["Window", "flat", "raw_rows", "to_raw_irs2", "to_science_frame", "unflat"],
        "published_growth": ["GROWTH", "RENEWAL_DAYS", "THRESHOLDS"],
        "readouts": [
            "IRS2",
            "PATTERNS",
            "POOLED",
            "SUBARRAYS",
            "TRAD",
            "frame_time",
            "group_time",
            "patterns_of",
        ],
    },
)
