"""Births and recoveries month by month."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.report.births import monthly
from jwst_hotpix.tools.dates import DAYS_PER_MONTH

EDGES = 60000 + DAYS_PER_MONTH * np.arange(5)


@given(st.lists(st.floats(60000, EDGES[-1]), max_size=30))
def test_every_pixel_after_the_first_dark_is_in_one_month(dates):
    found = monthly(np.array(dates), EDGES, 1)
    assert found["n"].sum() == sum(date > EDGES[0] for date in dates)
    np.testing.assert_allclose(found["size"], found["n"])


def test_the_last_look_counts_and_the_first_does_not():
    found = monthly(EDGES[[0, 1, 4, 4]], EDGES, -1)
    assert found["n"].tolist() == [1, 0, 0, 2]
    np.testing.assert_allclose(found["rate"], [-1, 0, 0, -2])
    np.testing.assert_allclose(found["error"], [1, 1, 1, 2**0.5])
