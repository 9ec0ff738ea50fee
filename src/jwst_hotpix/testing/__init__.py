"""
For those who test against this package: what darks see of a simulated world, and scores of lists.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "count_unmasked": ["first_sightings", "listed_at", "masked_at", "unmasked", "until"],
        "draw_sightings": ["dark_schedule", "simulate_sightings"],
        "lit_pixels": ["LitPixels"],
        "make_records": ["records_of"],
        "perfect_monitor": ["perfect_list"],
        "score_list": ["score"],
    },
)
