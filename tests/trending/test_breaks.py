"""Changes of method: found, fitted as steps, or refused; never fitted through."""

from dataclasses import replace

import numpy as np
import pytest

from jwst_hotpix.exceptions import TrendError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.published_growth import GROWTH, THRESHOLDS
from jwst_hotpix.simulate.population import counted_growth
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.trending import series_of, trend
from jwst_hotpix.trending.series import method_of
from worlds import EPOCHS, ESA, NO_ARMS, STSCI, references, series, steady_world, two_methods

JUMP = 3  # The first epoch after it: 2023-07-01.


def true_step(world, threshold=1.0):
    """Neighbors above the threshold at the first epoch that counts them."""
    after = world.dark_rate(EPOCHS[JUMP]) > threshold
    before = replace(world, alpha=NO_ARMS).dark_rate(EPOCHS[JUMP]) > threshold
    return after.sum() - before.sum()


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_jump_of_2023_is_found_and_measured_without_a_hint_in_the_headers(seed):
    row = GROWTH["NRS1", "IRS2"]
    world = steady_world("NRS1", "IRS2", row, seed, stock=6000)
    found = trend(series(two_methods(world, JUMP, seed=seed)))
    assert [one.index for one in found.breaks] == [JUMP]
    assert "neighbors 0% → " in found.breaks[0].reason
    step = true_step(world)
    assert found.hot[0].steps[0] == pytest.approx(step, rel=0.1)
    # Counted pixel by pixel, without the births since the last epoch.
    assert found.neighbors[0][0] == pytest.approx(step, rel=0.05)
    # The centers hardly jump, and grow as they did.
    centers = found.centers[0]
    assert abs(centers.steps[0]) < 0.1 * found.hot[0].steps[0]
    truth = counted_growth(row, world.alpha, neighbors=False)[0]
    assert abs(centers.per_month - truth) < 3 * centers.error


def test_headers_say_what_changed():
    world = steady_world("NRS2", "TRAD", GROWTH["NRS2", "TRAD"], 5)
    found = trend(series(two_methods(world, JUMP, facts=(ESA, STSCI))))
    (one,) = found.breaks
    assert one.epoch == pytest.approx(EPOCHS[JUMP])
    for text in ("units e-/s → DN/s", "author ESA", "software nirspec_dark", "neighbors"):
        assert text in one.reason


def test_a_jump_that_only_counts_show_is_found():
    """A stricter threshold from one epoch on: fewer pixels, the same share of neighbors."""
    world = steady_world("NRS2", "TRAD", GROWTH["NRS2", "TRAD"], 6)
    early = references(world, EPOCHS[:JUMP])
    late = [
        replace(record, rate=record.rate * np.float32(0.8))
        for record in references(world, EPOCHS[JUMP:])
    ]
    found = trend(series(early + late))
    assert [one.index for one in found.breaks] == [JUMP]
    assert "jump by -" in found.breaks[0].reason


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_slopes_around_a_break_are_right_with_and_without_neighbors(seed):
    row = GROWTH["NRS2", "TRAD"]
    world = steady_world("NRS2", "TRAD", row, seed)
    found = trend(series(two_methods(world, JUMP, facts=(ESA, STSCI), seed=seed)))
    for growths, neighbors in ((found.centers, False), (found.hot, True)):
        truth = counted_growth(row, world.alpha, neighbors=neighbors)
        for growth, rate in zip(growths, truth, strict=True):
            assert abs(growth.per_month - rate) < 3.5 * growth.error


def test_alternating_methods_are_refused_with_the_reason():
    world = steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 1)
    records = references(world)
    for number, record in enumerate(records):
        record.facts.update((ESA, STSCI)[number % 2])
    with pytest.raises(TrendError, match=r"NRS1 TRAD.*found changes in 9 of 9 .*units e-/s → DN/s"):
        trend(series(records))


