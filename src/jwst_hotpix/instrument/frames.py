"""
Where a pixel of the full frame lies in an array: subarray, slit, raw IRS2 frame.

The full frame is the science (DMS) frame of one detector, zero-based. Corners are one-based,
as ``meta.subarray`` and the slits of the pipeline give them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.instrument.detectors import Detector

__all__ = ["Window", "flat", "raw_rows", "to_raw_irs2", "to_science_frame", "unflat"]

Scalar = TypeVar("Scalar", bound=np.generic)
Integer = TypeVar("Integer", bound=np.integer)

# An IRS2 frame starts with one output of reference pixels and then reads 16 science and 4
# reference pixels in turn, starting and ending with 8 science pixels (NRS_NORM, NRS_REF;
# jwst.saturation.x_irs2). NRS2 is read the other way round.
_REFERENCE_OUTPUT = 640
_NORMAL, _REFERENCE = 16, 4


@dataclass(frozen=True, kw_only=True)
class Window:
    """
    The part of a detector that an array shows.

    Attributes
    ----------
    detector : Detector
        Which one it is a part of.
    ystart, xstart : int
        One-based full-frame row and column of the array's first pixel.
    shape : tuple of int
        Rows and columns shown, in science pixels: 2048 rows for a raw IRS2 frame.
    raw_irs2 : bool
        The array has 3200 rows, the interleaved reference pixels still in it.

    Raises
    ------
    FrameMismatchError
        When the window reaches beyond the detector.
    """

    detector: Detector
    ystart: int = 1
    xstart: int = 1
    shape: tuple[int, int]
    raw_irs2: bool = False

    def __post_init__(self) -> None:
        axes = zip("yx", (self.ystart, self.xstart), self.shape, self.detector.shape, strict=True)
        for axis, start, size, full in axes:
            if start < 1 or size < 1 or start - 1 + size > full:
                raise FrameMismatchError(
                    f"{self.detector.name} {axis} range of the subarray",
                    expected=f"within 1 to {full}",
                    found=f"{start} to {start - 1 + size}",
                )

    @property
    def n_pixels(self) -> int:
        """Number of its pixels."""
        return self.shape[0] * self.shape[1]

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole detector."""
        return self.shape == self.detector.shape

    @property
    def part(self) -> tuple[slice, slice]:
        """Its rows and columns in an image of the full frame."""
        y, x = self.ystart - 1, self.xstart - 1
        return slice(y, y + self.shape[0]), slice(x, x + self.shape[1])

    @property
    def array_shape(self) -> tuple[int, int]:
        """Rows and columns of its array, of which a raw IRS2 frame has more."""
        return self.detector.raw_rows if self.raw_irs2 else self.shape[0], self.shape[1]

    def cut(self, *, ystart: int, xstart: int, shape: tuple[int, int]) -> Window:
        """
        Return the window of a cut-out, such as a slit.

        Parameters
        ----------
        ystart, xstart : int
            One-based corner **within this window**: ``extract_2d`` counts from the corner of
            the array it cuts, not of the detector.
        shape : tuple of int
            Rows and columns of the cut-out.
        """
        return replace(
            self,
            ystart=self.ystart - 1 + ystart,
            xstart=self.xstart - 1 + xstart,
            shape=shape,
        )

    def locate(
        self, y: NDArray[np.integer], x: NDArray[np.integer]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
        """
        Find pixels of the full frame in this window.

        Parameters
        ----------
        y, x : ndarray of int, shape (n,)
            Full frame, zero-based.

        Returns
        -------
        row, column : ndarray of int, shape (m,)
            Zero-based, in science pixels of the window.
        inside : ndarray of bool, shape (n,)
            Which of the pixels the ``m`` are.
        """
        # Cast first: unsigned coordinates wrap when the corner is subtracted.
        row = np.asarray(y).astype(np.intp) - (self.ystart - 1)
        column = np.asarray(x).astype(np.intp) - (self.xstart - 1)
        inside = (row >= 0) & (row < self.shape[0]) & (column >= 0) & (column < self.shape[1])
        return row[inside], column[inside], inside

    def full_frame(self, index: NDArray[np.integer]) -> NDArray[np.int32]:
        """
        Return the index in the full frame of pixels given by their index in this window.

        Parameters
        ----------
        index : ndarray of int, shape (n,)
            ``row * columns + column`` of science pixels of the window, zero-based.

        Returns
        -------
        ndarray of int32, shape (n,)
            ``y * columns + x`` of the full frame, zero-based.
        """
        row, column = unflat(index, self.shape)
        y, x = row + self.ystart - 1, column + self.xstart - 1
        return flat(y, x, self.detector.shape).astype(np.int32)

    def array_rows(self, row: NDArray[np.intp]) -> NDArray[np.intp]:
        """
        Turn rows of the window into rows of its array, which differ in a raw IRS2 frame.

        Parameters
        ----------
        row : ndarray of int, shape (m,)
            From `locate`.

        Returns
        -------
        ndarray of int, shape (m,)
            Zero-based.
        """
        return raw_rows(self.detector)[row] if self.raw_irs2 else row

    def science(self, image: NDArray[Scalar]) -> NDArray[Scalar]:
        """
        Return the science pixels of an array of this window, in the science frame.

        Parameters
        ----------
        image : ndarray, shape (ny, nx)
            3200 rows where the window is a raw IRS2 frame.

        Returns
        -------
        ndarray, shape ``self.shape``
            The same image, or a copy without the interleaved reference pixels.
        """
        return to_science_frame(image, self.detector) if self.raw_irs2 else image


def flat(
    y: NDArray[np.integer], x: NDArray[np.integer], shape: tuple[int, int]
) -> NDArray[np.intp]:
    """
    Return the index of pixels in a frame read row by row: ``y * columns + x``.

    The same as ``np.ravel_multi_index``, which checks the range, in a fifth of the time.

    Parameters
    ----------
    y, x : ndarray of int, shape (n,)
        Zero-based, inside the frame.
    shape : tuple of int
        Rows and columns of the frame.

    Returns
    -------
    ndarray of int, shape (n,)
        ``y * columns + x``.
    """
    # Cast first: the product does not fit into the 16 bits of the columns of a list.
    return np.asarray(y).astype(np.intp) * shape[1] + x


def unflat(
    pixel: NDArray[Integer], shape: tuple[int, int]
) -> tuple[NDArray[Integer], NDArray[Integer]]:
    """
    Return row and column of pixels given by their index in a frame, the inverse of `flat`.

    The same as ``np.unravel_index``, in a fifth of the time for the 32 bits of a ledger.

    Parameters
    ----------
    pixel : ndarray of int, shape (n,)
        ``y * columns + x``, zero-based.
    shape : tuple of int
        Rows and columns of the frame.

    Returns
    -------
    y, x : ndarray of int, shape (n,)
        Zero-based, of the type of ``pixel``.
    """
    return np.divmod(pixel, shape[1])


def raw_rows(detector: Detector) -> NDArray[np.intp]:
    """
    Map the rows of the science frame to the rows of a raw IRS2 frame.

    Parameters
    ----------
    detector : Detector
        NRS1 or NRS2.

    Returns
    -------
    ndarray of int, shape (2048,)
        Zero-based raw row of every zero-based science row.
    """
    row = np.arange(detector.shape[0])
    forward = _REFERENCE_OUTPUT + row + _REFERENCE * ((row + _NORMAL // 2) // _NORMAL)
    return detector.raw_rows - 1 - forward[::-1] if detector.name == "NRS2" else forward


def to_science_frame(image: NDArray[Scalar], detector: Detector) -> NDArray[Scalar]:
    """
    Drop the interleaved reference pixels of a raw IRS2 image.

    Parameters
    ----------
    image : ndarray, shape (3200, 2048)
        Raw IRS2 frame.
    detector : Detector
        NRS1 or NRS2.

    Returns
    -------
    ndarray, shape (2048, 2048)
        Science frame.
    """
    return image[raw_rows(detector)]


def to_raw_irs2(image: NDArray[Scalar], detector: Detector) -> NDArray[Scalar]:
    """
    Lay a science-frame image out as a raw IRS2 frame, reference pixels zero.

    Parameters
    ----------
    image : ndarray, shape (2048, 2048)
        Science frame.
    detector : Detector
        NRS1 or NRS2.

    Returns
    -------
    ndarray, shape (3200, 2048)
        Raw IRS2 frame.
    """
    raw = np.zeros((detector.raw_rows, image.shape[1]), dtype=image.dtype)
    raw[raw_rows(detector)] = image
    return raw
