"""DQ of MASK and DARK references, read through their DQ_DEF, in whatever frame they come."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError, naming
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.exposure.where import window_of
from jwst_hotpix.instrument.dq_flags import PIXEL
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.instrument.readouts import IRS2

if TYPE_CHECKING:
    from stdatamodels.jwst.datamodels import JwstDataModel

__all__ = ["Mask", "read_hot", "read_mask"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Mask:
    """
    The DQ of a reference file.

    Attributes
    ----------
    name : str
        File name.
    useafter : str
        First date that it applies to (ISO 8601, UTC); empty where the file gives none.
    readout : str
        ``"IRS2"`` or ``"TRAD"``, from its READPATT or its 3200 rows.
    window : Window
        The part of the detector that the reference covers.
    bits : ndarray of uint32, shape (ny, nx)
        As in the file: **file bits**, and 3200 rows for IRS2.
    values : mapping of str to int
        File bit of each flag name, from DQ_DEF.
    source : str
        The file as it was given, or the file name of a model: what errors name.
    """

    name: str
    useafter: str
    readout: str
    window: Window
    bits: NDArray[np.uint32]
    values: Mapping[str, int]
    source: str

    @property
    def dq(self) -> NDArray[np.uint32]:
        """Standard DQ bits in the full science frame; 0 outside the window of the reference."""
        full = np.zeros(self.window.detector.shape, dtype=np.uint32)
        bits = self.window.science(self.bits)
        for flag, value in self.values.items():
            standard = np.uint32(PIXEL.get(flag, 0))
            if standard:
                full[self.window.part] |= np.where(bits & value, standard, 0)
        return full

    def has(self, flag: str, y: NDArray[np.integer], x: NDArray[np.integer]) -> NDArray[np.bool_]:
        """
        Look up which pixels carry a flag.

        Parameters
        ----------
        flag : str
            E.g. ``"DO_NOT_USE"``.
        y, x : ndarray of int, shape (n,)
            Pixels of the full science frame, zero-based.

        Returns
        -------
        ndarray of bool, shape (n,)
            False outside the window of the reference, and where its DQ_DEF lacks the flag.
        """
        found = np.zeros(np.shape(y), dtype=bool)
        row, column, inside = self.window.locate(y, x)
        here = self.bits[self.window.array_rows(row), column]
        found[inside] = (here & self.values.get(flag, 0)) != 0
        return found


def read_mask(source: str | os.PathLike[str] | JwstDataModel, reftype: str = "MASK") -> Mask:
    """
    Read the DQ of a MASK or DARK reference.

    Only headers, DQ and DQ_DEF are read, with astropy: the datamodel takes ten times as long, and
    the data of a DARK are gigabytes.

    Parameters
    ----------
    source : path or MaskModel
        The reference; a model has standard bits already.
    reftype : str
        ``"MASK"`` or ``"DARK"``: what the file must be.

    Returns
    -------
    Mask
        With the bits of the file.

    Raises
    ------
    ListFormatError
        When the file is missing, broken, of another type, or has no DQ or DQ_DEF.
    FrameMismatchError
        When its detector is unknown, or its shape is not that of its detector or subarray.
    """
    if not isinstance(source, str | os.PathLike):
        return _from_model(source)
    with naming(source):
        try:
            with open_whole(Path(source), ListFormatError) as file:
                found = str(file[0].header.get("REFTYPE", "none")).upper()
                if found != reftype:
                    raise ListFormatError("reftype", expected=reftype, found=found)
                return _from_hdus(file, source)
        except OSError as error:
            sentence = "file not found" if isinstance(error, FileNotFoundError) else None
            raise ListFormatError(
                "file", expected=f"a {reftype} reference", found=error.strerror, sentence=sentence
            ) from None


def read_hot(path: str | os.PathLike[str], detector: str) -> NDArray[np.bool_]:
    """
    Read which pixels a MASK reference calls hot.

    Parameters
    ----------
    path : path
        A MASK reference of the detector.
    detector : str
        E.g. ``"NRS1"``.

    Returns
    -------
    ndarray of bool, shape of the full frame
        Science frame; False outside the window of the reference.

    Raises
    ------
    ListFormatError, FrameMismatchError
        As `read_mask`; when the MASK is of another detector.
    """
    mask = read_mask(path)
    found = mask.window.detector.name
    if found != detector:
        raise FrameMismatchError(
            "detector of the MASK", expected=detector, found=found, source=path
        )
    return (mask.dq & np.uint32(PIXEL["HOT"])) > 0


def _from_hdus(file: fits.HDUList, source: str | os.PathLike[str]) -> Mask:
    header = file[0].header
    for extension in ("DQ", "DQ_DEF"):
        if extension not in file:
            raise ListFormatError(
                extension, expected="an extension", found="none",
                sentence=f"no extension {extension}, without which its bits are undefined",
            )  # fmt: skip
    # Copied out of the file, which is about to be closed.
    bits, definitions = np.array(file["DQ"].data), file["DQ_DEF"].data
    if bits.ndim != 2 or bits.dtype.kind not in "iu":
        found = f"{bits.dtype} of shape {bits.shape}"
        raise FrameMismatchError("DQ", expected="a 2-D image of whole numbers", found=found)
    window = window_of(header, bits.shape, FrameMismatchError, may_be_silent=True)
    values = {str(row["NAME"]).strip(): int(row["VALUE"]) for row in definitions}
    for flag, value in values.items():
        if not 0 <= value < 1 << 32:
            raise ListFormatError(f"{flag} in DQ_DEF", expected="a bit of 32", found=value)
    return Mask(
        name=Path(source).name,
        useafter=str(header.get("USEAFTER", "")).strip(),
        readout=_readout(window, header.get("READPATT")),
        window=window,
        # Flags may be defined that an image of few bits cannot have.
        bits=bits.astype(np.uint32, copy=False),
        values=values,
        source=str(source),
    )


def _from_model(model: JwstDataModel) -> Mask:
    # Whoever has a model has paid for importing the datamodels.
    from jwst_hotpix.exposure.in_memory import header_of, name_of

    header = header_of(model)
    window = window_of(header, model.dq.shape, FrameMismatchError, may_be_silent=True)
    return Mask(
        name=name_of(model),
        useafter=str(model.meta.useafter or ""),
        readout=_readout(window, header.get("READPATT")),
        window=window,
        bits=np.asarray(model.dq),
        # The datamodel has turned the file's bits into standard ones already.
        values=dict(PIXEL),
        source=name_of(model),
    )


def _readout(window: Window, readpatt: str | None) -> str:
    return IRS2 if window.raw_irs2 else window.detector.readout_of(readpatt)
