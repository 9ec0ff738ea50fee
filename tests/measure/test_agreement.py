"""Several images of the same pixels: light moves, hot pixels stay, cosmic rays come once."""

import numpy as np
import pytest

from jwst_hotpix.measure.agreement import Seen, agree, agree_of_one_pointing
from jwst_hotpix.measure.excess import BOUNDS, UNKNOWN, Excess

SHAPE = (4, 4)
PIXEL = 5


def image(rate=None, bound=0, error=0.05, share=0.03):
    """What one image says of PIXEL: hot at a rate, or not above a bound; all others are cold."""
    hot = rate is not None
    bounds = np.zeros(SHAPE, np.uint8)
    bounds.flat[PIXEL] = UNKNOWN if hot else bound

    def column(value, kind=np.float32):
        return np.array([value] if hot else [], kind)

    return Excess(
        pixel=column(PIXEL, np.int64),
        rate=column(rate),
        error=column(error),
        share=column(share),
        share_error=column(0.01),
        bound=bounds,
        floor=np.zeros(SHAPE, np.uint8),
    )


def verdict(*images):
    """What images say of PIXEL together: its rate, "unknown" or the level it is cold above."""
    together = agree_of_one_pointing(images)
    if together.pixel.size:
        return float(together.rate[0])
    level = int(together.bound.flat[PIXEL])
    return "unknown" if level == UNKNOWN else level


def positions(images, position):
    pixel = np.array([PIXEL])
    bounds = [np.full(1, np.inf, np.float32)] * len(images)
    return agree(Seen.gather(images, pixel, bounds), position).positions.tolist()


COLD = image()
BLIND = image(bound=UNKNOWN)
HOT = image(2.0)


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        ((HOT, HOT), 2.0),
        ((HOT, BLIND, HOT), 2.0),
        ((HOT, COLD, HOT), 2.0),
        ((COLD, HOT, COLD), 0),
        ((BLIND, HOT), "unknown"),
        ((COLD, COLD), 0),
        ((BLIND, BLIND), "unknown"),
        ((image(bound=3), image(bound=5)), 3),
    ],
)
def test_two_that_agree_are_hot_and_one_alone_is_a_cosmic_ray(images, expected):
    assert verdict(*images) == expected


@pytest.mark.parametrize("images", [(COLD, HOT), (HOT, COLD), (COLD, COLD, HOT)])
def test_hot_only_in_the_first_or_last_image_may_be_a_birth(images):
    assert verdict(*images) == "unknown"


@pytest.mark.parametrize("images", [(COLD, HOT, HOT), (HOT, HOT, COLD)])
def test_a_pixel_that_turns_hot_or_switches_within_a_visit_is_hot(images):
    assert verdict(*images) == 2.0


def test_rates_that_differ_are_two_cosmic_rays():
    assert verdict(HOT, image(9.0), HOT) == 2.0
    assert verdict(COLD, HOT, image(20.0), COLD) != 2.0


def test_what_fades_is_persistence():
    assert verdict(image(9.0), image(7.0), image(5.5)) == "unknown"
    # A cosmic ray or noise in one image hides no fall; noise alone makes none.
    assert verdict(image(9.0), image(8.2), image(8.3)) == "unknown"
    assert verdict(image(9.0), image(9.05), image(8.95)) == 9.0


def test_a_pixel_brighter_than_any_persistence_is_not_taken_for_it():
    assert verdict(image(300.0), image(280.0)) == 290.0


def test_underestimated_errors_make_no_pixel_fade():
    rng = np.random.default_rng(1)
    n = 400
    scatter = rng.normal(5.0, 0.3, (3, n)).astype(np.float32)
    errors = np.full((3, n), 0.1, np.float32)
    none = np.zeros((3, n), np.float32)
    seen = Seen(
        hot=np.ones((3, n), bool),
        rate=scatter,
        error=errors,
        share=none,
        share_error=none,
        bound=none + np.inf,
    )
    assert agree(seen, [0, 1, 2]).hot.mean() > 0.98


def test_a_bound_above_the_rate_is_no_contradiction():
    high = image(bound=int(np.searchsorted(BOUNDS, 3.0)))
    assert verdict(HOT, HOT, high, high, high) == 2.0


def test_pixels_that_were_full_at_once_stay_without_a_rate():
    full = image(np.inf, error=np.inf)
    together = agree_of_one_pointing([full, full])
    assert np.isinf(together.rate).all()
    assert np.isinf(together.error).all()


def test_pointings_are_counted_once_each():
    assert positions([HOT, HOT, HOT], [0, 0, 1]) == [2]
    assert positions([HOT, HOT], [0, 0]) == [1]


def test_shares_are_averaged_and_their_errors_shrink():
    together = agree_of_one_pointing([image(2.0, share=0.1), image(2.0, share=0.2)])
    assert together.share == pytest.approx([0.15])
    assert together.share_error == pytest.approx([0.01 / np.sqrt(2)])


def test_finding_takes_two_images_and_proving_cold_one():
    one, two = image(bound=2), image(bound=4)
    one.floor[:], two.floor[:] = 1, 3
    together = agree_of_one_pointing([one, two])
    assert together.bound.flat[PIXEL] == 2
    assert (together.floor == 3).all()
