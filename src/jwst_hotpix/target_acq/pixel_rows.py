"""Pixels for target acquisition as rows, ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.target_acq.signal_in_groups import GROUP_TIMES, signal, stands_out
from jwst_hotpix.target_acq.wata import SUB32, in_aperture, in_sub32
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.finite import finite
from jwst_hotpix.tools.terminal import day

__all__ = ["rows_of", "short_wata_row", "wata_rows"]


def rows_of(pixels: PixelList) -> list[dict[str, Any]]:
    """
    Describe pixels.

    Parameters
    ----------
    pixels : PixelList
        Any pixels.

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
            "rate": finite(rate),
            "onset_earliest": date_of(finite(earliest)),
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
        One per detector.
    read_noise : float
        DN per read.

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


def short_wata_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """
    Shorten a row of `wata_rows` to what fits a terminal.

    Parameters
    ----------
    row : mapping
        As `wata_rows` returns it.

    Returns
    -------
    dict
        Text and numbers by heading, the place counted from one.
    """
    seen_in = row["seen_in"]
    return {
        "x": row["x_one_based"],
        "y": row["y_one_based"],
        "DN/s": row["rate"],
        "cold until": day(row["onset_earliest"]) or "never seen",
        "hot on": day(row["onset_latest"]),
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
