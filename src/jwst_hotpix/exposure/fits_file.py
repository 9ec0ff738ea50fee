"""FITS files as they are: whole or not, compressed or not. For us half a file is an error."""

from __future__ import annotations

import gzip
import os
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import inf, isfinite, prod
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import numpy as np
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning
from numpy.typing import NDArray

from jwst_hotpix.exceptions import HotPixError, PathError, first_line
from jwst_hotpix.exposure.fits_errors import cut_short, damaged
from jwst_hotpix.exposure.header_blocks import HeaderUnit, read_units
from jwst_hotpix.tools.regular_file import identity_of, open_regular

__all__ = ["is_compressed", "no_fits", "open_whole", "read_flags", "read_flags_of_unit", "units_of"]

_SIGN = 1 << 31

# astropy makes something else of an HDU whose first cards are damaged.
_KNOWN = (fits.PrimaryHDU, fits.ImageHDU, fits.CompImageHDU, fits.BinTableHDU, fits.TableHDU)


_GZIP = b"\x1f\x8b"
# Bytes; segments of exposures and references are at most about half of this.
_MOST_UNPACKED = 1 << 32
# FITS Standard 4.0, section 7.2.1.
_MOST_FIELDS = 999

# Pixels per byte of a compressed image: row by row, PLIO packs 86 zeros into a byte, gzip and Rice
# 50. HCOMPRESS packs more of them, but as many pixels as a detector has are always allowed.
_MOST_PACKED, _SMALL, _MOST_ZAXES = 100, 1 << 22, 9

# How gzip, bzip2, zip and compress begin, which astropy unpacks.
_PACKED = {_GZIP, b"BZ", b"PK", b"\x1f\x9d"}


