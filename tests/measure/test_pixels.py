"""What is measured in pixels: saturated cores, errors, the scatter of quiet pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.measure.pixels import active_area, cores, fill_errors, scatter

BOX = np.ones((3, 3), dtype=bool)
IMAGES = arrays(bool, st.tuples(st.integers(1, 8), st.integers(1, 8)))


@given(IMAGES)
def test_cores_grow_into_what_was_flagged(saturated):
    core = cores(saturated)
    assert not (core & ~saturated).any()
    assert not (saturated & ~ndimage.binary_dilation(core, BOX)).any()


@given(IMAGES)
def test_the_core_of_a_grown_pixel_is_the_pixel(seeds):
    grown = ndimage.binary_dilation(seeds, BOX)
    assert not (seeds & ~cores(grown)).any()
    np.testing.assert_array_equal(ndimage.binary_dilation(cores(grown), BOX), grown)


def test_a_block_of_nine_has_one_core_and_a_lone_pixel_is_its_own():
    saturated = np.zeros((9, 12), dtype=bool)
    saturated[2:5, 3:6] = saturated[7, 10] = True
    assert np.argwhere(cores(saturated)).tolist() == [[3, 4], [7, 10]]


# What lies beyond the edge of the frame cannot be flagged.
def test_a_block_cut_off_by_the_edge_has_its_core_at_the_edge():
    saturated = np.zeros((6, 6), dtype=bool)
    saturated[:2, 2:5] = True
    assert np.argwhere(cores(saturated)).tolist() == [[0, 3]]


def test_scatter_is_that_of_the_pixels_that_were_measured():
    rng = np.random.default_rng(1)
    rate = (0.02 * rng.standard_normal(100_000)).astype(np.float32)
    rate[:3000] = 50.0
    rate[3000:6000], rate[6000:60_000] = np.nan, 0.0
    assert scatter(rate) == pytest.approx(0.02, rel=0.1)
    assert np.isnan(scatter(np.array([0.0, np.nan], np.float32)))


def test_only_invalid_errors_of_measured_pixels_are_filled():
    rate = np.array([[1.0, 3.0, 5.0, 7.0, 0.0, np.nan]], np.float32)
    error = np.array([[0.1, 0.0, -1.0, np.nan, 0.0, 0.0]], np.float32)
    spread = scatter(rate)
    filled = fill_errors(error, rate)
    np.testing.assert_array_equal(filled, np.float32([[0.1, spread, spread, spread, 0.0, 0.0]]))


@pytest.mark.parametrize(
    ("name", "dark", "lit"),
    [
        ("NRS1", [(0, 5), (3, 5), (2044, 5), (5, 3), (5, 2044)], [(4, 4), (2043, 2043)]),
        ("MIRIMAGE", [(5, 3), (5, 1028)], [(0, 4), (1023, 1027)]),
    ],
)
def test_the_border_of_reference_pixels_sees_no_light(name, dark, lit):
    chip = get_detector(name)
    active = active_area(Window(detector=chip, shape=chip.shape))
    assert not any(active[place] for place in dark)
    assert all(active[place] for place in lit)
    assert active.sum() == chip.n_active


def test_a_subarray_has_reference_pixels_only_where_the_detector_has():
    chip = get_detector("NRS1")
    corner = active_area(Window(detector=chip, ystart=1, xstart=1, shape=(32, 32)))
    inside = active_area(Window(detector=chip, ystart=975, xstart=1399, shape=(32, 32)))
    assert corner.sum() == 28 * 28
    assert inside.all()
