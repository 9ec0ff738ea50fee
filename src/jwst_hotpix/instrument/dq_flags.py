"""
Bits of DQ arrays.

They are those of `stdatamodels.jwst.datamodels.dqflags.pixel`, which a test compares: importing
that module takes longer than measuring an exposure or showing the help of a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["PIXEL", "bits_of", "refused"]

# In the order of their bits.
_NAMES = """
    DO_NOT_USE SATURATED JUMP_DET DROPOUT OUTLIER PERSISTENCE AD_FLOOR CHARGELOSS RESERVED
    NON_SCIENCE DEAD HOT WARM LOW_QE RC TELEGRAPH NONLINEAR BAD_REF_PIXEL NO_FLAT_FIELD
    NO_GAIN_VALUE NO_LIN_CORR NO_SAT_CHECK UNRELIABLE_BIAS UNRELIABLE_DARK UNRELIABLE_SLOPE
    UNRELIABLE_FLAT OPEN ADJ_OPEN FLUX_ESTIMATED MSA_FAILED_OPEN OTHER_BAD_PIXEL REFERENCE_PIXEL
"""

#: Value of each flag by its name.
PIXEL: Mapping[str, int] = MappingProxyType(
    {"GOOD": 0} | {name: 1 << bit for bit, name in enumerate(_NAMES.split())}
)


def bits_of(dq: NDArray[np.integer]) -> dict[str, np.integer]:
    """
    Return the flags as numbers of the type of an array.

    Parameters
    ----------
    dq : ndarray of int
        A DQ array, of 32 bits at least.

    Returns
    -------
    dict of str to numpy.integer
        By name.
    """
    return {name: dq.dtype.type(bit) for name, bit in PIXEL.items()}


def refused(dq: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return where a rate does not count: DO_NOT_USE, unless HOT, as such a rate was measured."""
    flag = bits_of(dq)
    return np.asarray((dq & (flag["DO_NOT_USE"] | flag["HOT"])) == flag["DO_NOT_USE"])
