"""
How the population of hot pixels grows: from a ledger or dated masks to net growth with its error.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "dark_against_mask": ["Consistency", "compare", "matching"],
        "dated_masks": ["DatedMask", "read_dated_mask", "series_of_masks"],
        "fit_trend": ["Trend", "trend"],
        "from_ledger": ["gather"],
        "from_masks": ["check_masks", "gather_masks"],
        "gathered": ["Gathered"],
        "table_1": ["write_table"],
        "net_growth": ["NetGrowth"],
        "plot_trends": ["trends_figure"],
        "series": ["Series", "series_of"],
        "wanted": ["KINDS", "Wanted"],
    },
)
