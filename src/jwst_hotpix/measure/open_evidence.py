"""Open a file as the evidence that it is by its header: a science exposure, or a dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jwst_hotpix.exceptions import DarkError, naming
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.open import recognize_dark
from jwst_hotpix.measure.open_science import is_science, recognize_science

__all__ = ["open_evidence"]


@contextmanager
def open_evidence(path: str | os.PathLike[str]) -> Iterator[DarkFile]:
    """
    Open a science exposure as `open_science` does, and any other file as `open_dark`.

    Parameters
    ----------
    path : path
        The file, of any name.

    Yields
    ------
    DarkFile
        Nothing of its pixels has been read.

    Raises
    ------
    DarkError, ExposureError, FrameMismatchError, OSError
        As those do.
    """
    place = Path(path)
    with naming(path), open_whole(place, DarkError) as hdus:
        recognize = recognize_science if is_science(hdus[0].header) else recognize_dark
        yield recognize(place, hdus)
