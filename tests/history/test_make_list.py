"""Lists made of sightings, against a simulated truth and against bad input."""

from dataclasses import replace

import numpy as np
import pytest

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.count_unmasked import (
    first_sightings,
    listed_at,
    masked_at,
    unmasked,
    until,
)
from jwst_hotpix.testing.draw_sightings import dark_schedule, simulate_sightings
from jwst_hotpix.testing.lit_pixels import LitPixels
from jwst_hotpix.testing.score_list import score
from patterns import FORTNIGHT, sightings_of

LIMITS = {
    "found": 0.99,
    "true": 0.997,
    "onset": 0.99,
    "recovered": 0.95,
    "telegraph": 0.90,
    "roles": 0.95,
}


@pytest.fixture(scope="module")
def world():
    return World.draw(detector="NRS2", readout="TRAD", months=24, seed=5)


@pytest.fixture(scope="module")
def never_seen(world):
    bright = np.isneginf(world.onset) & (world.rate > 200)
    return flat(world.y, world.x, (2048, 2048))[bright][::2]


@pytest.fixture(scope="module")
def darks(world, never_seen):
    return simulate_sightings(
        world, dark_schedule(months=24, seed=5), never_seen=never_seen, seed=5
    )


@pytest.fixture(scope="module")
def pixels(darks):
    return build_list(darks, threshold=1.0, readout="TRAD")


@pytest.fixture(scope="module")
def lit(world):
    return LitPixels.of(world)


@pytest.mark.parametrize("figure", LIMITS)
def test_a_simulated_truth_is_recovered(figure, pixels, lit, darks, never_seen):
    # The few suspects of the last dark are as true as their confidence says: see below.
    likely = pixels.select(pixels.confidence >= 0.5)
    share = score(likely, lit, darks.epoch, never_seen)[figure]
    assert share.total >= 20
    assert share.value >= LIMITS[figure]


def test_confidence_is_the_fraction_that_is_true(pixels, lit, world):
    lights = np.zeros(2048 * 2048)
    lights[lit.pixel] = lit.lit_by(world.rate)
    false = lights[flat(pixels.y, pixels.x, (2048, 2048))] < 0.95
    doubt = 1 - pixels.confidence.astype(float)
    assert abs(false.sum() - doubt.sum()) < 3 * np.sqrt(np.sum(doubt * (1 - doubt))) + 2


def test_the_list_leaves_a_hundredth_of_what_masks_leave(pixels, lit, darks):
    start = float(darks.epoch[0])

    def masks(epoch):
        return masked_at(lit, epoch, start=start, threshold=1.0)

    exposures = np.arange(start + 3, darks.epoch[-1], 5.0)
    left = unmasked(lit, exposures, masks, 1.0)
    with_list = unmasked(lit, exposures, lambda t: masks(t) | listed_at(pixels, lit, t), 1.0)
    assert with_list <= 0.01 * left


def test_the_list_as_of_an_exposure_is_close_to_knowing_each_pixel_at_first_sight(lit, darks):
    start = float(darks.epoch[0])
    first = first_sightings(lit, darks.epoch, 1.0)
    left, oracle, ours = 0, 0, 0
    for n in range(20, darks.epoch.size, 4):
        epoch = float(np.mean(darks.epoch[n - 1 : n + 1]))
        hot = (lit.rate(epoch) > 1) & ~masked_at(lit, epoch, start=start, threshold=1.0)
        known = build_list(until(darks, n), threshold=1.0, readout="TRAD")
        left += hot.sum()
        oracle += (hot & (first > epoch)).sum()
        ours += (hot & ~listed_at(known, lit, epoch)).sum()
    assert ours <= oracle + 0.1 * left


def test_equal_input_gives_an_equal_list(pixels, darks):
    again = build_list(darks, threshold=1.0, readout="TRAD")
    assert again.digest() == pixels.digest()
    assert again.provenance == pixels.provenance


