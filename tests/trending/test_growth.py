"""Rates that come back, and errors that hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from jwst_hotpix.instrument.published_growth import GROWTH
from jwst_hotpix.simulate.population import counted_growth, growth_behind
from jwst_hotpix.trending import trend
from jwst_hotpix.trending.net_growth import Clusters, Line, fit
from jwst_hotpix.trending.states import States
from worlds import draw_states, references, series, steady_world

MONTHS = np.arange(0, 36.1, 4)
# Births are pixels per month, recovery is the probability per month.
POPULATIONS = {
    "steady": {"births": 70},
    "few": {"births": 5, "stock": 200},
    "recovering": {"births": 70, "recovery": 0.05 / 12},
    "telegraph": {"births": 70, "telegraph": 0.3, "recovery": 0.05 / 12},
    "hits": {"births": 70, "hits": 200},
    "clusters": {"births": 70, "size": 3},
    "everything": {
        "births": 20, "size": 2, "telegraph": 0.5, "hits": 50, "recovery": 0.01, "stock": 300
    },
}  # fmt: skip


def expected_growth(births, stock=2000, recovery=0.0, telegraph=0.0, **_):
    """Expected slope between first and last epoch, pixels per month."""
    end = MONTHS[-1]
    lost = stock * -np.expm1(-recovery * end)
    born = births * (-np.expm1(-recovery * end) / recovery if recovery else end)
    return (1 - telegraph / 2) * (born - lost) / end


def grow(states):
    # The pixels of `draw_states` lie in one long row.
    return fit(states, Line(months=MONTHS), Clusters.of(np.unique(states.pixel), 10_000_000))


@pytest.mark.parametrize("name", POPULATIONS)
def test_errors_cover_the_truth_in_68_percent_of_worlds(name):
    population, stream = POPULATIONS[name], list(POPULATIONS).index(name)
    truth = expected_growth(**population)
    best, line = [], []
    for seed in range(1000):
        growth = grow(draw_states(np.random.default_rng([stream, seed]), MONTHS, **population))
        best.append((growth.per_month - truth) / growth.error)
        line.append((growth.linear - truth) / growth.linear_error)
    for pulls in (np.array(best), np.array(line)):
        assert 0.63 <= np.mean(np.abs(pulls) < 1) <= 0.73
        assert abs(pulls.mean()) < 0.2


def test_errors_around_a_step_cover_the_truth_too():
    """The first three epochs miss one in five of the pixels that were hot from the start."""
    line, pulls = Line(months=MONTHS, steps=(3,)), []
    for seed in range(1000):
        states = draw_states(np.random.default_rng([99, seed]), MONTHS, births=70)
        old = states.pixel < 100_000 + 10 * 2000
        there = (states.epoch >= 3) | ~old | (states.pixel // 10 % 5 > 0)
        states = States(n_epochs=10, pixel=states.pixel[there], epoch=states.epoch[there],
                        share=states.share[there])  # fmt: skip
        clusters = Clusters.of(np.unique(states.pixel), 10_000_000)
        growth = fit(states, line, clusters)
        pulls.append((growth.per_month - 70) / growth.error)
    assert 0.63 <= np.mean(np.abs(pulls) < 1) <= 0.73
    assert abs(np.mean(pulls)) < 0.2


def test_the_error_of_a_polynomial_fit_is_four_times_too_small():
    growths = [
        grow(draw_states(np.random.default_rng([8, k]), MONTHS, births=70)) for k in range(100)
    ]
    naive = [np.polyfit(MONTHS, growth.count, 1, cov=True)[1][0, 0] ** 0.5 for growth in growths]
    honest = [growth.linear_error for growth in growths]
    assert 3.5 < np.mean(honest) / np.mean(naive) < 5
    # The optimum of a Poisson process, sqrt(births / months), and the scatter of a line.
    assert np.mean([growth.error for growth in growths]) == pytest.approx(1.39, rel=0.03)
    assert np.std([growth.linear for growth in growths]) == pytest.approx(1.49, rel=0.2)


def test_a_noise_that_all_pixels_share_makes_errors_grow():
    rng = np.random.default_rng(1)
    states = draw_states(rng, MONTHS, births=20)
    # A fifth of the epochs sees one pixel in twenty less, whichever.
    shared = states.share.copy()
    shared[(states.epoch == 3) & (states.pixel % 20 == 0)] = 0.0
    shared[(states.epoch == 6) & (states.pixel % 20 == 1)] = 0.0
    noisy = States(n_epochs=10, pixel=states.pixel, epoch=states.epoch, share=shared)
    assert grow(states).excess == 1.0
    assert grow(noisy).error > 1.2 * grow(states).error


def test_no_births_are_a_growth_of_nothing_with_the_error_of_one():
    growth = grow(draw_states(np.random.default_rng(0), MONTHS, births=0))
    assert growth.per_month == pytest.approx(0, abs=1e-9)
    assert growth.error == growth.linear_error == pytest.approx(1 / 36)


@pytest.mark.parametrize("empty", [0, 1])
def test_a_threshold_that_no_pixel_reaches_has_no_nan(empty):
    states = draw_states(np.random.default_rng(0), MONTHS, births=0, stock=empty)
    growth = grow(states)
    numbers = [growth.per_month, growth.error, growth.linear, growth.linear_error, growth.excess]
    assert np.isfinite(numbers).all()


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_the_rates_of_table_1_come_back(seed):
    pulls = {"centers": [], "neighbors": []}
    for (detector, readout), row in GROWTH.items():
        births = growth_behind(row, alpha=0.0065)
        world = steady_world(detector, readout, births, seed)
        found = trend(series(references(world, seed=seed)))
        assert not found.breaks
        truths = {"centers": row, "neighbors": counted_growth(births, world.alpha, neighbors=True)}
        for form, growths in (("centers", found.centers), ("neighbors", found.hot)):
            pulls[form] += [
                abs(growth.per_month - truth) / growth.error
                for growth, truth in zip(growths, truths[form], strict=True)
            ]
    for sixteen in pulls.values():
        assert np.sum(np.array(sixteen) < 2) >= 14
        assert max(sixteen) < 3.5


@given(hot=hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=3, max_side=12)))
def test_clusters_are_the_pixels_that_touch(hot):
    hot[[0, -1], :] = hot[:, [0, -1]] = False
    pixel = np.flatnonzero(hot).astype(np.int32)
    values = np.arange(1.0, pixel.size + 1)
    labels, n = ndimage.label(hot, np.ones((3, 3)))
    sums = [values[labels.reshape(-1)[pixel] == k].sum() for k in range(1, n + 1)]
    found = Clusters.of(pixel, hot.shape[1]).square_sum(pixel, values)
    assert found == pytest.approx(np.sum(np.square(sums)))


@given(
    shares=hnp.arrays(float, (6, 5), elements=st.sampled_from([0.0, 0.5, 1.0])),
    weights=hnp.arrays(float, 5, elements=st.integers(-5, 5).map(float)),
)
def test_sparse_states_add_up_as_the_dense_matrix_does(shares, weights):
    pixel, epoch = np.nonzero(shares)
    states = States(
        n_epochs=5, pixel=pixel.astype(np.int32), epoch=epoch, share=shares[pixel, epoch]
    )
    assert states.count() == pytest.approx(shares.sum(axis=0))
    for lag in (0, 1, 2):
        dense = (shares[:, lag:] * shares[:, : 5 - lag]).sum(axis=0)
        assert states.products(lag) == pytest.approx(dense)
    there, total = states.weigh(weights)
    assert there.tolist() == np.flatnonzero(shares.any(axis=1)).tolist()
    assert total == pytest.approx((shares @ weights)[there])
