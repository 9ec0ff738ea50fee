"""The errors for FITS files that are cut short or damaged, in one place for all their readers."""

from __future__ import annotations

from jwst_hotpix.exceptions import HotPixError

__all__ = ["cut_short", "damaged"]


def cut_short(error: type[HotPixError], described: int, size: int) -> HotPixError:
    """
    Return the error for a file whose size is not that of its headers.

    Parameters
    ----------
    error : type of HotPixError
        Class of the error, which does not name the file.
    described : int
        Size according to the headers, in bytes.
    size : int
        Size of the file, in bytes.

    Returns
    -------
    HotPixError
        To be raised.
    """
    sentence = f"truncated or damaged: {size} bytes, but its headers describe {described}"
    return error("bytes", expected=described, found=size, sentence=sentence)


def damaged(error: type[HotPixError], problem: object) -> HotPixError:
    """
    Return the error for a file that the libraries cannot read.

    Parameters
    ----------
    error : type of HotPixError
        Class of the error, which does not name the file.
    problem : object
        What they stumbled on.

    Returns
    -------
    HotPixError
        To be raised.
    """
    sentence = f"damaged FITS file: {problem}"
    return error("file", expected="whole FITS", found=problem, sentence=sentence)