def test_provenance_says_what_the_list_rests_on(pixels, darks, world):
    origin = pixels.provenance
    assert origin.coverage == (darks.epoch[0], darks.epoch[-1])
    assert origin.n_exposures == darks.epoch.size
    assert origin.ledger == darks.digest
    assert origin.as_of == darks.epoch[-1]
    assert origin.pedigree == "SIMULATION"
    np.testing.assert_allclose(origin.ipc, world.alpha, rtol=0.05)


def test_growth_is_that_of_the_world(pixels, lit, darks):
    span = (darks.epoch[0] + 120, darks.epoch[-1])
    born = (lit.world.onset > span[0]) & (lit.world.onset < span[1])
    births = np.sum(lit.lit_by(np.where(born, lit.world.rate, 0)) > 1)
    months = (span[1] - span[0]) * 12 / 365.25
    origin = pixels.provenance
    assert abs(origin.growth_per_month - births / months) < 2 * origin.growth_error


def test_a_pixel_below_its_own_threshold_is_not_listed(darks):
    high = build_list(darks, threshold=10.0, readout="TRAD")
    assert high.threshold == 10.0
    assert (np.isnan(high.rate) | (high.rate > 10)).all()


def test_a_new_center_and_its_arms_are_listed_together():
    cross = {(50, 50): 300.0, (49, 50): 2.0, (51, 50): 2.0, (50, 49): 2.0, (50, 51): 2.0}
    # What the rates of hot pixels are is known from others.
    steady = {(y, x): "x" for y in range(100, 160, 3) for x in range(900, 910, 3)}
    rate = {**cross, **dict.fromkeys(steady, 30.0)}
    sightings = sightings_of(
        {**dict.fromkeys(cross, 39 * "." + "x"), **steady}, rate=rate, hits=100
    )
    pixels = build_list(sightings, threshold=1.0, readout="TRAD")
    arms = (pixels.y < 90) & (pixels.role == Role.NEIGHBOR)
    assert arms.sum() == 4
    assert (pixels.onset_latest[arms] == FORTNIGHT[39]).all()


def test_a_ring_has_a_center_as_long_as_its_arms_are_hot():
    ring = dict.fromkeys([(49, 50), (51, 50), (50, 49), (50, 51)], "...xxxxxxxxxx....")
    pixels = build_list(sightings_of(ring), threshold=1.0, readout="TRAD")
    center = pixels.select((pixels.y == 50) & (pixels.x == 50))
    assert center.role.tolist() == [Role.INFERRED_CENTER]
    assert center.status.tolist() == [Status.RECOVERED]
    assert np.isnan(center.rate[0])
    assert (center.onset_earliest, center.recovery_latest) == (FORTNIGHT[2], FORTNIGHT[13])


def test_a_masked_center_explains_two_arms():
    sightings = sightings_of(dict.fromkeys([(49, 50), (50, 51)], "x"))
    mask = np.zeros((2048, 2048), dtype=np.uint32)
    assert (build_list(sightings, threshold=1.0, readout="TRAD").role == Role.CENTER).all()
    mask[50, 50] = 2048
    explained = build_list(sightings, threshold=1.0, readout="TRAD", mask=mask)
    assert (explained.role[explained.y < 60] == Role.NEIGHBOR).all()


def test_modes_are_kept_apart_and_pooled_on_request():
    sightings = sightings_of({(100, 200): "....x"})
    both = replace(sightings, readout=("IRS2", "TRAD") * 20)
    with pytest.raises(FrameMismatchError, match="readout of the darks: expected TRAD, found IRS2"):
        build_list(both, threshold=1.0, readout="TRAD")
    assert build_list(both, threshold=1.0, readout="POOLED").readout == "POOLED"


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(FrameMismatchError, match="shape of the mask"):
        build_list(sightings_of({}), mask=np.zeros((3200, 2048), dtype=bool))


def test_no_hot_pixel_is_an_empty_list():
    pixels = build_list(sightings_of({}, hits=0), readout="TRAD")
    assert len(pixels) == 0
    assert pixels.threshold == 1.0


def test_pixels_that_are_all_a_little_below_the_threshold_are_an_empty_list():
    pixels = build_list(sightings_of({(100, 200): "x"}, rate=9.0, hits=0), threshold=10.0)
    assert len(pixels) == 0
