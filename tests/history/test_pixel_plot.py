"""The plot of one pixel: what it shades is an interval, what it marks is a look."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.dates import date2num

from jwst_hotpix.history.one_pixel import history_of
from jwst_hotpix.history.pixel_looks import State
from jwst_hotpix.history.pixel_plot import pixel_figure
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.tools.dates import calendar

EPOCHS = 60000.0 + 20.0 * np.arange(16)
Y, X = 900, 700


@pytest.fixture(scope="module")
def history():
    """A pixel that turns hot, saturates once, is not seen once, and recovers."""
    world = World.draw(detector="NRS1", readout="IRS2", seed=1, months=12, stock=300)
    world = world.with_pixels([Y], [X], [6.0], onset=EPOCHS[5] - 1, recovery=EPOCHS[11] - 1)
    seen = simulate_sightings(world, EPOCHS, unseen_share=0, seed=2)
    pixel = np.int32(Y * 2048 + X)
    rate = seen.rate.copy()
    rate[(seen.pixel == pixel) & (seen.dark == 8)] = np.inf
    seen = replace(
        seen, rate=rate, unseen_pixel=np.array([pixel]), unseen_dark=np.array([2], np.int32)
    )
    return history_of(seen, X, Y, readout="IRS2")


@pytest.fixture(scope="module")
def axes(history):
    (axes,) = pixel_figure([history]).axes
    return axes


def days(epochs):
    return date2num(calendar(list(epochs)))


def marks(axes, label):
    """Points drawn with this label: days and heights."""
    handles, labels = axes.get_legend_handles_labels()
    handle = handles[labels.index(label)]
    line = handle if hasattr(handle, "get_xdata") else handle.lines[0]
    return date2num(line.get_xdata()), np.asarray(line.get_ydata())


def test_every_measured_look_stands_at_its_date_and_rate(history, axes):
    looks = [one for one in history.looks if one.state == State.HOT and np.isfinite(one.rate)]
    assert len(looks) == 5
    x, y = marks(axes, "hot, measured")
    np.testing.assert_allclose(x, days(one.epoch for one in looks))
    np.testing.assert_array_equal(y, [one.rate for one in looks])


def test_bounds_saturation_and_blindness_have_marks_of_their_own(history, axes):
    bounded = [one for one in history.looks if one.state == State.COLD]
    x, y = marks(axes, "cold, upper bound")
    np.testing.assert_allclose(x, days(one.epoch for one in bounded))
    np.testing.assert_array_equal(y, [one.bound for one in bounded])
    assert marks(axes, "hot, saturated")[0].tolist() == days([EPOCHS[8]]).tolist()
    assert marks(axes, "cannot tell")[0].tolist() == days([EPOCHS[2]]).tolist()


def test_shades_are_the_interval_and_hatches_its_onset_and_recovery(history, axes):
    (interval,) = history.intervals
    assert np.isneginf(interval.onset_earliest)
    known = (interval.onset_latest, interval.recovery_earliest, interval.recovery_latest)
    ends = [axes.get_xlim()[0], *days(known)]
    drawn = [(one.get_x(), one.get_x() + one.get_width()) for one in axes.patches]
    np.testing.assert_allclose(drawn, list(pairwise(ends)))
    assert [bool(one.get_hatch()) for one in axes.patches] == [True, False, True]


def test_the_threshold_and_the_title_are_those_of_the_history(history, axes):
    (line,) = [one for one in axes.lines if str(one.get_label()).startswith("threshold")]
    assert set(line.get_ydata()) == {history.threshold}
    assert line.get_label() == f"threshold, {history.threshold:g} DN/s"
    assert axes.get_title(loc="left") == f"NRS1 IRS2, x {X}, y {Y} (zero-based)"
