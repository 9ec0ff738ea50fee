"""Probabilities as runs of looks: every look's probability can be read back, to the percent."""

import numpy as np
import pytest

from jwst_hotpix.history.assumptions import DEFAULT
from jwst_hotpix.history.chances import Chances
from jwst_hotpix.history.evidence import weigh
from jwst_hotpix.history.intervals import find_intervals
from jwst_hotpix.history.markov import posterior
from jwst_hotpix.history.priors import births_per_day
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings

EPOCHS = 60000.0 + 20.0 * np.arange(12)


@pytest.fixture(scope="module")
def sightings():
    world = World.draw(
        detector="NRS1", readout="IRS2", seed=1, months=9, stock=200, telegraph_share=0.3
    )
    return simulate_sightings(world, EPOCHS, leftover_cosmic_rays=100, seed=2)


def every_look(chances, size):
    """Undo the runs: an array of pixels by looks."""
    runs = np.diff(np.r_[chances.look, 0])
    last = chances.start[1:] - 1
    runs[last] = size - chances.look[last]
    return np.repeat(chances.percent, runs).reshape(-1, size)


def test_the_runs_are_the_probabilities_that_intervals_are_cut_from(sightings):
    parts = []
    find_intervals(sightings, 1.0, chances=parts)
    (evidence,) = weigh(sightings, 1.0)
    births = births_per_day(1.0, DEFAULT) / DEFAULT.area
    on = posterior(sightings.epoch, evidence, births).on.T
    chances = Chances.joined(parts)
    assert chances.pixel.tolist() == evidence.pixel.tolist()
    assert np.abs(every_look(chances, EPOCHS.size) - 100 * on).max() <= 0.5001
    assert chances.percent.size < on.size / 4


def test_parts_join_to_the_whole():
    on = np.random.default_rng(0).integers(0, 3, (7, 5)) / 2
    pixel = np.array([3, 8, 9, 20, 31], np.int32)
    whole = Chances.of(pixel, on)
    joined = Chances.joined([Chances.of(pixel[:2], on[:, :2]), Chances.of(pixel[2:], on[:, 2:])])
    for name in ("pixel", "start", "look", "percent"):
        assert getattr(joined, name).tolist() == getattr(whole, name).tolist()


def test_pixels_without_a_history_have_no_rows():
    on = np.array([[0.0, 1.0], [0.5, 1.0], [0.5, 0.25]])
    chosen = Chances.of(np.array([4, 9], np.int32), on).of_pixels(np.array([2, 4, 7, 9, 11]))
    assert chosen.start.tolist() == [0, 0, 2, 2, 4, 4]
    assert chosen.look.tolist() == [0, 1, 0, 2]
    assert chosen.percent.tolist() == [0, 50, 100, 25]
    nothing = Chances.of(np.empty(0, np.int32), np.empty((3, 0))).of_pixels(np.array([2, 4]))
    assert nothing.start.tolist() == [0, 0, 0]
