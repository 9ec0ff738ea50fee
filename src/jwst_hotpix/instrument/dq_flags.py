"""
Bits of DQ arrays that rate products are read and simulated by.

They are those of `stdatamodels.jwst.datamodels.dqflags.pixel`, which a test compares: importing
that module takes longer than measuring an exposure, and every worker would do it again.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["PIXEL", "bits_of", "refused"]

#: Value of each flag by its name.
PIXEL = MappingProxyType(
    {
        "DO_NOT_USE": 1,
        "SATURATED": 1 << 1,
        "JUMP_DET": 1 << 2,
        "HOT": 1 << 11,
        "REFERENCE_PIXEL": 1 << 31,
    }
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
