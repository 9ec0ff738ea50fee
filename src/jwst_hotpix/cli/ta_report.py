"""What ``hotpix ta`` says of the pixels of lists and of real exposures."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from jwst_hotpix.cli.output import emit, print_rows
from jwst_hotpix.cli.ta import print_odds
from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.target_acq import Acquisition, Stamp, difference_noise, pixels_in, signal
from jwst_hotpix.target_acq.exposures import read_acquisition
from jwst_hotpix.target_acq.pixel_rows import count_seen, pixel_for_people, rows_of, wata_rows
from jwst_hotpix.target_acq.risk_of_lists import Flat, Seen, describe, list_for_people
from jwst_hotpix.target_acq.stars import Stars
from jwst_hotpix.tools.dates import date_of

__all__ = ["details", "exposure_rows", "report"]


def details(seen: Sequence[Seen], asked: Stars, read_noise: float) -> dict[str, Any]:
    """
    Describe the lists, what their pixels add to an image, and what every WATA sees.

    Parameters
    ----------
    seen : sequence of Seen
    asked : Stars
    read_noise : float
        DN a read.

    Returns
    -------
    dict
        Ready for JSON.
    """
    new = [one.new for one in seen]
    return {
        "seen_in": count_seen(new, read_noise),
        "lists": describe(seen, asked),
        "wata_pixels": wata_rows(new, read_noise),
    }


def exposure_rows(
    paths: Sequence[Path], seen: Sequence[Seen], flat: Flat, read_noise: float
) -> dict[str, list[dict[str, Any]]]:
    """
    Find the hot pixels in the stamps of exposures.

    Parameters
    ----------
    paths : sequence of pathlib.Path
    seen : sequence of Seen
    flat : Flat
    read_noise : float
        DN a read.

    Returns
    -------
    dict
        ``exposures`` and ``rejected``, ready for JSON. One that cannot be used does not stop
        the others.
    """
    exposures, rejected = [], []
    for path in paths:
        try:
            acquisition = read_acquisition(path)
            new = [flat.new(one.pixels, acquisition.epoch) for one in seen]
            exposures.append(_describe(acquisition, new, read_noise))
        except HotPixError as error:
            rejected.append({"file": path.name, "reason": str(error.within(path.name))})
        except OSError as error:
            rejected.append({"file": path.name, "reason": str(error)})
    return {"exposures": exposures, "rejected": rejected}


def report(result: Mapping[str, Any], *, as_json: bool) -> None:
    """
    Print the answer on stdout; say on stderr which exposures failed, and exit with 1 then.

    Parameters
    ----------
    result : mapping
    as_json : bool
    """
    if as_json:
        emit(result, as_json=True, title="")
    else:
        tables = ("lists", "wata_pixels", "exposures", "rejected")
        print_odds({name: value for name, value in result.items() if name not in tables})
        print_rows([list_for_people(row) for row in result["lists"]], "Lists")
        if any(row["growth_per_month"] is not None for row in result["lists"]):
            click.echo(BIRTHS_AND_NET_GROWTH)
        if result["wata_pixels"]:
            print_rows([pixel_for_people(row) for row in result["wata_pixels"]], "In SUB32 (WATA)")
        _print_exposures(result["exposures"])
    for problem in result["rejected"]:
        click.echo(f"hotpix: {problem['reason']}", err=True)
    if result["rejected"]:
        sys.exit(1)


def _describe(
    acquisition: Acquisition, lists: Sequence[PixelList], read_noise: float
) -> dict[str, Any]:
    stamps = [_stamp(stamp, acquisition, lists, read_noise) for stamp in acquisition.stamps]
    return {
        "file": acquisition.name,
        "kind": acquisition.kind,
        "date": date_of(acquisition.epoch),
        "stars": len({stamp["star"] for stamp in stamps}),
        "stars_hit": len({stamp["star"] for stamp in stamps if stamp["pixels"]}),
        "stamps": stamps,
    }


def _stamp(
    stamp: Stamp, acquisition: Acquisition, lists: Sequence[PixelList], read_noise: float
) -> dict[str, Any]:
    noise = difference_noise(read_noise, acquisition.nframes)
    rows = rows_of(pixels_in(stamp, lists))
    for row in rows:
        known = row["rate"] is not None
        added = float(signal(row["rate"], acquisition.group_time)) if known else None
        row["signal_dn"] = added
        row["signal_to_noise"] = None if added is None else added / noise
        row["from_centroid"] = _distance(stamp, row)
    window = stamp.window
    return {
        "star": stamp.star,
        "image": stamp.image,
        "detector": window.detector.name,
        "x": window.xstart - 1,
        "y": window.ystart - 1,
        "x_one_based": window.xstart,
        "y_one_based": window.ystart,
        "pixels": rows,
    }


def _distance(stamp: Stamp, row: dict[str, Any]) -> float | None:
    """Return the pixels between a hot pixel and the place where the star was found."""
    if stamp.centroid is None:
        return None
    y, x = stamp.centroid
    return float(((row["y_one_based"] - y) ** 2 + (row["x_one_based"] - x) ** 2) ** 0.5)


def _print_exposures(exposures: Sequence[dict[str, Any]]) -> None:
    for exposure in exposures:
        hits = [
            {
                "star (image)": f"{stamp['star']} ({stamp['image']})",
                "pixel": f"{stamp['detector']} {pixel['x_one_based']}, {pixel['y_one_based']}",
                "DN/s": pixel["rate"],
                "hot on": pixel["onset_latest"][:10],
                "sigma": pixel["signal_to_noise"],
                "from star": pixel["from_centroid"],
            }
            for stamp in exposure["stamps"]
            for pixel in stamp["pixels"]
        ]
        counted = f"{exposure['stars_hit']} of {exposure['stars']} stars hit"
        title = f"{exposure['file']}: {exposure['kind']}, {counted}"
        if hits:
            print_rows(hits, title)
        else:
            click.echo(title)
