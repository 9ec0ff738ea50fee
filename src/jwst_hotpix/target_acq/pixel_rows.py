"""How ``hotpix ta`` describes pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.target_acq import (
    GROUP_TIMES,
    SUB32,
    in_aperture,
    in_sub32,
    signal,
    stands_out,
)
from jwst_hotpix.tools.dates import date_of

__all__ = ["count_seen", "pixel_for_people", "rows_of", "wata_rows"]


def rows_of(pixels: PixelList) -> list[dict[str, Any]]:
    """
    Describe pixels for JSON.

    Parameters
    ----------
    pixels : PixelList

    Returns
    -------
    list of dict
        Places in the full science frame; the rate is None where unknown, the earliest onset
        where the first dark saw the pixel hot.
    """
    columns = (
        *(pixels.x, pixels.y, pixels.rate),
        *(pixels.onset_earliest, pixels.onset_latest, pixels.confidence),
    )
    return [
        {
            "x": x,
            "y": y,
            "x_one_based": x + 1,
            "y_one_based": y + 1,
            "rate": None if np.isnan(rate) else rate,
            "onset_earliest": date_of(earliest) if np.isfinite(earliest) else None,
            "onset_latest": date_of(latest),
            "confidence": confidence,
        }
        for x, y, rate, earliest, latest, confidence in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


def wata_rows(lists: Sequence[PixelList], read_noise: float) -> list[dict[str, Any]] | None:
    """
    Describe the pixels that every WATA sees.

    Parameters
    ----------
    lists : sequence of PixelList
        One a detector.
    read_noise : float
        DN a read.

    Returns
    -------
    list of dict or None
        Those in SUB32 with what they add to a difference of groups; None without a list of NRS1.
    """
    for pixels in lists:
        if get_detector(pixels.detector) == SUB32.detector:
            inside = pixels.select(in_sub32(pixels))
            return [
                {**row, "in_s1600a1": aperture, **_readouts(row["rate"], read_noise)}
                for row, aperture in zip(rows_of(inside), in_aperture(inside).tolist(), strict=True)
            ]
    return None


def count_seen(lists: Sequence[PixelList], read_noise: float) -> dict[str, int]:
    """
    Count the pixels that stand out in each readout of target acquisition.

    Parameters
    ----------
    lists : sequence of PixelList
    read_noise : float
        DN a read.

    Returns
    -------
    dict of str to int
        By readout, and those of unknown rate.
    """
    rate = np.concatenate([pixels.rate for pixels in lists])
    counts = {
        name: int(stands_out(rate, time, read_noise=read_noise).sum())
        for name, time in GROUP_TIMES.items()
    }
    return {**counts, "unknown": int(np.isnan(rate).sum())}


def pixel_for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    """
    Shorten what `wata_rows` says of a pixel to what fits into a terminal.

    Parameters
    ----------
    row : mapping

    Returns
    -------
    dict
        Place counted from one.
    """
    seen_in = row["seen_in"]
    return {
        "x": row["x_one_based"],
        "y": row["y_one_based"],
        "DN/s": row["rate"],
        "cold until": (row["onset_earliest"] or "never seen")[:10],
        "hot on": row["onset_latest"][:10],
        "in S1600A1": "yes" if row["in_s1600a1"] else "no",
        "seen in": None if seen_in is None else ", ".join(seen_in) or "none",
    }


def _readouts(rate: float | None, read_noise: float) -> dict[str, Any]:
    if rate is None:
        return {"signal_dn": None, "seen_in": None}
    times = GROUP_TIMES.items()
    return {
        "signal_dn": {name: float(signal(rate, time)) for name, time in times},
        "seen_in": [name for name, time in times if stands_out(rate, time, read_noise=read_noise)],
    }
