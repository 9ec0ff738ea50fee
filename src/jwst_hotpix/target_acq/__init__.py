"""
What unmasked hot pixels do to target acquisition: MSATA and WATA.

Importing this package imports neither astropy nor jwst.
"""

from jwst_hotpix.target_acq.acquisition import Acquisition, Stamp, pixels_in, stamp_window
from jwst_hotpix.target_acq.placement import draw_stars_hit, places_hit
from jwst_hotpix.target_acq.risk import (
    ALL_PIXELS,
    STAMP,
    at_least,
    distribution,
    expected_stars_hit,
    longest_interval,
    stamp_probability,
)
from jwst_hotpix.target_acq.selection import new_pixels
from jwst_hotpix.target_acq.signal import (
    GROUP_TIMES,
    READ_NOISE,
    SIGMAS,
    difference_noise,
    faintest_rate,
    signal,
    stands_out,
)
from jwst_hotpix.target_acq.wata import APERTURE, SUB32, in_aperture, in_sub32

__all__ = [
    "ALL_PIXELS",
    "APERTURE",
    "GROUP_TIMES",
    "READ_NOISE",
    "SIGMAS",
    "STAMP",
    "SUB32",
    "Acquisition",
    "Stamp",
    "at_least",
    "difference_noise",
    "distribution",
    "draw_stars_hit",
    "expected_stars_hit",
    "faintest_rate",
    "in_aperture",
    "in_sub32",
    "longest_interval",
    "new_pixels",
    "pixels_in",
    "places_hit",
    "signal",
    "stamp_probability",
    "stamp_window",
    "stands_out",
]
