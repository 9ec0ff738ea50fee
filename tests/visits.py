"""A visit of simulated science exposures, for all that read or combine them."""

from dataclasses import replace

import numpy as np

from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate.world import World

SHAPE = (96, 256)
CORNER = (800, 500)
START, MASKED = 60000.0, 59950.0
NEW = {(20, 60): 4.0, (50, 130): 1.6, (70, 200): 800.0}


def make_world():
    y, x = np.array(list(NEW)).T
    quiet = World.quiet(detector="NRS1", readout="IRS2", seed=3)
    return quiet.with_pixels(
        y + CORNER[0] - 1, x + CORNER[1] - 1, list(NEW.values()), onset=START - 1
    ).with_pixels(CORNER[0] + 39, CORNER[1] + 79, 50.0, onset=MASKED - 1)


def write_visit(world, folder):
    """Write a visit with two nods, one of them twice, and in integrations."""
    scene = draw_scene("MOS medium", SHAPE, seed=1)
    scene = replace(scene, sky=0.02)

    def take(number, name="rate", **given):
        start = START + 1200 / 86400 * number
        setup = Setup(start=start, corner=CORNER, number=number + 1, **given)
        path = folder / f"jw09999001001_02101_{number + 1:05d}_nrs1_{name}.fits"
        return write_science(path, world, scene, setup, masked=MASKED, seed=1)

    return {
        "nod 1": take(0),
        "nod 2": take(1, pointing=1),
        "again": take(2),
        "integrations": take(3, "rateints", nints=3, seconds=3000.0),
    }


def place_of(pixel):
    return tuple(map(int, divmod(pixel, SHAPE[1])))
