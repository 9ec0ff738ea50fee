"""
Score trending against simulated truths: rates, errors, jumps; and time the command.

Run ``python benchmarks/trend.py`` (three minutes; ``--worlds 300`` for steadier shares).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from jwst_hotpix.instrument.published_growth import GROWTH, THRESHOLDS
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.simulate.population import counted_growth, growth_behind
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import dark_schedule, simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, mjd
from jwst_hotpix.trending import Trend, series_of, trend

START = mjd("2022-07-01")
EPOCHS = START + np.arange(0, 36.1, 4) * DAYS_PER_MONTH
STEADY = {"telegraph_share": 0.0, "recovery_per_year": 0.0, "cluster_share": 0.0}
ALL = {"telegraph_share": 0.2, "recovery_per_year": 0.05, "cluster_share": 0.1}
STOCK, JUMP, NO_ARMS = 2000, 3, 1e-9

SETTINGS: dict[str, tuple[dict[str, float], dict[str, Any]]] = {
    "references, births only": (STEADY, {}),
    "telegraph, recoveries, clusters, 10 hits": (ALL, {"leftover_cosmic_rays": 10}),
    "the same, 5 % of pixels unseen": (ALL, {"leftover_cosmic_rays": 10, "unseen_share": 0.05}),
}


def draw(
    detector: str, readout: str, seed: int, options: dict[str, float], growth: Any = None
) -> World:
    """Draw a world that grows beyond the last epoch."""
    return World.draw(
        detector=detector,
        readout=readout,
        seed=seed,
        months=37,
        growth=growth,
        stock=STOCK,
        **options,
    )


def references(world: World, epochs: Any, seed: int, **darks: Any) -> list[Record]:
    """Return one dark per epoch, or CRDS references if no hits are requested."""
    kind = "dark" if darks else "reference"
    kinds = [kind] * len(epochs)
    return records_of(simulate_sightings(world, epochs, kinds=kinds, seed=seed, **darks))


def table_1(seeds: range) -> None:
    """Print how far the sixteen rates of Table 1 are from those recovered, in standard errors."""
    print("\n| seed | form | within 2 sigma | largest |\n|---|---|---|---|")
    for seed in seeds:
        pulls: dict[str, list[float]] = {"centers only": [], "with neighbors": []}
        for (detector, readout), row in GROWTH.items():
            births = growth_behind(row, 0.0065)
            world = draw(detector, readout, seed, STEADY, births)
            found = trend(series_of(references(world, EPOCHS, seed), THRESHOLDS))
            every = counted_growth(births, world.alpha, neighbors=True)
            for form, growths, truth in (
                ("centers only", found.centers, row),
                ("with neighbors", found.hot, every),
            ):
                pulls[form] += [
                    abs(g.per_month - t) / g.error for g, t in zip(growths, truth, strict=True)
                ]
        for form, pull in pulls.items():
            print(f"| {seed} | {form} | {sum(np.array(pull) < 2)} of 16 | {max(pull):.2f} |")


def _pulls(
    found: Trend, world: World, options: dict[str, float]
) -> Iterator[tuple[str, int, float]]:
    """Yield estimate, threshold and pull of the centers of a world."""
    months, row = found.series.months[-1], GROWTH[world.detector, world.readout]
    loss = options["recovery_per_year"] / 12
    kept = -np.expm1(-loss * months) / loss if loss else months
    # Net growth of what is seen at a time: telegraph pixels are high half of it.
    net = (row[0] * kept - STOCK * -np.expm1(-loss * months)) / months
    truth = counted_growth(row, world.alpha, neighbors=False) / row[0]
    truth = truth * net * (1 - options["telegraph_share"] / 2)
    for i, growth in enumerate(found.centers):
        naive = np.polyfit(found.series.months, growth.count, 1, cov=True)[1][0, 0] ** 0.5
        yield "births less recoveries", i, (growth.per_month - truth[i]) / growth.error
        yield "line, honest error", i, (growth.linear - truth[i]) / growth.linear_error
        yield "line, error of polyfit", i, (growth.linear - truth[i]) / naive


def coverage(worlds: int) -> None:
    """Print how often one standard error covers the truth."""
    heads = " | ".join(f"{threshold:g} DN/s" for threshold in THRESHOLDS)
    print(f"\n| NRS2 IRS2, {worlds} worlds | estimate | {heads} | false breaks |")
    print("|---|---|" + "---|" * (len(THRESHOLDS) + 1))
    for name, (options, darks) in SETTINGS.items():
        pulls: dict[tuple[str, int], list[float]] = {}
        breaks = 0
        for seed in range(worlds):
            world = draw("NRS2", "IRS2", seed, options)
            found = trend(series_of(references(world, EPOCHS, seed, **darks), THRESHOLDS))
            breaks += len(found.breaks)
            for kind, i, pull in _pulls(found, world, options):
                pulls.setdefault((kind, i), []).append(pull)
        for kind in dict.fromkeys(kind for kind, _ in pulls):
            shares = [np.mean(np.abs(pulls[kind, i]) < 1) for i in range(len(THRESHOLDS))]
            cells = " | ".join(f"{100 * share:.0f} %" for share in shares)
            print(f"| {name} | {kind} | {cells} | {breaks} |")


def jump(seeds: range) -> None:
    """Print the true and the recovered jump of 2023, with no hint of it in the headers."""
    print("\n| series | seed | epochs off | true step | fitted | new neighbors |")
    print("|---|---|---|---|---|---|")
    for detector, readout in GROWTH:
        for seed in seeds:
            world = draw(detector, readout, seed, STEADY)
            early = replace(world, alpha=NO_ARMS)
            records = references(early, EPOCHS[:JUMP], seed)
            records += references(world, EPOCHS[JUMP:], seed + 1)
            found = trend(series_of(records, THRESHOLDS))
            rates = [one.dark_rate(EPOCHS[JUMP]) > THRESHOLDS[0] for one in (world, early)]
            step, error = found.hot[0].steps[0], found.hot[0].step_errors[0]
            at = ", ".join(str(one.index - JUMP) for one in found.breaks)
            print(
                f"| {detector} {readout} | {seed} | {at} | {rates[0].sum() - rates[1].sum()} | "
                f"{step:.0f} ± {error:.0f} | {found.neighbors[0][0]} |"
            )


def speed() -> None:
    """Time the command on a ledger of 400 single darks."""
    with TemporaryDirectory() as folder:
        rng = np.random.default_rng(1)
        for detector, readout in GROWTH:
            world = draw(detector, readout, 1, ALL)
            epochs = np.sort(rng.choice(dark_schedule(seed=1, campaign=8), 100, replace=False))
            for record in records_of(simulate_sightings(world, epochs, seed=1)):
                Ledger(folder).keep(record)
        command = [str(Path(sys.executable).with_name("hotpix")), "trend", folder, "--json"]
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - begin)
    print(f"\nhotpix trend, 400 single darks: {min(times):.2f} to {max(times):.2f} s")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    speed()
    table_1(range(arguments.seeds))
    jump(range(arguments.seeds))
    coverage(arguments.worlds)


if __name__ == "__main__":
    main()
