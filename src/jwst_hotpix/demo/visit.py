"""An observer's visit: its own exposures reveal its hot pixels, and the step masks them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.demo.year import DELIVERIES
from jwst_hotpix.discovery.find_new import discover
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate.world import World

__all__ = ["Visit", "VisitScore", "clean_visit", "observe_visit"]

_MODE, _VISIT, _EXPOSURES = "MOS medium", "09999002001", 3
# Days from one exposure to the next: 1000 s and overheads.
_APART = 0.02


@dataclass(frozen=True, kw_only=True)
class VisitScore:
    """
    The exposures of a visit compared with the truth: numbers of pixels.

    Attributes
    ----------
    hot : int
        Pixels above 1 DN/s during the visit, neighbors included.
    listed : int
        Pixels in the list made from the exposures.
    unmasked_before, unmasked_after : int
        Hot pixels that are unmasked in at least one exposure, without and with that list.
    wrongly_masked : int
        Pixels that the list masked although they were not hot.
    """

    hot: int
    listed: int
    unmasked_before: int
    unmasked_after: int
    wrongly_masked: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Visit:
    """
    An observer's visit, before and after its own hot pixels were masked.

    Attributes
    ----------
    score : VisitScore
        The exposures compared with the truth.
    before, after : ndarray of float32, shape (2048, 2048)
        The rate of the first exposure in DN/s, without and with the list; NaN where masked.
    pixels : PixelList
        The list made from the exposures.
    rate : ndarray of float32, shape (2048, 2048)
        The true dark rate in DN/s during the visit.
    unmasked_before, unmasked_after : ndarray of bool, shape (2048, 2048)
        Hot pixels that the score counts.
    """

    score: VisitScore
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    pixels: PixelList
    rate: NDArray[np.float32]
    unmasked_before: NDArray[np.bool_]
    unmasked_after: NDArray[np.bool_]


def observe_visit(folder: Path, world: World, start: float, seed: int) -> list[Path]:
    """
    Simulate the rate products of a visit, with the masks of the day.

    Parameters
    ----------
    folder : pathlib.Path
        New folder to write to.
    world : World
        The truth; sets detector and readout mode.
    start : float
        MJD (UTC) of the first exposure.
    seed : int
        Seed of the sky, noise and cosmic rays.

    Returns
    -------
    list of pathlib.Path
        The three rate products.
    """
    folder.mkdir()
    scene = draw_scene(_MODE, (2048, 2048), seed=seed)
    files = []
    for number in range(_EXPOSURES):
        setup = Setup(
            start=start + number * _APART, pointing=number, number=number + 1, visit=_VISIT
        )
        name = f"jw{_VISIT}_02101_{number + 1:05d}_{world.detector.lower()}_rate.fits"
        known = DELIVERIES.in_use(start)
        files.append(write_science(folder / name, world, scene, setup, masked=known, seed=seed))
    return files


def clean_visit(files: list[Path], world: World, start: float, library: Path) -> Visit:
    """
    Make a list from the exposures, apply it with the step, and score the result.

    Parameters
    ----------
    files : list of pathlib.Path
        From `observe_visit`.
    world : World
        The truth.
    start : float
        MJD (UTC) of the first exposure.
    library : pathlib.Path
        Folder for the list.

    Returns
    -------
    Visit
        The exposures before and after.
    """
    from stdatamodels.jwst.datamodels import ImageModel

    from jwst_hotpix import HotPixStep

    (found,) = discover(files, library).lists
    rate = world.dark_rate(start + _EXPOSURES / 2 * _APART)
    step = HotPixStep(library=str(library))
    given, cleaned = [], []
    for file in files:
        with ImageModel(file) as model, step.run(model) as result:
            given.append(np.array(model.data))
            cleaned.append(np.array(result.data))
    kept_before, kept_after = (np.isfinite(images).any(axis=0) for images in (given, cleaned))
    hot = rate > found.pixels.threshold
    before, after = hot & kept_before, hot & kept_after
    score = VisitScore(
        hot=int(hot.sum()),
        listed=len(found.pixels),
        unmasked_before=int(before.sum()),
        unmasked_after=int(after.sum()),
        wrongly_masked=int((~hot & kept_before & ~kept_after).sum()),
    )
    return Visit(
        score=score,
        before=given[0],
        after=cleaned[0],
        pixels=found.pixels,
        rate=rate,
        unmasked_before=before,
        unmasked_after=after,
    )
