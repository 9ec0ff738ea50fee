"""Which part of its detector an exposure shows: what the header gives, compared with the arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jwst_hotpix.exceptions import ExposureError, FrameMismatchError, HotPixError
from jwst_hotpix.exposure.headers import detector_of
from jwst_hotpix.exposure.keywords import value_in, whole_number_in
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.instrument.readouts import IRS2

__all__ = ["frame_of", "window_of", "window_of_slit"]

_SIZE, _CORNER = ("SUBSIZE2", "SUBSIZE1"), ("SUBSTRT2", "SUBSTRT1")
_SLIT_SIZE, _SLIT_CORNER = ("SLTSIZE2", "SLTSIZE1"), ("SLTSTRT2", "SLTSTRT1")


def window_of(
    header: Mapping[str, Any],
    shape: Sequence[int],
    error: type[HotPixError] = ExposureError,
    *,
    may_be_raw: bool = True,
    may_be_silent: bool = False,
) -> Window:
    """
    Return the part of the detector that an array shows.

    Parameters
    ----------
    header : mapping
        The primary header, or `jwst_hotpix.exposure.in_memory.header_of` a model.
    shape : sequence of int
        Of the array; the last two axes are rows and columns.
    error : type of HotPixError
        What to raise.
    may_be_raw : bool
        3200 rows are those of a raw IRS2 frame, whose header gives 2048.
    may_be_silent : bool
        The header of a full frame may lack corner and size, as those of some references do.

    Returns
    -------
    Window
        In science pixels, its corner one-based.

    Raises
    ------
    HotPixError
        As ``error``: when corner or size is missing, when the array has another shape than the
        header says, or for stripes.
    FrameMismatchError
        When the window reaches beyond the detector.
    """
    detector = detector_of(header, error)
    rows, columns = shape[-2:]
    is_raw = may_be_raw and rows == detector.raw_rows != detector.shape[0]
    shown = (detector.shape[0] if is_raw else rows, columns)
    _refuse_stripes(header, error)
    is_silent = may_be_silent and shown == detector.shape
    size = _pair(header, _SIZE, error, shown if is_silent else None)
    corner = _pair(header, _CORNER, error, (1, 1) if is_silent else None)
    if shown != size:
        raise _misshapen((rows, columns), size, "SUBSIZE2, SUBSIZE1", error)
    return Window(
        detector=detector, ystart=corner[0], xstart=corner[1], shape=shown, raw_irs2=is_raw
    )


def frame_of(header: Mapping[str, Any], readout: str) -> Window:
    """
    Return what ``dq_init`` saw of an exposure, whatever the arrays of this product show.

    Parameters
    ----------
    header : mapping
        As for `window_of`.
    readout : str
        ``"IRS2"`` or ``"TRAD"``.

    Returns
    -------
    Window
        With raw rows for a full frame read as IRS2.

    Raises
    ------
    ExposureError, FrameMismatchError
        As `window_of`.
    """
    detector = detector_of(header)
    _refuse_stripes(header, ExposureError)
    size, corner = (_pair(header, keys, ExposureError) for keys in (_SIZE, _CORNER))
    is_raw = readout == IRS2 and size == detector.shape
    return Window(
        detector=detector, ystart=corner[0], xstart=corner[1], shape=size, raw_irs2=is_raw
    )


def window_of_slit(header: Mapping[str, Any], frame: Window, shape: Sequence[int]) -> Window | None:
    """
    Return the part of the detector that the array of a slit shows.

    ``extract_2d`` counts the corner of a slit from that of the array it cuts. LRS exposures of
    MIRI are not cut: ``calwebb_spec2`` makes them slits whose corner is the subarray's own, from
    that of the detector.

    Parameters
    ----------
    header : mapping
        With SLTSTRT1 and SLTSTRT2 (one-based), and the size of the slit where it is known.
    frame : Window
        What the exposure shows, that the slit is part of.
    shape : sequence of int
        Of the array of the slit.

    Returns
    -------
    Window or None
        None for a slit without pixels, as of a spectrum that falls off the detector.

    Raises
    ------
    ExposureError
        When the corner is missing, or the array has another shape than the header says.
    FrameMismatchError
        When the slit reaches beyond the array it was cut from.
    """
    rows, columns = shape[-2:] if len(shape) > 1 else (0, 0)
    if not (rows and columns):
        return None
    size = _pair(header, _SLIT_SIZE, ExposureError, (rows, columns))
    if (rows, columns) != size:
        raise _misshapen((rows, columns), size, "SLTSIZE2, SLTSIZE1", ExposureError)
    corner = _pair(header, _SLIT_CORNER, ExposureError)
    if (rows, columns) == frame.shape and corner == (frame.ystart, frame.xstart):
        corner = (1, 1)
    cut = frame.cut(ystart=corner[0], xstart=corner[1], shape=(rows, columns))
    last = (corner[0] - 1 + rows, corner[1] - 1 + columns)
    if min(corner) < 1 or last[0] > frame.shape[0] or last[1] > frame.shape[1]:
        found = f"rows {corner[0]} to {last[0]} and columns {corner[1]} to {last[1]}"
        sentence = f"the slit reaches beyond its subarray: {found} of {frame.shape}"
        raise FrameMismatchError("slit", expected=frame.shape, found=found, sentence=sentence)
    # Slits are cut after refpix has taken the interleaved pixels out.
    return replace(cut, raw_irs2=False)


def _refuse_stripes(header: Mapping[str, Any], error: type[HotPixError]) -> None:
    # As jwst does: reads before the first stripe may be none (MSTR_RD1 = 0), superstripes not.
    has_stripes = value_in(header, "MSTR_RD1") is not None or value_in(header, "SSTR_NST")
    if has_stripes:
        expected = "an exposure without stripes (their rows are no detector rows)"
        raise error("subarray", expected=expected, found=value_in(header, "SUBARRAY"))


def _pair(
    header: Mapping[str, Any],
    keywords: tuple[str, str],
    error: type[HotPixError],
    default: tuple[int, int] | None = None,
) -> tuple[int, int]:
    """Return two whole numbers, of y and x."""
    y, x = (whole_number_in(header, keyword, error) for keyword in keywords)
    if y is None or x is None:
        if default is not None and y is None and x is None:
            return default
        missing = [key for key, value in zip(keywords, (y, x), strict=True) if value is None]
        names = " and ".join(missing)
        sentence = f"the header lacks {names}"
        raise error(names, expected="a whole number", found="none", sentence=sentence)
    return y, x


def _misshapen(
    shown: tuple[int, int], said: tuple[int, int], keywords: str, error: type[HotPixError]
) -> HotPixError:
    sentence = (
        f"the array has {shown[0]} rows and {shown[1]} columns, "
        f"but the header says {said[0]} and {said[1]} ({keywords})"
    )
    return error(f"shape ({keywords})", expected=said, found=shown, sentence=sentence)
