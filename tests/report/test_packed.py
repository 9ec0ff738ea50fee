"""Arrays for the page: the same text for the same arrays."""

import numpy as np

from jwst_hotpix.report.packed import pack


def test_equal_arrays_give_equal_text():
    arrays = {"a": np.arange(9, dtype=np.int32), "b": np.ones(3, np.float32)}
    assert pack(arrays) == pack({name: values.copy() for name, values in arrays.items()})
