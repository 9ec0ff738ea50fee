"""From what darks saw of a pixel to the intervals in which it was hot."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwst_hotpix.exceptions import LedgerError, ListFormatError
from jwst_hotpix.history.assumptions import DEFAULT
from jwst_hotpix.history.intervals import find_intervals
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.frames import Window
from patterns import FORTNIGHT, sightings_of

PLACE = (100, 200)
PIXEL = 100 * 2048 + 200


def intervals_of(letters, **options):
    """Return the intervals of one pixel as rows of a dict of arrays."""
    history = find_intervals(sightings_of({PLACE: letters}, **options), 1.0)
    return history.select(history.pixel == PIXEL)


def test_a_pixel_turns_hot_between_the_last_cold_and_the_first_hot_dark():
    found = intervals_of("....x")
    assert found.onset_earliest == FORTNIGHT[3]
    assert found.onset_latest == FORTNIGHT[4]
    assert np.isposinf(found.recovery_latest)
    assert (found.n_hot, found.n_observed, found.status) == (36, 36, Status.STABLE)
    assert found.confidence > 0.999
    np.testing.assert_allclose(found.rate, 5.0, rtol=0.01)


@pytest.mark.parametrize(("above", "listed"), [(1, False), (2, True)])
def test_a_pixel_that_was_just_below_the_threshold_is_hot_once_several_darks_saw_it(above, listed):
    sightings = sightings_of({PLACE: "x"}, rate=0.97)
    own = np.flatnonzero(sightings.pixel == PIXEL)
    rate = sightings.rate.copy()
    # Noise carries it above the threshold now and then.
    rate[own[::4]] = 1.03
    rate[own[-above:]] = 3.0
    found = find_intervals(replace(sightings, rate=rate), 1.0)
    assert found.rate[found.pixel == PIXEL].tolist() == ([3.0] if listed else [])
    for other in ({"risen_over": 1000}, {"risen_sigmas": 1e9}):
        found = find_intervals(replace(sightings, rate=rate), 1.0, replace(DEFAULT, **other))
        assert not (found.pixel == PIXEL).any()
    rate[own[-above:]] = 1.03
    found = find_intervals(replace(sightings, rate=rate), 1.0)
    assert not (found.pixel == PIXEL).any()


def test_darks_that_could_not_see_the_pixel_widen_the_bracket():
    found = intervals_of("...??x????x")
    assert (found.onset_earliest, found.onset_latest) == (FORTNIGHT[2], FORTNIGHT[5])
    assert found.n_observed == found.n_hot == 31


def test_a_dark_of_another_window_says_nothing():
    chip = sightings_of({}).detector
    windows = [Window(detector=chip, shape=chip.shape)] * 40
    windows[4] = Window(detector=chip, ystart=1000, shape=(256, 2048))
    found = intervals_of("....." + "x", windows=windows)
    assert (found.onset_earliest, found.onset_latest) == (FORTNIGHT[3], FORTNIGHT[5])


def test_a_floor_above_the_pixel_says_nothing():
    sightings = sightings_of({PLACE: "....." + "x"}, rate=2.0)
    floor = np.full(40, 0.1, dtype=np.float32)
    floor[4] = 3.0
    history = find_intervals(replace(sightings, floor=floor), 1.0)
    assert history.onset_earliest[history.pixel == PIXEL] == FORTNIGHT[3]


def test_a_pixel_hot_in_the_first_dark_has_no_earliest_onset():
    found = intervals_of("x")
    assert np.isneginf(found.onset_earliest)
    assert found.onset_latest == FORTNIGHT[0]


def test_recovery_is_bracketed():
    found = intervals_of("....xxxxxxxxxxxx...")
    assert found.status == Status.RECOVERED
    assert (found.recovery_earliest, found.recovery_latest) == (FORTNIGHT[15], FORTNIGHT[16])
    assert found.n_hot == found.n_observed == 12


def test_turning_hot_again_after_months_is_a_second_entry():
    found = intervals_of("...xxxxxxxxxxxx" + 12 * "." + "x")
    assert found.status.tolist() == [Status.RECOVERED, Status.STABLE]
    assert found.onset_latest.tolist() == [FORTNIGHT[3], FORTNIGHT[27]]
    assert found.onset_earliest[1] >= found.recovery_latest[0]


@pytest.mark.parametrize("letters", ["...x.xx..x.xx.x", "..xx..xxx..x...xx.x..xx"])
def test_a_telegraph_pixel_is_one_entry_that_stays(letters):
    found = intervals_of((letters * 4)[:38] + "..")
    assert found.status.tolist() == [Status.TELEGRAPH]
    assert np.isposinf(found.recovery_latest[0])


def test_one_missed_dark_is_no_recovery():
    found = intervals_of("...xxxxxxxxxxxxxxxx.x")
    assert found.status.tolist() == [Status.STABLE]


def test_a_cosmic_ray_is_not_hot():
    assert intervals_of("........x...............").pixel.size == 0


def test_a_single_sighting_in_the_last_dark_is_not_yet_hot():
    assert not np.any(intervals_of(39 * "." + "x", rate=1.3, hits=500).confidence > 0.5)


def test_a_single_sighting_in_a_clean_reference_is_hot():
    kind = ["dark"] * 39 + ["reference"]
    sightings = sightings_of({PLACE: 39 * "." + "x"}, rate=3.0, hits=500, kind=kind)
    clean = (sightings.dark < 39) | (sightings.pixel == PIXEL)
    rows = {name: getattr(sightings, name)[clean] for name in ("pixel", "dark", "rate", "error")}
    history = find_intervals(replace(sightings, **rows), 1.0)
    assert history.confidence[history.pixel == PIXEL] > 0.5


def test_the_darks_of_one_campaign_suffice():
    epoch = np.r_[FORTNIGHT[:10], FORTNIGHT[9] + 60 + np.arange(8) / 4]
    found = intervals_of(10 * "." + "x", epoch=epoch, rate=1.3, hits=500)
    assert found.confidence > 0.99
    assert found.onset_earliest == FORTNIGHT[9]


def test_noise_at_the_threshold_does_not_make_a_telegraph_pixel():
    rng = np.random.default_rng(1)
    sightings = sightings_of({PLACE: "....." + "x"}, rate=1.02)
    rate = np.where(
        sightings.pixel == PIXEL, 1.02 + 0.02 * rng.standard_normal(sightings.rate.size), 0
    )
    noisy = np.where(rate > 0, rate, sightings.rate).astype(np.float32)
    assert (rate[rate > 0] < 1).any()
    history = find_intervals(replace(sightings, rate=noisy), 1.0)
    found = history.select(history.pixel == PIXEL)
    assert found.status.tolist() == [Status.STABLE]
    assert found.n_hot == found.n_observed == 35


def test_a_saturated_pixel_is_hot_and_has_a_rate_only_where_one_was_measured():
    assert np.isnan(intervals_of("...S").rate)
    np.testing.assert_allclose(intervals_of("...SxSSxS").rate, 5.0, rtol=0.05)


@settings(max_examples=40)
@given(st.text(alphabet=".x?S", min_size=1, max_size=40), st.sampled_from([0.9, 1.05, 8.0]))
def test_intervals_are_in_order_whatever_the_darks_say(letters, rate):
    found = intervals_of(letters, rate=rate, hits=20)
    steps = [
        getattr(found, name)
        for name in ("onset_earliest", "onset_latest", "recovery_earliest", "recovery_latest")
    ]
    for before, after in pairwise(steps):
        assert (before <= after).all()
    assert (found.recovery_latest[:-1] <= found.onset_earliest[1:]).all()
    assert ((found.n_hot >= 1) & (found.n_hot <= found.n_observed)).all()
    hot = [dark for dark, letter in enumerate(letters.ljust(40, letters[-1])) if letter in "xS"]
    assert np.isin(found.onset_latest, FORTNIGHT[hot]).all()


def test_darks_without_any_sighting_give_no_interval():
    assert find_intervals(sightings_of({}, hits=0), 1.0).pixel.size == 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"epoch": np.empty(0)}, LedgerError, "darks: expected at least one, found 0"),
        ({"epoch": FORTNIGHT[::-1]}, LedgerError, "epoch of dark 1: expected darks in order"),
        ({"epoch": FORTNIGHT * np.nan}, LedgerError, "epochs: expected finite MJD"),
    ],
)
def test_unusable_darks_are_named(change, error, message):
    with pytest.raises(error, match=message):
        find_intervals(replace(sightings_of({PLACE: "x"}), **change), 1.0)


def test_darks_that_saw_nothing_are_refused():
    chip = sightings_of({}).detector
    tiny = [Window(detector=chip, shape=(1, 1))] * 2
    with pytest.raises(LedgerError, match="pixels seen: expected some in at least one dark"):
        find_intervals(
            sightings_of({(0, 0): "?"}, epoch=[60000.0, 60014.0], windows=tiny, hits=0), 1.0
        )


@pytest.mark.parametrize("threshold", [0.0, -1.0, np.nan, np.inf])
def test_a_threshold_is_a_positive_rate(threshold):
    with pytest.raises(ListFormatError, match="threshold: expected DN/s above 0"):
        find_intervals(sightings_of({PLACE: "x"}), threshold)
