"""What a list means for target acquisition: which pixels count, where they lie, what they add."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import FrameMismatchError, TargetAcqError
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.target_acq import (
    GROUP_TIMES,
    STAMP,
    at_least,
    difference_noise,
    draw_stars_hit,
    faintest_rate,
    in_aperture,
    in_sub32,
    new_pixels,
    places_hit,
    signal,
    stamp_probability,
    stands_out,
)

FLAT = EPOCH - 200


def test_pixels_of_3_dn_per_second_first_seen_hot_after_the_flat_are_new():
    pixels = make_list(
        np.arange(10, 17), 10,
        rate=[2.99, 3.0, np.nan, 50, 50, 50, 50],
        onset_earliest=[*[FLAT + 5] * 3, FLAT - 50, FLAT - 5, FLAT + 5, FLAT + 5],
        onset_latest=[*[FLAT + 10] * 3, FLAT - 10, FLAT + 10, FLAT + 10, FLAT + 10],
        recovery_earliest=[*[np.inf] * 6, FLAT + 60],
        recovery_latest=[*[np.inf] * 6, FLAT + 70],
        role=[Role.CENTER] * 5 + [Role.NEIGHBOR, Role.CENTER],
        status=[Status.STABLE] * 6 + [Status.RECOVERED],
    )  # fmt: skip
    assert new_pixels(pixels, FLAT).y.tolist() == [11, 12, 14, 15]
    assert new_pixels(pixels, FLAT, at=FLAT + 65).y.tolist() == [11, 12, 14, 15, 16]
    assert new_pixels(pixels, FLAT, at=FLAT + 2).y.tolist() == [14]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"readout": "IRS2"}, "readout of the list: expected TRAD or POOLED, .* found IRS2"),
        ({"detector": "NRCA1", "readout": "TRAD"}, "detector: expected NRS1 or NRS2, found NRCA1"),
        ({"threshold": 10.0}, "threshold of the list: expected at most 3.0 DN/s, found 10.0"),
        ({"provenance": Provenance(mask="mask_0057.fits")}, "list: expected a complete one.*0057"),
        (
            {"provenance": Provenance()},
            "the list names no dark, so the date .* must be",
        ),
    ],
)
def test_lists_that_cannot_describe_target_acquisition_are_refused(changes, message):
    with pytest.raises((FrameMismatchError, TargetAcqError), match=message):
        new_pixels(make_list([10], [10], **changes), FLAT)


def test_a_pooled_list_is_accepted_and_an_irs2_list_on_request():
    assert len(new_pixels(make_list([10], [10], readout="POOLED"), FLAT)) == 1
    assert len(new_pixels(make_list([10], [10], readout="IRS2"), FLAT, any_readout=True)) == 1


def test_a_date_before_the_flat_is_refused():
    with pytest.raises(
        TargetAcqError, match="expected not before the TA flat, 2022-08-09.*2022-08-08"
    ):
        new_pixels(make_list([10], [10]), FLAT, at=FLAT - 1)


@settings(max_examples=25)
@given(
    st.sets(st.tuples(st.integers(0, 2047), st.integers(0, 2047)), max_size=4),
    st.one_of(st.just(STAMP), st.tuples(st.integers(1, 40), st.integers(1, 40))),
)
def test_a_place_is_hit_where_the_stamp_holds_a_pixel(places, shape):
    y, x = np.array(sorted(places), dtype=int).reshape(-1, 2).T
    hit = places_hit(make_list(y, x), shape)
    rows, columns = shape
    assert hit.shape == (2048 - rows + 1, 2048 - columns + 1)
    expected = np.zeros(hit.shape, dtype=bool)
    for y, x in places:
        expected[max(0, y - rows + 1) : y + 1, max(0, x - columns + 1) : x + 1] = True
    assert np.array_equal(hit, expected)


def test_the_exact_odds_of_a_list_agree_with_those_of_its_size_and_with_a_monte_carlo():
    rng = np.random.default_rng(3)
    y, x = np.unique(rng.integers(4, 2044, (840, 2)), axis=0).T
    hits = [places_hit(make_list(y, x)), places_hit(make_list(y[:400], x[:400]))]
    p = [hits[0].mean()] * 3 + [hits[1].mean()] * 2
    # At random places, and so many of them that overlaps even out.
    assert p[0] == pytest.approx(stamp_probability(len(y), 1, n_pixels=2040**2), rel=0.03)
    n_draws = 200_000
    drawn = draw_stars_hit([hits[0]] * 3 + [hits[1]] * 2, n_draws=n_draws, seed=1)
    for k in range(1, 6):
        exact = at_least(p, k)
        error = np.sqrt(exact * (1 - exact) / n_draws)
        assert np.mean(drawn >= k) == pytest.approx(exact, abs=4 * error)


def test_a_cluster_hits_fewer_places_than_its_pixels_apart():
    together = places_hit(make_list([100, 100, 101], [100, 101, 100])).sum()
    apart = places_hit(make_list([100, 100, 900], [100, 900, 100])).sum()
    assert together < 0.4 * apart


@pytest.mark.parametrize(
    ("y", "x", "sub32", "aperture"),
    [
        # One-based corners of SUB32 are 975 and 1399, of the aperture 985 and 1409.
        (974, 1398, True, False), (973, 1398, False, False), (974, 1397, False, False),
        (1005, 1429, True, False), (1006, 1429, False, False), (1005, 1430, False, False),
        (984, 1408, True, True), (983, 1408, True, False), (984, 1407, True, False),
        (999, 1423, True, True), (1000, 1423, True, False), (999, 1424, True, False),
    ],
)  # fmt: skip
def test_sub32_and_the_aperture_start_and_end_at_the_right_pixel(y, x, sub32, aperture):
    pixels = make_list([y], [x])
    assert (in_sub32(pixels)[0], in_aperture(pixels)[0]) == (sub32, aperture)
    assert not in_sub32(make_list([y], [x], detector="NRS2")).any()


def test_the_aperture_holds_256_pixels():
    y, x = np.mgrid[960:1020, 1390:1440].reshape(2, -1)
    pixels = make_list(y, x)
    assert (in_sub32(pixels).sum(), in_aperture(pixels).sum()) == (1024, 256)


@pytest.mark.parametrize(
    ("readout", "added", "faintest"),
    [("NRSRAPID", 32.2, 7.24), ("NRSRAPIDD6", 225.5, 1.035), ("SUB32", 0.0449, 5199.0)],
)
def test_3_dn_per_second_is_far_below_the_noise_of_sub32(readout, added, faintest):
    time = GROUP_TIMES[readout]
    assert signal(3.0, time) == pytest.approx(added, rel=2e-3)
    assert faintest_rate(time) == pytest.approx(faintest, rel=2e-3)
    seen = stands_out([1.01 * faintest, 0.99 * faintest, np.nan], time)
    assert seen.tolist() == [True, False, False]


def test_the_noise_of_a_difference_is_that_of_two_simulated_reads():
    reads = np.random.default_rng(2).normal(0, 7.0, (2, 4, 100_000))
    first, second = reads.mean(axis=1)
    assert np.std(second - first) == pytest.approx(difference_noise(7.0, nframes=4), rel=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: signal(-3, 10), "dark rate: expected at least 0 DN/s, found -3"),
        (lambda: signal(3, 0), r"time between groups \(s\): expected above 0, found 0"),
        (lambda: faintest_rate(np.nan), "time between groups .*found nan"),
        (lambda: difference_noise(-1), r"read noise \(DN\): expected above 0, found -1"),
    ],
)
def test_a_signal_without_an_answer_says_so(call, message):
    with pytest.raises(TargetAcqError, match=message):
        call()
