"""
The demo: a simulated year of one detector, through the monitor and the real pipeline.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "demo_plots": ["spectrum_figure", "write_plots", "year_figure"],
        "run_demo": ["Demo", "Score"],
        "year": ["DELIVERIES", "Deliveries", "Unmasked"],
    },
)
