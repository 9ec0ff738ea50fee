"""What the tests of reprocessing share: archives to reprocess, and what is in products."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits

from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.simulate import World, cache_environment, write_crds_cache, write_uncal
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import mjd

HERE = Path(__file__).parent
HOTPIX = Path(sys.executable).with_name("hotpix")
HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
MASK, EXPOSURE, ONSET = "2023-10-16", "2024-03-01T12:00:00", "2024-01-10"
# New since the mask, (y, x): in every subarray of NRS1, and in ALLSLITS of NRS2.
NEW = [(980, 1410), (983, 1420)]


@dataclass(frozen=True)
class Archive:
    """Exposures, their lists, and the surroundings in which the pipeline finds its references."""

    folder: Path
    uncals: list[Path]
    lists: list[Path]
    pixels: list[PixelList]

    @property
    def library(self):
        return self.folder / "library"

    @property
    def environment(self):
        path = os.pathsep.join(map(str, [HERE, *filter(None, [os.environ.get("PYTHONPATH")])]))
        return {**os.environ, **cache_environment(self.folder / "crds"), "PYTHONPATH": path}

    def start(self, *args, **options):
        """Run the command as a user does, in a process group of its own."""
        return subprocess.Popen(
            [HOTPIX, "reprocess", *map(str, args), "--json"], env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **options,
        )  # fmt: skip

    def run(self, *args, code=0, **options):
        """Return what it prints: the JSON, and lines of errors."""
        process = self.start(*args, **options)
        try:
            out, err = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        assert process.returncode == code, err
        for word in ("Traceback", "Warning"):
            assert word not in err, err
        lines = [line for line in err.splitlines() if line.startswith("hotpix: ")]
        return (json.loads(out) if out else None), lines


def make_archive(folder, kinds):
    """Write exposures of (detector, readout, subarray, nints), and all that they need."""
    y, x = np.array(NEW).T
    worlds = {
        (detector, readout): World.draw(detector=detector, readout=readout, seed=4).with_pixels(
            y, x, 300.0, onset=mjd(ONSET)
        )
        for detector, readout, *_ in kinds
    }
    subarrays = sorted({subarray for _, _, subarray, _ in kinds})
    write_crds_cache(
        folder / "crds", list(worlds.values()), deliveries=MASK, subarrays=subarrays, dark_frames=5
    )
    uncals = [
        write_uncal(
            folder / f"jw09999001{number:03d}_02101_00001_{detector.lower()}_uncal.fits",
            worlds[detector, readout], start=EXPOSURE, ngroups=5, nints=nints, subarray=subarray,
            seed=number,
        )
        for number, (detector, readout, subarray, nints) in enumerate(kinds)
    ]  # fmt: skip
    (folder / "library").mkdir()
    epochs = np.arange(mjd(EXPOSURE) - 600, mjd(EXPOSURE) + 100, 14.0)
    pixels = [perfect_list(world, epochs) for world in worlds.values()]
    lists = [
        asdf_file.write(p, folder / "library" / asdf_file.default_name(p, HEADER), HEADER)
        for p in pixels
    ]
    return Archive(folder, uncals, lists, pixels)


def content(path, but=frozenset()):
    """All that a product holds but when it was made: the date, and the times in cal_logs."""
    with fits.open(path) as hdus:
        cards = [
            {key: hdu.header[key] for key in hdu.header if key not in {"DATE", "", *but}}
            for hdu in hdus[:-1]
        ]
        return repr(cards), [None if h.data is None else h.data.tobytes() for h in hdus[:-1]]


def contents(folder):
    return {path.name: content(path) for path in folder.glob("*.fits")}


def nothing_is_left_of_the_work(folder):
    return not list(folder.glob(".*"))
