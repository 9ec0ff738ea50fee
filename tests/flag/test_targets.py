"""Which entries are flagged, and with which bits."""

import numpy as np
import pytest

from helpers import DNU, EPOCH, HOT, OTHER, TELEGRAPH, make_list
from jwst_hotpix.flag.bits import set_bits
from jwst_hotpix.flag.targets import Neighbors, Policy, active_targets, add_crosses, recovered
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window

WINDOW = Window(detector=get_detector("NRS1"), shape=(2048, 2048))
ROLES = [Role.CENTER, Role.NEIGHBOR, Role.NEIGHBOR, Role.INFERRED_CENTER]


def _places(targets):
    return list(zip(targets.y.tolist(), targets.x.tolist(), strict=True))


@pytest.mark.parametrize(
    ("neighbors", "columns"),
    [("none", [10, 40]), ("threshold", [10, 20, 40]), ("cross", [10, 20, 40])],
)
def test_neighbors_count_by_their_own_rate(neighbors, columns):
    pixels = make_list([9] * 4, [10, 20, 30, 40], role=ROLES, rate=[50, 2.0, 0.5, np.nan])
    policy = Policy(threshold=1.0, neighbors=Neighbors(neighbors))
    assert active_targets(pixels, EPOCH, policy).x.tolist() == columns


def test_a_rate_at_the_threshold_is_not_above_it():
    pixels = make_list([9, 9], [1, 2], rate=[3.0, 3.001])
    assert active_targets(pixels, EPOCH, Policy(threshold=3.0)).x.tolist() == [2]


def test_entries_of_low_confidence_are_ignored_on_request():
    pixels = make_list([9, 9], [1, 2], confidence=[0.4, 0.6])
    assert active_targets(pixels, EPOCH, Policy(threshold=1, min_confidence=0.5)).x.tolist() == [2]


def test_telegraph_pixels_get_the_bit_of_their_name():
    pixels = make_list([9, 9], [1, 2], status=[Status.STABLE, Status.TELEGRAPH])
    bits = active_targets(pixels, EPOCH, Policy(threshold=1)).bits
    assert bits.tolist() == [HOT | DNU, HOT | DNU | TELEGRAPH]


def test_a_cross_surrounds_centers_of_the_list_and_of_the_mask():
    dq = np.zeros((2048, 2048), dtype=np.uint32)
    dq[500, 500] = HOT | DNU
    dq[600, 600] = DNU  # bad for another reason: no center
    policy = Policy(threshold=1, neighbors=Neighbors.CROSS)
    targets = add_crosses(active_targets(make_list([9], [10]), EPOCH, policy), WINDOW, dq)
    arms = dict(zip(_places(targets), targets.bits.tolist(), strict=True))
    assert arms.pop((9, 10)) == HOT | DNU
    assert sorted(arms) == [
        (8, 10), (9, 9), (9, 11), (10, 10), (499, 500), (500, 499), (500, 501), (501, 500)
    ]  # fmt: skip
    assert set(arms.values()) == {OTHER | DNU}


def test_arms_of_a_cross_get_no_crosses_of_their_own_and_reference_pixels_are_not_flagged():
    dq = np.zeros((2048, 2048), dtype=np.uint32)
    for y, x in [(500, 500), (499, 500), (501, 500), (500, 499), (500, 501)]:
        dq[y, x] = HOT | DNU  # a full cross as in the STScI masks
    policy = Policy(threshold=1, neighbors=Neighbors.CROSS)
    pixels = make_list([4, 700], [700, 700], role=[Role.CENTER, Role.NEIGHBOR])
    targets = add_crosses(active_targets(pixels, EPOCH, policy), WINDOW, dq)
    new = sorted(_places(targets))
    assert new == [
        (4, 699), (4, 700), (4, 701), (5, 700),
        (499, 500), (500, 499), (500, 501), (501, 500), (700, 700),
    ]  # fmt: skip


def test_two_entries_for_one_pixel_both_set_their_bits():
    dq = np.zeros((2, 4, 4), dtype=np.uint32)
    row, column = np.array([1, 1]), np.array([2, 2])
    set_bits(dq, row, column, np.array([HOT, DNU], dtype=np.uint32))
    assert dq[:, 1, 2].tolist() == [HOT | DNU] * 2
    assert dq.sum() == 2 * (HOT | DNU)


def test_recovered_pixels_are_those_cold_again_and_not_hot_since():
    pixels = make_list(
        [1, 1, 1, 2], [5, 6, 6, 7],
        onset_earliest=[10, 10, 60, 10], onset_latest=[20, 20, 70, 20],
        recovery_earliest=[30, 30, np.inf, 90], recovery_latest=[40, 40, np.inf, 100],
    )  # fmt: skip
    found = {
        day: recovered(pixels, day, Policy(threshold=1))[1].tolist() for day in (35, 50, 80, 100)
    }
    assert found == {35: [], 50: [5, 6], 80: [5], 100: [5, 7]}
