"""Numbers in fewer bits: rounded within what is promised."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.tools.short_floats import shorten

RATES = st.lists(st.floats(1e-6, 1e30, width=64), min_size=1, max_size=20)


@given(RATES)
def test_rounding_changes_a_number_by_less_than_promised(rates):
    rates = np.array(rates)
    for values in (rates, -rates):
        np.testing.assert_allclose(shorten(values), values, rtol=1.3e-4)


def test_what_is_no_number_stays_what_it_is():
    values = np.array([np.nan, np.inf, -np.inf, 0.0, 1.0], np.float32)
    np.testing.assert_array_equal(shorten(values), values)
