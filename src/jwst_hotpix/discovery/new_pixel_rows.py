"""New hot pixels as rows of a table, for a reader who has never seen a list."""

from __future__ import annotations

from typing import Any

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.finite import finite

__all__ = ["UNITS", "rows_of"]

UNITS = {"rate": "DN / s", "rate_error": "DN / s"}


def rows_of(pixels: PixelList) -> list[dict[str, Any]]:
    """
    Describe each entry of a list.

    Parameters
    ----------
    pixels : PixelList
        As `discover` finds them.

    Returns
    -------
    list of dict
        Ready for JSON. ``x`` and ``y`` are zero-based, full frame, science frame; a rate that was
        not measured is None.
    """
    return [
        {
            "x": int(pixels.x[row]),
            "y": int(pixels.y[row]),
            "role": Role(int(pixels.role[row])).name.lower(),
            "rate": finite(pixels.rate[row]),
            "rate_error": finite(pixels.rate_error[row]),
            "hot_by": date_of(float(pixels.onset_latest[row])),
            "looks_hot": int(pixels.n_hot[row]),
            "looks": int(pixels.n_observed[row]),
            "confidence": round(float(pixels.confidence[row]), 4),
        }
        for row in range(len(pixels))
    ]
