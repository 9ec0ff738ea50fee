"""Centers, the neighbors they light, and rings without a center."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwst_hotpix.instrument.crosses import (
    DEFAULT_ALPHA,
    Coupling,
    Measured,
    Role,
    estimate_coupling,
    spread,
    who_lights_whom,
)

SHAPE = (64, 64)
CENTER, NEIGHBOR, INFERRED = Role.CENTER, Role.NEIGHBOR, Role.INFERRED_CENTER


def measured(rates, *, floor=0.1, threshold=1.0, onset=None):
    """Return pixels from {(y, x): rate}; those above the threshold or without a rate are hot."""
    y, x = np.array(list(rates), dtype=np.uint16).reshape(-1, 2).T
    rate = np.array(list(rates.values()), dtype=np.float32)
    latest = np.array([(onset or {}).get(place, 100.0) for place in rates])
    return Measured(
        y=y,
        x=x,
        rate=rate,
        error=np.full(rate.size, 0.01),
        hot=np.isnan(rate) | (rate > threshold),
        onset_earliest=latest - 10.0,
        onset_latest=latest,
    )


def seen(planted, alpha=DEFAULT_ALPHA, floor=0.1):
    """Return what shows of planted pixels, IPC included."""
    image = np.zeros(SHAPE)
    for place, rate in planted.items():
        image[place] = rate
    image = spread(image, alpha)
    return {(int(y), int(x)): image[y, x] for y, x in np.argwhere(image > floor)}


def roles(rates, masked=None, **options):
    pixels = measured(rates, **options)
    lighting = who_lights_whom(pixels, SHAPE, coupling=Coupling(), masked=masked)
    return dict(zip(rates, lighting.role.tolist(), strict=True)), lighting


def test_the_arms_of_a_bright_center_are_neighbors():
    found, _ = roles(seen({(20, 20): 400.0}))
    assert found.pop((20, 20)) == CENTER
    assert set(found.values()) == {NEIGHBOR}
    assert len(found) == 4


def test_a_hot_pixel_beside_a_center_is_a_center():
    found, _ = roles(seen({(20, 20): 400.0, (20, 21): 30.0}))
    assert found[20, 21] == found[20, 20] == CENTER
    assert found[20, 19] == NEIGHBOR


def test_two_centers_light_the_pixel_between_them_together():
    found, _ = roles(seen({(20, 20): 300.0, (20, 22): 300.0}))
    assert found[20, 21] == NEIGHBOR


def test_a_pixel_hot_before_the_center_is_not_lit_by_it():
    rates = {(20, 20): 400.0, (20, 21): 2.6}
    assert roles(rates)[0][20, 21] == NEIGHBOR
    assert roles(rates, onset={(20, 21): 50.0})[0][20, 21] == CENTER


def test_a_ring_without_a_center_has_one_inferred():
    rates = dict.fromkeys([(19, 20), (21, 20), (20, 19)], 5.0)
    found, lighting = roles(rates)
    assert set(found.values()) == {NEIGHBOR}
    assert (lighting.ring_y, lighting.ring_x) == (20, 20)


def test_pixels_of_different_rates_around_a_pixel_are_no_ring():
    found, lighting = roles({(19, 20): 5.0, (21, 20): 50.0, (20, 19): 500.0})
    assert set(found.values()) == {CENTER}
    assert lighting.ring_y.size == 0


def test_a_saturated_pixel_inside_its_ring_is_an_inferred_center():
    arms = [(19, 20), (21, 20), (20, 19), (20, 21)]
    found, lighting = roles({(20, 20): np.nan, **dict.fromkeys(arms, 40.0)})
    assert found[20, 20] == INFERRED
    assert all(found[arm] == NEIGHBOR for arm in arms)
    assert lighting.ring_y.size == 0


def test_a_saturated_pixel_alone_is_a_center():
    assert roles({(20, 20): np.nan})[0] == {(20, 20): CENTER}


def test_a_masked_center_explains_arms_that_agree_but_no_lone_hot_pixel():
    masked = np.zeros(SHAPE, dtype=bool)
    masked[20, 20] = True
    pair = {(19, 20): 3.0, (20, 21): 3.1}
    assert set(roles(pair)[0].values()) == {CENTER}
    assert set(roles(pair, masked)[0].values()) == {NEIGHBOR}
    assert roles({(19, 20): 3.0}, masked)[0] == {(19, 20): CENTER}


def test_an_arm_below_the_threshold_helps_to_recognize_a_ring():
    masked = np.zeros(SHAPE, dtype=bool)
    masked[20, 20] = True
    assert roles({(19, 20): 1.05, (20, 21): 0.95}, masked)[0][19, 20] == NEIGHBOR


@settings(max_examples=60)
@given(
    st.floats(150, 5000),
    st.sampled_from([(0, 0), (0, 30), (63, 63), (30, 0), (30, 30)]),
    st.floats(0.007, 0.01),
)
def test_arms_have_their_role_at_every_rate_and_at_the_edges(rate, place, alpha):
    rates = seen({place: rate}, alpha)
    lighting = who_lights_whom(measured(rates), SHAPE, coupling=Coupling(alpha=alpha))
    expected = [CENTER if where == place else NEIGHBOR for where in rates]
    hot = measured(rates).hot
    assert lighting.role[hot].tolist() == np.array(expected)[hot].tolist()


@pytest.mark.parametrize("alpha", [0.004, 0.0065, 0.012, 0.025])
def test_coupling_is_measured(alpha):
    rng = np.random.default_rng(3)
    grid = [(y, x) for y in range(4, 60, 8) for x in range(4, 60, 8)]
    rates = seen(dict(zip(grid, rng.uniform(50, 900, len(grid)), strict=True)), alpha)
    coupling = estimate_coupling(measured(rates), SHAPE, floor=0.1)
    np.testing.assert_allclose(coupling.alpha, alpha, rtol=0.02)


@pytest.mark.parametrize(("alpha", "bound"), [(0.001, 0.003), (0.05, 0.03)])
def test_coupling_stays_within_what_is_known_of_these_detectors(alpha, bound):
    grid = [(y, x) for y in range(4, 60, 8) for x in range(4, 60, 8)]
    rates = seen(dict.fromkeys(grid, 400.0), alpha)
    assert estimate_coupling(measured(rates), SHAPE, floor=0.1).alpha in {bound, DEFAULT_ALPHA}


def test_few_bright_pixels_leave_the_default():
    assert estimate_coupling(measured(seen({(9, 9): 500.0})), SHAPE, floor=0.1) == Coupling()


def test_no_pixels_have_no_roles_and_no_rings():
    nothing = measured({})
    lighting = who_lights_whom(nothing, SHAPE, coupling=estimate_coupling(nothing, SHAPE, floor=1))
    assert lighting.role.size == lighting.ring_y.size == 0
