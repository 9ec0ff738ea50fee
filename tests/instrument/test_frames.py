"""Where full-frame pixels lie in subarrays, slits and raw IRS2 frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwst.saturation import x_irs2

from helpers import make_ramp
from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.instrument.detectors import DETECTORS, get_detector
from jwst_hotpix.instrument.frames import (
    Window,
    flat,
    raw_rows,
    to_raw_irs2,
    to_science_frame,
    unflat,
)

FULL = (2048, 2048)


@pytest.mark.parametrize("name", ["NRS1", "NRS2"])
def test_raw_rows_are_those_of_the_pipeline(name):
    detector = get_detector(name)
    ramp = make_ramp((3200, 2048), ngroups=1, detector=name, readpatt="NRSIRS2RAPID")
    ramp.meta.exposure.nrs_normal, ramp.meta.exposure.nrs_reference = 16, 4
    mask = x_irs2.make_mask(ramp)
    image = np.arange(2048 * 2048, dtype=np.int64).reshape(FULL)
    theirs = np.zeros((3200, 2048), dtype=np.int64)
    x_irs2.to_irs2(theirs, image, mask, detector=name)
    np.testing.assert_array_equal(to_raw_irs2(image, detector), theirs)
    np.testing.assert_array_equal(to_science_frame(theirs, detector), image)


@pytest.mark.parametrize(
    ("name", "rows"),
    [("NRS1", {0: 640, 8: 652, 1000: 1892, 2047: 3199}), ("NRS2", {0: 0, 12: 16, 1000: 1252})],
)
def test_known_raw_rows(name, rows):
    found = raw_rows(get_detector(name))
    assert {row: int(found[row]) for row in rows} == rows


@pytest.mark.parametrize("name", ["NRS1", "NRS2"])
def test_128_pairs_of_neighbors_lie_apart_in_the_raw_frame(name):
    steps = np.diff(raw_rows(get_detector(name)))
    assert (steps == 1).sum() == 2047 - 128
    assert (steps == 5).sum() == 128


@given(
    st.integers(1, 2048), st.integers(1, 2048), st.integers(1, 2048), st.integers(1, 2048),
    st.lists(st.tuples(st.integers(0, 2047), st.integers(0, 2047)), max_size=20),
)  # fmt: skip
def test_a_subarray_shows_exactly_its_own_pixels(ystart, xstart, ysize, xsize, places):
    shape = (min(ysize, 2049 - ystart), min(xsize, 2049 - xstart))
    window = Window(detector=get_detector("NRS1"), ystart=ystart, xstart=xstart, shape=shape)
    image = np.arange(2048 * 2048).reshape(FULL)
    cut = image[ystart - 1 : ystart - 1 + shape[0], xstart - 1 : xstart - 1 + shape[1]]
    y = np.array([p[0] for p in places], dtype=np.uint16)
    x = np.array([p[1] for p in places], dtype=np.uint16)
    row, column, inside = window.locate(y, x)
    assert cut[row, column].tolist() == image[y[inside], x[inside]].tolist()
    assert not np.isin(image[y[~inside], x[~inside]], cut).any()


def test_a_slit_counts_from_the_corner_of_its_subarray():
    subarray = Window(detector=get_detector("NRS1"), ystart=897, xstart=1, shape=(256, 2048))
    slit = subarray.cut(ystart=10, xstart=5, shape=(20, 30))
    row, column, _ = slit.locate(np.array([896 + 9]), np.array([4]))
    assert (row.tolist(), column.tolist()) == ([0], [0])


@pytest.mark.parametrize(
    "corner",
    [{"ystart": 0}, {"xstart": -3}, {"ystart": 2040}, {"xstart": 2048}],
)
def test_a_subarray_outside_the_detector_is_refused(corner):
    with pytest.raises(FrameMismatchError, match="NRS1 [yx] range .* within 1 to 2048, found"):
        Window(detector=get_detector("NRS1"), shape=(32, 32), **corner)


@given(st.data())
def test_pixels_are_numbered_row_by_row_whatever_their_type(data):
    shape = data.draw(st.tuples(st.integers(1, 2048), st.integers(1, 2048)))
    places = st.tuples(*(st.integers(0, size - 1) for size in shape))
    y, x = np.array(data.draw(st.lists(places, max_size=5)), np.uint16).reshape(-1, 2).T
    pixel = flat(y, x, shape)
    np.testing.assert_array_equal(pixel, np.ravel_multi_index((y, x), shape))
    np.testing.assert_array_equal(unflat(pixel.astype(np.int32), shape), (y, x))


def test_every_detector_of_jwst_is_known_with_its_shape():
    """B16."""
    assert len(DETECTORS) == 18
    assert get_detector("nrs1").raw_rows == 3200
    assert get_detector("NRCA5") is get_detector("nrcalong")
    assert get_detector("MIRIMAGE").shape == (1024, 1032)
    assert get_detector("MIRIMAGE").active_area().sum() == 1024 * 1024
    assert get_detector("NRS2").active_area().sum() == 2040 * 2040


@pytest.mark.parametrize(
    ("readpatt", "readout"),
    [("NRSIRS2", "IRS2"), ("NRSIRS2RAPID", "IRS2"), ("NRSRAPIDD6", "TRAD"), ("NRS", "TRAD")],
)
def test_only_the_two_irs2_patterns_are_irs2(readpatt, readout):
    assert get_detector("NRS1").readout_of(readpatt) == readout
