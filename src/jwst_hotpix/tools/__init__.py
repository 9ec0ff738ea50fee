"""
Tools that know nothing of hot pixels: dates, whole files, plots, statistics, and workers.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "atomic": ["atomic_path"],
        "dates": ["DAYS_PER_MONTH", "calendar", "date_of", "iso", "mjd", "mjd_of"],
        "medians": ["SIGMA_PER_MAD", "grouped_median", "mad_std"],
        "plot_file": ["PLOT_ENDINGS", "FigureFolder", "save_plot"],
        "proportion": ["Proportion"],
        "batch": ["Batch", "Outcome"],
        "open_workers": ["open_workers"],
        "workers": ["Workers"],
    },
)