@contextmanager
def open_whole(path: Path, error: type[HotPixError]) -> Iterator[fits.HDUList]:
    """
    Open a FITS file and make sure that it ends where its headers require, and that they are sound.

    Whatever is raised while the file is in use is the file's doing, and becomes the same error.

    Parameters
    ----------
    path : Path
        The file.
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
    with warnings.catch_warnings(), _opened(path, error) as file:
        # What astropy warns of is checked below, and is an error for us.
        warnings.simplefilter("ignore", AstropyWarning)
        warnings.filterwarnings("error", ".* verification failed", AstropyWarning)
        try:
            _require_bounded(file, error)
            hdus = fits.open(file, checksum=True)
            first, last = _end_of(hdus)
        except HotPixError:
            raise
        except OSError as problem:
            raise no_fits(path, error, problem) from None
        except Exception as problem:  # noqa: BLE001
            # For a damaged header astropy raises whatever its parser stumbles on.
            raise damaged(error, first_line(problem)) from None
        with hdus:
            size = os.fstat(file.fileno()).st_size
            if not (is_compressed(path) or first <= size <= last or _only_zeros(file, last)):
                raise cut_short(error, last, size)
            try:
                yield hdus
            except HotPixError:
                raise
            except Exception as problem:
                if isinstance(problem, OSError) and problem.filename is not None:
                    raise
                # Values of headers and compressed pixels are read only when they are asked for,
                # and a damaged one makes the libraries below raise anything.
                raise damaged(error, first_line(problem)) from problem


@contextmanager
def _opened(path: Path, error: type[HotPixError]) -> Iterator[BinaryIO]:
    """Open a file, gzipped or not, and check that it has not changed after it has been read."""
    try:
        with open_regular(path) as file:
            opened = identity_of(os.fstat(file.fileno()))
            if file.read(2) == _GZIP:
                file.seek(0)
                with TemporaryFile() as unpacked:
                    _unpack(file, unpacked, error)
                    # As a read-only file, which astropy requires.
                    with os.fdopen(os.dup(unpacked.fileno()), "rb") as whole:
                        yield whole
            else:
                file.seek(0)
                yield file
            if opened != identity_of(path.stat()):
                sentence = "was replaced or changed while being read"
                raise error("file", expected="the same", found="another", sentence=sentence)
    except PathError as problem:
        raise error(
            "file", expected="a regular file", found="another", sentence=problem.sentence
        ) from None


def _unpack(packed: BinaryIO, unpacked: BinaryIO, error: type[HotPixError]) -> None:
    """Unpack to the end, where the checksum is."""
    try:
        with gzip.open(packed) as stream:
            while block := stream.read(1 << 20):
                unpacked.write(block)
                if unpacked.tell() > _MOST_UNPACKED:
                    raise damaged(error, f"more than {_MOST_UNPACKED >> 30} GiB unpacked")
    except (OSError, EOFError, zlib.error) as problem:
        if isinstance(problem, OSError) and problem.errno is not None:
            raise
        raise damaged(error, problem) from None
    unpacked.seek(0)


def _require_bounded(file: BinaryIO, error: type[HotPixError]) -> None:
    """Check all sizes given in headers, for which astropy would read or loop without end."""
    is_fits = file.read(6) == b"SIMPLE"
    file.seek(0)
    for unit in read_units(file.fileno(), error) if is_fits else ():
        fields = unit.get("TFIELDS", 0)
        if not (isinstance(fields, int) and 0 <= fields <= _MOST_FIELDS):
            raise damaged(error, f"TFIELDS {fields}")
        if "ZIMAGE" in unit:
            _require_bounded_image(unit, error)


def _require_bounded_image(unit: HeaderUnit, error: type[HotPixError]) -> None:
    """Check the size of a compressed image, for which astropy allocates memory first."""
    axes = unit.get("ZNAXIS")
    if not (isinstance(axes, int) and 0 <= axes <= _MOST_ZAXES):
        raise damaged(error, f"ZNAXIS {axes}")
    sizes: list[Any] = [unit.get(f"ZNAXIS{axis}") for axis in range(1, axes + 1)]
    if not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise damaged(error, f"an image of {sizes} pixels")
    packed = unit.data_end - unit.data_start
    if prod(sizes) > max(_MOST_PACKED * packed, _SMALL):
        raise damaged(error, f"an image of {sizes} pixels in {packed} bytes")


def no_fits(path: Path, error: type[HotPixError], found: object) -> HotPixError:
    """
    Return the error for a file that does not start as FITS does.

    Parameters
    ----------
    path : Path
        The file.
    error : type of HotPixError
        What to make; it does not name the file.
    found : object
        What there is in place of FITS.

    Returns
    -------
    HotPixError
        With a word on what to give instead of an association.
    """
    with open_regular(path) as file:
        is_packed = file.read(2) in _PACKED
    if is_packed:
        sentence = None
    elif path.suffix == ".json":
        sentence = "not a FITS file; in place of an association give the exposures that it lists"
    else:
        sentence = "not a FITS file"
    return error("file", expected="FITS", found=found, sentence=sentence)


def _end_of(hdus: fits.HDUList) -> tuple[int, int]:
    """Return where the last HDU ends, without and with its padding; raise for a damaged header."""
    for hdu in hdus:
        if not isinstance(hdu, _KNOWN):
            raise TypeError(f"an HDU of no known kind ({hdu.name or 'no name'})")
        _interpret(hdu)
    last, info = hdus[-1], hdus[-1].fileinfo()
    end = int(info["datLoc"] + info["datSpan"])
    # The size of a compressed image is that of its pixels, not of what is in the file.
    is_plain = not isinstance(last, fits.CompImageHDU)
    return int(info["datLoc"] + last.size) if is_plain else end, end


def _only_zeros(file: BinaryIO, start: int) -> bool:
    """Determine whether all that follows is padding, as some writers add; astropy ignores it."""
    if file.seek(0, os.SEEK_END) < start:
        return False
    file.seek(start)
    return not any(any(block) for block in iter(lambda: file.read(1 << 20), b""))


def _interpret(hdu: Any) -> None:
    """Ask for all that pixels and rows are found by, which astropy would do only on the way."""
    int(hdu.size)
    if hdu.is_image:
        if not isfinite(float(hdu.header.get("BZERO", 0.0))):
            raise ValueError(f"BZERO {hdu.header['BZERO']}")
        # No JWST product has one, and everything bright would look dark.
        if not 0 < float(hdu.header.get("BSCALE", 1.0)) < inf:
            raise ValueError(f"BSCALE {hdu.header['BSCALE']}, which must be positive")
    else:
        int(hdu.header["PCOUNT"])
        hdu.columns.dtype  # noqa: B018 (computed from every column)


def units_of(path: Path, error: type[HotPixError]) -> list[HeaderUnit]:
    """
    Read the headers of a FITS file, quickly where the file is not compressed.

    Parameters
    ----------
    path : Path
        The file.
    error : type of HotPixError
        What to raise; it does not name the file.

    Returns
    -------
    list of HeaderUnit
        One for each HDU, in the order of the file.

    Raises
    ------
    HotPixError
        As ``error``: for a file that is no FITS, truncated or damaged.
    OSError
        When the file cannot be read.
    """
    if not is_compressed(path):
        with _opened(path, error) as file:
            units = list(read_units(file.fileno(), error))
        if not any("ZIMAGE" in unit for unit in units):
            return units
    with open_whole(path, error) as hdus:
        return [
            HeaderUnit(
                hdu.header.tostring().rstrip().encode("ascii"),
                tuple(hdu.shape) if hdu.is_image else (),
                int(hdu.header["BITPIX"]),
            )
            for hdu in hdus
        ]


def read_flags_of_unit(
    path: Path, units: Sequence[HeaderUnit], number: int, pixel: NDArray[np.intp]
) -> NDArray[np.uint32]:
    """
    Look up DQ at some pixels as `read_flags` does, by the headers of `units_of`.

    Parameters
    ----------
    path : Path
        The file.
    units : sequence of HeaderUnit
        All of its headers.
    number : int
        Which of them is that of the DQ image.
    pixel : ndarray of int, shape (n,)
        Flat indices into the image.

    Returns
    -------
    ndarray of uint32, shape (n,)
        The flags, as the file has them.
    """
    unit = units[number]
    if unit.data_start and (unit.bitpix, unit.get("BZERO")) == (32, _SIGN):
        return _plain_flags(path, unit.data_start, unit.shape, pixel)
    with open_whole(path, HotPixError) as hdus:
        return np.asarray(hdus[number].data).reshape(-1)[pixel].astype(np.uint32)


def _plain_flags(
    path: Path, place: int, shape: tuple[int, ...], pixel: NDArray[np.intp]
) -> NDArray[np.uint32]:
    # FITS has no unsigned integers: they are stored with the first bit inverted.
    raw = np.memmap(path, ">u4", "r", offset=place, shape=shape).reshape(-1)[pixel]
    return raw.astype(np.uint32) ^ np.uint32(_SIGN)


def read_flags(path: Path, hdu: Any, pixel: NDArray[np.intp]) -> NDArray[np.uint32]:
    """
    Look up DQ at some pixels, without reading the others where that is possible.

    Parameters
    ----------
    path : Path
        The file.
    hdu : HDU
        Of a DQ image of that file, which must be open.
    pixel : ndarray of int, shape (n,)
        Flat index.

    Returns
    -------
    ndarray of uint32, shape (n,)
        The flags, as the file has them.
    """
    is_plain = (hdu.header.get("BITPIX"), hdu.header.get("BZERO")) == (32, _SIGN)
    if not is_plain or is_compressed(path):
        return np.asarray(hdu.data).reshape(-1)[pixel].astype(np.uint32)
    return _plain_flags(path, hdu.fileinfo()["datLoc"], hdu.shape, pixel)


def is_compressed(path: Path) -> bool:
    """
    Return whether a file as a whole is compressed: FITS itself starts with SIMPLE.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bool
        True for gzip and the like.
    """
    with open_regular(path) as file:
        return file.read(6) != b"SIMPLE"
