"""
Time to make supplements and masks, compared with reading and writing the mask with astropy.

    python benchmarks/share.py
"""

import os
import tempfile
import time
from pathlib import Path

import numpy as np
from astropy.io import fits

from jwst_hotpix.flag.targets import Policy, active_targets
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.masks.make_supplement import supplement, supplement_header
from jwst_hotpix.masks.reference_mask import read_mask
from jwst_hotpix.masks.write_mask import export_mask
from jwst_hotpix.simulate import World, crds_references
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import mjd


def best_of(n, run):
    """Return the shortest of n runs in seconds."""
    times = []
    for _ in range(n):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def measure(folder, readout):
    """Print the ratios for one readout mode."""
    world = World.draw(detector="NRS1", readout=readout, seed=1)
    known, now = mjd("2023-10-16"), mjd("2024-03-01")
    pixels = perfect_list(world, np.arange(mjd("2022-07-01"), now, 14.0))
    base, out = folder / f"{readout}_mask.fits", folder / "out.fits"
    hdus = crds_references.mask(world, known, useafter="2023-10-16T00:00:00")
    hdus["DQ"].data = hdus["DQ"].data.astype(np.uint32)  # as the masks in CRDS
    hdus.writeto(base)
    targets = active_targets(pixels, now, Policy(threshold=1.0))

    def astropy():
        with fits.open(base, memmap=False) as file, atomic_path(out) as temporary:
            np.count_nonzero(file["DQ"].data)
            file.writeto(temporary)

    def make_supplement():
        mask = read_mask(base)
        asdf_file.write(supplement(pixels, mask), folder / "s.asdf", supplement_header(mask))

    plain = best_of(5, astropy)
    for name, run in (
        ("export", lambda: export_mask(pixels, targets, base, out)),
        ("supplement", make_supplement),
    ):
        spent = best_of(5, run)
        print(f"{readout}: read and write {1e3 * plain:.0f} ms, {name} {1e3 * spent:.0f} ms: "
              f"ratio {spent / plain:.2f} (at most 2)")  # fmt: skip


def main():
    """Measure both readout modes in a temporary folder."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        for readout in ("TRAD", "IRS2"):
            measure(Path(folder), readout)


if __name__ == "__main__":
    main()
