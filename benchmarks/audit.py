"""
Time to audit an archive of a thousand exposures.

    python benchmarks/audit.py

The command is timed as users run it, imports and CRDS included, on links to a few files: full-frame
TRAD and IRS2 rates and uncals, whose masks CRDS selects, and calibrated MOS products of 50 slits.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from astropy.io import fits

from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.simulate import World, cache_environment, write_crds_cache, write_uncal
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import mjd

LIMIT = 10.0  # s for a thousand exposures
START = "2024-03-01"
SLITS = 50
# Of each slit, as the pipeline writes them.
ARRAYS = ("SCI", "DQ", "ERR", "WAVELENGTH", "VAR_POISSON", "VAR_RNOISE")


def write_mos(path: Path, rate: Path) -> Path:
    """Write a calibrated product of many slits with the header of a rate."""
    hdus = fits.HDUList([fits.PrimaryHDU(header=fits.getheader(rate))])
    for slit in range(SLITS):
        for name in ARRAYS:
            image = np.zeros((25, 341), np.uint32 if name == "DQ" else np.float32)
            hdus.append(fits.ImageHDU(image, name=name, ver=slit + 1))
        corner = {"SLTSTRT1": 1000, "SLTSTRT2": 10 + 40 * slit}
        hdus[("SCI", slit + 1)].header.update(corner)
    hdus.writeto(path)
    return path


def link(files: list[Path], folder: Path, number: int) -> Path:
    """Fill a folder with a number of exposures, all links to a few files."""
    folder.mkdir()
    for i in range(number):
        source = files[i % len(files)]
        os.link(source, folder / f"jw{i:05d}_{source.name}")
    return folder


def measure(name: str, folder: Path, lists: Path, environment: dict[str, str]) -> None:
    """Print how long the command takes for a folder."""
    command = [Path(sys.executable).with_name("hotpix"), "audit", folder, "--library", lists]
    start = time.perf_counter()
    run = subprocess.run(
        [*command, "--json"], env=environment, check=True, capture_output=True, text=True
    )
    seconds = time.perf_counter() - start
    rows = json.loads(run.stdout)["exposures"]
    by_mask = sum(str(row["mask"]).startswith("jwst_nirspec_mask") for row in rows)
    print(
        f"{name}: {len(rows)} exposures in {seconds:.1f} s, {by_mask} against a MASK "
        f"({1e3 * LIMIT / len(rows):.0f} ms an exposure allowed, {1e3 * seconds / len(rows):.1f} "
        "taken)"
    )


def main() -> None:
    """Make a few exposures, and audit many links to them."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        root = Path(name)
        worlds = [World.draw(detector="NRS1", readout=mode, months=24) for mode in ("TRAD", "IRS2")]
        write_crds_cache(root / "crds", worlds, deliveries="2023-10-16", dark_frames=1)
        lists = root / "lists"
        lists.mkdir()
        files = []
        for world in worlds:
            epochs = np.arange(mjd("2022-07-01"), mjd(START), 14.0)
            header = asdf_file.Header(useafter="2022-07-01T00:00:00")
            asdf_file.write(perfect_list(world, epochs), lists / f"{world.readout}.asdf", header)
            files += [
                write_uncal(root / f"{world.readout}_uncal.fits", world, start=START, ngroups=2),
                write_dark_rate(root / f"{world.readout}_rate.fits", world, start=START),
            ]
        mos = write_mos(root / "mos_cal.fits", files[-1])
        environment = {**os.environ, **cache_environment(root / "crds")}
        measure("uncals and rates", link(files, root / "mixed", 1000), lists, environment)
        measure(f"MOS of {SLITS} slits", link([mos], root / "mos", 100), lists, environment)
        shutil.rmtree(root / "crds")


if __name__ == "__main__":
    main()
