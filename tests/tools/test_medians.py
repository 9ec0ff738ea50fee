"""One robust standard deviation, equal to that of scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import median_abs_deviation

from jwst_hotpix.tools.medians import SIGMA_PER_MAD, mad_std


@given(arrays(float, st.integers(1, 50), elements=st.floats(-1e6, 1e6)))
def test_it_is_the_normal_scale_of_scipy_to_four_digits(values):
    expected = median_abs_deviation(values, axis=None, scale="normal")
    assert mad_std(values) == pytest.approx(expected, rel=1e-4)


def test_deviations_are_measured_from_the_center_that_is_given():
    assert mad_std(np.array([1.0, 2.0, 4.0]), 0.0) == SIGMA_PER_MAD * 2


def test_values_keep_their_precision():
    assert mad_std(np.ones(3, np.float32)).dtype == np.float32
