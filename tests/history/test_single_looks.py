"""What one dark shows that no other one can contradict: listed, with honest confidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.history.assumptions import DEFAULT
from jwst_hotpix.history.intervals import find_intervals
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.history.overlap import find_overlap
from jwst_hotpix.history.rate_bins import EDGES
from jwst_hotpix.history.single_looks import expected_false, hit_density, hot_density
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.measure.rate import measure
from jwst_hotpix.simulate import World
from jwst_hotpix.simulate.darks import write_dark_reference
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.lit_pixels import LitPixels
from patterns import sightings_of

CHIP = get_detector("NRS1")
FULL = Window(detector=CHIP, shape=CHIP.shape)
SUB512 = Window(detector=CHIP, ystart=957, xstart=1025, shape=(32, 512))


def one_dark(rates, kind="dark", window=FULL, seconds=1000.0, floor=0.1):
    """Sightings of one dark, in which pixels of a grid show these rates."""
    n = len(rates)
    places = [
        (window.ystart + 2 + 2 * (i // 240), window.xstart + 8 + 2 * (i % 240)) for i in range(n)
    ]
    return sightings_of(
        dict.fromkeys(places, "x"), rate=dict(zip(places, rates, strict=True)), epoch=[60000.0],
        hits=0, kind=[kind], windows=[window], floor=floor, seconds=seconds,
    )  # fmt: skip


def power_law(n):
    """Rates from 1.02 to 150 DN/s, evenly in their logarithm."""
    return np.exp(np.linspace(0.02, 5.0, n))


@pytest.mark.parametrize("n", [60, 200, 600, 2500])
@pytest.mark.parametrize(
    "rates", [power_law, lambda n: np.full(n, 1.3), lambda n: np.full(n, 40.0)]
)
def test_every_hot_pixel_of_one_reference_is_listed(n, rates):
    pixels = build_list(one_dark(rates(n), "reference"))
    assert len(pixels) == n


@pytest.mark.parametrize("n", [60, 200, 600, 2500])
def test_every_hot_pixel_of_one_full_frame_dark_of_crds_is_listed(tmp_path, n):
    # FIELD A3.
    rng = np.random.default_rng(n)
    place = rng.choice(500 * 500, n, replace=False)
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(
        8 + 4 * (place // 500), 8 + 4 * (place % 500), rng.uniform(1.3, 60.0, n), onset=59000.0
    )
    ledger = Ledger(tmp_path / "ledger")
    path = write_dark_reference(tmp_path / "x.fits", world, known="2023-02-25")
    ledger.add(measure(path))
    path.unlink()
    pixels = build_list(ledger.sightings("NRS1"))
    assert {*zip(pixels.y, pixels.x, strict=True)} == {*zip(world.y, world.x, strict=True)}
    assert pixels.provenance.pedigree == "SIMULATION"


@pytest.mark.parametrize(
    ("stock", "hits"), [(2000, 500), (200, 500), (2000, 50), (50, 500), (1000, 1500)]
)
def test_confidence_in_a_single_exposure_is_the_fraction_that_is_true(stock, hits):
    world = World.draw(detector="NRS1", readout="TRAD", seed=stock, months=1, stock=stock)
    epoch = world.onset[np.isfinite(world.onset)].min() - 10
    darks = simulate_sightings(world, [epoch], leftover_cosmic_rays=hits, seed=hits)
    lit = LitPixels.of(world)
    rate = np.zeros(CHIP.shape[0] * CHIP.shape[1])
    rate[lit.pixel] = lit.rate(epoch)
    found = find_intervals(darks, 1.0)
    true = rate[found.pixel] > 0.95
    for some in (found.confidence > 0, found.rate > 5):
        assert found.confidence[some].mean() == pytest.approx(true[some].mean(), abs=0.12)


def test_what_looks_like_cosmic_rays_is_not_listed():
    rng = np.random.default_rng(1)
    rates = 0.93 * np.exp(np.abs(rng.standard_normal(2000)))
    found = find_intervals(one_dark(rates[rates > 1]), 1.0)
    assert found.confidence.sum() < 0.1 * np.count_nonzero(rates > 1)


def expected(threshold=1.0, assumed=DEFAULT, **dark):
    sightings = one_dark([5.0], **dark)
    watched = find_overlap(sightings).watched
    return expected_false(sightings, watched, threshold, assumed).item()


def test_false_alarms_scale_with_window_exposure_and_kind():
    full = expected()
    assert 100 < full < 500
    assert expected(window=SUB512) == pytest.approx(full * 32 * 512 / 2048**2)
    assert expected(kind="reference") == pytest.approx(0.02 * full)
    # A short exposure has fewer, each of them brighter.
    assert expected(seconds=100.0) == pytest.approx(50 * 2048**2 / 2040**2, rel=0.02)
    assert expected(threshold=30.0) < 0.01 * full
    assert expected(floor=30.0) == expected(threshold=30.0)


@given(st.floats(1.0, 1e5), st.floats(0.1, 300.0), st.floats(0.1, 300.0))
def test_rates_have_densities(seconds, limit, threshold):
    for density in (
        hot_density(limit, threshold, DEFAULT),
        hit_density(seconds, limit, threshold, DEFAULT),
    ):
        assert (density > 0).all()
        assert (density * np.diff(EDGES)).sum() == pytest.approx(1, abs=1e-6)


def test_darks_of_different_windows_do_not_contradict_each_other():
    both = sightings_of(
        {**dict.fromkeys([(960, x) for x in range(1100, 1300, 4)], "xx"),
         **dict.fromkeys([(100, x) for x in range(100, 1900, 4)], ".x")},
        rate=20.0, epoch=[60000.0, 60001.0], hits=0, kind=["reference"] * 2,
        windows=[SUB512, FULL],
    )  # fmt: skip
    overlap = find_overlap(both)
    assert overlap.shared.tolist() == [32 * 512, 32 * 512]
    assert not overlap.is_enough(both)
    pixels = build_list(both)
    assert len(pixels) == 50 + 450
    assert pixels.confidence.min() > 0.9


def test_two_full_frames_share_all_of_each_other():
    sightings = sightings_of({}, epoch=[60000.0, 60001.0], hits=0)
    overlap = find_overlap(sightings)
    assert overlap.is_enough(sightings)
    assert overlap.shared.tolist() == [2048**2] * 2
    assert overlap.is_shared(np.array([0, 2048**2 - 1])).all()


@pytest.mark.parametrize(
    ("rates", "options", "why"),
    [
        ([], {}, "no dark saw a pixel above 1 DN/s"),
        ([], {"floor": 5.0}, "no dark saw a pixel above 1 DN/s, and none shows rates below 5 DN/s"),
        ([1.1], {}, "the only pixel above 1 DN/s is"),
        ([1.1] * 7, {}, "none of the 7 pixels above 1 DN/s is"),
    ],
)
def test_an_empty_list_says_why(caplog, rates, options, why):
    pixels = build_list(one_dark(rates, **options))
    assert len(pixels) == 0
    (record,) = caplog.records
    assert record.getMessage().startswith(f"the list is empty: {why}")
