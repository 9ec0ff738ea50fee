"""
CPU time of the light verbs, compared with the libraries they need: ratios from one run.

    python benchmarks/startup.py [RUNS]

CPU time of whole processes, children included, as the median of RUNS (7); every round runs each
command once, so that a busy machine slows all of them.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from astropy.io import fits

from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import mjd

HOTPIX = Path(sys.executable).with_name("hotpix")
START, DATE, DARKS, MANY = "2022-07-01", "2024-03-01", 30, 400
# At most so many times a library that the verb cannot do without.
LIMITS = {"numpy": 0.6, "asdf": 3.0, "pyarrow.parquet": 8.0}


def write_inputs(folder: Path) -> None:
    """Write a list of a simulated detector, what it can be imported from, and two ledgers."""
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    for name, number in (("many", MANY), ("ledger", DARKS)):
        epochs = np.linspace(mjd(START), mjd(DATE), number)
        for record in records_of(simulate_sightings(world, epochs)):
            Ledger(folder / name).keep(record)
    pixels = perfect_list(world, epochs)
    asdf_file.write(pixels, folder / "list.asdf", asdf_file.Header(useafter=START))
    image = np.zeros((2048, 2048), dtype=np.uint8)
    image[pixels.y, pixels.x] = 1
    fits.PrimaryHDU(image).writeto(folder / "mask.fits")
    rows = (f"{x},{y}" for y, x in zip(pixels.y, pixels.x, strict=True))
    (folder / "pixels.csv").write_text("\n".join(("x,y", *rows)) + "\n")


def commands(folder: Path) -> dict[str, tuple[str, list[object]]]:
    """Return the commands by name, each with the library it is compared with."""
    listed = folder / "list.asdf"
    taken = ["--detector", "NRS1", "--date", DATE, "--overwrite", "-o", folder / "imported.asdf"]
    built = ["--detector", "NRS1", "--readout", "trad", "--overwrite", "-o", folder / "built.asdf"]
    return {
        "--help": ("numpy", ["--help"]),
        "show LIST": ("asdf", ["show", listed]),
        f"show of {MANY} darks": ("pyarrow.parquet", ["show", folder / "many"]),
        "import CSV": ("asdf", ["import", folder / "pixels.csv", *taken]),
        "import MASK": ("asdf", ["import", folder / "mask.fits", "--bit", "1", *taken]),
        "export --to ds9": ("asdf", _export(listed, "ds9", folder / "hot.reg")),
        "export --to ecsv": ("asdf", _export(listed, "ecsv", folder / "hot.ecsv")),
        f"build of {DARKS} darks": ("asdf", ["build", folder / "ledger", *built]),
        "ta --list": ("asdf", ["ta", "--list", listed, "--since", "2023-10-01"]),
    }


def _export(listed: Path, kind: str, output: Path) -> list[object]:
    return ["export", listed, "--to", kind, "--overwrite", "-o", output]


def cpu(command: list[object]) -> float:
    """Return the CPU time of a process and its children, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print one line per command."""
    runs = int(sys.argv[1]) if sys.argv[1:] else 7
    with tempfile.TemporaryDirectory() as temporary:
        write_inputs(Path(temporary))
        verbs = commands(Path(temporary))
        jobs = {name: [HOTPIX, *arguments] for name, (_, arguments) in verbs.items()}
        jobs |= {name: [sys.executable, "-c", f"import {name}"] for name in LIMITS}
        taken = {name: [] for name in jobs}
        for _ in range(runs):
            for name, command in jobs.items():
                taken[name].append(cpu(command))
    for library in LIMITS:
        print(f"import {library} {median(taken[library]):.3f} s")
    for name, (library, _) in verbs.items():
        ratio = median(taken[name]) / median(taken[library])
        print(f"hotpix {name:17} {median(taken[name]):.3f} s: {ratio:.2f} x import {library} "
              f"(at most {LIMITS[library]})")  # fmt: skip


if __name__ == "__main__":
    main()
