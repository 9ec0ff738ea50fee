"""
Time and memory of a list from a ledger with the science exposures of years, read from disk.

Usage: python benchmarks/science_cost.py [--years Y] [--per-day N] [--visit N] [FOLDER]

What exposures show is measured on simulated full frames; hot pixels, cosmic rays and masks of every
day come from a simulated detector.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.bounds import Bounds
from jwst_hotpix.ledger.combine_records import combine
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.looks import group_visits, look_of
from jwst_hotpix.ledger.science_record import ScienceRecord, science_record_of
from jwst_hotpix.ledger.with_looks import with_looks
from jwst_hotpix.measure.from_science import read_science
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing import (
    LitPixels,
    dark_schedule,
    masked_at,
    records_of,
    simulate_sightings,
)

THRESHOLD = 1.0
QUARTER, MONTH = 365.25 / 4, 365.25 / 12
CHIP = get_detector("NRS1")
FULL = Window(detector=CHIP, shape=CHIP.shape)
# Scenes, seconds of exposures, and pixels that cosmic rays leave hot in one.
MODES, SECONDS, HITS = ("MOS PRISM", "MOS medium", "MOS high", "IFU"), 1000.0, 150


class Exposures:
    """Records of science exposures: what a simulated one shows, with the hot pixels of its day."""

    def __init__(self, world: World, start: float, folder: Path) -> None:
        self.lit, self.start = LitPixels.of(world), start
        self.rng = np.random.default_rng(0)
        self.measured = []
        for number, mode in enumerate(MODES):
            setup = Setup(start=start + 1, seconds=SECONDS, number=1)
            path = folder / f"jw{number:05d}001001_02101_00001_nrs1_rate.fits"
            scene = draw_scene(mode, CHIP.shape, seed=number)
            write_science(path, world, scene, setup, masked=start, seed=number)
            self.measured.append(read_science(path))
            path.unlink()
        self.bounds, self.masked = cache(self._bounds), cache(self._masked)
        self.rates = cache(self._rates)

    def _epoch_of(self, quarter: int) -> float:
        return self.start + MONTH + QUARTER * quarter

    def _rates(self, quarter: int) -> np.ndarray:
        """Return the rates that the reference DARK of a quarter subtracts."""
        return np.nan_to_num(self.lit.rate(self._epoch_of(quarter)), posinf=0.0)

    def _masked(self, quarter: int) -> np.ndarray:
        epoch = self._epoch_of(quarter)
        return masked_at(self.lit, epoch, start=self.start, threshold=THRESHOLD)

    def _bounds(self, which: int, quarter: int) -> Bounds:
        """Return what a scene proves, except of the pixels that the mask of the quarter hides."""
        hidden = self.measured[which].masked.copy()
        hidden.reshape(-1)[self.lit.pixel[self.masked(quarter)]] = True
        return Bounds.of(FULL, self.measured[which].excess.bound, hidden)

    def records(self, epochs: np.ndarray, visit: int) -> Iterator[ScienceRecord]:
        """Return a record for each epoch, so many of them in a visit."""
        kept = [science_record_of(one) for one in self.measured]
        for number in range(epochs.size):
            first = epochs[number // visit * visit] + number % visit * (SECONDS + 60) / 86400
            yield self._record(kept[number // visit % len(kept)], first, number, visit)

    def _record(self, like: ScienceRecord, first: float, number: int, visit: int) -> ScienceRecord:
        lit, last = self.lit, first + SECONDS / 86400
        quarter = int(max((first - self.start - MONTH) // QUARTER, 0))
        rate = lit.rate(first) - self.rates(quarter)
        seen = ~self.masked(quarter) & (rate > 0.5)
        fake = self.rng.integers(0, CHIP.shape[0] * CHIP.shape[1], HITS)
        pixel, once = np.unique(np.concatenate([lit.pixel[seen], fake]), return_index=True)
        value = np.concatenate([rate[seen], np.exp(self.rng.normal(0.5, 0.8, fake.size))])[once]
        value = value.astype(np.float32)
        return replace(
            like,
            epoch=(first + last) / 2,
            known=last,
            first=first,
            last=last,
            visit=f"09999{number // visit:06d}",
            pointing=(float(number % visit), 0.0),
            pixel=pixel.astype(np.int32),
            rate=value,
            error=np.full(pixel.size, 0.02, np.float32),
            share=np.full(pixel.size, 0.03, np.float32),
            share_error=np.float32(0.02) / value,
            bounds=self.bounds(number // visit % len(MODES), quarter),
            digest=f"{number:064x}",
        )


def write_ledger(folder: Path, years: float, per_day: float, visit: int) -> Ledger:
    """Write the darks of three years, and as many science exposures as asked for."""
    ledger = Ledger(folder / "ledger")
    world = World.draw(detector="NRS1", readout="IRS2", seed=0)
    darks = simulate_sightings(world, dark_schedule())
    for record in records_of(darks):
        ledger.keep(record)
    start = float(darks.epoch[0])
    epochs = start + np.arange(0.5, years * 365.25, 1 / per_day)
    for record in Exposures(world, start, folder).records(epochs, visit):
        ledger.add_science(record)
    return ledger


def measure(ledger: Ledger) -> None:
    """Print CPU time and memory of a list from a part of the records, half of them, and all."""
    begin = time.process_time()
    darks, science = ledger.records("NRS1"), ledger.science("NRS1")
    reading = time.process_time() - begin
    print(
        "| records | looks | read (s) | put together (s) | list (s) | in all (s) | memory (MiB) |"
    )
    print("|---|---|---|---|---|---|---|")
    for part in (len(science) // 4, len(science) // 2, len(science)):
        begin = time.process_time()
        looks = [look_of(visit) for visit in group_visits(science[:part])]
        sightings = with_looks(combine(darks), looks)
        together = time.process_time()
        build_list(sightings, threshold=THRESHOLD, readout="IRS2")
        seconds = (
            reading * part / len(science),
            together - begin,
            time.process_time() - together,
        )
        each = " | ".join(f"{one:.1f}" for one in (*seconds, sum(seconds)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {part} | {len(looks)} | {each} | {peak:.0f} |", flush=True)


def main() -> None:
    """Write a ledger, or take the one that is there, and print what a list from it costs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--years", type=float, default=3.0)
    parser.add_argument("--per-day", type=float, default=10.0, help="exposures")
    parser.add_argument("--visit", type=int, default=3, help="exposures of a visit")
    parser.add_argument("folder", nargs="?", help="for a ledger that is kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(options.folder or name)
        ledger = Ledger(folder / "ledger")
        if not ledger.folder.is_dir():
            ledger = write_ledger(folder, options.years, options.per_day, options.visit)
        sizes = [path.stat().st_size for path in ledger.folder.glob("_science/*/*/*")]
        print(f"{len(sizes)} records, {np.mean(sizes) / 1e3:.1f} KB each; CPU time:\n")
        measure(ledger)


if __name__ == "__main__":
    main()
