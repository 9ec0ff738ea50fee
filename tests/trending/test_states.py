"""From sightings to hot states: neighbors recognized, unseen pixels filled in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jwst_hotpix.instrument.crosses import Coupling
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.instrument.published_growth import GROWTH
from jwst_hotpix.ledger.combine_records import combine
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.trending.states import find_arms, states_of
from worlds import EPOCHS, references, series, steady_world

CHIP = get_detector("NRS1")
COLD, HOT, UNSEEN = 0, 1, 2


def sightings(state):
    """Sightings of pixels 5000, 5001, ... with a state in each dark, shape (pixels, darks)."""
    n_darks = state.shape[1]
    pixel, dark = np.nonzero(state == HOT)
    blind, blind_dark = np.nonzero(state == UNSEEN)
    return Sightings(
        detector=CHIP,
        epoch=60000.0 + 30 * np.arange(n_darks),
        readout=("TRAD",) * n_darks,
        kind=("dark",) * n_darks,
        window=(Window(detector=CHIP, shape=CHIP.shape),) * n_darks,
        seconds=np.full(n_darks, 1000.0),
        pedigree="SIMULATION",
        floor=np.full(n_darks, 0.1, np.float32),
        pixel=(5000 + pixel).astype(np.int32),
        dark=dark.astype(np.int32),
        rate=np.full(pixel.size, 5.0, np.float32),
        error=np.full(pixel.size, 0.01, np.float32),
        unseen_pixel=(5000 + blind).astype(np.int32),
        unseen_dark=blind_dark.astype(np.int32),
        digest="",
    )


def expected_share(states, epoch_of):
    """Pixel by pixel, in plain words: mean of what was seen, else of the epochs beside."""
    n = max(epoch_of) + 1
    seen = [
        [
            [s == HOT for s, e in zip(row, epoch_of, strict=True) if e == k and s != UNSEEN]
            for k in range(n)
        ]
        for row in states
    ]
    shares = np.zeros((len(states), n))
    for i, row in enumerate(seen):
        known = [k for k in range(n) if row[k]]
        for k in range(n):
            beside = [[j for j in known if j <= k][-1:], [j for j in known if j >= k][:1]]
            ends = [np.mean(row[j[0]]) for j in beside if j]
            shares[i, k] = np.mean(ends) if ends else 0.0
    return shares


@given(
    state=hnp.arrays(
        int, st.tuples(st.integers(1, 5), st.just(6)), elements=st.sampled_from([0, 1, 2])
    ),
    epoch_of=st.sampled_from([[0, 1, 2, 3, 4, 5], [0, 0, 0, 1, 1, 2], [0, -1, 0, 1, 1, 1]]),
)
def test_an_unseen_pixel_is_what_it_was_before_and_after(state, epoch_of):
    darks = sightings(state)
    (found,) = states_of(darks, [darks.rate > 1], np.array(epoch_of))
    shares = np.zeros((len(state), max(epoch_of) + 1))
    shares[found.pixel - 5000, found.epoch] = found.share
    assert shares == pytest.approx(expected_share(state.tolist(), epoch_of))


def test_neighbors_lit_by_a_center_are_distinguished_from_hot_pixels_beside_it():
    place = 1000 * 2048 + 1000
    rates = {place: 500.0, place + 1: 3.3, place - 1: 3.3, place + 2048: 40.0, place + 5: 3.3}
    darks = sightings(np.ones((len(rates), 1), int))
    pixel = np.array(sorted(rates), np.int32)
    rate = np.array([rates[p] for p in pixel], np.float32)
    lit = Sightings(**{**vars(darks), "pixel": pixel, "rate": rate})
    arms = find_arms(lit, Coupling(alpha=0.0065))
    assert set(pixel[arms]) == {place - 1, place + 1}
    # FIELD C9. A saturated center, measured as the ledger has it, lights its neighbors too, and is
    # lit by nobody.
    columns = {"rate": np.where(pixel == place, np.inf, rate).astype("f4"),
               "error": np.where(pixel == place, np.inf, 0.01).astype("f4")}  # fmt: skip
    full = Sightings(**{**vars(lit), **columns})
    assert set(pixel[find_arms(full, Coupling())]) == {place - 1, place + 1, place + 2048}


def test_centers_and_neighbors_of_a_world_are_distinguished_in_every_dark():
    world = steady_world("NRS1", "IRS2", GROWTH["NRS1", "IRS2"], 3)
    found = series(references(world))
    for epoch, when in enumerate(EPOCHS):
        own = (world.center_rate(when) * (1 - 4 * world.alpha) > 1).sum()
        every = (world.dark_rate(when) > 1).sum()
        assert found.centers[0].count()[epoch] == pytest.approx(own, rel=0.01)
        assert found.hot[0].count()[epoch] == pytest.approx(every, rel=0.01)


def test_darks_of_one_campaign_are_one_epoch():
    world = steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 3)
    times = (EPOCHS[:4, None] + np.arange(5) / 4).reshape(-1)
    found = series(references(world, times))
    assert found.epoch == pytest.approx(EPOCHS[:4] + 0.5)
    assert combine(references(world, times)).epoch.size == 20
