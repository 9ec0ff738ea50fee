"""One image of a spectrum: hot pixels are sharper than light, and light is never hot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import erf

from jwst_hotpix.instrument.crosses import spread
from jwst_hotpix.measure.excess import BOUNDS, UNKNOWN, find_excess

SHAPE = (24, 40)
MIDDLE = (12, 20)
NOISE = 0.01


def judge(image, error=NOISE, masked=(), full=()):
    """Find the hot pixels of an image without noise, as places."""
    valid = np.ones(SHAPE, bool)
    hidden = np.zeros(SHAPE, bool)
    for place in masked:
        valid[place] = False
    for place in full:
        valid[place], hidden[place] = False, True
    errors = np.broadcast_to(np.float32(error), SHAPE).copy()
    result = find_excess(np.asarray(image, np.float32).copy(), errors, valid, hidden)
    return result, {tuple(map(int, divmod(pixel, SHAPE[1]))) for pixel in result.pixel}


def hot(*places, rate=5.0, alpha=0.0065):
    """A dark image with hot pixels, IPC included."""
    image = np.zeros(SHAPE)
    for place in places:
        image[place] += rate
    return spread(image, alpha)


def line(y, x, peak, height, width, alpha=0.0065):
    """A Gaussian line, integrated over pixels, IPC included."""
    edges_y, edges_x = np.arange(SHAPE[0] + 1) - 0.5 - y, np.arange(SHAPE[1] + 1) - 0.5 - x
    scale_y, scale_x = (np.sqrt(2) * fwhm / 2.3548 for fwhm in (height, width))
    share = np.diff(erf(edges_y / scale_y))[:, None] * np.diff(erf(edges_x / scale_x)) / 4
    return spread(peak * share / share.max(), alpha)


def limit(result, place):
    """What a pixel is not hot above, DN/s."""
    return np.append(BOUNDS, np.inf)[result.bound[place]]


rates = st.floats(0.8, 5000)


@given(rate=rates, alpha=st.floats(0.003, 0.02), sky=st.floats(0, 0.2))
def test_a_hot_pixel_on_a_dark_sky_is_found_at_its_rate(rate, alpha, sky):
    result, places = judge(hot(MIDDLE, rate=rate, alpha=alpha) + sky)
    assert MIDDLE in places
    found = result.rate[list(result.pixel).index(MIDDLE[0] * SHAPE[1] + MIDDLE[1])]
    assert found == pytest.approx(rate * (1 - 4 * alpha), rel=0.01)


@given(
    y=st.floats(11.5, 12.5),
    x=st.floats(19.5, 20.5),
    peak=st.floats(0.5, 10_000),
    height=st.floats(1.0, 8),
    width=st.floats(1.0, 4),
    sky=st.floats(0, 1),
)
def test_no_line_as_wide_as_a_pixel_is_hot(y, x, peak, height, width, sky):
    _, places = judge(line(y, x, peak, height, width) + sky)
    assert not places


@given(
    y=st.floats(11.5, 12.5),
    x=st.floats(19.5, 20.5),
    peak=st.floats(1.0, 1000),
    fwhm=st.floats(0.5, 3),
    rate=st.floats(1.0, 100),
    dy=st.integers(-2, 2),
    dx=st.integers(-5, 5),
)
def test_light_never_proves_a_hot_pixel_cold(y, x, peak, fwhm, rate, dy, dx):
    place = MIDDLE[0] + dy, MIDDLE[1] + dx
    result, _ = judge(line(y, x, peak, fwhm, fwhm) + hot(place, rate=rate))
    assert limit(result, place) > 0.9 * rate


@pytest.mark.parametrize("step", [(0, 1), (1, 0)])
@pytest.mark.parametrize("ratio", [1.0, 0.3, 0.05])
def test_two_touching_hot_pixels_are_both_found(step, ratio):
    other = MIDDLE[0] + step[0], MIDDLE[1] + step[1]
    _, places = judge(hot(MIDDLE, rate=40.0) + hot(other, rate=40.0 * ratio))
    assert places == {MIDDLE, other}


def test_the_arms_of_a_bright_pixel_are_found_and_of_a_bright_pair():
    y, x = MIDDLE
    other = y + 1, x
    arms = {(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)}
    assert judge(hot(MIDDLE, rate=400.0))[1] == {MIDDLE, *arms}
    pair = {MIDDLE, other, *arms, (y + 1, x - 1), (y + 1, x + 1), (y + 2, x)}
    assert judge(hot(MIDDLE, other, rate=400.0))[1] == pair


def test_one_masked_neighbor_does_not_hide_a_hot_pixel_and_two_do():
    y, x = MIDDLE
    assert judge(hot(MIDDLE), masked=[(y, x + 1)])[1] == {MIDDLE}
    result, places = judge(hot(MIDDLE), masked=[(y, x + 1), (y + 1, x)])
    assert not places
    assert limit(result, MIDDLE) > 5


def test_what_a_masked_neighbor_along_the_dispersion_hides_is_said():
    y, x = MIDDLE
    beside, _ = judge(hot(MIDDLE), masked=[(y, x + 1)])
    above, _ = judge(hot(MIDDLE), masked=[(y + 1, x)])
    assert np.isinf(beside.share).all()
    assert (above.share < 0.05).all()


def test_a_full_pixel_is_hot_without_a_rate():
    result, places = judge(np.zeros(SHAPE), full=[MIDDLE])
    assert places == {MIDDLE}
    assert np.isinf(result.rate).all()


def test_pixels_without_rates_say_nothing():
    result = find_excess(
        np.full(SHAPE, np.nan, np.float32),
        np.zeros(SHAPE, np.float32),
        np.zeros(SHAPE, bool),
        np.zeros(SHAPE, bool),
    )
    assert result.pixel.size == 0
    assert (result.bound == UNKNOWN).all()
    assert (result.floor == UNKNOWN).all()


@pytest.mark.parametrize("place", [(0, 0), (0, 20), (12, 0), (23, 39)])
def test_hot_pixels_at_the_edge_are_found_where_three_neighbors_are(place):
    _, places = judge(hot(place))
    corner = place in {(0, 0), (23, 39)}
    assert places == (set() if corner else {place})


def test_bright_continuum_hides_hot_pixels_and_does_not_make_them():
    rng = np.random.default_rng(0)
    flat = 1 + 0.02 * rng.standard_normal(SHAPE)
    result, places = judge(200 * flat)
    assert not places
    assert (result.floor[2:-2, 4:-4] >= 5).all()


def test_short_exposures_prove_pixels_cold_that_they_could_not_find_hot():
    rng = np.random.default_rng(0)
    result, _ = judge(0.08 * rng.standard_normal(SHAPE), error=0.08)
    assert (BOUNDS[np.minimum(result.bound, 7)] <= 1.0).mean() > 0.99
    assert (BOUNDS[np.minimum(result.floor, 7)] <= 1.0).mean() < 0.01
