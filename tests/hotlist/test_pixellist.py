"""PixelList: what it refuses, how it orders, when an entry is active."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError
from jwst_hotpix.hotlist.pixellist import Onset, PixelList
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import Status

NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"x": [70000]}, "x: expected whole numbers 0 to 65535, found 70000"),
        ({"x": [-1]}, "x: expected whole numbers 0 to 65535, found -1"),
        ({"x": [1.5]}, "x: expected whole numbers 0 to 65535, found 1.5"),
        ({"x": [2048]}, "x of entry 0: expected 0 to 2047, found 2048"),
        ({"y": [3000]}, "y of entry 0: expected 0 to 2047, found 3000"),
        ({"x": ["7"]}, "x: expected numbers of uint16"),
        ({"y": [1, 2]}, "shape of x: expected|shape of y: expected"),
        ({"role": [3]}, "role of entry 0: expected 0, 1 or 2, found 3"),
        ({"status": [9]}, "status of entry 0: expected 0, 1 or 2, found 9"),
        ({"rate": [-1.0]}, "rate of entry 0: expected DN/s or NaN, found -1.0"),
        ({"rate": [INF]}, "rate of entry 0: expected DN/s or NaN, found inf"),
        ({"confidence": [NAN]}, "confidence of entry 0: expected 0 to 1, found nan"),
        ({"n_hot": [2], "n_observed": [1]}, "n_hot of entry 0: expected at most n_observed"),
        ({"onset_earliest": [NAN]}, "onset_earliest of entry 0: expected an MJD, found nan"),
        ({"onset_latest": [INF], "recovery_earliest": [INF]}, "onset_latest .* finite MJD"),
        ({"onset_earliest": [EPOCH]}, "onset_latest of entry 0: expected not before onset_earl"),
        ({"recovery_latest": [EPOCH]}, "recovery_latest of entry 0: expected not before"),
        ({"recovery_earliest": [1.0]}, "recovery_earliest of entry 0: expected not before onset"),
        ({"colour": [1]}, "columns: expected .* found .*colour"),
    ],
)
def test_a_bad_value_is_refused_by_name(columns, message):
    with pytest.raises(ListFormatError, match=message):
        make_list(**{"y": [5], "x": [5], **columns})


@pytest.mark.parametrize(("name", "value"), [("detector", "NRS3"), ("readout", "FAST")])
def test_an_unknown_detector_or_readout_is_refused(name, value):
    with pytest.raises(FrameMismatchError, match=f"{name}: expected one of .*found {value}"):
        make_list([5], [5], **{name: value})


def test_irs2_is_a_readout_of_nirspec_only():
    with pytest.raises(FrameMismatchError, match="expected one of TRAD, POOLED for NRCA1"):
        make_list([5], [5], detector="NRCA1", readout="IRS2")


@pytest.mark.parametrize("threshold", [0.0, -1.0, NAN, INF])
def test_a_threshold_is_a_positive_number(threshold):
    with pytest.raises(ListFormatError, match="threshold"):
        make_list([5], [5], threshold=threshold)


def test_an_unsorted_list_is_refused_but_build_sorts():
    built = make_list([5, 3], [1, 9], rate=[1.0, 2.0])
    assert built.y.tolist() == [3, 5]
    assert built.rate.tolist() == [2.0, 1.0]
    backwards = {name: values[::-1] for name, values in built.columns().items()}
    with pytest.raises(ListFormatError, match="sorted by"):
        PixelList(detector="NRS1", readout="TRAD", threshold=1.0, **backwards)


def test_a_list_newer_than_its_darks_is_refused():
    with pytest.raises(ListFormatError, match="onset_latest: expected at most 60000.0, the last"):
        make_list([5], [5], onset_latest=EPOCH + 1)
    with pytest.raises(ListFormatError, match="coverage: expected first dark before last"):
        make_list([5], [5], provenance=Provenance(coverage=(EPOCH, EPOCH - 1)))


def _twice(second_onset):
    """One pixel hot from day 100 to 200 and again from ``second_onset``."""
    return PixelList.build(
        detector="NRS1",
        readout="TRAD",
        x=[7, 7],
        y=[7, 7],
        status=[Status.RECOVERED, Status.STABLE],
        onset_earliest=[90.0, second_onset],
        onset_latest=[100.0, second_onset + 10],
        recovery_earliest=[190.0, INF],
        recovery_latest=[200.0, INF],
    )


def test_a_pixel_may_turn_hot_twice():
    twice = _twice(200.0)
    assert [int(twice.active(day).sum()) for day in (80, 95, 199, 200, 500)] == [0, 1, 1, 1, 1]


def test_overlapping_intervals_of_one_pixel_are_refused():
    with pytest.raises(ListFormatError, match="onset_earliest of entry 0: expected after"):
        _twice(199.0)


@pytest.mark.parametrize(
    ("onset", "first_day"), [("earliest", 90.0), ("midpoint", 95.0), ("latest", 100.0)]
)
def test_intervals_include_the_onset_and_exclude_the_recovery(onset, first_day):
    pixels = _twice(1000.0)
    just_before = np.nextafter(first_day, 0)
    days = (just_before, first_day, np.nextafter(200.0, 0), 200.0)
    assert [bool(pixels.active(day, onset)[0]) for day in days] == [False, True, True, False]


def test_a_telegraph_pixel_is_active_until_last_seen_hot():
    pixels = PixelList.build(
        detector="NRS1", readout="TRAD", x=[1], y=[1], status=[Status.TELEGRAPH],
        onset_latest=[100.0], recovery_earliest=[150.0], recovery_latest=[200.0],
    )  # fmt: skip
    assert [bool(pixels.active(day)[0]) for day in (50, 150, 151)] == [True, True, False]


def test_midpoint_of_a_pixel_hot_since_ever_is_ever():
    assert make_list([1], [1]).onset(Onset.MIDPOINT).tolist() == [-INF]


def test_arrays_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        make_list([1], [1]).x[0] = 3


@given(st.lists(st.tuples(st.integers(0, 2047), st.integers(0, 2047)), unique=True, max_size=50))
def test_any_set_of_pixels_survives_building_whatever_its_order(places):
    y, x = [p[0] for p in places], [p[1] for p in places]
    pixels = make_list(y, x)
    assert list(zip(pixels.y.tolist(), pixels.x.tolist(), strict=True)) == sorted(places)
    assert pixels.digest() == make_list(y[::-1], x[::-1]).digest()


def test_the_digest_sees_every_column():
    base = {"n_observed": [5], "recovery_earliest": [EPOCH + 1], "recovery_latest": [EPOCH + 2]}
    changes = [
        {"x": [6]}, {"y": [6]}, {"role": [1]}, {"status": [1]}, {"rate": [3.0]},
        {"rate_error": [0.1]}, {"onset_earliest": [1.0]}, {"onset_latest": [EPOCH - 5]},
        {"recovery_earliest": [EPOCH]}, {"recovery_latest": [EPOCH + 3]}, {"n_hot": [1]},
        {"n_observed": [6]}, {"confidence": [0.5]},
    ]  # fmt: skip
    lists = [make_list(**{"y": [5], "x": [5], **base, **change}) for change in [{}, *changes]]
    assert len({pixels.digest() for pixels in lists}) == len(lists)


def test_a_list_expects_growth_times_age_hot_pixels_that_it_lacks():
    origin = Provenance(coverage=(EPOCH - 400, EPOCH), growth_per_month=70.0)
    assert origin.expected_unlisted(EPOCH + 365.25 / 4) == pytest.approx(210)
    assert origin.expected_unlisted(EPOCH - 30) == 0
    assert Provenance().expected_unlisted(EPOCH) is None
