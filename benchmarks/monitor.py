"""
Score the monitor against simulated truths, and other rules on the same darks.

Run ``python benchmarks/monitor.py`` (two minutes; ``--seeds 5`` for more).
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial, reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.count_unmasked import (
    first_sightings,
    listed_at,
    masked_at,
    until,
)
from jwst_hotpix.testing.draw_sightings import dark_schedule, simulate_sightings
from jwst_hotpix.testing.lit_pixels import LitPixels
from jwst_hotpix.testing.score_list import score
from jwst_hotpix.tools.proportion import Proportion

THRESHOLD = 1.0
NOISE = 0.01
WIDTH = 2048

# About 47 % of the hits exceed 1 DN/s. The first setting is the one with stated targets.
SETTINGS: dict[str, dict[str, dict[str, Any]]] = {
    "500 hits per dark": {
        "world": {"detector": "NRS2", "readout": "TRAD"},
        "darks": {"leftover_cosmic_rays": 500},
    },
    "1000 hits (NRS1 IRS2)": {
        "world": {"detector": "NRS1", "readout": "IRS2"},
        "darks": {"leftover_cosmic_rays": 1000},
    },
    "3000 hits (NRS2 IRS2)": {
        "world": {"detector": "NRS2", "readout": "IRS2"},
        "darks": {"leftover_cosmic_rays": 3000},
    },
    "500 hits, as bright as hot pixels": {
        "world": {"detector": "NRS1", "readout": "TRAD"},
        "darks": {"leftover_cosmic_rays": 500, "hit_median": 6.0},
    },
    "35 % telegraph, 15 % recover per year": {
        "world": {
            "detector": "NRS2",
            "readout": "TRAD",
            "telegraph_share": 0.35,
            "recovery_per_year": 0.15,
        },
        "darks": {"leftover_cosmic_rays": 1000},
    },
    "5 % of pixels unseen, noise 0.03": {
        "world": {"detector": "NRS2", "readout": "TRAD"},
        "darks": {"leftover_cosmic_rays": 1000, "unseen_share": 0.05, "noise": 0.03, "floor": 0.2},
    },
}

# Settings whose lists are rebuilt after every dark.
FOLLOWED = ("500 hits per dark", "1000 hits (NRS1 IRS2)", "500 hits, as bright as hot pixels")

ROWS = {
    "found": ("centers >= 1.2 x threshold with >= 3 darks, found", 0.99),
    "true": ("listed centers that are true", 0.997),
    "onset": ("onset inside [earliest, latest]", 0.99),
    "recovered": ("recovered with >= 3 cold darks, recognized", 0.95),
    "telegraph": ("telegraph with >= 10 darks, kept listed", 0.90),
    "roles": ("neighbors and rings with the right role", 0.95),
}


def draw(setting: dict[str, dict[str, Any]], seed: int) -> tuple[World, Sightings, NDArray]:
    """Draw a world, its darks, and the bright centers that no dark can see."""
    world = World.draw(seed=seed, **setting["world"])
    old = np.isneginf(world.onset) & (world.rate > 200)
    hidden = (world.y * WIDTH + world.x)[old][::2]
    darks = simulate_sightings(
        world, dark_schedule(seed=seed), never_seen=hidden, seed=seed, **setting["darks"]
    )
    return world, darks, hidden


def make(darks: Sightings, world: World, mask: NDArray[np.bool_]) -> PixelList:
    """Build the list as ``hotpix build`` does."""
    return build_list(
        darks, threshold=THRESHOLD, readout=world.readout, mask=mask, pedigree="SIMULATION"
    )


def first_mask(darks: Sightings, world: World) -> NDArray[np.bool_]:
    """Return the mask in use at the first dark."""
    return world.mask_image(float(darks.epoch[0]), THRESHOLD)


def quality(seeds: int) -> None:
    """Print the percentages of each setting, all seeds together, and of the worst seed of all."""
    print("| figure | target |", *[f"{name} |" for name in SETTINGS], "worst seed |")
    print("|---|---|" + "---|" * (len(SETTINGS) + 1))
    scores: dict[str, list[dict[str, Proportion]]] = {}
    for name, setting in SETTINGS.items():
        for seed in range(seeds):
            world, darks, hidden = draw(setting, seed)
            pixels = make(darks, world, first_mask(darks, world))
            result = score(pixels, LitPixels.of(world), darks.epoch, hidden)
            scores.setdefault(name, []).append(result)
    for key, (text, target) in ROWS.items():
        means = [reduce(add, (s[key] for s in many)).value for many in scores.values()]
        every = [s[key].value for many in scores.values() for s in many]
        worst = min(value for value in every if value is not None)
        cells = " | ".join(f"{100 * value:.2f}" for value in [*means, worst])
        print(f"| {text} (%) | {100 * target:g} | {cells} |")


def causal_lists(darks: Sightings, world: World) -> Callable[[float], PixelList]:
    """Return a function that gives the list as of an epoch, built once per set of darks."""
    built: dict[int, PixelList] = {}
    mask = first_mask(darks, world)

    def at(epoch: float) -> PixelList:
        n = int(np.searchsorted(darks.epoch, epoch, side="right"))
        if n not in built:
            built[n] = make(until(darks, n), world, mask)
        return built[n]

    return at


def exposures_left(seeds: int, every: float) -> None:
    """Print unmasked hot pixel-exposures as a percentage of those that official masks leave."""
    print("| setting | exposures | masks leave | oracle (%) | full list (%) | as-of list (%) |")
    print("|---|---|---|---|---|---|")
    for name in FOLLOWED:
        total = np.zeros(5)
        for seed in range(seeds):
            total += _left(SETTINGS[name], seed, every)
        shares = " | ".join(f"{100 * value:.2f}" for value in total[2:] / total[1])
        print(f"| {name} | {total[0]:.0f} | {total[1]:.0f} | {shares} |")


def _left(setting: dict[str, dict[str, Any]], seed: int, every: float) -> NDArray[np.float64]:
    world, darks, _ = draw(setting, seed)
    lit, start = LitPixels.of(world), float(darks.epoch[0])
    rng = np.random.default_rng([seed, 9])
    times = np.arange(start + 2, darks.epoch[-1], every)
    times += rng.uniform(0, 1, times.size) * min(every, darks.epoch[-1] - times[-1])
    first = first_sightings(lit, darks.epoch, THRESHOLD)
    causal = causal_lists(darks, world)
    full = causal(np.inf)

    left = np.zeros(4)
    for t in times:
        hot = lit.rate(t) > THRESHOLD
        hot &= ~masked_at(lit, t, start=start, threshold=THRESHOLD)
        known = (first <= t, listed_at(full, lit, t), listed_at(causal(t), lit, t))
        left += [hot.sum(), *(np.sum(hot & ~mask) for mask in known)]
    return np.array([times.size, *left])


def peers(seeds: int) -> None:
    """Print what fraction of the pixels hot at the last dark each rule flags."""
    print("| rule | found (%) | false | hot pixels |")
    print("|---|---|---|---|")
    total: dict[str, NDArray[np.float64]] = {}
    for seed in range(seeds):
        world, darks, _ = draw(SETTINGS["500 hits per dark"], seed)
        end = float(darks.epoch[-1])
        hot = world.mask_image(end)
        for rule, flagged in _rules(world, darks, seed).items():
            counts = [np.sum(flagged & hot), np.sum(flagged & ~hot), np.sum(hot)]
            total[rule] = total.get(rule, np.zeros(3)) + counts
    for rule, (found, false, hot) in total.items():
        print(f"| {rule} | {100 * found / hot:.1f} | {false / seeds:.0f} | {hot / seeds:.0f} |")


def _rules(world: World, darks: Sightings, seed: int) -> dict[str, NDArray[np.bool_]]:
    end, shape = float(darks.epoch[-1]), darks.detector.shape
    rng = np.random.default_rng([seed, 10])
    often = np.bincount(darks.pixel[darks.rate > THRESHOLD], minlength=WIDTH**2)
    listed = make(darks, world, first_mask(darks, world))
    active = listed.active(end)
    ours = np.zeros(shape, dtype=bool)
    ours[listed.y[active], listed.x[active]] = True
    lit, start = LitPixels.of(world), float(darks.epoch[0])
    official = np.zeros(WIDTH**2, dtype=bool)
    official[lit.pixel] = masked_at(lit, end, start=start, threshold=THRESHOLD)
    area = darks.detector.active_area()
    baseline, last = (_images(world, darks, rng, part) for part in (slice(0, 10), slice(-10, None)))
    ratio = last.mean(axis=0) / np.maximum(baseline.mean(axis=0), 1e-4)
    lowest = np.where(area, last.min(axis=0), -np.inf)
    bright = lowest > np.quantile(lowest[area], 0.999)
    return {
        "this package": ours,
        "quarterly mask alone": official.reshape(shape),
        "5 sigma and above threshold in >= 75 % of darks": (
            often >= 0.75 * darks.epoch.size
        ).reshape(shape),
        "ratio to baseline > 2 (means of 10 darks)": (ratio > 2) & area,
        "top 0.1 % of the minimum of 10 darks": bright,
    }


def _images(
    world: World, darks: Sightings, rng: np.random.Generator, part: slice
) -> NDArray[np.float32]:
    """Draw rate images that agree with the sightings of some darks."""
    quiet = world.base_rate()
    images = []
    for dark in range(darks.epoch.size)[part]:
        image = quiet + np.float32(NOISE) * rng.standard_normal(quiet.shape, dtype=np.float32)
        row = darks.dark == dark
        image.ravel()[darks.pixel[row]] = np.minimum(darks.rate[row], 6000)
        images.append(image)
    return np.array(images)


def cost() -> None:
    """Print time and memory of a build with 100 000 pixels above the threshold."""
    print("| darks | pixels above threshold | sightings | build (s) | peak memory (MiB) |")
    print("|---|---|---|---|---|")
    world = World.draw(detector="NRS2", readout="TRAD", seed=0)
    for n in (50, 100, 200, 400):
        epochs = np.linspace(59761.0, 60856.0, n)
        darks = simulate_sightings(world, epochs, leftover_cosmic_rays=97_500 / n / 0.47)
        pixels = np.unique(darks.pixel[darks.rate > THRESHOLD]).size
        mask = first_mask(darks, world)
        build = partial(make, darks, world, mask)
        seconds = min(_seconds(build) for _ in range(3))
        tracemalloc.start()
        build()
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        print(f"| {n} | {pixels} | {darks.pixel.size} | {seconds:.2f} | {peak:.0f} |")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(arguments: list[str]) -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--every", type=float, default=5.0, help="days between exposures")
    options = parser.parse_args(arguments)
    parts = (
        ("Quality", lambda: quality(options.seeds)),
        ("Unmasked hot pixel-exposures", lambda: exposures_left(options.seeds, options.every)),
        ("Other rules on the same darks", lambda: peers(options.seeds)),
        ("Cost", cost),
    )
    for title, part in parts:
        print(f"\n### {title}\n")
        took = _seconds(part)
        print(f"\n({took:.0f} s)", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
