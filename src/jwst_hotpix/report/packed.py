"""Arrays in few characters, which the page unpacks: templates/packed.js is the other half."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["pack"]


def pack(arrays: Mapping[str, NDArray[Any]]) -> str:
    """
    Pack arrays into text.

    Parameters
    ----------
    arrays : mapping of str to ndarray, shape (n,)
        Of uint8, uint16, int32, float32 or float64.

    Returns
    -------
    str
        Base64 of gzip: a line of JSON with name, type and size of each array, then their bytes: the
        first bytes of all numbers, then the second ones, and so on. Integers of more than one byte
        are differences from the number before.
    """
    head, body = [], []
    for name, values in arrays.items():
        head.append((name, values.dtype.name, values.size))
        whole = values.dtype.kind in "iu" and values.dtype.itemsize > 1
        # Integers wrap, here as in the page.
        numbers = np.diff(values, prepend=values.dtype.type(0)) if whole else values
        little = np.ascontiguousarray(numbers.astype(values.dtype.newbyteorder("<")))
        body.append(little.view(np.uint8).reshape(-1, values.dtype.itemsize).T.tobytes())
    content = b"".join([json.dumps(head).encode(), b"\n", *body])
    # Without a time: the same arrays give the same page.
    return base64.b64encode(gzip.compress(content, 6, mtime=0)).decode()
