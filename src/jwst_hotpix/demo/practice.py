"""Files that the demo leaves to practice on, and a command line for every verb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import join, quote

import numpy as np

from jwst_hotpix.demo.year import DELIVERIES
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.simulate.acquisitions import Star, write_msata, write_wata
from jwst_hotpix.simulate.crds_references import mask
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import iso

__all__ = ["command_lines", "write_practice"]

_NEXT_MASK = "next_mask.fits"

# Every verb that needs no network, in an order in which each finds the output of those before it;
# lines that need a CRDS context set its environment.
_LINES = """
hotpix ingest {practice}/ledger {practice}/darks
hotpix show {practice}/ledger
hotpix pixel {demo}/ledger {x} {y} --detector {detector} --plot {practice}/pixel.png
hotpix build {demo}/ledger --detector {detector} --readout trad -o {practice}/trad.asdf
hotpix trend {demo}/ledger --plot {practice}/trend.png
hotpix discover {practice}/visit -o {practice}/new
hotpix lists --library {practice}/new
{crds} hotpix reprocess {practice}/visit -o {practice}/reprocessed --library {practice}/new
{crds} hotpix audit {uncal} --list {list}
hotpix explain {rate} --list {list} --top 3 --plot {practice}/lines.png
hotpix supplement {list} --mask {mask} -o {practice}/supplement.asdf
hotpix export {list} --to ds9 -o {practice}/hot.reg
hotpix import {next_mask} --detector {detector} --date {known} -o {practice}/imported.asdf
hotpix reconcile {list} --old-mask {mask} --new-mask {next_mask}
hotpix report {demo}/ledger -o {practice}/report.html --mask {mask} --mask {next_mask}
hotpix ta {acquisitions} --list {practice}/trad.asdf --since {since} --plot {practice}/ta.png
{crds} strun hotpix_detector1 {uncal} --steps.hotpix.override_hotpix={list} --output_dir {practice}
"""

# Reference stars of the MSATA, and how many of them are next to a new hot pixel, so that there is
# something to see.
_STARS, _HIT = 8, 2


def write_practice(folder: Path, world: World, pixels: PixelList, epoch: float, seed: int) -> None:
    """
    Write target acquisitions and the MASK that is delivered next.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write.
    world : World
        The truth, in any readout mode.
    pixels : PixelList
        A list made from it, from which some stars are placed.
    epoch : float
        MJD (UTC) of the acquisitions.
    seed : int
        Seed of the stars, noise and cosmic rays.
    """
    taken, name = folder / "acquisitions", f"02101_00001_{world.detector.lower()}_uncal.fits"
    taken.mkdir()
    read, start = world.read_as("TRAD"), epoch
    stars = list(_stars_on(pixels, DELIVERIES.in_use(epoch), epoch, seed))
    write_msata(taken / f"jw09999003001_{name}", read, stars, start=start, seed=seed)
    if world.detector == "NRS1":
        # The aperture of a WATA is always on NRS1.
        write_wata(taken / f"jw09999004001_{name}", read, start=start, seed=seed)
    known = DELIVERIES.known[-1]
    useafter = iso(known + DELIVERIES.latency, "seconds")
    with atomic_path(folder / _NEXT_MASK) as temporary:
        mask(world, known, useafter=useafter).writeto(temporary)


def command_lines(
    demo: Path,
    *,
    detector: str,
    exposure: tuple[Path, Path, Path],
    mask_in_use: Path,
    pixel: tuple[int, int],
    environment: Mapping[str, str],
) -> list[str]:
    """
    Write a command line for each verb that needs no network, and one for strun.

    Parameters
    ----------
    demo : pathlib.Path
        The folder of the demo, as seen from where the lines are to run.
    detector : str
        Name of the detector.
    exposure : tuple of pathlib.Path
        A raw exposure, a rate product, and the list for both.
    mask_in_use : pathlib.Path
        The MASK that the pipeline used for them.
    pixel : tuple of int
        Zero-based column and row of a pixel that turned hot, science frame.
    environment : mapping of str to str
        The environment variables of the CRDS cache.

    Returns
    -------
    list of str
        For any shell, in an order in which each finds the output of those before it.
    """
    practice, (uncal, rate, listed) = demo / "practice", exposure
    names = {
        "demo": demo, "practice": practice, "uncal": uncal, "rate": rate, "list": listed,
        "mask": mask_in_use, "next_mask": practice / _NEXT_MASK, "detector": detector,
        "acquisitions": practice / "acquisitions", "x": pixel[0], "y": pixel[1],
        "known": iso(DELIVERIES.known[-1])[:10], "since": iso(DELIVERIES.known[-2])[:10],
    }  # fmt: skip
    quoted = {name: quote(str(value)) for name, value in names.items()}
    crds = join(["env", *(f"{name}={value}" for name, value in environment.items())])
    return _LINES.strip().format(**quoted, crds=crds).splitlines()


def _stars_on(pixels: PixelList, since: float, epoch: float, seed: int) -> Iterator[Star]:
    rng, detector = np.random.default_rng([seed, 30]), get_detector(pixels.detector)
    edge = 20
    bright = (pixels.rate > detector.ta_threshold) & (pixels.role == Role.CENTER)
    new = pixels.select(bright & pixels.active(epoch) & (pixels.onset_latest > since))
    inside = np.all([(at >= edge) & (at < 2048 - edge) for at in (new.y, new.x)], axis=0)
    beside = rng.permutation(np.flatnonzero(inside))[:_HIT]
    places = rng.uniform(edge, 2048 - edge, (_STARS, 2))
    # Some pixels away, as the star would be found.
    places[: beside.size] = np.stack([new.y[beside], new.x[beside]], axis=1) + rng.uniform(
        3, 9, (beside.size, 2)
    )
    for number, (y, x) in enumerate(places, start=1):
        yield Star(name=str(number), y=float(round(y + 1, 2)), x=float(round(x + 1, 2)))
