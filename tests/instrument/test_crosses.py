"""Crosses, rings and the leak between pixels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jwst_hotpix.instrument.crosses import count_neighbors, cross, find_centers, spread


def _image(*places, shape=(12, 12)):
    image = np.zeros(shape, dtype=bool)
    for y, x in places:
        image[y, x] = True
    return image


def test_a_corner_pixel_has_two_neighbors_even_in_unsigned_coordinates():
    corner = np.array([0], dtype=np.uint16)
    y, x, center = cross(corner, corner, (2048, 2048))
    assert center.tolist() == [0, 0]
    assert sorted(zip(y.tolist(), x.tolist(), strict=True)) == [(0, 1), (1, 0)]


@given(arrays(bool, st.tuples(st.integers(1, 6), st.integers(1, 6))))
def test_arms_of_pixels_are_those_of_their_image(hot):
    y, x = np.nonzero(hot)
    arm_y, arm_x, center = cross(y, x, hot.shape)
    assert (np.abs(arm_y - y[center]) + np.abs(arm_x - x[center]) == 1).all()
    arms = np.zeros(hot.shape, dtype=np.uint8)
    np.add.at(arms, (arm_y, arm_x), 1)
    np.testing.assert_array_equal(arms, count_neighbors(hot))
    # Read the other way round, a pixel is the arm of as many as it has hot neighbors.
    hot_arms = np.bincount(center[hot[arm_y, arm_x]], minlength=y.size)
    np.testing.assert_array_equal(hot_arms, count_neighbors(hot)[y, x])


def test_the_arms_of_a_pixel_beyond_the_edge_may_lie_inside():
    y, x, center = cross(np.array([3, -1]), np.array([8, 2]), (4, 8))
    assert list(zip(y.tolist(), x.tolist(), center.tolist(), strict=True)) == [(0, 2, 1), (3, 7, 0)]


def test_a_full_cross_has_one_center():
    image = _image((5, 5), (4, 5), (6, 5), (5, 4), (5, 6))
    assert np.argwhere(find_centers(image)).tolist() == [[5, 5]]


def test_a_lone_pixel_and_both_of_a_pair_are_centers():
    image = _image((2, 2), (7, 7), (7, 8))
    np.testing.assert_array_equal(find_centers(image), image)


def test_neighbors_are_counted_without_diagonals():
    image = _image((5, 5), (4, 4), (5, 6))
    assert count_neighbors(image)[5, 5] == 1
    assert count_neighbors(image)[4, 5] == 2


def test_a_center_keeps_four_alpha_less_and_each_neighbor_gets_alpha():
    image = np.zeros((5, 5))
    image[2, 2] = 100.0
    leaked = spread(image, 0.01)
    assert leaked[2, 2] == 96.0
    assert leaked[1, 2] == leaked[3, 2] == leaked[2, 1] == leaked[2, 3] == 1.0
    assert leaked[1, 1] == 0.0


@given(st.integers(0, 4), st.integers(0, 6), st.floats(0, 0.05))
def test_no_signal_is_lost_wherever_the_pixel_is(y, x, alpha):
    image = np.zeros((5, 7))
    image[y, x] = 10.0
    np.testing.assert_allclose(spread(image, alpha).sum(), 10.0)
