"""
Score science exposures as evidence against simulated truths, and other rules on the same images.

Run ``python benchmarks/science.py`` (``--size 512`` for a quick look, 2048 for full frames). Other
rules run as they are published where they are installed (``pip install --no-deps snowblind grizli
sregion unik``), and else as this script understands them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from warnings import simplefilter

import numpy as np
from astropy.io import fits
from astropy.stats import sigma_clipped_stats
from jwst.badpix_selfcal.badpix_selfcal import badpix_selfcal
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter

from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.bounds import ABOVE, LIMITS, Bounds, Lookup
from jwst_hotpix.ledger.looks import Kind, Look, group_visits, look_of
from jwst_hotpix.ledger.science_record import science_record_of
from jwst_hotpix.ledger.with_looks import with_looks
from jwst_hotpix.measure.agreement import Seen, agree
from jwst_hotpix.measure.from_science import read_science
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.scenes.spoils import Persistence
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing import (
    LitPixels,
    dark_schedule,
    listed_at,
    masked_at,
    score,
    simulate_sightings,
    until,
)

THRESHOLD = 1.0
EPOCH, MASKED = 60000.0, 59960.0
# Bit of the pipeline.
HOT = 2048
BINS = ((1.1, 1.5), (1.5, 3.0), (3.0, 10.0))
# Pixels that turned hot since the mask; more than real ones, to have numbers.
PLANTED = 2500


@dataclass(frozen=True)
class Case:
    """A visit: its scene, its exposures, and what is changed of them."""

    mode: str
    pointings: tuple[int, ...] = (0, 1, 2)
    seconds: float = 1000.0
    nints: int = 1
    rows: int | None = None
    readout: str = "IRS2"
    subarray: str = "FULL"
    fwhm: tuple[float, float] | None = None
    noise: float = 1.0


CASES = {
    "MOS PRISM": Case("MOS PRISM"),
    "MOS medium": Case("MOS medium"),
    "MOS high": Case("MOS high"),
    "IFU, 4 dithers": Case("IFU", (0, 1, 2, 3)),
    "fixed slit, 256 rows": Case("fixed slit", rows=256, readout="TRAD", subarray="ALLSLITS"),
    "time series, 32 rows, 3 h": Case("time series", (0, 0, 0), 3600.0, 40, 32, "TRAD", "SUB2048"),
    "MOS PRISM, 300 s": Case("MOS PRISM", seconds=300.0),
    "MOS PRISM, 200 s": Case("MOS PRISM", seconds=200.0),
    "MOS PRISM, 500 s, ERR half": Case("MOS PRISM", seconds=500.0, noise=2.0),
    "IFU 10 times brighter": Case("IFU bright", (0, 1, 2, 3)),
    "two nods only": Case("MOS medium", (0, 1)),
    "one exposure": Case("MOS medium", (0,)),
    "one exposure, 4 integrations": Case("MOS medium", (0,), 2000.0, 4),
    "stared, lines 1.0 x 1.0": Case("IFU", (0, 0, 0, 0), fwhm=(1.0, 1.0)),
    "stared, lines 0.8 x 0.8": Case("IFU", (0, 0, 0, 0), fwhm=(0.8, 0.8)),
    "stared, lines 0.7 x 0.7": Case("IFU", (0, 0, 0, 0), fwhm=(0.7, 0.7)),
    "stared, lines 0.6 x 0.6": Case("IFU", (0, 0, 0, 0), fwhm=(0.6, 0.6)),
    "stared, lines 0.4 x 0.4": Case("IFU", (0, 0, 0, 0), fwhm=(0.4, 0.4)),
    "dithered, lines 0.6 x 0.6": Case("IFU", (0, 1, 2, 3), fwhm=(0.6, 0.6)),
    "dithered, lines 0.4 x 0.4": Case("IFU", (0, 1, 2, 3), fwhm=(0.4, 0.4)),
}


@dataclass
class Tally:
    """Counts of one case, over seeds."""

    visits: int = 0
    judged: list[NDArray[np.float64]] = field(default_factory=list)
    cold: list[NDArray[np.float64]] = field(default_factory=list)
    due: NDArray[np.float64] = field(default_factory=lambda: np.zeros(4))
    found: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    false: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    beneath: int = 0
    lines: int = 0
    wrong_cold: int = 0


def draw_world(case: Case, seed: int, size: int) -> World:
    """Return a detector, and pixels of all rates that turned hot since the mask."""
    world = World.draw(detector="NRS1", readout=case.readout, seed=seed)
    rng = np.random.default_rng([seed, 30])
    n = round(PLANTED * size * size / 2048**2) if case.rows is None else PLANTED // 8
    rows = case.rows or size
    y, x = rng.integers(5, rows - 5, n), rng.integers(5, size - 5, n)
    _, once = np.unique(y * size + x, return_index=True)
    # Some turn hot in pairs.
    y[once[: n // 20]] = np.clip(y[once[: n // 20]], 5, rows - 7)
    rate = np.exp(rng.uniform(np.log(1.05), np.log(300), n))
    y, x, rate = y[once], x[once], rate[once]
    beside = rng.random(y.size) < 0.05
    step = np.array([(0, 1), (1, 0), (1, 1), (0, -1), (-1, 0)])[rng.integers(0, 5, y.size)]
    y2, x2 = y[beside] + step[beside, 0], x[beside] + step[beside, 1]
    y, x = np.concatenate([y, y2]), np.concatenate([x, x2])
    rate = np.concatenate([rate, rate[beside] * rng.uniform(0.1, 1, beside.sum())])
    _, once = np.unique(y * 2048 + x, return_index=True)
    corner = corner_of(size, case)
    return world.with_pixels(
        y[once] + corner[0] - 1, x[once] + corner[1] - 1, rate[once], onset=EPOCH - 5
    )


def corner_of(size: int, case: Case) -> tuple[int, int]:
    """Return the corner of the frame, away from the border if it is small."""
    return (900 if case.rows or size < 2048 else 1, 300 if size < 2048 else 1)


def take(
    case: Case, world: World, seed: int, size: int, folder: Path
) -> tuple[list[Path], list[NDArray[np.intp]], list[float], NDArray[np.intp]]:
    """Write the exposures of a visit; return them, tops of lines, mid-times, and what persists."""
    shape = (case.rows or size, size)
    scene = draw_scene(case.mode, shape, seed=seed, fwhm=case.fwhm)
    persistence = Persistence.draw(shape, EPOCH, sharp=20, smooth=10, seed=seed)
    files, tops, middles = [], [], []
    for number, pointing in enumerate(case.pointings):
        start = EPOCH + number * (case.seconds + 60) / 86400
        suffix = "rate" if case.nints == 1 else "rateints"
        setup = Setup(
            start=start,
            seconds=case.seconds,
            pointing=pointing,
            nints=case.nints,
            subarray=case.subarray,
            corner=corner_of(size, case),
            number=number + 1,
            noise=case.noise,
        )
        path = folder / f"jw09999001001_02101_{number + 1:05d}_nrs1_{suffix}.fits"
        write_science(path, world, scene, setup, masked=MASKED, persistence=persistence, seed=seed)
        files.append(path)
        tops.append(scene.light(pointing)[1])
        middles.append(start + case.seconds / 2 / 86400)
    return files, tops, middles, persistence.sharp


def score_visit(case: Case, seed: int, size: int, tally: Tally, folder: Path) -> None:
    """Add one visit to the counts."""
    world = draw_world(case, seed, size)
    files, tops, middles, persistent = take(case, world, seed, size, folder)
    exposures = [read_science(file) for file in files]
    (group,) = group_visits([science_record_of(exposure) for exposure in exposures])
    look = look_of(group)
    shape = look.window.shape
    y, x = look.window.ystart - 1, look.window.xstart - 1
    cut = (slice(y, y + shape[0]), slice(x, x + shape[1]))
    known = world.dark_rate(MASKED, telegraph_high=True)[cut]
    now = world.dark_rate(middles[0])[cut] - known
    masked = exposures[0].masked
    steady = np.min([world.dark_rate(t)[cut] - known for t in middles], axis=0)
    active = ~masked & np.isfinite(now)
    area = active.sum()
    one = exposures[0].excess
    tally.visits += 1
    tally.judged.append(np.array([((one.floor <= k) & active).sum() / area for k in (2, 4, 6)]))
    everything = look.window.full_frame(np.arange(active.size))
    bound = ABOVE[look.levels(Lookup(everything))].reshape(shape)
    tally.cold.append(np.array([((bound < rate) & active).sum() / area for rate in (1, 3, 10)]))
    tally.lines += sum(top.size for top in tops)
    due = [active & (steady > low) & (steady <= high) for low, high in BINS]
    due.append(active & (steady >= 1.2))
    tally.due += [part.sum() for part in due]
    tally.wrong_cold += int(((bound < 1) & active & (steady > 1.05)).sum())
    for rule, flagged in rules(look, files).items():
        hits = np.array([(flagged & part).sum() for part in due], float)
        tally.found[rule] = tally.found.get(rule, np.zeros(4)) + hits
        false = flagged & ~(now > 0.95 * THRESHOLD) & active
        tally.false[rule] = tally.false.get(rule, 0) + int(false.sum())
        lost = sum(int(false.reshape(-1)[top].sum()) for top in tops)
        tally.lost[rule] = tally.lost.get(rule, 0) + lost
        if rule == "this package":
            tally.beneath += sum(
                int(false.reshape(-1)[np.intersect1d(top, persistent)].sum()) for top in tops
            )


def rules(look: Look, files: list[Path]) -> dict[str, NDArray[np.bool_]]:
    """Return what this package and other rules flag in the exposures of a visit."""
    ours = np.zeros(look.window.shape, bool)
    y, x = np.divmod(look.pixel[look.rate > THRESHOLD], look.window.detector.shape[1])
    ours[look.window.locate(y, x)[:2]] = True
    images = [_image(file) for file in files]
    stack = np.array([rate for rate, _, _ in images], np.float32)
    # The median of nothing is NaN, as it should be.
    simplefilter("ignore", RuntimeWarning)
    lowest = np.nanmin(stack, axis=0)
    selfcal = np.zeros(ours.shape, bool)
    bad = badpix_selfcal(lowest.astype(np.float32), 0.001, 0.001, 15, 1)
    selfcal[bad] = True
    selfcal &= lowest > 0
    snow, by_median = above_median(stack)
    grizli, isolated = alone(images)
    return {
        "this package": ours,
        "minimum > 1 DN/s": lowest > THRESHOLD,
        "badpix_selfcal (jwst)": selfcal,
        snow: by_median,
        grizli: isolated,
    }


_Image = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint32]]


def _image(file: Path) -> _Image:
    """Return rate, error and DQ of an exposure; of several integrations their mean."""
    rate, error, dq = (fits.getdata(file, name) for name in ("SCI", "ERR", "DQ"))
    if rate.ndim == 2:
        return rate, error, dq
    spread = np.sqrt(np.mean(np.square(error), axis=0) / len(error))
    return np.nanmean(rate, axis=0), spread, np.bitwise_and.reduce(dq, axis=0)


def above_median(stack: NDArray[np.float32]) -> tuple[str, NDArray[np.bool_]]:
    """Return the pixels whose median over exposures is 3 sigma above that of all pixels."""
    try:
        from snowblind import OpenPixelStep
    except ImportError:
        median = np.nanmedian(stack, axis=0)
        _, middle, spread = sigma_clipped_stats(median, mask=np.isnan(median))
        return "median > 3 sigma (after snowblind)", median > middle + 3 * spread
    return "snowblind OpenPixelStep", OpenPixelStep().create_hotpixel_mask(stack)[0]


def alone(images: list[_Image]) -> tuple[str, NDArray[np.bool_]]:
    """Return the pixels that most exposures show far above their eight neighbors."""
    try:
        from grizli.jwst_utils import flag_nirspec_hot_pixels
    except ImportError:
        return "isolated pixels (after grizli)", _most([_isolated(*image[:2]) for image in images])
    found = []
    for image in images:
        rate, error, dq = (plane.astype(plane.dtype.newbyteorder("=")) for plane in image)
        planes = {"SCI": rate, "ERR": error, "DQ": dq.astype(np.int32), "VAR_RNOISE": error**2}
        hdus = [fits.ImageHDU(plane, name=name) for name, plane in planes.items()]
        # Only centers count here: arms that it adds to each would be false ones.
        flags = flag_nirspec_hot_pixels(
            fits.HDUList([fits.PrimaryHDU(), *hdus]), dilate_footprint=None, verbose=False
        )[1]
        found.append((flags & HOT) > 0)
    return "grizli flag_nirspec_hot_pixels", _most(found)


def _isolated(image: NDArray[np.float32], noise: NDArray[np.float32]) -> NDArray[np.bool_]:
    kernel = np.ones((3, 3))
    kernel[1, 1] = 0
    filled = np.nan_to_num(image)
    highest = maximum_filter(filled, footprint=kernel, mode="nearest")
    return (filled > 3 * highest) & (filled > 16 * noise)


def _most(found: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    return np.asarray(2 * np.sum(found, axis=0) > len(found))


def print_tables(tallies: dict[str, Tally]) -> None:
    """Print down to which rates each case finds pixels, and the results of other rules."""
    print(
        "| case | one exposure judges 1 / 3 / 10 DN/s (%) | proven cold at 1 / 3 / 10 (%) "
        "| found 1.1-1.5 / 1.5-3 / 3-10 (%) | found >= 1.2 (%) | false a visit | hot called cold "
        "| lines lost | of these on a persistent pixel |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, tally in tallies.items():
        judged = " / ".join(f"{100 * v:.1f}" for v in np.mean(tally.judged, axis=0))
        cold = " / ".join(f"{100 * v:.2f}" for v in np.mean(tally.cold, axis=0))
        share = 100 * tally.found["this package"] / np.maximum(tally.due, 1)
        found = " / ".join(f"{v:.1f}" for v in share[:3])
        false = tally.false["this package"] / tally.visits
        lost = f"{tally.lost['this package']} of {tally.lines} | {tally.beneath}"
        print(
            f"| {name} | {judged} | {cold} | {found} | {share[3]:.1f} | {false:.1f} | "
            f"{tally.wrong_cold} | {lost} |"
        )
    print("\n| case | rule | found >= 1.2 (%) | false per visit | lines lost |")
    print("|---|---|---|---|---|")
    for name, tally in tallies.items():
        for rule in tally.found:
            share = 100 * tally.found[rule][3] / max(tally.due[3], 1)
            print(
                f"| {name} | {rule} | {share:.1f} | {tally.false[rule] / tally.visits:.1f} | "
                f"{tally.lost[rule]} of {tally.lines} |"
            )


@dataclass(frozen=True)
class Schedule:
    """Which evidence there is: darks, visits of three exposures a day, and the observer's own."""

    darks: bool
    visits: float
    own: bool = False


