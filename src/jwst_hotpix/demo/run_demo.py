"""Simulate a year, run the monitor, run Detector1 twice, and score the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.demo import year
from jwst_hotpix.demo.practice import command_lines, write_practice
from jwst_hotpix.demo.visit import Visit, clean_visit, observe_visit
from jwst_hotpix.demo.year import Unmasked
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.readouts import IRS2, TRAD
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.crds_cache import write_crds_cache
from jwst_hotpix.simulate.crds_session import cache_environment, use_cache
from jwst_hotpix.simulate.raw_exposures import write_uncal
from jwst_hotpix.simulate.trace import trace_row
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.dates import iso, mjd
from jwst_hotpix.tools.log_file import logged_to

__all__ = ["Demo", "Score", "run_demo"]

# Just before the MASK of the last campaign is delivered: the one in use is 4.5 months old.
_SCIENCE_START = "2022-07-01"
_EXPOSURE = "2024-03-01T12:00:00"
# Days from the exposure to the observer's visit, whose files are practiced on, and to the target
# acquisition before it.
_VISIT, _ACQUISITION = 0.1, 0.08
_NGROUPS = 8
# New hot pixels placed on the spectrum, for the plot: column and DN/s.
_ON_TRACE = ((310, 6.0), (655, 15.0), (1010, 9.0), (1350, 25.0), (1720, 12.0))
_ON_TRACE_ONSET = ("2023-11-05", "2023-12-10", "2024-01-02", "2024-01-20", "2024-02-12")


@dataclass(frozen=True, kw_only=True)
class Score:
    """
    The exposure compared with the truth: numbers of pixels.

    Attributes
    ----------
    hot : int
        Pixels above 1 DN/s at the time of the exposure, neighbors included.
    unmasked_before, unmasked_after : int
        Hot pixels that are not masked in the rate product, without and with the step.
    wrongly_masked : int
        Pixels that the step masked although they were not hot.
    expected_unlisted : float
        Number of new hot pixels that the list cannot contain, as reported by the step: growth
        times age of the list.
    """

    hot: int
    unmasked_before: int
    unmasked_after: int
    wrongly_masked: int
    expected_unlisted: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Demo:
    """
    The results of `run_demo`.

    Attributes
    ----------
    score : Score
        The exposure compared with the truth.
    year : mapping of str to Unmasked
        Unmasked hot pixels in exposures of the year, by readout mode.
    before, after : ndarray of float32, shape (2048, 2048)
        The rate in DN/s without and with the step, NaN where masked.
    world : World
        The truth, in the readout mode of the exposure.
    pixels : PixelList
        The list as of the exposure.
    epoch : float
        MJD (UTC) of the exposure.
    visit : Visit
        An observer's visit, whose list is made only from its own exposures.
    files : tuple of pathlib.Path
        Raw exposure, list, rate without the step, rate with the step.
    lines : tuple of str
        A command line for each verb that needs no network.
    """

    score: Score
    year: Mapping[str, Unmasked]
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    world: World
    pixels: PixelList
    epoch: float
    visit: Visit
    files: tuple[Path, ...]
    lines: tuple[str, ...]


def run_demo(
    folder: Path,
    *,
    detector: str = "NRS1",
    readout: str = TRAD,
    seed: int = 1,
    announce: Callable[[str], None] = lambda _: None,
) -> Demo:
    """
    Run the demo in a folder.

    Parameters
    ----------
    folder : path
        Where to write ledger and list, raw exposure, CRDS cache, two rate products and a log.
    detector, readout : str
        Detector and readout mode of the exposure; darks are taken in both readout modes.
    seed : int
        Seed of the simulation.
    announce : callable
        Called with a description of each stage as it starts.

    Returns
    -------
    Demo
        What the plots and tables show.

    Raises
    ------
    FileExistsError
        When the folder already contains a demo.
    """
    folder.mkdir(parents=True, exist_ok=True)
    world, epoch = _world(detector, readout, seed), mjd(_EXPOSURE)
    # Both readout modes see the same detector.
    worlds = {mode: world.read_as(mode) for mode in (TRAD, IRS2)}
    announce("simulating an exposure and the CRDS references of its day")
    cache, uncal = (
        folder / "crds",
        folder / f"jw09999001001_02101_00001_{detector.lower()}_uncal.fits",
    )
    in_use = iso(year.DELIVERIES.in_use(epoch))
    write_crds_cache(cache, world, deliveries=in_use, dark_frames=_NGROUPS)
    write_uncal(uncal, world, start=_EXPOSURE, ngroups=_NGROUPS, seed=seed)
    ledger = year.observe(folder, worlds, mjd(year.END), announce)
    pixels = year.list_as_of(ledger, world, epoch)
    header = asdf_file.Header(useafter=f"{year.START}T00:00:00")
    listed = asdf_file.write(pixels, folder / asdf_file.default_name(pixels, header), header)
    with use_cache(cache), logged_to(folder / "demo.log"):
        announce("Detector1 alone")
        before, plain = _reduce(uncal, None, _product(uncal, "without_rate"))
        announce("Detector1 with the hot pixel step")
        after, flagged = _reduce(uncal, listed, _product(uncal, "rate"))
        announce("an observer's visit, and the list from its own exposures")
        start = epoch + _VISIT
        observed = observe_visit(folder / "practice" / "visit", world, start, seed)
        visit = clean_visit(observed, world, start, folder / "visit_lists")
    announce("target acquisitions to practice on")
    write_practice(folder / "practice", world, pixels, epoch + _ACQUISITION, seed)
    announce("exposures of a whole year, with the masks and the lists of their day")
    return Demo(
        score=_score(world, pixels, epoch, before, after),
        year={mode: _year(ledger, of) for mode, of in worlds.items()},
        before=before,
        after=after,
        world=world,
        pixels=pixels,
        epoch=epoch,
        visit=visit,
        files=(uncal, listed, plain, flagged),
        lines=_lines(folder, cache, world, (uncal, observed[0], listed)),
    )


def _lines(
    folder: Path, cache: Path, world: World, exposure: tuple[Path, Path, Path]
) -> tuple[str, ...]:
    (mask_in_use,) = cache.rglob("*_mask_*.fits")
    lines = command_lines(
        folder,
        detector=world.detector,
        exposure=exposure,
        mask_in_use=mask_in_use,
        pixel=(_ON_TRACE[0][0], round(trace_row(world.detector))),
        environment=cache_environment(cache),
    )
    return tuple(lines)


def _product(uncal: Path, suffix: str) -> Path:
    return uncal.with_name(uncal.name.replace("uncal", suffix))


def _year(ledger: Ledger, world: World) -> Unmasked:
    return year.unmasked(ledger, world, year.list_as_of(ledger, world, mjd(year.END)))


def _world(detector: str, readout: str, seed: int) -> World:
    world = World.draw(detector=detector, readout=readout, start=_SCIENCE_START, seed=seed)
    columns, rates = zip(*_ON_TRACE, strict=True)
    rows = np.full(len(columns), round(trace_row(detector)))
    return world.with_pixels(rows, columns, rates, onset=[mjd(day) for day in _ON_TRACE_ONSET])


def _reduce(uncal: Path, listed: Path | None, rate: Path) -> tuple[NDArray[np.float32], Path]:
    from jwst.pipeline import Detector1Pipeline

    from jwst_hotpix import HotPixDetector1Pipeline

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
