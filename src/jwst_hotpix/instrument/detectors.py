"""The detectors of JWST: shape, reference pixels, readout modes, thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.instrument.readouts import IRS2, PATTERNS, TRAD

__all__ = ["DETECTORS", "Detector", "get_detector"]


@dataclass(frozen=True, kw_only=True)
class Detector:
    """
    One detector, as its exposures appear in the science frame.

    Attributes
    ----------
    name, instrument : str
        As in ``meta.instrument``, e.g. ``"NRS1"`` of ``"NIRSPEC"``.
    shape : tuple of int
        Rows and columns of the full frame.
    border_y, border_x : int
        Width of the reference pixel border at the bottom and top, and at the left and right.
    readouts : tuple of str
        Readout modes that have lists of their own.
    raw_rows : int
        Rows of an IRS2 ramp before ``refpix`` removes the interleaved reference pixels
        (equal to ``shape[0]`` where there is no IRS2).
    threshold : float
        Dark rate in DN/s above which a pixel counts as hot. For NIRSpec the report
        JWST-STScI-009188, section 2; the same value elsewhere is a starting point.
    ta_threshold : float
        The same for target acquisition (Proffitt & King 2021, cited by the report).
    """

    name: str
    instrument: str
    shape: tuple[int, int] = (2048, 2048)
    border_y: int = 4
    border_x: int = 4
    readouts: tuple[str, ...] = (TRAD,)
    raw_rows: int = 2048
    threshold: float = 1.0
    ta_threshold: float = 3.0

    def active_area(self) -> NDArray[np.bool_]:
        """
        Return which pixels see light.

        Returns
        -------
        ndarray of bool, shape ``self.shape``
            False on the border of reference pixels.
        """
        rows, columns = self.shape
        active = np.zeros(self.shape, dtype=bool)
        active[self.border_y : rows - self.border_y, self.border_x : columns - self.border_x] = True
        return active

    @property
    def n_active(self) -> int:
        """Pixels that see light: 2040 x 2040 of NIRSpec's."""
        rows, columns = self.shape
        return (rows - 2 * self.border_y) * (columns - 2 * self.border_x)

    def readout_of(self, readpatt: str | None) -> str:
        """
        Name the readout mode of a readout pattern.

        Parameters
        ----------
        readpatt : str or None
            ``meta.exposure.readpatt``, e.g. ``"NRSIRS2RAPID"``.

        Returns
        -------
        str
            ``"IRS2"`` or ``"TRAD"``: a pattern without interleaved reference pixels, or unknown.
        """
        pattern = PATTERNS.get(str(readpatt).upper())
        return pattern.readout if pattern and pattern.readout in self.readouts else TRAD


def _rows() -> dict[str, Detector]:
    nirspec = [
        Detector(name=name, instrument="NIRSPEC", readouts=(IRS2, TRAD), raw_rows=3200)
        for name in ("NRS1", "NRS2")
    ]
    nircam = [
        Detector(name=f"NRC{module}{chip}", instrument="NIRCAM")
        for module in "AB"
        for chip in ("1", "2", "3", "4", "LONG")
    ]
    # MIRI's Si:As arrays have four reference columns at either side and no reference rows.
    miri = [
        Detector(name=name, instrument="MIRI", shape=(1024, 1032), border_y=0, raw_rows=1024)
        for name in ("MIRIMAGE", "MIRIFULONG", "MIRIFUSHORT")
    ]
    others = [
        Detector(name="NIS", instrument="NIRISS"),
        Detector(name="GUIDER1", instrument="FGS"),
        Detector(name="GUIDER2", instrument="FGS"),
    ]
    return {row.name: row for row in (*nirspec, *nircam, *miri, *others)}


DETECTORS = MappingProxyType(_rows())

# As observers and the instrument team call them; headers use the other name.
_OTHER_NAMES = MappingProxyType({"NRCA5": "NRCALONG", "NRCB5": "NRCBLONG"})


def get_detector(name: str | None) -> Detector:
    """
    Look a detector up by its name, whatever the case.

    Parameters
    ----------
    name : str or None
        ``meta.instrument.detector``, or NRCA5 and NRCB5 for NRCALONG and NRCBLONG.

    Returns
    -------
    Detector
        A row of `DETECTORS`.

    Raises
    ------
    FrameMismatchError
        When JWST has no such detector.
    """
    asked = str(name).upper()
    try:
        return DETECTORS[_OTHER_NAMES.get(asked, asked)]
    except KeyError:
        names = ", ".join(DETECTORS)
        raise FrameMismatchError("detector", expected=f"one of {names}", found=name) from None
