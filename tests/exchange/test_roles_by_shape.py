"""Crosses in lists without rates: which pixels are centers and arms, and since when."""

import numpy as np
import pytest

from helpers import EPOCH, make_list
from jwst_hotpix.exchange.roles_by_shape import with_rings
from jwst_hotpix.instrument.crosses import Role

AROUND = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])


@pytest.mark.parametrize("first", range(4))
def test_a_ring_is_as_old_as_its_first_arm(first):
    onset = np.full(4, EPOCH - 50)
    onset[first] = EPOCH - 90
    y, x = (np.array([100, 200]) + AROUND).T
    pixels = with_rings(make_list(y, x, onset_latest=onset, onset_earliest=onset - 10))
    (ring,) = np.flatnonzero(pixels.role == Role.INFERRED_CENTER)
    assert (pixels.y[ring], pixels.x[ring]) == (100, 200)
    assert pixels.onset_latest[ring] == EPOCH - 90
    assert pixels.onset_earliest[ring] == EPOCH - 100
    assert np.isnan(pixels.rate[ring])


@pytest.mark.parametrize("center", [(0, 200), (2047, 200), (100, 0), (100, 2047)])
def test_a_ring_at_the_edge_of_the_frame_has_three_arms(center):
    arms = AROUND + center
    y, x = arms[((arms >= 0) & (arms < 2048)).all(axis=1)].T
    pixels = with_rings(make_list(y, x))
    ring = pixels.role == Role.INFERRED_CENTER
    assert list(zip(pixels.y[ring].tolist(), pixels.x[ring].tolist(), strict=True)) == [center]
    assert (pixels.role[~ring] == Role.NEIGHBOR).all()