def test_two_epochs_of_two_methods_are_refused():
    world = steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 1)
    records = references(world, EPOCHS[:1], ESA) + references(world, EPOCHS[1:2], STSCI)
    with pytest.raises(TrendError, match="changes in 1 of 1"):
        trend(series(records))


def test_a_jump_in_one_of_two_intervals_is_refused_as_nothing_shows_which():
    world = steady_world("NRS2", "TRAD", GROWTH["NRS2", "TRAD"], 6)
    first, second, third = references(world, EPOCHS[:3])
    third = replace(third, rate=third.rate * np.float32(0.7))
    with pytest.raises(TrendError, match="too few epochs to see where counts .* jump by"):
        trend(series([first, second, third]))


def test_one_epoch_is_refused():
    world = steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 1)
    records = references(world, EPOCHS[0] + np.arange(4) / 4)
    with pytest.raises(TrendError, match="epochs: expected at least two, .* found one"):
        trend(series(records))


def delivered_twice(facts, again):
    """DARKs of which the fourth was delivered once more, identical except for its header."""
    records = references(steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 1))
    for number, record in enumerate(records):
        record.facts.update(facts if number <= JUMP else again)
    second = replace(records[JUMP], facts={**records[JUMP].facts, **again}, digest="f" * 64)
    return records, [*records, second]


def test_a_second_delivery_of_one_date_is_a_step_of_nothing():
    once, twice = delivered_twice(ESA, ESA | {"author": "STScI NIRSpec team"})
    found, usual = trend(series(twice)), trend(series(once))
    assert np.diff(found.series.epoch).min() == 0
    (one,) = found.breaks
    assert "author ESA NIRSpec team → STScI NIRSpec team" in one.reason
    assert found.hot[0].steps[0] == pytest.approx(0, abs=0.01)
    assert abs(found.hot[0].per_month - usual.hot[0].per_month) < found.hot[0].error


def test_a_second_delivery_with_only_more_facts_about_its_method_is_the_same_epoch():
    once, twice = delivered_twice({}, {"author": "STScI NIRSpec team"})
    found, usual = trend(series(twice)), trend(series(once))
    assert not found.breaks
    assert found.series.epoch.tolist() == usual.series.epoch.tolist()
    assert found.hot[0].per_month == pytest.approx(usual.hot[0].per_month)


def test_one_epoch_is_refused_with_the_darks_that_were_excluded():
    records = references(steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 1), EPOCHS[:2])
    records[1] = replace(records[1], floor=20.0)
    excluded = f"one; excluded: the dark of {iso(EPOCHS[1])[:10]} sees nothing below 20 DN/s"
    with pytest.raises(TrendError, match=excluded):
        trend(series(records))


def test_versions_are_no_change_of_method():
    one, other = ({"software": f"make_dark v{n}", "author": "STScI"} for n in ("0.3", "1.12.4rc1"))
    assert method_of(one) == method_of(other)
    assert method_of({"product": "uncal"}) == method_of({"product": "dark"})


def test_darks_that_cannot_be_counted_are_excluded_and_named():
    world = steady_world("NRS1", "TRAD", GROWTH["NRS1", "TRAD"], 1)
    records = references(world)
    area = np.flatnonzero(get_detector("NRS1").active_area()).astype(np.int32)
    records[4] = replace(records[4], pixel=area[:0], rate=records[4].rate[:0],
                         error=records[4].error[:0], unseen=area)  # fmt: skip
    records[6] = replace(records[6], floor=1.5)
    found = series_of(records, THRESHOLDS)
    assert found.epoch.size == 8
    assert found.left_out == (
        f"the dark of {iso(EPOCHS[4])[:10]} saw 0% of its pixels",
        f"the dark of {iso(EPOCHS[6])[:10]} sees nothing below 1.5 DN/s",
    )
    blind = [replace(record, unseen=area) for record in records]
    with pytest.raises(TrendError, match="at least one that shows the full frame"):
        series_of(blind, THRESHOLDS)
