"""FITS files as they are: whole or not, compressed or not. For us half a file is an error."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning

from jwst_hotpix.exceptions import HotPixError

__all__ = ["is_compressed", "open_whole"]


@contextmanager
def open_whole(path: Path, error: type[HotPixError]) -> Iterator[fits.HDUList]:
    """
    Open a FITS file and make sure that it ends where its headers say.

    Parameters
    ----------
    path : Path
    error : type of HotPixError
        What to raise; it does not name the file.

    Yields
    ------
    astropy.io.fits.HDUList
        Nothing of its pixels has been read.

    Raises
    ------
    HotPixError
        As ``error``: for a file that is no FITS, truncated or damaged.
    OSError
        When the file cannot be read.
    """
    size = path.stat().st_size
    with warnings.catch_warnings():
        # What astropy warns of is checked below, and is an error for us.
        warnings.simplefilter("ignore", AstropyWarning)
        try:
            hdus = fits.open(path)
        except OSError as problem:
            raise error("file", expected="FITS", found=problem) from None
        try:
            with hdus:
                info = hdus[len(hdus) - 1].fileinfo()
                end = info["datLoc"] + info["datSpan"]
                if end != size and not is_compressed(path):
                    raise error("file", expected=f"{end} bytes by its headers", found=size)
                yield hdus
        except (EOFError, zlib.error, fits.VerifyError) as problem:
            raise error("file", expected="readable", found=problem) from problem


def is_compressed(path: Path) -> bool:
    """
    Tell whether a file as a whole is compressed: FITS itself starts with SIMPLE.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    with path.open("rb") as file:
        return file.read(6) != b"SIMPLE"
