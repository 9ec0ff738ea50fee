"""What those who test against the package rely on: sparse truths are those of the images."""

import numpy as np
import pytest

from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.ledger.combine_records import combine
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing import (
    LitPixels,
    dark_schedule,
    first_sightings,
    listed_at,
    masked_at,
    perfect_list,
    records_of,
    score,
    simulate_sightings,
    unmasked,
    until,
)

FULL = (2048, 2048)


@pytest.fixture(scope="module")
def world():
    return World.draw(detector="NRS1", readout="TRAD", months=9, seed=11, telegraph_share=0.3)


@pytest.fixture(scope="module")
def lit(world):
    return LitPixels.of(world)


@pytest.fixture(scope="module")
def epochs():
    return dark_schedule(months=9, seed=11)


def test_rates_of_lit_pixels_are_those_of_the_image(world, lit, epochs):
    for epoch in epochs[[0, 20, -1]]:
        image = world.dark_rate(epoch)
        np.testing.assert_allclose(lit.rate(epoch), image.ravel()[lit.pixel], rtol=1e-3, atol=0.01)
        others = np.ones(image.size, dtype=bool)
        others[lit.pixel] = False
        assert image.ravel()[others].max() < 0.1


def test_a_schedule_has_campaigns_and_a_dark_every_other_week(epochs):
    gaps = np.diff(epochs)
    assert (gaps > 0).all()
    assert gaps.max() < 19
    assert np.sum(np.isclose(gaps, 0.25)) >= 3 * 7 - 2
    np.testing.assert_array_equal(epochs, dark_schedule(months=9, seed=11))
    assert epochs.size != dark_schedule(months=9, seed=11, campaign=4).size


def test_darks_without_noise_and_hits_see_the_truth(world, lit, epochs):
    darks = simulate_sightings(
        world, epochs, noise=1e-6, leftover_cosmic_rays=0, unseen_share=0, floor=0.5
    )
    rate = lit.rate(epochs[7])
    row = darks.dark == 7
    clear = (rate > 1) & (rate < 5000)
    there = np.isin(lit.pixel[clear], darks.pixel[row])
    assert there.all()
    place = np.searchsorted(darks.pixel[row], lit.pixel[clear])
    off = np.abs(darks.rate[row][place] - rate[clear]) / darks.error[row][place]
    assert off.max() < 6


def test_a_saturated_pixel_has_no_rate_and_an_unseen_one_no_row(epochs):
    bright = World.quiet(detector="NRS1", readout="TRAD").with_pixels(
        y=[100, 300], x=[100, 300], rate=[1e5, 50.0]
    )
    darks = simulate_sightings(
        bright, epochs[:3], leftover_cosmic_rays=0, unseen_share=0, never_seen=[300 * 2048 + 300]
    )
    y, x = unflat(darks.pixel, FULL)
    assert np.isposinf(darks.rate[(y == 100) & (x == 100)]).sum() == 3
    assert not ((y == 300) & (x == 300)).any()
    assert (darks.unseen_pixel == 300 * 2048 + 300).sum() == 3


def test_references_average_away_most_cosmic_rays(world, epochs):
    counts = [
        simulate_sightings(
            world, epochs[:4], kinds=[kind] * 4, leftover_cosmic_rays=3000, unseen_share=0
        ).pixel.size
        for kind in ("dark", "reference")
    ]
    assert counts[0] - counts[1] > 4 * 2000


def test_the_first_darks_alone_are_those_of_a_shorter_schedule(world, epochs):
    every = simulate_sightings(world, epochs, seed=2)
    few = until(every, 5)
    alone = simulate_sightings(world, epochs[:5], seed=2)
    for name in ("epoch", "pixel", "dark", "rate", "error", "unseen_pixel", "unseen_dark"):
        np.testing.assert_array_equal(getattr(few, name), getattr(alone, name))


def test_records_put_together_again_are_the_sightings(world, epochs):
    darks = simulate_sightings(world, epochs[:6], readouts=["TRAD", "IRS2"] * 3)
    again = combine(records_of(darks))
    for name in ("epoch", "readout", "pixel", "dark", "rate", "error", "unseen_pixel"):
        np.testing.assert_array_equal(getattr(again, name), getattr(darks, name))


def test_a_perfect_list_has_a_perfect_score(world, lit, epochs):
    scores = score(perfect_list(world, epochs), lit, epochs)
    assert all(share.total > 0 for name, share in scores.items() if name != "roles")
    for figure in ("found", "true", "onset"):
        assert scores[figure].value == 1.0, figure


def test_a_list_without_its_hot_pixels_scores_what_is_left(world, lit, epochs):
    pixels = perfect_list(world, epochs)
    half = pixels.select(np.arange(len(pixels)) % 2 == 0)
    assert 0.3 < score(half, lit, epochs)["found"].value < 0.7


def test_a_perfect_list_knows_what_darks_have_seen_and_no_more(epochs):
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(
        y=[100, 200], x=[100, 200], rate=[400.0, 5.0], onset=epochs[[2, -1]] + [0.1, 1.0]
    )
    pixels = perfect_list(world, epochs)
    assert (pixels.role == Role.CENTER).sum() == 1
    assert (pixels.role == Role.NEIGHBOR).sum() == 4
    assert set(pixels.status.tolist()) == {Status.STABLE}
    assert set(pixels.onset_earliest.tolist()) == {epochs[2]}
    assert set(pixels.onset_latest.tolist()) == {epochs[3]}


def test_what_masks_and_lists_leave_adds_up(world, lit, epochs):
    start, epoch = float(epochs[0]), float(epochs[-1])
    mask = masked_at(lit, epoch, start=start, threshold=1.0)
    listed = listed_at(perfect_list(world, epochs), lit, epoch)
    hot = lit.rate(epoch) > 1
    left = unmasked(lit, np.array([epoch]), lambda _: mask, 1.0)
    assert left == np.sum(hot & ~mask) > 0
    assert unmasked(lit, np.array([epoch]), lambda _: mask | listed, 1.0) < 0.2 * left


def test_masks_are_quarterly_and_a_month_late(world, lit):
    def mask(epoch):
        return masked_at(lit, epoch, start=60000.0, threshold=1.0)

    first = lit.rate(60000.0, telegraph_high=True) > 1
    np.testing.assert_array_equal(mask(60000.0 + 121), first)
    second = lit.rate(60000.0 + 365.25 / 4, telegraph_high=True) > 1
    np.testing.assert_array_equal(mask(60000.0 + 122), second)


def test_pixels_are_first_seen_in_the_first_dark_that_sees_them_hot(lit, epochs):
    first = first_sightings(lit, epochs, 1.0)
    for i, epoch in enumerate(epochs[:5]):
        seen_now = (lit.rate(epoch) > 1) & ~np.any(
            [lit.rate(earlier) > 1 for earlier in epochs[:i]], axis=0
        )
        np.testing.assert_array_equal(first == epoch, seen_now)
    assert np.isposinf(first).any()
