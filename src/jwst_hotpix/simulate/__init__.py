"""
Worlds with a known truth: detectors, raw exposures, darks, and a CRDS cache to reduce them.

Names are imported on first use; none of them imports jwst or crds before it is called.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "acquisitions": ["Star", "write_msata", "write_wata"],
        "crds_cache": ["Delivery", "write_crds_cache"],
        "crds_context": ["serve_hotpix"],
        "crds_session": ["cache_environment", "use_cache"],
        "darks": ["write_dark_rate", "write_dark_reference"],
        "raw_exposures": ["write_uncal"],
        "trace": ["trace_rate", "trace_row"],
        "world": ["World"],
    },
)
