"""How far looks at science exposures are believed."""

from dataclasses import replace

import numpy as np
import pytest

from jwst_hotpix.history.assumptions import DEFAULT
from jwst_hotpix.history.belief_in_looks import (
    add_nothing,
    false_alarms_of_looks,
    is_science,
    stock_beside_looks,
)
from jwst_hotpix.ledger.looks import Kind
from patterns import sightings_of

PIXELS = 2048**2


def looks_of(letters, kinds, days=14.0, light=None):
    """Return looks of one pixel, some days apart."""
    epoch = 60000.0 + days * np.arange(len(kinds))
    sightings = sightings_of({(100, 200): letters}, epoch=epoch, kind=kinds, hits=0)
    return replace(sightings, light=light or ("",) * len(kinds))


def repeated(sightings):
    row = np.arange(sightings.pixel.size)
    return add_nothing(sightings, row, np.zeros(row.size, np.intp), DEFAULT).tolist()


def test_looks_of_every_kind_are_science_and_darks_are_not():
    kinds = [*Kind, "dark", "reference"]
    assert is_science(looks_of("x", kinds)).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(("kind", "expected"), [("single", 1.6e-4), ("dithered", 5e-7)])
def test_without_false_detections_a_kind_errs_less_than_expected_the_more_looks_there_are(
    kind, expected
):
    sightings = looks_of("....", [kind] * 4)
    false = false_alarms_of_looks(sightings, np.zeros(0, np.int32), DEFAULT)
    # The expectation weighs as much as two looks; the last look does not count.
    assert false == pytest.approx(np.full(4, expected * 2 / 5))


def test_a_kind_errs_as_often_as_its_looks_saw_what_no_other_did():
    sightings = looks_of("....", ["stared", "stared", "dark", "stared"])
    once = np.repeat([0, 1, 2], [300, 500, 4000]).astype(np.int32)
    false = false_alarms_of_looks(sightings, once, DEFAULT)
    stared = (800 + 2 * 1e-5 * PIXELS) / (4 * PIXELS)
    assert false[[0, 1, 3]] == pytest.approx(stared)
    assert np.isnan(false[2])


def test_what_only_a_look_saw_and_the_ledger_dropped_counts_too():
    sightings = replace(looks_of("..", ["stared"] * 2), alone=np.array([800, 0]))
    none = false_alarms_of_looks(sightings, np.zeros(0, np.int32), DEFAULT)
    assert none[0] == pytest.approx((800 + 2 * 1e-5 * PIXELS) / (3 * PIXELS))


def test_a_second_look_of_the_same_evening_confirms_nothing():
    assert repeated(looks_of("xx", ["dithered"] * 2, days=0.1)) == [False, True]
    assert repeated(looks_of("xx", ["dithered"] * 2, days=2.0)) == [False, False]


def test_darks_of_one_day_confirm_each_other():
    assert repeated(looks_of("xx", ["dark"] * 2, days=0.1)) == [False, False]


@pytest.mark.parametrize(
    ("light", "expected"),
    [
        (("star", "star", "star"), [False, True, True]),
        (("star", "sky", "star"), [False] * 2 + [True]),
    ],
)
def test_stares_at_the_same_light_confirm_nothing(light, expected):
    assert repeated(looks_of("xxx", ["stared"] * 3, light=light)) == expected


def test_stock_is_what_the_first_full_look_and_another_one_saw():
    sightings = looks_of("xx", ["dithered"] * 2)
    stock = stock_beside_looks(sightings, np.array([700, 5]), np.zeros(900, np.int32), np.zeros(2))
    assert stock == pytest.approx(700 / PIXELS)


def test_stock_of_a_single_look_is_what_false_detections_do_not_explain():
    sightings = looks_of("x", ["single"])
    false = np.full(1, 100 / PIXELS, np.float32)
    stock = stock_beside_looks(sightings, np.zeros(1, np.intp), np.zeros(900, np.int32), false)
    assert stock == pytest.approx(800 / PIXELS)
