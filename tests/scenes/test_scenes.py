"""Simulated science exposures: what is in them, and that it is known."""

import numpy as np
import pytest
from astropy.io import fits

from helpers import make_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.measure.open_science import SCIENCE_TYPES
from jwst_hotpix.scenes import MODES, Setup, draw_scene, write_science
from jwst_hotpix.scenes.light import Lines, add_lines
from jwst_hotpix.scenes.spoils import Persistence
from jwst_hotpix.simulate.world import World
from jwst_hotpix.step import HotPixStep

SHAPE = (64, 200)
CORNER = (900, 700)
START = 60000.0


@pytest.fixture(scope="module")
def world():
    quiet = World.quiet(detector="NRS2", readout="IRS2", seed=2)
    return quiet.with_pixels(920, 750, 10.0, onset=START - 10).with_pixels(
        930, 760, 10.0, onset=START - 90
    )


def write(path, world, mode="IFU", persistence=None, **given):
    setup = Setup(start=START, corner=CORNER, **given)
    return write_science(
        path,
        world,
        draw_scene(mode, SHAPE, seed=1),
        setup,
        masked=START - 50,
        persistence=persistence,
    )


def test_lines_have_their_peak_and_width():
    image = np.zeros((31, 31), np.float32)
    middle = {"y": np.array([15.0]), "x": np.array([15.0]), "peak": np.array([8.0])}
    top = add_lines(image, Lines(**middle, height=np.array([2.0]), width=np.array([3.0])))
    assert top.tolist() == [15 * 31 + 15]
    assert image[15, 15] == pytest.approx(8, rel=1e-5)
    assert image[15, 12] < image[12, 15] * 30
    assert image.sum() == pytest.approx(8 * 2 * 3 * 1.133, rel=0.1)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_lines_and_says_where(mode):
    scene = draw_scene(mode, SHAPE, seed=3)
    image, tops = scene.light(0)
    assert scene.exp_type in SCIENCE_TYPES["NIRSPEC"]
    assert image.shape == SHAPE
    assert (image.reshape(-1)[tops] > 0.5).all()
    assert np.array_equal(image, draw_scene(mode, SHAPE, seed=3).light(0)[0])


def test_dithers_move_sources():
    scene = draw_scene("IFU", SHAPE, seed=3)
    (_, here), (_, there) = scene.light(0), scene.light(1)
    assert np.intersect1d(here, there).size < here.size / 2


def test_the_mask_of_then_hides_what_it_knew(world, tmp_path):
    with fits.open(write(tmp_path / "a_rate.fits", world)) as hdus:
        rate, dq = hdus["SCI"].data, hdus["DQ"].data
        assert hdus["SCI"].header["BUNIT"] == "DN/s"
    assert np.isnan(rate[930 - 899, 760 - 699])
    assert dq[930 - 899, 760 - 699] & 1
    assert rate[920 - 899, 750 - 699] > 5


def test_integrations_come_in_a_cube(world, tmp_path):
    with fits.open(write(tmp_path / "a_rateints.fits", world, nints=3)) as hdus:
        assert hdus["SCI"].shape == hdus["ERR"].shape == hdus["DQ"].shape == (3, *SHAPE)
        assert hdus[0].header["NINTS"] == 3


def test_persistence_fades():
    persistence = Persistence.draw(SHAPE, START, sharp=5, smooth=2, seed=0)
    early, late = (np.zeros(SHAPE, np.float32) for _ in range(2))
    persistence.add(early, START)
    persistence.add(late, START + 1)
    assert early.sum() > 2 * late.sum() > 0


def test_nothing_half_written_is_left(world, tmp_path):
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "missing" / "a_rate.fits", world)
    assert not list(tmp_path.iterdir())


def test_the_step_takes_a_product_by_its_name(world, tmp_path):
    # As strun does: stpipe reads the metadata of the file before it opens the model.
    rate = write(tmp_path / "a_rate.fits", world)
    hot = make_list([920], [750], detector="NRS2", readout="IRS2", provenance=Provenance())
    listed = asdf_file.write(hot, tmp_path / "hot.asdf", asdf_file.Header(useafter="2022-07-01"))
    flagged = HotPixStep.call(str(rate), override_hotpix=str(listed))
    assert flagged.dq[920 - 899, 750 - 699] & 1
