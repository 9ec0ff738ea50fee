"""The year of the demo: one detector in both readout modes."""

import numpy as np
import pytest

from jwst_hotpix.demo import year
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.dates import mjd


def test_both_readout_modes_see_the_same_hot_pixels():
    # FIELD C7.
    world = World.draw(detector="NRS1", readout="TRAD", months=6, stock=50, seed=3)
    other = world.read_as("IRS2")
    assert (world.readout, other.readout) == ("TRAD", "IRS2")
    np.testing.assert_array_equal(world.dark_rate(59900.0), other.dark_rate(59900.0))


@pytest.mark.parametrize(
    ("date", "darks"),
    [("2023-03-05", "2023-03-02"), ("2023-07-20", "2023-03-02"), ("2023-07-30", "2023-06-25")],
)
def test_a_mask_is_in_use_from_a_month_after_its_darks(date, darks):
    assert year.DELIVERIES.in_use(mjd(date)) == mjd(darks)


def test_darks_of_the_two_modes_share_neither_time_nor_noise(tmp_path):
    world = World.quiet(detector="NRS1", readout="TRAD")
    worlds = {mode: world.read_as(mode) for mode in ("TRAD", "IRS2")}
    ledger = year.observe(tmp_path, worlds, mjd(year.START) + 0.5, lambda _: None)
    sightings = ledger.sightings("NRS1", readout="POOLED")
    assert sorted(sightings.readout) == ["IRS2", "TRAD"]
    assert np.unique(sightings.epoch).size == 2
    # Cosmic rays at the same place in both modes would pass for hot pixels.
    hits = [set(sightings.pixel[sightings.dark == i].tolist()) for i in (0, 1)]
    assert len(hits[0] & hits[1]) < 0.05 * min(map(len, hits))
