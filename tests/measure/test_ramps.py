"""Which groups of a ramp count, how long they take, and what errors a DARK has."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darks import HOT, NOISE, SHAPE, reference_hdus, write
from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.instrument.readouts import PATTERNS, group_time
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.group_time import group_time as seconds_of
from jwst_hotpix.measure.linear_groups import LINEAR, SATURATED, find_linear_groups, slope_of
from jwst_hotpix.measure.rate import measure

STEP = 0.5


def linear(rates, ngroups=10, first=1):
    return np.multiply.outer(np.arange(first, ngroups + first) * STEP, rates)


def bending(charge, groups, ngroups=10):
    """Return ramps that end at ``charge`` DN, after 1 - 1/e of which they bend."""
    return charge * -np.expm1(-np.arange(ngroups)[:, np.newaxis] / groups)


@given(st.lists(st.floats(-50, 1e5), min_size=1, max_size=8), st.integers(2, 60))
def test_every_unsaturated_group_of_a_linear_ramp_counts(rates, ngroups):
    ramp = linear(rates, ngroups)
    found = find_linear_groups(ramp, noise=4.0)
    assert not found.bends.any()
    assert found.count.tolist() == (ramp <= SATURATED).sum(axis=0).tolist()
    some = found.count > 1
    slope = slope_of(ramp[:, some], found.count[some], STEP)
    np.testing.assert_allclose(slope, np.array(rates)[some], rtol=1e-9, atol=1e-9)


@given(st.floats(3000, 35_000), st.floats(1.5, 6.0))
def test_a_ramp_that_bends_is_measured_from_its_first_groups(charge, groups):
    ramp = bending(np.array([charge]), groups)
    found = find_linear_groups(ramp, noise=4.0)
    assert found.bends.all()
    assert found.count == max(2, np.count_nonzero(ramp <= LINEAR))
    (slope,) = slope_of(ramp, found.count, STEP)
    at_once = charge / (groups * STEP)
    whole = np.polyfit(STEP * np.arange(10), ramp[:, 0], 1)[0]
    assert max(0.5 * at_once, whole) < slope < at_once


@given(st.integers(1, 9), st.floats(0, 400), st.floats(2500, 20_000))
def test_a_cosmic_ray_is_no_bend(hit, rate, charge):
    ramp = linear([rate])
    ramp[hit:] += charge
    assert not find_linear_groups(ramp, noise=4.0).bends.any()


@given(st.integers(0, 2**32 - 1), st.floats(0, 3000))
def test_noise_is_no_bend(seed, rate):
    rng = np.random.default_rng(seed)
    ramp = np.cumsum(rng.poisson(rate * STEP, (30, 50)), axis=0) + rng.normal(0, 4, (30, 50))
    assert not find_linear_groups(ramp, noise=4.0).bends.any()


@given(st.floats(0, 1e4))
def test_saturation_that_is_flagged_counts_before_any_level(rate):
    full = np.zeros((10, 1), bool)
    full[4:] = True
    assert find_linear_groups(linear([rate]), 4.0, full).count == 4


def reference(tmp_path, change=None, without=("TGROUP",), images=(), **cards):
    hdus = reference_hdus(images, **cards)
    for card in without:
        hdus[0].header.remove(card, ignore_missing=True)
    if change is not None:
        change(hdus)
    return write(tmp_path / "x.fits", hdus)


@pytest.mark.parametrize("pattern", [name for name in PATTERNS if "IRS2" not in name])
@pytest.mark.parametrize("subarray", ["SUB512", "SUB32", "ALLSLITS"])
def test_pattern_and_subarray_give_the_group_time(tmp_path, pattern, subarray):
    path = reference(tmp_path, READPATT=pattern, SUBARRAY=subarray)
    facts = measure(path).facts
    assert facts["group_time"] == group_time(pattern, subarray)
    assert facts["group_time_from"] == "SUBARRAY, READPATT"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_gives_the_group_time_of_a_full_frame_whatever_it_is_called(pattern):
    chip = get_detector("NRS1")
    dark = DarkFile(
        path=None, header={"READPATT": pattern, "SUBARRAY": "GENERIC"}, images={}, kind="reference",
        readout=PATTERNS[pattern].readout, epoch=60000.0, known=60000.0, facts={},
        window=Window(detector=chip, shape=chip.shape),
    )  # fmt: skip
    assert seconds_of(dark) == (group_time(pattern, "FULL"), "SUBARRAY, READPATT")


@pytest.mark.parametrize(
    ("cards", "seconds", "source"),
    [
        ({"TGROUP": 3.0, "without": ()}, 3.0, "TGROUP"),
        ({"TFRAME": 2.0, "NFRAMES": 4, "GROUPGAP": 1}, 10.0, "TFRAME, NFRAMES, GROUPGAP"),
        ({"TFRAME": 2.0, "READPATT": "NRSRAPIDD6"}, 14.0, "TFRAME, READPATT"),
        ({"NFRAMES": 2, "GROUPGAP": 0}, 2 * 0.22572, "SUBARRAY, NFRAMES, GROUPGAP"),
    ],
)
def test_the_header_says_more_than_the_readout(tmp_path, cards, seconds, source):
    facts = measure(reference(tmp_path, **cards)).facts
    assert facts["group_time"] == pytest.approx(seconds)
    assert facts["group_time_from"] == source


def test_a_group_time_that_nothing_gives_can_be_given(tmp_path):
    path = reference(tmp_path, SUBARRAY="GENERIC")
    message = "x.fits: the group time of subarray GENERIC is not known: give it in seconds"
    with pytest.raises(HotPixError, match=message):
        measure(path)
    dark = measure(path, group_time=10.0)
    assert dark.rate[10, 100] == pytest.approx(HOT[10, 100], rel=1e-4)
    assert dark.facts["group_time_from"] == "as asked for"


@pytest.mark.parametrize(
    ("cards", "message"),
    [
        ({"TGROUP": -1.0, "without": ()}, "group time .TGROUP.: expected 0.001 to 10000 seconds"),
        ({"TGROUP": "ten", "without": ()}, "TGROUP: expected a number, found 'ten'"),
        ({"TFRAME": 1e9}, "group time .TFRAME, READPATT.: expected"),
    ],
)
def test_an_impossible_group_time_is_refused(tmp_path, cards, message):
    with pytest.raises(HotPixError, match=f"x.fits: {message}"):
        measure(reference(tmp_path, **cards))


def square(hdus, side=32):
    """Cut a DARK to a square with a dozen hot pixels, whose errors are larger."""
    hdus[0].header.update(SUBSIZE1=side, SUBSIZE2=side)
    rng = np.random.default_rng(1)
    rate = rng.normal(0.01, NOISE, (side, side)).astype(np.float32)
    row, column = rng.permutation(side)[:12], rng.permutation(side)[:12]
    rate[row, column] = 50.0
    error = np.full((side, side), NOISE, np.float32)
    error[row, column] = 0.2
    hdus["DRK"].data, hdus["UNC"].data = rate, error
    hdus["DQ"].data, hdus["SCI"].data = np.zeros((side, side), np.uint8), np.zeros((5, side, side))
    return error, (row, column)


@pytest.mark.parametrize("turned", [False, True])
def test_a_square_unc_is_turned_where_the_errors_of_hot_pixels_say_so(tmp_path, turned):
    hdus = reference_hdus()
    error, hot = square(hdus)
    if turned:
        hdus["UNC"].data = np.ascontiguousarray(error.T)
    dark = measure(write(tmp_path / "x.fits", hdus))
    np.testing.assert_allclose(dark.error[hot], 0.2)
    how = "transposed, by the errors of hot pixels" if turned else "as stored"
    assert dark.facts["unc"] == f"{how}, in DN/s"


def test_a_square_unc_that_cannot_be_told_from_its_transpose_is_said_to_be_one(tmp_path):
    hdus = reference_hdus()
    error, _ = square(hdus)
    hdus["UNC"].data = np.full_like(error, NOISE)
    dark = measure(write(tmp_path / "x.fits", hdus))
    assert "cannot be told from its transpose" in dark.facts["unc"]
    np.testing.assert_allclose(dark.error, NOISE)


@pytest.mark.parametrize("images", [("DRK", "UNC"), ("AVDRKCUR", "UNC"), ("UNC",)])
def test_unc_counts_with_every_source_of_the_rates(tmp_path, images):
    hdus = reference_hdus(images)
    hdus["UNC"].data[10, 100] = 0.3
    assert measure(write(tmp_path / "x.fits", hdus)).error[10, 100] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("unc", "note"),
    [
        (np.full(SHAPE, 1e-5, np.float32), "not used: median 1e-05 DN/s, scatter"),
        (np.full(SHAPE, 100.0, np.float32), "not used: median 1e.02 DN/s, scatter"),
        (np.zeros(SHAPE, np.float32), "not used: no positive errors"),
        (np.ones((3, 5), np.float32), r"not used: \(3, 5\) for rates of \(32, 512\)"),
    ],
)
def test_errors_that_mean_nothing_are_not_used(tmp_path, unc, note):
    hdus = reference_hdus()
    hdus["UNC"].data = unc
    dark = measure(write(tmp_path / "x.fits", hdus))
    assert np.median(dark.error) == pytest.approx(NOISE, rel=0.1)
    assert re.match(note, dark.facts["unc"])


def test_saturated_ramps_keep_what_they_show(tmp_path):
    def change(hdus):
        ramp = hdus["SCI"].data
        ramp -= ramp[0]  # counted from the first group, as in real DARKs
        ramp[:, 5, 5] = [0, 30_000, 60_000, 60_000, 60_000]
        ramp[:, 6, 6] = [0, 60_000, 60_000, 60_000, 60_000]

    dark = measure(reference(tmp_path, change, without=()))
    assert dark.rate[5, 5] == pytest.approx(3000)
    assert dark.saturated[6, 6]
    assert dark.saturated.sum() == 1
