"""How NIRSpec reads its detectors: subarrays and readout patterns."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from jwst_hotpix.instrument.detectors import IRS2, TRAD

__all__ = ["PATTERNS", "SUBARRAYS", "Pattern", "Subarray", "patterns_of"]


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """
    A readout pattern.

    Attributes
    ----------
    nframes : int
        Frames averaged into a group.
    groupgap : int
        Frames dropped between groups.
    readout : str
        ``"TRAD"`` or ``"IRS2"``.
    """

    nframes: int
    groupgap: int
    readout: str = TRAD


# Frames of NRS and the meaning of D1, D2 and D6: an assumption that gives the public group times.
PATTERNS = MappingProxyType(
    {
        "NRSRAPID": Pattern(nframes=1, groupgap=0),
        "NRSRAPIDD1": Pattern(nframes=1, groupgap=1),
        "NRSRAPIDD2": Pattern(nframes=1, groupgap=2),
        "NRSRAPIDD6": Pattern(nframes=1, groupgap=6),
        "NRS": Pattern(nframes=4, groupgap=0),
        "NRSIRS2RAPID": Pattern(nframes=1, groupgap=0, readout=IRS2),
        "NRSIRS2": Pattern(nframes=5, groupgap=0, readout=IRS2),
    }
)


def patterns_of(readout: str) -> tuple[str, ...]:
    """
    List the readout patterns of a readout mode.

    Parameters
    ----------
    readout : str
        ``"TRAD"`` or ``"IRS2"``.

    Returns
    -------
    tuple of str
    """
    return tuple(name for name, pattern in PATTERNS.items() if pattern.readout == readout)


@dataclass(frozen=True, kw_only=True)
class Subarray:
    """
    A part of the detector that is read, and what it is usually used for.

    Attributes
    ----------
    name : str
        ``meta.subarray.name``.
    xstart : int
        One-based first column, science frame.
    ystart : dict of str to int
        One-based first row for each detector, science frame.
    shape : tuple of int
        Rows and columns.
    frame_time : float
        Seconds for a frame (TRAD).
    exp_type : str
        ``meta.exposure.type`` of a usual science exposure.
    filter, grating : str
    noutputs : int
        Amplifiers in use.
    """

    name: str
    xstart: int = 1
    ystart: MappingProxyType[str, int]
    shape: tuple[int, int]
    frame_time: float
    exp_type: str = "NRS_FIXEDSLIT"
    filter: str = "F290LP"
    grating: str = "G395H"
    noutputs: int = 1

    def time_of(self, readout: str) -> float:
        """
        Return the time between two frames.

        Parameters
        ----------
        readout : str
            IRS2 frames also read the reference pixels in between.

        Returns
        -------
        float
            Seconds.

        Raises
        ------
        ValueError
            When the subarray has no such readout: IRS2 is full frame only.
        """
        if readout == IRS2 and self.name != "FULL":
            msg = f"{self.name}: IRS2 is read in full frame only"
            raise ValueError(msg)
        return _IRS2_FRAME_TIME if readout == IRS2 else self.frame_time


# ((16 + 4 + 2) * 512 / 16 + 8) * 2048 + 714 pixels of 10 us (jwst.refpix).
_IRS2_FRAME_TIME = 14.58889


def _rows(nrs1: int, nrs2: int) -> MappingProxyType[str, int]:
    return MappingProxyType({"NRS1": nrs1, "NRS2": nrs2})


# Corners: ESA-JWST-SCI-NRS-TN-2018-002; ALLSLITS in science coordinates, jwst issue 3636.
# Frame times of subarrays: (ny + 12) * (nx + 1 or 2) * 10 us, which gives the public values.
_SUBARRAYS = (
    Subarray(
        name="FULL",
        ystart=_rows(1, 1),
        shape=(2048, 2048),
        frame_time=10.73677,
        noutputs=4,
    ),
    Subarray(name="ALLSLITS", ystart=_rows(897, 899), shape=(256, 2048), frame_time=5.49132),
    Subarray(
        name="SUB512",
        xstart=1025,
        ystart=_rows(957, 1059),
        shape=(32, 512),
        frame_time=0.22572,
        exp_type="NRS_BRIGHTOBJ",
        filter="CLEAR",
        grating="PRISM",
    ),
    Subarray(
        name="SUB32",
        xstart=1399,
        ystart=_rows(975, 975),
        shape=(32, 32),
        frame_time=0.01496,
        exp_type="NRS_WATA",
        filter="F110W",
        grating="MIRROR",
    ),
)
SUBARRAYS = MappingProxyType({subarray.name: subarray for subarray in _SUBARRAYS})
