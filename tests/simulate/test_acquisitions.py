"""Simulated target acquisitions are read back as they were taken."""

import numpy as np
import pytest
from astropy.io import fits

from helpers import EPOCH
from jwst_hotpix.simulate import World
from jwst_hotpix.simulate.acquisitions import Star, write_msata, write_wata
from jwst_hotpix.target_acq import read_acquisition

STARS = [Star(name="101", y=1671.0, x=1534.4), Star(name="edge", y=4.0, x=2044.0)]
WORLD = World.quiet(detector="NRS1", readout="TRAD")


@pytest.fixture(scope="module")
def msata(tmp_path_factory):
    path = tmp_path_factory.mktemp("acquisitions") / "jw09999003001_02101_00001_nrs1_uncal.fits"
    return write_msata(path, WORLD, STARS, start=EPOCH)


def test_each_star_has_a_stamp_on_the_detector_with_the_star_in_it(msata):
    # FIELD C12.
    found = read_acquisition(msata)
    assert (found.kind, found.group_time, found.nframes) == ("MSATA", 10.73677, 1)
    first, edge = found.stamps
    assert (first.star, first.centroid) == ("101", (1671.0, 1534.4))
    assert (first.window.ystart, first.window.xstart) == (1655, 1518)
    assert (edge.window.ystart, edge.window.xstart) == (1, 2017)


def test_the_light_of_a_star_grows_from_group_to_group_where_it_is_found(msata):
    with fits.open(msata) as hdus:
        groups = hdus["SCI"].data[0].astype(float)
    gained = groups[2] - groups[0]
    for star in STARS:
        y, x = round(star.y) - 1, round(star.x) - 1
        part = gained[max(y - 5, 0) : y + 6, max(x - 5, 0) : x + 6]
        # Seconds between the groups; half of the light of the brightest pixel is well above noise.
        assert part.max() > 0.5 * star.brightness * 2 * 10.73677
        assert gained[y, x] > 0.5 * part.max()


def test_a_wata_has_its_target_in_sub32(tmp_path):
    path = write_wata(tmp_path / "wata_uncal.fits", WORLD, start="2023-02-25")
    found = read_acquisition(path)
    (stamp,) = found.stamps
    assert (found.kind, stamp.window.ystart, stamp.window.xstart) == ("WATA", 975, 1399)
    assert np.all(np.abs(np.subtract(stamp.centroid, (992.3, 1416.7))) < 0.01)
