"""
Explaining spectra: where the hot pixels of a list lie in them, and how far they stand out.

Names are imported on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "row_excess": ["LINE", "RowExcess", "excess_at"],
        "explain_product": ["Explanation", "explain"],
        "hot_in_spectra": ["HotPixel", "find_hot"],
        "spectra_plot": ["pixels_figure", "spectrum"],
        "strips": ["Strip", "strips_of"],
        "words": ["in_words", "place_of", "rate_of"],
    },
)
