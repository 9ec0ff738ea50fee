"""Pooled lists: whether both readout modes agree on which pixels are hot."""

from dataclasses import replace

import pytest

from jwst_hotpix.history.assumptions import Assumptions
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.history.readout_modes import in_one_mode_only
from patterns import sightings_of

# Darks alternate between the modes.
MODES = ("TRAD", "IRS2") * 20


def pooled(patterns):
    return replace(sightings_of(patterns, hits=20), readout=MODES)


@pytest.mark.parametrize(
    ("letters", "alone"),
    [
        ("...." + "x" * 36, False),
        ("...." + "x." * 18, True),
        ("...." + ".x" * 18, True),
        ("...." + "xx..." * 7, False),
        ("x?" * 20, False),
        ("." * 36 + "x.x.", False),
    ],
    ids=["both", "TRAD only", "IRS2 only", "telegraph", "unseen in IRS2", "too few darks"],
)
def test_a_pixel_is_alone_if_one_mode_sees_it_hot_and_the_other_cold(letters, alone):
    sightings = pooled({(500, 600): letters})
    pixels = build_list(sightings, readout="POOLED", assumed=Assumptions(suspicion=0.0))
    found = in_one_mode_only(sightings, pixels)[(pixels.y == 500) & (pixels.x == 600)]
    assert found.size >= 1
    assert found.any() == alone


def test_a_pooled_list_warns_when_the_modes_disagree(caplog):
    # FIELD C7.
    alone = {(400 + 9 * k, 600): "...." + "x." * 18 for k in range(20)}
    sightings = pooled(alone)
    build_list(sightings, readout="POOLED")
    assert "hot in one readout mode and cold in the other" in caplog.text
    assert "Build one list per readout mode" in caplog.text


def test_a_pooled_list_of_one_detector_has_no_warning(caplog):
    both = {(400 + 9 * k, 600): "...." + "x" * 36 for k in range(20)}
    pixels = build_list(pooled(both), readout="POOLED")
    assert (pixels.y < 1000).sum() == 20
    assert not caplog.text
