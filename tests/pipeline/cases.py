"""Parts common to the tests of the pipeline: modes, planted pixels, and the expected result."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stdatamodels.jwst import datamodels

from helpers import DNU, HOT
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.crosses import cross
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.instrument.readouts import SUBARRAYS
from jwst_hotpix.simulate import World, cache_environment
from jwst_hotpix.tools.dates import mjd

MASK, EXPOSURE = "2023-10-16", "2024-03-01T12:00:00"
HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
NGROUPS = 6


@dataclass(frozen=True)
class Mode:
    """A readout mode and subarray, and rates that stand out in its frames."""

    detector: str
    readout: str
    subarray: str
    bright: float
    telegraph: float
    dwell: float

    @property
    def corner(self):
        """One-based (y, x)."""
        place = SUBARRAYS[self.subarray]
        return place.ystart[self.detector], place.xstart

    @property
    def shape(self):
        return SUBARRAYS[self.subarray].shape


MODES = {
    "TRAD": Mode("NRS1", "TRAD", "FULL", 20.0, 400.0, 4e-4),
    "IRS2": Mode("NRS2", "IRS2", "FULL", 20.0, 400.0, 5e-4),
    "ALLSLITS": Mode("NRS2", "TRAD", "ALLSLITS", 20.0, 600.0, 1e-4),
    "SUB32": Mode("NRS1", "TRAD", "SUB32", 5000.0, 50000.0, 2e-7),
}


@dataclass(frozen=True)
class Case:
    """The files and pixels of a mode; pixels are (y, x) in the array of the rate product."""

    mode: Mode
    folder: Path
    uncal: Path
    list_path: Path
    library: Path
    pixels: PixelList
    window: Window
    new: set[tuple[int, int]]
    telegraph: set[tuple[int, int]]
    plain: datamodels.ImageModel

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **cache_environment(self.folder / "crds"),
            "JWST_HOTPIX_LIBRARY": str(self.library),
        }

    def arms(self, places):
        y, x = (np.array(axis) for axis in zip(*places, strict=True))
        return set(zip(*(a.tolist() for a in cross(y, x, self.window.shape)[:2]), strict=True))


def plant(mode):
    """Plant hot pixels of every kind: masked, new, at the border, telegraph, recovered, future."""
    world = World.draw(detector=mode.detector, readout=mode.readout, seed=4, telegraph_share=0)
    top, left = mode.corner[0] - 1, mode.corner[1] - 1
    rows, columns = mode.shape
    at = lambda y, x: (top + y, left + x)  # noqa: E731
    # Not among the reference pixels at the border of the detector, nor in the border of SUB32,
    # where refpix assumes such: a hot pixel there affects all others until it is flagged.
    bottom = {"ALLSLITS": 0, "SUB32": 5}.get(mode.subarray, 4)
    side = 5 if mode.subarray == "SUB32" else 4
    new = [at(bottom, side), at(rows - 1 - bottom, columns - 1 - side), at(9, 9), at(14, 20)]
    plants = [
        (new, {"onset": mjd("2024-01-10")}),
        ([at(18, 7), at(19, 25)], {"onset": mjd("2023-05-01")}),
        ([at(24, 9)], {"onset": mjd("2024-04-20")}),
        ([at(26, 15)], {"onset": mjd("2023-11-01"), "recovery": mjd("2024-01-05")}),
    ]
    for places, times in plants:
        world = world.with_pixels(*zip(*places, strict=True), mode.bright, **times)
    return world.with_pixels(
        *zip(at(22, 22), at(7, 25), at(25, 20), strict=True),
        mode.telegraph, onset=mjd("2024-01-20"), telegraph=True, duty=0.5, dwell=mode.dwell,
    )  # fmt: skip


def expected(pixels, world, window, epoch):
    known = world.mask_image(mjd(MASK))
    hot = pixels.active(epoch) & (pixels.rate > pixels.threshold)
    hot &= ~known[pixels.y, pixels.x]
    row, column, inside = window.locate(pixels.y[hot], pixels.x[hot])
    places = list(zip(row.tolist(), column.tolist(), strict=True))
    is_telegraph = (pixels.status[hot] == 1) & (pixels.role[hot] == 0)
    return set(places), {p for p, t in zip(places, is_telegraph[inside], strict=True) if t}


def assert_only_expected_pixels_changed(case, rate):
    """
    Every new pixel is NaN with HOT and DO_NOT_USE, and nothing else differs from Detector1 alone,
    except that the jump step no longer flags the neighbors of a flagged pixel.
    """
    places = tuple(np.array(axis) for axis in zip(*sorted(case.new), strict=True))
    assert np.isnan(rate.data[places]).all()
    assert ((rate.dq[places] & (HOT | DNU)) == (HOT | DNU)).all()
    same = np.isclose(rate.data, case.plain.data, rtol=0, atol=0, equal_nan=True)
    changed = set(map(tuple, np.argwhere(~same | (rate.dq != case.plain.dq)).tolist()))
    jump = datamodels.dqflags.pixel["JUMP_DET"]
    spared = {p for p in case.arms(case.new) if case.plain.dq[p] & jump and not rate.dq[p] & jump}
    unexplained = changed - case.new - spared
    assert not unexplained, [
        (p, case.plain.data[p], rate.data[p], int(case.plain.dq[p]), int(rate.dq[p]))
        for p in unexplained
    ]
    assert case.new <= changed
