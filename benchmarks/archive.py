"""
Time to reprocess an archive, and an estimate for a large one.

Usage: python benchmarks/archive.py [FOLDER]

FOLDER keeps the simulated exposures and references (2 GB) for the next run. All ratios are from
one run, whose parts alternate; files are in the page cache.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

from jwst_hotpix.archive.many_exposures import reprocess
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.simulate import World, cache_environment, write_crds_cache, write_uncal
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import mjd
from jwst_hotpix.tools.local_workers import local_workers
from jwst_hotpix.tools.workers import Workers

MASK, EXPOSURE, NGROUPS = "2023-10-16", "2024-03-01T12:00:00", 10
KINDS = {"SUB512": 8, "FULL": 4}
TURNS = 2
CORES_PER_NODE, ARCHIVE = 32, 100_000


def make(folder: Path) -> tuple[dict[str, list[Path]], Path]:
    """Write exposures of two sizes, their references and a list."""
    listed = folder / "list.asdf"
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    files = {
        kind: [folder / f"jw09999{number:03d}001_{kind}_nrs1_uncal.fits" for number in range(count)]
        for kind, count in KINDS.items()
    }
    if not listed.exists():
        write_crds_cache(
            folder / "crds", world, deliveries=MASK, subarrays=list(KINDS), dark_frames=NGROUPS
        )
        for kind, paths in files.items():
            for number, path in enumerate(paths):
                write_uncal(
                    path, world, start=EXPOSURE, ngroups=NGROUPS, subarray=kind, seed=number
                )
        pixels = perfect_list(world, np.arange(mjd("2022-07-01"), mjd(EXPOSURE), 14.0))
        asdf_file.write(pixels, listed, asdf_file.Header(useafter="2022-07-01T00:00:00"))
    return files, listed


def by_strun(files: Sequence[Path], listed: Path, output: Path) -> float:
    """Return the seconds per exposure when strun is called once for each."""
    start = time.perf_counter()
    for path in files:
        subprocess.run(
            [Path(sys.executable).with_name("strun"), "hotpix_detector1", path,
             f"--output_dir={output}", f"--steps.hotpix.override_hotpix={listed}"],
            check=True, capture_output=True,
        )  # fmt: skip
    return (time.perf_counter() - start) / len(files)


def by_command(files: Sequence[Path], listed: Path, output: Path) -> float:
    """Return the seconds per exposure of the command with one worker, including its start."""
    start = time.perf_counter()
    subprocess.run(
        [Path(sys.executable).with_name("hotpix"), "reprocess", *files, "-o", output, "--overwrite",
         "--list", listed],
        check=True, capture_output=True,
    )  # fmt: skip
    return (time.perf_counter() - start) / len(files)


def cpu() -> float:
    """Return the CPU time of all workers so far, in seconds."""
    times = [process.cpu_times() for process in psutil.Process().children()]
    return sum(taken.user + taken.system for taken in times)


def peak() -> float:
    """Return the largest memory that a worker has taken, in GiB, as Linux reports it."""
    sizes = [
        int(line.split()[1])
        for process in psutil.Process().children()
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return max(sizes) / 1024**2


def at_work(
    workers: Workers, files: Sequence[Path], output: Path, recipe: Recipe, *, resume: bool = False
) -> tuple[float, float]:
    """Return the seconds per exposure, elapsed and of the workers' CPU."""
    before, start = cpu(), time.perf_counter()
    done = list(reprocess(files, output, recipe, workers, resume=resume, overwrite=True))
    taken = time.perf_counter() - start
    bad = [outcome for outcome in done if outcome.status == "failed"]
    if bad:
        sys.exit(f"{bad[0].file}: {bad[0].reason}")
    return taken / len(files), (cpu() - before) / len(files)


def compare(kind: str, files: Sequence[Path], listed: Path, output: Path) -> tuple[float, float]:
    """Print the figures for one size; return seconds per exposure with one worker, and the gain."""
    recipe = Recipe(list_path=str(listed))
    few = files[: max(2, len(files) // 3)]
    strun, command, one, two = [], [], [], []
    with local_workers(1) as single, local_workers(2) as both:
        # Each process pays for its imports once, and not here.
        at_work(single, files[:1], output, recipe)
        at_work(both, files[:2], output, recipe)
        for _ in range(TURNS):
            strun.append(by_strun(few, listed, output))
            command.append(by_command(files, listed, output))
            one.append(at_work(single, files, output, recipe))
            two.append(at_work(both, files, output, recipe))
        resume = at_work(single, files, output, recipe, resume=True)[0]
        largest = peak()
    (wall1, cpu1), (wall2, cpu2) = (statistics.mean(x) for x in zip(*one, strict=True)), (
        statistics.mean(x) for x in zip(*two, strict=True)
    )  # fmt: skip
    each, whole = statistics.mean(strun), statistics.mean(command)
    print(f"{kind}, {len(files)} exposures of {NGROUPS} groups, {TURNS} turns")
    print(f"  strun once a file: {each:.2f} s an exposure")
    print(f"  hotpix reprocess, start included: {whole:.2f} s, {1 - whole / each:.0%} less")
    print(f"  one worker at work: {wall1:.2f} s, {1 - wall1 / each:.0%} less; CPU {cpu1:.2f} s")
    print(f"  two workers: {wall2:.2f} s, {wall1 / wall2:.2f} x one; CPU {cpu2:.2f} s")
    print(f"  done already: {1e3 * resume:.0f} ms")
    print(f"  a worker takes at most {largest:.2f} GiB")
    return wall1, wall1 / wall2


def plan(seconds: float, gain: float) -> None:
    """Print the estimate for a large archive."""
    print(f"{ARCHIVE} exposures, {CORES_PER_NODE} workers a node, {seconds:.1f} s an exposure;")
    print(f"extrapolated, each worker as slow beside others as one of two here ({gain / 2:.0%})")
    for nodes in (1, 10, 100):
        rate = nodes * CORES_PER_NODE * gain / 2 / seconds
        print(f"  {nodes:3d} nodes: {rate:6.1f} exposures/s, {ARCHIVE / rate / 3600:6.2f} h")


def main() -> None:
    """Make or find the exposures, and print the figures."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary).absolute()
        folder.mkdir(exist_ok=True)
        files, listed = make(folder)
        os.environ.update(cache_environment(folder / "crds"), STPIPE_DISABLE_CRDS_STEPPARS="true")
        print(f"load average {os.getloadavg()[0]:.1f} at the start, {os.cpu_count()} cores")
        for kind, paths in files.items():
            seconds, gain = compare(kind, paths, listed, folder / "out")
            shutil.rmtree(folder / "out")
        plan(seconds, gain)


if __name__ == "__main__":
    main()
