"""The arithmetic of JWST-STScI-009188, section 4.3, exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.exceptions import TargetAcqError
from jwst_hotpix.simulate.population import draw_places
from jwst_hotpix.target_acq import (
    STAMP,
    at_least,
    distribution,
    expected_stars_hit,
    longest_interval,
    stamp_probability,
)

shares = st.floats(0, 0.9)
months = st.floats(0, 600)


@pytest.mark.parametrize(
    ("years", "stamp", "any_of_8", "any_of_5"),
    [(0.5, 0.0975, 0.5597, 0.4011), (1, 0.1854, 0.8062, 0.6414), (2, 0.3365, 0.9624, 0.8714)],
)
def test_the_numbers_of_the_report_come_back(years, stamp, any_of_8, any_of_5):
    p = stamp_probability(70, 12 * years)
    found = (p, at_least([p] * 8), at_least([p] * 5))
    assert found == pytest.approx((stamp, any_of_8, any_of_5), abs=5e-5)


def test_without_clusters_the_formula_is_that_of_the_report():
    p = 70 * 12 / 2048**2
    assert stamp_probability(70, 12) == pytest.approx(1 - (1 - p) ** 1024, rel=1e-12)


def test_stars_on_both_detectors_have_the_odds_of_each():
    nrs1, nrs2 = stamp_probability(48, 12), stamp_probability(64, 12)
    assert (nrs1, nrs2) == pytest.approx((0.1312, 0.1710), abs=5e-5)
    assert at_least([nrs2] * 3 + [nrs1] * 2) == pytest.approx(0.570, abs=5e-4)
    assert at_least([nrs1] * 4 + [nrs2] * 4) == pytest.approx(0.731, abs=5e-4)


def test_two_of_eight_stars_are_hit_in_45_of_100_acquisitions_a_year_after_the_flat():
    assert at_least([stamp_probability(70, 12)] * 8, 2) == pytest.approx(0.45, abs=5e-3)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10))
def test_the_distribution_is_one_and_its_mean_the_sum(p):
    chance = distribution(p)
    assert chance.size == len(p) + 1
    assert chance.sum() == pytest.approx(1)
    assert expected_stars_hit(p) == pytest.approx(sum(p), abs=1e-9)


def test_k_of_n_and_the_mean_agree_with_a_monte_carlo():
    p = np.array([0.05, 0.1312, 0.1312, 0.171, 0.171, 0.171, 0.6])
    n_draws = 400_000
    drawn = (np.random.default_rng(5).random((n_draws, p.size)) < p).sum(axis=1)
    for k in range(1, p.size + 1):
        exact = at_least(p, k)
        error = np.sqrt(exact * (1 - exact) / n_draws)
        assert np.mean(drawn >= k) == pytest.approx(exact, abs=5 * error)
    assert drawn.mean() == pytest.approx(expected_stars_hit(p), abs=5 * drawn.std() / n_draws**0.5)


@pytest.mark.parametrize("share", [0.0, 0.15, 0.6])
def test_clusters_hit_as_often_as_simulated_ones(share):
    # Every stamp of a grid, in many worlds: the simulation places clusters its own way.
    n, side, n_worlds = 768, STAMP[0], 100
    hit = []
    for seed in range(n_worlds):
        rng = np.random.default_rng([seed, round(100 * share)])
        y, x, _ = draw_places(rng, n, detector="NRS1", cluster_share=share)
        # The grid leaves out the edge, at which the simulation keeps clusters inside.
        tiles = np.zeros((64, 64), dtype=bool)
        tiles[y // side, x // side] = True
        hit.append(tiles[1:-1, 1:-1].mean())
    error = np.std(hit) / n_worlds**0.5
    exact = stamp_probability(n, 1, cluster_share=share, n_pixels=2040**2)
    assert np.mean(hit) == pytest.approx(exact, abs=4 * error)
    # Sharp enough to distinguish pixels from events.
    assert share == 0 or 10 * error < stamp_probability(n, 1, n_pixels=2040**2) - exact


@given(shares, months, st.floats(0, 500))
def test_clusters_never_raise_the_risk_and_time_never_lowers_it(share, time, rate):
    p = stamp_probability(rate, time, cluster_share=share)
    assert 0 <= p <= stamp_probability(rate, time) + 1e-12
    assert p <= stamp_probability(rate, time + 1, cluster_share=share) + 1e-12


@given(
    st.lists(st.floats(1, 500), min_size=3, max_size=8),
    st.floats(0.001, 0.95), st.integers(1, 3), st.floats(0, 0.3),
)  # fmt: skip
def test_the_longest_interval_has_the_risk_that_was_asked_for(rates, risk, k, share):
    time = longest_interval(rates, risk, k=k, cluster_share=share)
    p = [stamp_probability(rate, time, cluster_share=share) for rate in rates]
    assert at_least(p, k) == pytest.approx(risk, abs=1e-6)


def test_a_risk_that_is_never_exceeded_allows_any_interval():
    assert longest_interval([0, 0], 0.5) == np.inf
    assert longest_interval([70, 0], 0.5, k=2) == np.inf
    assert longest_interval([70] * 8, 1.0) == np.inf
    assert longest_interval([70] * 8, 0.0) == 0


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("slow", [1e-90, 1e-300, 5e-324])
def test_detectors_that_hardly_grow_count_as_slow_or_not_at_all(slow):
    alone = longest_interval([1000.0], 0.5)
    assert longest_interval([slow, 1000.0], 0.5) == pytest.approx(alone)
    both = longest_interval([slow, 1000.0], 0.5, k=2)
    if slow < 1e-100:
        assert both == longest_interval([slow], 0.5) == np.inf
    else:
        assert both == pytest.approx(alone * 1000 / slow)


def test_no_rounding_makes_more_than_certain():
    assert at_least([stamp_probability(3000, 12)] * 8) <= 1


def test_all_pixels_hot_is_certain():
    assert stamp_probability(1e9, 12) == 1
    assert at_least([1.0] * 8, 8) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stamp_probability(-1, 12), "rate: expected at least 0 .*found -1"),
        (lambda: stamp_probability(np.nan, 12), "rate: .*found nan"),
        (lambda: stamp_probability(70, -1), "months: expected at least 0, found -1"),
        (lambda: stamp_probability(70, np.inf), "months: .*found inf"),
        (lambda: stamp_probability(70, 1, cluster_share=1), "cluster share: .*below 1, found 1"),
        (lambda: stamp_probability(70, 1, shape=(0, 32)), "shape of the stamp: .*one pixel"),
        (lambda: at_least([]), "stars: expected 1 to 1000, found 0"),
        (lambda: at_least([0.1] * 8, 9), "stars hit: expected 1 to 8, the stars, found 9"),
        (lambda: at_least([0.1], 0), "stars hit: .*found 0"),
        (lambda: distribution([1.5]), r"probability: expected 0 to 1, found \[1.5\]"),
        (lambda: longest_interval([70], 1.5), "risk: expected 0 to 1, found 1.5"),
        (lambda: longest_interval([-70, 70], 0.5), "rate: .*found"),
        (lambda: longest_interval([], 0.5), "stars: expected 1 to 1000, found 0"),
        (lambda: at_least([0.1] * 1001), "stars: expected 1 to 1000, found 1001"),
    ],
)
def test_what_has_no_answer_says_so(call, message):
    with pytest.raises(TargetAcqError, match=message):
        call()
