"""Bits of DQ arrays are those of the pipeline."""

import numpy as np
from stdatamodels.jwst.datamodels import dqflags

from jwst_hotpix.instrument.dq_flags import PIXEL, bits_of


def test_flags_are_those_of_the_pipeline():
    assert dict(PIXEL) == dqflags.pixel


def test_bits_are_of_the_type_of_the_array():
    bits = bits_of(np.zeros(1, np.uint32))
    assert {bit.dtype for bit in bits.values()} == {np.dtype(np.uint32)}
    assert int(bits["REFERENCE_PIXEL"]) == dqflags.pixel["REFERENCE_PIXEL"]
