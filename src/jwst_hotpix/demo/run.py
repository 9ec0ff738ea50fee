"""Simulate, reduce twice, score against the truth."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.pixellist import PixelList
from jwst_hotpix.reference import io
from jwst_hotpix.simulate import World, trace_row, use_cache, write_crds_cache, write_uncal
from jwst_hotpix.simulate.dates import mjd
from jwst_hotpix.simulate.lists import perfect_list

__all__ = ["Demo", "Score", "run"]

# A quarterly MASK whose last dark is four and a half months old, as just before the next delivery;
# a dark a fortnight; the exposure ten days after the last of them.
_SCIENCE_START = "2022-07-01"
_MASK_KNOWS = "2023-10-16"
_EXPOSURE = "2024-03-01T12:00:00"
_DARKS_EVERY, _LAST_DARK_BEFORE = 14.0, 10.0
_NGROUPS = 8
# New hot pixels put on the spectrum, for the picture: column and DN/s.
_ON_TRACE = ((310, 6.0), (655, 15.0), (1010, 9.0), (1350, 25.0), (1720, 12.0))
_ON_TRACE_ONSET = ("2023-11-05", "2023-12-10", "2024-01-02", "2024-01-20", "2024-02-12")


@dataclass(frozen=True, kw_only=True)
class Score:
    """
    The exposure against the truth, in pixels.

    Attributes
    ----------
    hot : int
        Pixels above 1 DN/s at the time of the exposure, neighbors included.
    unmasked_before, unmasked_after : int
        Those of them that the rate product still holds, without and with the step.
    wrongly_masked : int
        Pixels that the step took away and that were not hot.
    expected_unlisted : float
        New hot pixels that the step announces as unlisted: growth times age of the list.
    """

    hot: int
    unmasked_before: int
    unmasked_after: int
    wrongly_masked: int
    expected_unlisted: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Demo:
    """
    What `run` made.

    Attributes
    ----------
    score : Score
    before, after : ndarray of float32, shape (2048, 2048)
        The rate in DN/s without and with the step.
    world : World
    pixels : PixelList
    epoch : float
        MJD (UTC) of the exposure.
    files : tuple of pathlib.Path
        Raw exposure, list, rate without and with the step.
    """

    score: Score
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    world: World
    pixels: PixelList
    epoch: float
    files: tuple[Path, ...]


def run(
    folder: Path,
    *,
    detector: str = "NRS1",
    readout: str = "TRAD",
    seed: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Demo:
    """
    Make the demo in a folder.

    Parameters
    ----------
    folder : path
        Gets the raw exposure, the list, the CRDS cache, two rate products and a log.
    detector, readout : str
    seed : int
    tell : callable
        Is told each stage as it starts.

    Returns
    -------
    Demo
    """
    folder.mkdir(parents=True, exist_ok=True)
    tell("simulating an exposure and the CRDS references for it")
    world, epoch = _world(detector, readout, seed), mjd(_EXPOSURE)
    root = f"jw09999001001_02101_00001_{detector.lower()}"
    write_crds_cache(folder / "crds", world, deliveries=_MASK_KNOWS, dark_frames=_NGROUPS)
    uncal = write_uncal(
        folder / f"{root}_uncal.fits", world, start=_EXPOSURE, ngroups=_NGROUPS, seed=seed
    )
    darks = np.arange(mjd(_SCIENCE_START), epoch - _LAST_DARK_BEFORE, _DARKS_EVERY)
    pixels = perfect_list(world, darks + (epoch - _LAST_DARK_BEFORE - darks[-1]))
    header = io.Header(useafter=f"{_SCIENCE_START}T00:00:00")
    listed = io.write(pixels, folder / io.default_name(pixels, header), header)
    with use_cache(folder / "crds"), _logged(folder / "demo.log"):
        tell("Detector1 as it is")
        before, plain = _reduce(uncal, None, folder / f"{root}_without_rate.fits")
        tell("Detector1 with the hot pixel step")
        after, flagged = _reduce(uncal, listed, folder / f"{root}_rate.fits")
    return Demo(
        score=_score(world, pixels, epoch, before, after),
        before=before, after=after, world=world, pixels=pixels, epoch=epoch,
        files=(uncal, listed, plain, flagged),
    )  # fmt: skip


def _world(detector: str, readout: str, seed: int) -> World:
    world = World.draw(detector=detector, readout=readout, start=_SCIENCE_START, seed=seed)
    columns, rates = zip(*_ON_TRACE, strict=True)
    rows = np.full(len(columns), round(trace_row(detector)))
    return world.with_pixels(rows, columns, rates, onset=[mjd(day) for day in _ON_TRACE_ONSET])


def _reduce(uncal: Path, listed: Path | None, rate: Path) -> tuple[NDArray[np.float32], Path]:
    from jwst.pipeline import Detector1Pipeline

    from jwst_hotpix.pipeline import HotPixDetector1Pipeline

    if listed is None:
        result = Detector1Pipeline.call(str(uncal), configure_log=False)
    else:
        steps = {"hotpix": {"override_hotpix": str(listed)}}
        result = HotPixDetector1Pipeline.call(str(uncal), steps=steps, configure_log=False)
    with result:
        result.save(str(rate))
        return np.array(result.data), rate


def _score(
    world: World,
    pixels: PixelList,
    epoch: float,
    before: NDArray[np.float32],
    after: NDArray[np.float32],
) -> Score:
    hot = world.mask_image(epoch, pixels.threshold)
    kept_before, kept_after = np.isfinite(before), np.isfinite(after)
    return Score(
        hot=int(hot.sum()),
        unmasked_before=int((hot & kept_before).sum()),
        unmasked_after=int((hot & kept_after).sum()),
        wrongly_masked=int((~hot & kept_before & ~kept_after).sum()),
        expected_unlisted=round(pixels.provenance.expected_unlisted(epoch) or 0.0, 1),
    )


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Send what the pipeline has to say to a file, warnings included."""
    root, handler = logging.getLogger(), logging.FileHandler(path, mode="w")
    level = root.level
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
