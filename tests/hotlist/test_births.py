"""Births: pixels that a list sees turn hot, per month."""

import numpy as np
import pytest

from helpers import EPOCH, make_list
from jwst_hotpix.hotlist.births import (
    Births,
    Recoveries,
    count_births,
    count_recoveries,
    dates_of_births,
    dates_of_recoveries,
)
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.simulate import World
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import DAYS_PER_MONTH

FIRST = EPOCH - 500
SETTLED = FIRST + 120
LAST = SETTLED + 10 * DAYS_PER_MONTH


def listed(onset, coverage=(FIRST, LAST), **columns):
    """Entries one pixel apart, first seen hot at these times."""
    onset = np.asarray(onset, dtype=float)
    columns.setdefault("x", 10)
    columns.setdefault("y", np.arange(10, 10 + onset.size))
    return make_list(
        columns.pop("y"), columns.pop("x"), onset_earliest=onset - 5, onset_latest=onset,
        provenance=Provenance(coverage=coverage), **columns,
    )  # fmt: skip


def test_births_are_the_pixels_first_seen_hot_later_than_120_days_after_the_first_dark():
    pixels = listed([FIRST, SETTLED - 1, SETTLED, SETTLED + 1, LAST - 1])
    assert count_births(pixels) == Births(per_month=0.2, error=pytest.approx(2**0.5 / 10))
    assert str(count_births(pixels)) == "0.2 ± 0.1"


def test_a_pixel_that_recovers_is_a_birth_and_one_that_comes_back_is_no_second_one():
    ends = {"recovery_earliest": [LAST - 60, np.inf], "recovery_latest": [LAST - 50, np.inf]}
    twice = listed([LAST - 100, LAST - 10], x=[10, 10], y=[10, 10], **ends)
    assert count_births(twice).per_month == pytest.approx(0.1)
    # Its first onset decides: what was hot before is no birth.
    back = listed([SETTLED - 20, LAST - 10], x=[10, 10], y=[10, 10], **ends)
    assert count_births(back).per_month == 0


def test_births_are_counted_after_a_date_and_above_a_threshold():
    pixels = listed([SETTLED + 10, LAST - 20, LAST - 10, LAST - 10], rate=[5.0, 5.0, 2.9, np.nan])
    since = LAST - DAYS_PER_MONTH
    assert count_births(pixels, since=since).per_month == pytest.approx(3)
    assert count_births(pixels, since=since, threshold=3.0).per_month == pytest.approx(2)
    # Before 120 days of darks nothing is known, whatever the date.
    assert count_births(pixels, since=FIRST - 1000) == count_births(pixels)


def test_the_error_is_that_of_the_count_and_never_less_than_that_of_one_birth():
    assert count_births(listed([LAST - 10] * 9)).error == pytest.approx(0.3)
    assert count_births(listed([FIRST])) == Births(per_month=0.0, error=pytest.approx(0.1))


@pytest.mark.parametrize("coverage", [None, (FIRST, FIRST), (FIRST, FIRST + 239)])
def test_without_darks_or_with_darks_of_a_short_time_there_is_no_number(coverage):
    assert count_births(listed([FIRST], coverage=coverage)) is None


def test_no_darks_after_a_date_give_no_number():
    assert count_births(listed([FIRST]), since=LAST) is None
    assert count_births(listed([FIRST]), since=LAST - 1).per_month == 0


def test_births_of_a_simulated_detector_are_those_of_the_report():
    found = []
    for seed in range(4):
        world = World.draw(
            detector="NRS2",
            readout="TRAD",
            seed=seed,
            stock=0,
            cluster_share=0,
            recovery_per_year=0,
        )
        start = world.onset.min()
        pixels = perfect_list(world, start + 30 * np.arange(36))
        births = count_births(pixels.select(pixels.role == 0), threshold=3.0)
        found.append((births.per_month - 64) / births.error)
    # Centers show 97 % of their rate; the rest is in the arms.
    assert -2.5 < np.mean(found) < 1.5


def test_recoveries_are_the_pixels_first_seen_cold_for_good_over_the_same_time_as_births():
    ends = [SETTLED - 1, SETTLED + 1, LAST - 1, np.inf]
    status = [Status.RECOVERED] * 3 + [Status.STABLE]
    earlier = np.asarray(ends) - 5
    pixels = listed([FIRST + 1] * 4, recovery_earliest=earlier, recovery_latest=ends, status=status)
    assert count_recoveries(pixels) == Recoveries(per_month=0.2, error=pytest.approx(2**0.5 / 10))
    assert dates_of_recoveries(pixels).tolist() == ends[:3]
    short = listed([FIRST + 1], coverage=(FIRST, SETTLED + 10))
    assert count_recoveries(short) is count_births(short) is None


def test_a_pixel_that_is_hot_again_has_not_recovered():
    ends = {"recovery_earliest": [LAST - 60, np.inf], "recovery_latest": [LAST - 50, np.inf]}
    status = [Status.RECOVERED, Status.STABLE]
    twice = listed([LAST - 100, LAST - 10], x=[10, 10], y=[10, 10], status=status, **ends)
    assert dates_of_recoveries(twice).size == 0
    assert dates_of_births(twice).tolist() == [LAST - 100]
