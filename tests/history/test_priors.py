"""How far detections are believed: births, false alarms, rates."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.history.assumptions import DEFAULT
from jwst_hotpix.history.evidence import weigh
from jwst_hotpix.history.overlap import find_overlap
from jwst_hotpix.history.priors import births_per_day, false_alarms
from patterns import FORTNIGHT, sightings_of

PIXEL = 100 * 2048 + 200
# Enough pixels that are hot for good to learn their rates from.
STEADY = {(y, x): "x" for y in range(1100, 1160, 3) for x in range(900, 910, 3)}


@given(st.floats(0.01, 1e4), st.floats(1.0, 10.0))
def test_fewer_pixels_are_born_above_a_higher_threshold(threshold, factor):
    low, high = (births_per_day(rate, DEFAULT) for rate in (threshold, threshold * factor))
    assert 0 < high <= low


def test_a_dark_errs_as_often_as_it_sees_what_no_other_dark_does():
    sightings = sightings_of({})
    once = np.repeat([3, 7], [40, 400]).astype(np.int32)
    false = false_alarms(sightings, once, find_overlap(sightings), 1.0, DEFAULT)
    assert false.shape == FORTNIGHT.shape
    assert false[[3, 7, 8]] * 2048**2 == pytest.approx([40.5, 400.5, 0.5])


def test_pixels_born_since_the_dark_before_are_no_false_alarms_of_the_last():
    sightings = sightings_of({})
    once = np.full(1000, FORTNIGHT.size - 1, np.int32)
    born = births_per_day(1.0, DEFAULT) * (FORTNIGHT[-1] - FORTNIGHT[-2]) * 2048**2 / 2040**2
    last = false_alarms(sightings, once, find_overlap(sightings), 1.0, DEFAULT)[-1]
    assert last * 2048**2 == pytest.approx(1000 - born + 0.5)


def odds(rate, hits=300):
    """Return the odds of a detection at a rate, in a dark that sees many false alarms."""
    planted = {(100, 200): 20 * "." + "x" + 19 * "?", **STEADY}
    rates = {(100, 200): rate, **dict.fromkeys(STEADY, 30.0)}
    (evidence,) = weigh(sightings_of(planted, rate=rates, hits=hits), 1.0)
    (column,) = np.flatnonzero(evidence.pixel == PIXEL)
    return float(evidence.ratio[20, column] * evidence.surprise[column])


def test_a_detection_as_bright_as_hot_pixels_counts_more_than_one_as_bright_as_hits():
    assert odds(30.0) > 10 * odds(1.2)


def test_a_detection_counts_less_in_a_dark_that_errs_more_often():
    assert odds(30.0, hits=30) > odds(30.0, hits=3000)


def test_a_pixel_beside_a_hot_one_is_likelier_to_turn_hot():
    planted = {(1100, 901): 39 * "." + "x", (300, 300): 39 * "." + "x", **STEADY}
    sightings = sightings_of(planted, hits=50)
    (evidence,) = weigh(sightings, 1.0)
    flat = dict(zip(evidence.pixel.tolist(), evidence.surprise.tolist(), strict=True))
    assert flat[1100 * 2048 + 901] > 2 * flat[300 * 2048 + 300]
    (alike,) = weigh(sightings, 1.0, replace(DEFAULT, births_beside=0.0))
    flat = dict(zip(alike.pixel.tolist(), alike.surprise.tolist(), strict=True))
    assert flat[1100 * 2048 + 901] == pytest.approx(flat[300 * 2048 + 300], rel=1e-3)
