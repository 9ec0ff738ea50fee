"""Crosses, rings and the leak between pixels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.instrument.crosses import count_neighbors, cross, find_centers, spread


def _image(*places, shape=(12, 12)):
    image = np.zeros(shape, dtype=bool)
    for y, x in places:
        image[y, x] = True
    return image


def test_a_corner_pixel_has_two_neighbors_even_in_unsigned_coordinates():
    y, x = cross(np.array([0], dtype=np.uint16), np.array([0], dtype=np.uint16), (2048, 2048))
    assert sorted(zip(y.tolist(), x.tolist(), strict=True)) == [(0, 1), (1, 0)]


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
