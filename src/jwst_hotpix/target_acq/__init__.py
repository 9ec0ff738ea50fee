"""
What unmasked hot pixels do to target acquisition, MSATA and WATA: risk, pixels, stamps.

Names are imported on first use: the package itself imports neither astropy, asdf nor jwst.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "acquisition": ["Acquisition", "Stamp", "pixels_in", "stamp_window"],
        "acquisition_file": ["read_acquisition"],
        "detector_risk": ["DetectorRisk", "read_lists"],
        "from_lists": ["ListsRisk", "risk_of_lists"],
        "from_rates": ["RatesRisk", "risk_of_rates"],
        "hits_in_files": ["FilesHits", "find_hits_in_files"],
        "hits_in_stamps": ["AcquisitionHits", "StampHits", "find_hits"],
        "new_pixel_table": ["write_new_pixels"],
        "placement": ["draw_stars_hit", "places_hit"],
        "risk": [
            *("ALL_PIXELS", "STAMP", "at_least", "distribution", "expected_stars_hit"),
            *("longest_interval", "stamp_probability"),
        ],
        "signal_in_groups": [
            *("GROUP_TIMES", "READ_NOISE", "SIGMAS", "difference_noise", "faintest_rate"),
            *("signal", "stands_out"),
        ],
        "stars": ["Interval", "Odds", "Stars"],
        "ta_flat": ["TaFlat", "new_pixels"],
        "wata": ["APERTURE", "SUB32", "in_aperture", "in_sub32"],
    },
)
