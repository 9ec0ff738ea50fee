"""A file that is a dark, open: where its pixels are, and what distinguishes it from others."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from jwst_hotpix.exceptions import DarkError
from jwst_hotpix.exposure.fits_file import is_compressed, read_flags
from jwst_hotpix.measure.dark_info import DarkInfo

__all__ = ["IMAGES", "DarkFile"]

# The extension that the rate of a product comes from, where it is not SCI.
IMAGES = {"drk": "DRK", "avdrkcur": "AVDRKCUR"}

# Bytes that one CRC-32 covers.
_BLOCK = 1 << 16


@dataclass(frozen=True, eq=False, kw_only=True)
class DarkFile(DarkInfo):
    """
    A file that is a dark, open; nothing of its pixels has been read.

    Attributes
    ----------
    path : Path
        The file, as the caller named it.
    header : astropy.io.fits.Header
        Of the primary HDU.
    images : dict of str to HDU
        All other HDUs by extension name; data are read when asked for.
    """

    path: Path
    header: fits.Header
    images: dict[str, Any]

    @property
    def measured(self) -> Any:
        """The HDU that the rate comes from."""
        return self.images[self._extension]

    @property
    def is_ramp(self) -> bool:
        """Whether the rate takes the steps of jwst, that is minutes."""
        return self.product in {"dark", "uncal"}

    @property
    def _extension(self) -> str:
        return IMAGES.get(str(self.product), "SCI")

    def digest(self) -> str:
        """
        Return a digest of the content, the same whatever the name of the file.

        Returns
        -------
        str
            sha256 of where, when and how the dark was taken and of the CRC-32 of every block of
            the HDU that the rate comes from. Names, comments and what is not measured (the ramp
            beside a DRK, which is most of the file) do not count.
        """
        window = self.window
        identity = [
            *(window.detector.name, self.readout, self.kind, self.product, self.epoch),
            *(window.ystart, window.xstart, *window.shape),
        ]
        # Four times faster than sha256 of all bytes, which would take longer than to measure.
        identity += [zlib.crc32(block) for block in self._blocks()]
        return sha256(dumps(identity).encode()).hexdigest()

    def flags(self, pixel: NDArray[np.intp] | None = None) -> NDArray[np.uint32]:
        """
        Read DQ, or look it up at some pixels, without reading the others where that is possible.

        Parameters
        ----------
        pixel : ndarray of int, shape (n,), optional
            Flat indices into the image; all of it by default.

        Returns
        -------
        ndarray of uint32
            Of the shape of DQ, or (n,).

        Raises
        ------
        DarkError
            When DQ holds no integers.
        """
        image = self.images["DQ"]
        if image.header["BITPIX"] < 0 or image.header.get("BSCALE", 1) != 1:
            raise DarkError("DQ", expected="integers", found="floating-point numbers")
        if pixel is None:
            return np.asarray(image.data).astype(np.uint32, copy=False)
        return read_flags(self.path, image, pixel)

    def _blocks(self) -> Iterator[bytes]:
        """Read the measured HDU as bytes, block by block: a raw ramp may exceed the memory."""
        if is_compressed(self.path) or isinstance(self.measured, fits.CompImageHDU):
            # Opened again: another thread may be reading the pixels.
            with fits.open(self.path) as hdus:
                content = hdus[self._extension].data.tobytes()
            yield from (content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK))
            return
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.measured.fileinfo()["datLoc"])
            for left in range(self.measured.size, 0, -_BLOCK):
                yield file.read(min(_BLOCK, left))
