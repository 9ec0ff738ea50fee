"""Looks and darks put together, in order of time."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from jwst_hotpix.history.intervals import find_intervals
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.bounds import Bounds
from jwst_hotpix.ledger.looks import Kind, Look
from jwst_hotpix.ledger.with_looks import with_looks
from jwst_hotpix.measure.excess import UNKNOWN, level_of
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing import simulate_sightings

CHIP = get_detector("NRS1")
START = 60000.0
HOUR = 1 / 24


FULL = Window(detector=CHIP, shape=CHIP.shape)


@cache
def bounds_of(window, unseen, above):
    bound = np.zeros(window.shape, np.uint8)
    bound.flat[list(unseen)] = level_of(np.float32([above]))[0] if np.isfinite(above) else UNKNOWN
    return Bounds.of(window, bound, np.zeros(window.shape, bool))


def look(day, hot=(), unseen=(), kind="dithered", light="", rate=2.0, above=np.inf, window=FULL):
    """A look of three hours; pixels as flat indices."""
    pixel = np.array(sorted(hot), np.int32)
    return Look(
        kind=Kind(kind),
        readout="IRS2",
        window=window,
        first=START + day,
        last=START + day + 3 * HOUR,
        known=START + day + 3 * HOUR,
        light=light,
        n_exposures=3,
        digest=f"{day} {kind}",
        pixel=pixel,
        rate=np.full(pixel.size, rate, np.float32),
        error=np.full(pixel.size, 0.02, np.float32),
        blind=pixel,
        bounds=(bounds_of(window, tuple(sorted(unseen)), above),),
    )


PIXEL = 1000 * 2048 + 3
# Hot from the start, so that there is a stock of hot pixels to learn from.
OLD = tuple(range(500_000, 700_000, 1000))


def intervals(looks, pixel, darks=None):
    history = find_intervals(with_looks(darks, looks), 1.0)
    return history.select(history.pixel == pixel)


# Months between looks: what is cold for long was cold, and not low.
MONTH = 30


def series(*hot_on, months=range(9), pixel=300_000, **given):
    return [
        look(MONTH * month, [*OLD, *([pixel] if month in hot_on else [])], **given)
        for month in months
    ]


def test_the_onset_lies_between_the_start_of_a_cold_look_and_the_end_of_a_hot_one():
    found = intervals(series(*range(3, 9)), 300_000)
    assert found.onset_earliest.tolist() == [START + 2 * MONTH]
    assert found.onset_latest.tolist() == [START + 3 * MONTH + 3 * HOUR]


def test_a_recovery_lies_between_the_start_of_a_hot_look_and_the_end_of_a_cold_one():
    found = intervals(series(0, 1, 2), 300_000)
    assert found.recovery_earliest.tolist() == [START + 2 * MONTH]
    assert found.recovery_latest.tolist() == [START + 3 * MONTH + 3 * HOUR]


def test_a_pixel_that_one_look_saw_hot_recovers_no_earlier_than_it_was_hot():
    found = intervals(series(4, kind="dithered", rate=40.0), 300_000)
    assert (found.recovery_earliest >= found.onset_latest).all()


def test_looks_that_cannot_tell_leave_the_onset_open():
    looks = series(*range(3, 9))
    looks[2] = replace(look(2 * MONTH, OLD, unseen=[300_000]), digest="blind")
    assert intervals(looks, 300_000).onset_earliest.tolist() == [START + MONTH]


@pytest.mark.parametrize(("above", "earliest"), [(0.7, 2), (3.0, 1)])
def test_a_bound_below_the_threshold_proves_a_pixel_cold(above, earliest):
    looks = series(*range(3, 9))
    looks[2] = look(2 * MONTH, OLD, unseen=[300_000], above=above)
    assert intervals(looks, 300_000).onset_earliest.tolist() == [START + earliest * MONTH]


def test_stares_at_the_same_light_do_not_confirm_each_other():
    same = series(*range(3, 9), kind="stared", light="01345 IFU G395H")
    others = [replace(one, light=f"{n} IFU G395H") for n, one in enumerate(same)]
    once = intervals(same, 300_000).confidence
    often = intervals(others, 300_000).confidence
    assert often.min() > 0.99
    assert once.max(initial=0) < often.min()


def test_looks_of_one_evening_share_what_persists():
    one = [look(day, OLD, kind="stared", light=str(day)) for day in range(3)]
    hours = [3.2, 3.4, 3.6]
    evening = one + [look(t, [*OLD, 300_000], kind="stared", light=str(t)) for t in hours]
    apart = one + [look(10 * t, [*OLD, 300_000], kind="stared", light=str(t)) for t in hours]
    assert intervals(evening, 300_000).confidence.max(initial=0) < 0.95
    assert intervals(apart, 300_000).confidence.min() > 0.99


def test_hits_of_single_exposures_are_counted_and_not_candidates():
    rng = np.random.default_rng(0)
    looks = [
        look(day, {*OLD, *rng.integers(0, CHIP.shape[0] ** 2, 600).tolist()}, kind="single")
        for day in range(10)
    ]
    sightings = with_looks(None, looks)
    assert np.unique(sightings.pixel).size < 300
    assert sightings.alone.min() > 500
    assert len(set(find_intervals(sightings, 1.0).pixel.tolist()) - set(OLD)) < 8


def test_darks_and_looks_are_sorted_by_time_and_confirm_each_other():
    world = World.draw(detector="NRS1", readout="IRS2", seed=0, stock=300, months=1)
    darks = simulate_sightings(
        world, [START - 40, START + 2.5, START + 30], leftover_cosmic_rays=50
    )
    merged = with_looks(darks, [look(5), look(-1), look(3)])
    assert merged.kind == ("dark", "dithered", "dark", "dithered", "dithered", "dark")
    assert (np.diff(merged.epoch) > 0).all()
    assert merged.n_exposures == 3 + 9
    assert (np.diff(merged.pixel.astype(np.int64) * 10 + merged.dark) > 0).all()
    new = merged.pixel[merged.dark == 5]
    seen = find_intervals(with_looks(darks, [look(40, new)]), 1.0)
    alone = find_intervals(darks, 1.0)
    assert seen.n_hot.sum() > alone.n_hot.sum()


def test_pixels_outside_the_window_of_a_look_are_not_cold():
    small = Window(detector=CHIP, ystart=1001, xstart=1, shape=(100, 2048))
    looks = series(*range(3, 9))
    looks[2] = look(2 * MONTH, window=small)
    assert intervals(looks, 300_000).onset_earliest.tolist() == [START + MONTH]


def test_more_looks_than_a_short_integer_counts():
    days = np.arange(33_000) / 10
    window = Window(detector=CHIP, ystart=1001, xstart=1, shape=(1, 8))
    looks = [
        # At another light each, so that they are not put together.
        look(day, [PIXEL] if day > 500 else [], window=window, kind="stared", light=f"{day}")
        for day in days
    ]
    found = intervals([*looks, look(4000, [PIXEL, *OLD])], PIXEL)
    assert found.onset_latest.tolist() == [pytest.approx(START + 500.1 + 3 * HOUR)]


def many_looks(hot, n=2000):
    """Ten looks per day of a few pixels; those of one day are put together."""
    window = Window(detector=CHIP, ystart=1001, xstart=1, shape=(1, 8))
    days = np.arange(n) / 10
    return with_looks(None, [look(day, [PIXEL] if hot(day) else [], window=window) for day in days])


def test_many_looks_of_one_day_are_combined_except_the_last():
    seen = many_looks(lambda day: day > 100.45)
    assert seen.epoch.size < 250
    assert seen.n_exposures == 6000
    assert (np.diff(seen.epoch) >= 0).all()
    # Looks of the last three days stand for themselves.
    assert np.sum(seen.end - seen.start < 3.5 * HOUR) >= 29


@pytest.mark.parametrize("onset", [100.02, 100.32, 100.52, 100.88])
def test_an_onset_within_a_day_of_many_looks_is_in_its_bracket(onset):
    seen = many_looks(lambda day: day > onset)
    found = find_intervals(seen, 1.0)
    assert found.pixel.tolist() == [PIXEL]
    assert found.onset_earliest[0] <= START + onset <= found.onset_latest[0]
    assert found.onset_latest[0] - found.onset_earliest[0] < 2.5


def test_looks_of_one_day_outvote_one_that_errs():
    seen = many_looks(lambda day: day > 150 or 100.25 < day < 100.35)
    assert find_intervals(seen, 1.0).onset_latest.tolist() > [START + 150]
    assert (seen.epoch[seen.dark] > START + 149).all()


def test_as_many_for_as_against_is_undecided():
    seen = many_looks(lambda day: 100.45 < day < 100.95 or day > 150)
    assert START + 100 < seen.epoch[seen.unseen_dark[0]] < START + 101
    assert (seen.epoch[seen.dark] > START + 149).all()
