"""
Time to measure darks into a ledger.

Usage: python benchmarks/ingest.py [--ramp] [FOLDER]

Times are the best of several, with files in the page cache. ``--ramp`` also measures a raw
full-frame dark of 60 groups, which takes minutes and 3 GB of disk.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from astropy.io import fits

from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate import World, cache_environment, write_crds_cache, write_uncal
from jwst_hotpix.simulate.darks import write_dark_rate, write_dark_reference

FLOOR = 0.1  # DN/s
MEASURE = "import sys; from jwst_hotpix.measure.rate import measure; measure(sys.argv[1])"


def best(job: Callable[[], object], times: int = 15) -> float:
    """Return the shortest of several times, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return 1e3 * min(taken)


def crds_like(path: Path, world: World) -> Path:
    """Write a DARK like those in CRDS: 32-bit DQ, some pixels without a rate."""
    write_dark_reference(path, world, known="2023-06-01")
    rng = np.random.default_rng(1)
    y, x = rng.integers(4, 2044, (2, 2000))
    with fits.open(path, mode="update") as hdus:
        hdus["DQ"].data = hdus["DQ"].data.astype(np.uint32)
        hdus["DRK"].data[y, x] = np.nan
        hdus["DQ"].data[y, x] = 1
    return path


def read_and_pass(path: Path, *names: str) -> None:
    """Read extensions as native arrays, and find the pixels above the floor of the first."""
    with fits.open(path) as hdus:
        images = [hdus[name].data for name in names]
        native = [np.array(image, image.dtype.newbyteorder("=")) for image in images]
    np.flatnonzero(native[0] > FLOOR)


def reference(folder: Path, world: World) -> None:
    """Compare the ingest of one full-frame DRK with reading it."""
    path = crds_like(folder / "dark.fits", world)
    ledger = folder / "one"

    def ingest() -> None:
        shutil.rmtree(ledger, ignore_errors=True)
        ingest_file(Ledger(ledger), path)

    taken = best(ingest)
    print(f"ingest of one full-frame DARK with DRK: {taken:.1f} ms")
    for names in (("DRK", "UNC", "DQ"), ("DRK", "UNC"), ("DRK",)):
        reading = best(lambda names=names: read_and_pass(path, *names))
        print(
            f"  reading {', '.join(names)} and one pass: {reading:.1f} ms, {taken / reading:.2f} x"
        )


def growth(folder: Path, world: World) -> None:
    """Print the time to add a dark to ledgers of different sizes."""
    dark = write_dark_rate(
        folder / "dark_rate.fits", world, start="2023-06-01", subarray="ALLSLITS"
    )
    for size in (10, 300):
        ledger = Ledger(folder / f"ledger{size}")
        ingest_file(ledger, dark)
        (record,) = ledger.folder.rglob("*.parquet")
        for number in range(size - 1):
            shutil.copyfile(record, record.with_name(f"{number:05d}.00000_000000000000.parquet"))

        def add(ledger: Ledger = ledger, record: Path = record) -> None:
            record.unlink()
            ingest_file(ledger, dark)

        print(f"adding a dark to a ledger of {size} records: {best(add, 40):.1f} ms")


def ramp(folder: Path) -> None:
    """Print time and memory for a raw full-frame dark of 60 groups."""
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(1000, 1000, 50.0)
    write_crds_cache(folder / "crds", world, deliveries="2023-01-01", dark_frames=1)
    path = write_uncal(folder / "x.fits", world, start="2023-06-01", ngroups=60, dark=True)
    start = time.perf_counter()
    environment = {**cache_environment(folder / "crds"), "PATH": ""}
    subprocess.run([sys.executable, "-c", MEASURE, path], env=environment, check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    seconds = time.perf_counter() - start
    print(f"raw dark of 1 x 60 x 2048 x 2048: {seconds:.0f} s, at most {peak:.1f} GiB")


def main() -> None:
    """Run all benchmarks."""
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    with tempfile.TemporaryDirectory(dir=given[0] if given else None) as name:
        world = World.draw(detector="NRS1", readout="TRAD", months=12)
        reference(Path(name), world)
        growth(Path(name), world)
        if "--ramp" in sys.argv:
            ramp(Path(name))


if __name__ == "__main__":
    main()
