"""The truth is as drawn: it grows as in the report and is the same for the same seed."""

import numpy as np
import pytest

from jwst_hotpix.instrument.published_growth import GROWTH, THRESHOLDS
from jwst_hotpix.simulate import World, trace_rate, trace_row
from jwst_hotpix.tools.dates import iso, mjd

COLUMNS = ("y", "x", "rate", "onset", "recovery", "telegraph", "duty", "dwell")


@pytest.mark.parametrize(("detector", "readout"), sorted(GROWTH))
def test_births_follow_table_1_within_poisson_errors(detector, readout):
    months = 400
    world = World.draw(detector=detector, readout=readout, months=months, stock=0, seed=1)
    counts = np.array([np.sum(world.rate > threshold) for threshold in THRESHOLDS])
    expected = np.array(GROWTH[detector, readout]) * months
    assert np.all(np.abs(counts - expected) < 4 * np.sqrt(expected) + 0.003 * expected)


def test_same_seed_gives_the_same_world_and_another_seed_does_not():
    first, again, other = (
        World.draw(detector="NRS1", readout="TRAD", months=6, stock=50, seed=seed)
        for seed in (4, 4, 5)
    )
    assert all(np.array_equal(getattr(first, name), getattr(again, name)) for name in COLUMNS)
    assert np.array_equal(first.dark_rate(60000.3), again.dark_rate(60000.3))
    assert len(first) != len(other) or not np.array_equal(first.y, other.y)


def test_worlds_with_the_same_seed_have_different_hot_pixels():
    one, two, three = (
        World.draw(detector=detector, readout=readout, months=12)
        for detector, readout in (("NRS1", "TRAD"), ("NRS2", "TRAD"), ("NRS1", "IRS2"))
    )
    for other in (two, three):
        assert np.isin(one.y * 2048 + one.x, other.y * 2048 + other.x).mean() < 0.01


def test_hot_pixels_avoid_reference_pixels_and_none_appears_twice():
    world = World.draw(detector="NRS2", readout="TRAD", months=200, seed=2)
    assert min(world.y.min(), world.x.min()) >= 4
    assert max(world.y.max(), world.x.max()) <= 2043
    assert np.unique(world.y * 2048 + world.x).size == len(world)


def test_ipc_conserves_flux_and_lights_four_neighbors():
    quiet = World.quiet(detector="NRS1", readout="TRAD")
    world = quiet.with_pixels(100, 200, 1000.0)
    extra = world.dark_rate(60000).astype(float) - quiet.dark_rate(60000)
    assert extra.sum() == pytest.approx(1000, rel=1e-5)
    assert extra[100, 200] == pytest.approx(1000 * (1 - 4 * world.alpha), rel=1e-4)
    for y, x in ((99, 200), (101, 200), (100, 199), (100, 201)):
        assert extra[y, x] == pytest.approx(1000 * world.alpha, rel=1e-4)


@pytest.mark.parametrize(("epoch", "hot"), [(9.9, 0), (10.0, 1), (19.9, 1), (20.0, 0)])
def test_a_pixel_is_hot_from_onset_until_recovery(epoch, hot):
    quiet = World.quiet(detector="NRS1", readout="TRAD")
    world = quiet.with_pixels(8, 8, 500.0, onset=10.0, recovery=20.0)
    assert (world.center_rate(epoch) > 0).sum() == hot
    # All five pixels of the cross exceed 1 DN/s.
    assert world.mask_image(epoch).sum() == 5 * hot


def test_added_pixels_replace_those_at_the_same_place_and_the_old_world_is_unchanged():
    old = World.quiet(detector="NRS1", readout="IRS2").with_pixels([5, 6], [7, 8], [1.0, 2.0])
    new = old.with_pixels(5, 7, 9.0)
    assert sorted(new.rate) == [2.0, 9.0]
    assert sorted(old.rate) == [1.0, 2.0]
    with pytest.raises(ValueError, match="a pixel appears twice"):
        old.with_pixels([9, 9], [9, 9], 1.0)


def test_telegraph_states_depend_on_pixel_and_time_alone_and_have_the_right_duty():
    quiet = World.quiet(detector="NRS1", readout="TRAD", seed=9)
    place = np.arange(10, 110)
    world = quiet.with_pixels(place, place, 5.0, telegraph=True, duty=0.3, dwell=0.7)
    epochs = 60000 + np.arange(0, 400, 0.37)
    high = np.array([world.center_rate(epoch) > 0 for epoch in epochs])
    assert high.mean() == pytest.approx(0.3, abs=0.02)
    assert np.diff(high.astype(int), axis=0).any(axis=1).mean() > 0
    crowded = world.with_pixels(3 + place, place, 5.0)
    assert np.array_equal(crowded.center_rate(epochs[7])[: len(world)], 5.0 * high[7])
    assert np.all(world.center_rate(epochs[7], telegraph_high=True) == 5.0)


@pytest.mark.parametrize("detector", ["NRS1", "NRS2"])
def test_the_trace_lies_on_its_row(detector):
    column = trace_rate(detector)[:, 1000]
    assert np.average(np.arange(2048), weights=column) == pytest.approx(trace_row(detector))


def test_dates_and_mjd_agree_with_astropy():
    from astropy.time import Time

    assert mjd("2023-05-01T06:00:00") == pytest.approx(Time("2023-05-01T06:00:00").mjd, abs=1e-9)
    assert iso(mjd("2023-05-01T06:00:01.250")) == "2023-05-01T06:00:01.250"