SCHEDULES = {
    "darks only": Schedule(darks=True, visits=0),
    "darks, 1 exposure per day": Schedule(darks=True, visits=1 / 3),
    "darks, 3 exposures per day": Schedule(darks=True, visits=1),
    "darks, 10 exposures per day": Schedule(darks=True, visits=10 / 3),
    "no darks, 1 exposure per day": Schedule(darks=False, visits=1 / 3),
    "no darks, 3 exposures per day": Schedule(darks=False, visits=1),
    "darks and the visit itself": Schedule(darks=True, visits=0, own=True),
    "the visit itself alone": Schedule(darks=False, visits=0, own=True),
}
# Shares of hot pixels that a dithered visit misses, and false pixels in it, as in the tables above.
MISSED, FALSE = 0.01, 3.0
QUARTER, MONTH = 365.25 / 4, 365.25 / 12


class Visits:
    """Looks straight from the truth, with what the mask of the day hides."""

    def __init__(self, lit: LitPixels, start: float, seed: int) -> None:
        self.lit, self.start = lit, start
        self.chip = get_detector(lit.world.detector)
        self.window = Window(detector=self.chip, shape=self.chip.shape)
        self.rng = np.random.default_rng([seed, 31])
        self._bounds: dict[int, Bounds] = {}

    def bounds(self, epoch: float, masked: NDArray[np.bool_]) -> Bounds:
        """Return what a look proves: all but what the mask hides."""
        number = int(max((epoch - self.start - MONTH) // QUARTER, 0))
        if number not in self._bounds:
            hidden = np.zeros(self.chip.shape, bool)
            hidden.reshape(-1)[self.lit.pixel[masked]] = True
            cold = np.zeros(self.chip.shape, np.uint8)
            self._bounds[number] = Bounds.of(self.window, cold, hidden)
        return self._bounds[number]

    def look(self, epoch: float, hours: float = 1.0) -> Look:
        """Return what a dithered visit that starts at an instant sees."""
        lit, span = self.lit, hours / 24
        masked = masked_at(lit, epoch, start=self.start, threshold=THRESHOLD)
        rates = np.array([lit.rate(epoch + share * span) for share in (0.2, 0.5, 0.8)], np.float32)
        rates += 0.02 * self.rng.standard_normal(rates.shape, dtype=np.float32)
        none = np.zeros_like(rates)
        agreed = agree(
            Seen(
                hot=rates > LIMITS[0],
                rate=rates,
                error=none + np.float32(0.02),
                share=none,
                share_error=none,
                bound=none + LIMITS[0],
            ),
            (0, 1, 2),
        )
        rate = agreed.rate
        seen = ~masked & agreed.hot & (self.rng.random(lit.pixel.size) > MISSED)
        # What is proven cold is no candidate: the exposures that see it hot are outnumbered.
        blind = lit.pixel[~masked & ~seen & ~agreed.cold & (rates.max(axis=0) > LIMITS[0])]
        fake = self.rng.integers(
            0, self.chip.shape[0] * self.chip.shape[1], self.rng.poisson(FALSE)
        )
        pixel, once = np.unique(np.concatenate([lit.pixel[seen], fake]), return_index=True)
        values = np.concatenate([rate[seen], np.exp(self.rng.normal(0.8, 0.6, fake.size))])[once]
        return Look(
            kind=Kind.DITHERED,
            readout=lit.world.readout,
            window=self.window,
            first=epoch,
            last=epoch + span,
            known=epoch + span,
            light="",
            digest=f"{epoch}",
            n_exposures=3,
            pixel=pixel.astype(np.int32),
            rate=values.astype(np.float32),
            error=np.full(pixel.size, 0.02, np.float32),
            blind=blind,
            bounds=(self.bounds(epoch, masked),),
        )


def print_lists_of_the_day(
    seeds: range, months: float, every: float, chosen: list[str] | None = None
) -> None:
    """Print what lists of the day leave unmasked, as a share of what official masks leave."""
    print(
        "| evidence | left unmasked (%) | listed centers that are true (%) "
        "| onset inside its bracket (%) | bracket, median (d) |"
    )
    print("|---|---|---|---|---|")
    for name in chosen or SCHEDULES:
        schedule = SCHEDULES[name]
        counts = np.zeros(6)
        widths: list[NDArray[np.float64]] = []
        for seed in seeds:
            counts += _left(schedule, seed, months, every, widths)
        left, truth, inside = 100 * counts[1::2] / np.maximum(counts[::2], 1)
        width = np.median(np.concatenate(widths)) if widths else np.nan
        print(f"| {name} | {left:.1f} | {truth:.2f} | {inside:.1f} | {width:.1f} |", flush=True)


def _left(
    schedule: Schedule, seed: int, months: float, every: float, widths: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    world = World.draw(detector="NRS1", readout="IRS2", seed=seed, months=months)
    lit = LitPixels.of(world)
    darks = simulate_sightings(world, dark_schedule(months=months, seed=seed), seed=seed)
    start, end = float(darks.epoch[0]), float(darks.epoch[-1])
    visits = Visits(lit, start, seed)
    epochs = np.arange(start + 1, end, 1 / schedule.visits) if schedule.visits else []
    looks = [visits.look(epoch + visits.rng.uniform(0, 0.3)) for epoch in epochs]
    left, last = np.zeros(2), None
    for t in np.arange(start + 180, end, every):
        hot = lit.rate(t) > THRESHOLD
        hot &= ~masked_at(lit, t, start=start, threshold=THRESHOLD)
        known = [look for look in looks if look.last <= t]
        if schedule.own:
            known.append(visits.look(t - 0.02))
        before = until(darks, int(np.sum(darks.epoch <= t))) if schedule.darks else None
        seen = with_looks(before, known) if known else before
        last = build_list(
            seen, threshold=THRESHOLD, readout="IRS2", mask=world.mask_image(start, THRESHOLD)
        )
        left += [hot.sum(), np.sum(hot & ~listed_at(last, lit, t))]
    return np.concatenate([left, _truth(last, lit, end, widths)])


def _truth(
    pixels: PixelList, lit: LitPixels, end: float, widths: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Count listed centers, the hot ones, known onsets, and those in their brackets."""
    world = lit.world
    width = get_detector(world.detector).shape[1]
    center = (pixels.role == Role.CENTER) & np.isposinf(pixels.recovery_latest)
    place = pixels.y[center].astype(np.int64) * width + pixels.x[center]
    own = world.y * width + world.x
    row = np.argsort(own)
    found = np.minimum(np.searchsorted(own[row], place), own.size - 1)
    onset = np.where(own[row][found] == place, world.onset[row][found], np.nan)
    early, late = pixels.onset_earliest[center], pixels.onset_latest[center]
    # Onsets of steady pixels that were seen cold before.
    dated = np.isfinite(onset) & np.isfinite(early) & ~world.telegraph[row][found]
    inside = dated & (onset >= early) & (onset <= late)
    widths.append((late - early)[dated])
    true = score(pixels, lit, np.array([end]))["true"]
    return np.array([true.total, true.part, dated.sum(), inside.sum()])


def print_many(seeds: range) -> None:
    """Print what visits of three exposures a day each find without any dark, and what is false."""
    print("| exposures | steady pixels >= 1.2 DN/s found (%) | false |")
    print("|---|---|---|")
    for number in (4, 10, 33):
        counts = np.zeros(3)
        for seed in seeds:
            world = World.draw(detector="NRS1", readout="IRS2", seed=seed, months=12)
            lit = LitPixels.of(world)
            start = float(dark_schedule(months=12, seed=seed)[0])
            visits, first = Visits(lit, start, seed), start + 200
            looks = [visits.look(first + day) for day in range(number)]
            last = looks[-1].last
            pixels = build_list(with_looks(None, looks), threshold=THRESHOLD, readout="IRS2")
            steady = np.minimum(lit.rate(first), lit.rate(last)) >= 1.2
            steady &= ~masked_at(lit, first, start=start, threshold=THRESHOLD)
            listed = listed_at(pixels, lit, last)
            lasting = (pixels.role == Role.CENTER) & np.isposinf(pixels.recovery_latest)
            center = pixels.select(lasting)
            place = center.y.astype(int) * visits.chip.shape[1] + center.x
            # Telegraph pixels may be low at either end.
            highest = np.max([lit.rate(look.first) for look in looks], axis=0)
            hot = lit.pixel[highest > 0.95 * THRESHOLD]
            counts += steady.sum(), (steady & listed).sum(), (~np.isin(place, hot)).sum()
        found, false = 100 * counts[1] / counts[0], counts[2] / len(seeds)
        print(f"| {3 * number} | {found:.1f} | {false:.1f} |")


WIDTHS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5)


def lost_by_width(seeds: range, size: int) -> list[tuple[float, int, int]]:
    """Return the width of lines, how many were lost where light does not move, and of how many."""
    rows = []
    for width in WIDTHS:
        case, tally = Case("IFU", (0, 0, 0, 0), fwhm=(width, width)), Tally()
        for seed in seeds:
            with tempfile.TemporaryDirectory() as folder:
                score_visit(case, seed, size, tally, Path(folder))
        rows.append((width, tally.lost["this package"], tally.lines))
    return rows


def print_curve(seeds: range, size: int) -> None:
    """Print the share of lines lost by their width, where light does not move."""
    print("| FWHM of lines (pixels) | lines lost | share (%) |")
    print("|---|---|---|")
    for width, lost, lines in lost_by_width(seeds, size):
        print(f"| {width} | {lost} of {lines} | {100 * lost / lines:.2f} |")


def main(arguments: list[str]) -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=100, help="first seed; rules saw those to 19")
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--evidence", choices=SCHEDULES, action="append", help="of the lists")
    kinds = ["images", "curve", "lists", "many"]
    parser.add_argument("--part", choices=kinds, action="append")
    parser.add_argument("--months", type=float, default=24.0)
    parser.add_argument("--every", type=float, default=30.0, help="days between lists")
    options = parser.parse_args(arguments)
    parts = options.part or kinds
    seeds = range(options.first, options.first + options.seeds)
    if "lists" in parts:
        print_lists_of_the_day(seeds, options.months, options.every, options.evidence)
    if "many" in parts:
        print_many(seeds)
    if "curve" in parts:
        print_curve(seeds, options.size)
    if "images" not in parts:
        return
    tallies = {}
    for name in options.case or CASES:
        tallies[name] = Tally()
        for seed in seeds:
            with tempfile.TemporaryDirectory() as folder:
                score_visit(CASES[name], seed, options.size, tallies[name], Path(folder))
        print(f"{name} done", file=sys.stderr)
    print_tables(tallies)


if __name__ == "__main__":
    main(sys.argv[1:])
