"""
A small world with a known truth: detectors, raw exposures, and the CRDS cache to reduce them.

Importing this package imports neither jwst nor crds.
"""

from jwst_hotpix.simulate.crds_cache import Delivery, write_crds_cache
from jwst_hotpix.simulate.crds_context import serve_hotpix
from jwst_hotpix.simulate.crds_session import cache_environment, use_cache
from jwst_hotpix.simulate.raw_exposures import write_uncal
from jwst_hotpix.simulate.trace import trace_rate, trace_row
from jwst_hotpix.simulate.world import World

__all__ = [
    "Delivery",
    "World",
    "cache_environment",
    "serve_hotpix",
    "trace_rate",
    "trace_row",
    "use_cache",
    "write_crds_cache",
    "write_uncal",
]
