"""How NIRSpec reads its detectors: readout modes, patterns, subarrays and their times."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from jwst_hotpix.exceptions import FrameMismatchError

__all__ = [
    "IRS2",
    "PATTERNS",
    "POOLED",
    "SUBARRAYS",
    "TRAD",
    "Pattern",
    "Subarray",
    "frame_time",
    "group_time",
    "patterns_of",
]

# Readout modes: with interleaved reference pixels; plain; and lists made from darks of both.
IRS2 = "IRS2"
TRAD = "TRAD"
POOLED = "POOLED"


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
# The IRS2 patterns of target acquisition are not here: they come down as plain frames (jwst issue
# 3541).
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
        As in ``meta.exposure.readpatt``, the fastest first.
    """
    return tuple(name for name, pattern in PATTERNS.items() if pattern.readout == readout)


# Rows, columns (science frame) and columns of overhead of each subarray that one output reads. A
# frame takes (rows + 12) * (columns + overhead) pixels of 10 us. With the overheads given this is
# 0.90156 s for SUB2048, 0.451 s for SUB1024A and B, 0.22572 s for SUB512 and 0.14392 s for SUB512S
# (PandExo, engine/justdoit.py); those of the others are an assumption, which changes their times
# by less than 0.1 %, and by 3 % in SUB32.
_ONE_OUTPUT = MappingProxyType(
    {
        "ALLSLITS": (256, 2048, 1),
        "SUBS200A1": (64, 2048, 1),
        "SUBS200A2": (64, 2048, 1),
        "SUBS200B1": (64, 2048, 1),
        "SUBS400A1": (64, 2048, 1),
        "SUB2048": (32, 2048, 1),
        "SUB1024A": (32, 1024, 1),
        "SUB1024B": (32, 1024, 1),
        "SUB512": (32, 512, 1),
        "SUB512S": (16, 512, 2),
        "SUB32": (32, 32, 2),
    }
)

# Pixels of 10 us in a full frame, which four outputs read: (512 + 12) * 2049 + 1, and in IRS2, with
# the reference pixels in between, ((16 + 4 + 2) * 512 / 16 + 8) * 2048 + 713. They give the TFRAME
# of flight exposures: 10.73677 and 14.58889 s.
_FULL_FRAME = MappingProxyType({TRAD: 1_073_677, IRS2: 1_458_889})


def frame_time(subarray: str | None, readout: str = TRAD) -> float:
    """
    Return the time between two frames.

    Parameters
    ----------
    subarray : str or None
        ``meta.subarray.name``, e.g. ``"SUB512"``.
    readout : str
        ``"TRAD"`` or ``"IRS2"``, which reads the full frame only.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    FrameMismatchError
        When NIRSpec has no such subarray, or does not read it in this mode.
    """
    name = str(subarray).upper()
    if name == "FULL" and readout in _FULL_FRAME:
        return _FULL_FRAME[readout] / 100_000
    if name not in _ONE_OUTPUT:
        names = ", ".join(("FULL", *_ONE_OUTPUT))
        raise FrameMismatchError("subarray", expected=f"one of {names}", found=subarray)
    if readout != TRAD:
        raise FrameMismatchError(
            "readout mode of a subarray",
            expected=TRAD,
            found=readout,
            sentence=f"{name}: {readout} is read in full frame only",
        )
    rows, columns, overhead = _ONE_OUTPUT[name]
    return (rows + 12) * (columns + overhead) / 100_000


def group_time(readpatt: str | None, subarray: str | None) -> float:
    """
    Return the time between two groups, which readout pattern and subarray fix.

    Parameters
    ----------
    readpatt : str or None
        ``meta.exposure.readpatt``, e.g. ``"NRSRAPID"``.
    subarray : str or None
        ``meta.subarray.name``, e.g. ``"SUB512"``.

    Returns
    -------
    float
        Seconds: ``TGROUP`` of an exposure.

    Raises
    ------
    FrameMismatchError
        When NIRSpec has no such pattern or subarray, or does not read the one with the other.
    """
    try:
        pattern = PATTERNS[str(readpatt).upper()]
    except KeyError:
        names = ", ".join(PATTERNS)
        raise FrameMismatchError(
            "readout pattern", expected=f"one of {names}", found=readpatt
        ) from None
    return frame_time(subarray, pattern.readout) * (pattern.nframes + pattern.groupgap)


@dataclass(frozen=True, kw_only=True)
class Subarray:
    """
    A part of the detector that can be simulated, and what it is usually used for.

    Where an exposure has its subarray is read from its header, never from here.

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
    exp_type, filter, grating : str
        ``meta.exposure.type`` and optical elements of a usual science exposure.
    noutputs : int
        Amplifiers in use.
    """

    name: str
    xstart: int = 1
    ystart: MappingProxyType[str, int]
    shape: tuple[int, int]
    exp_type: str = "NRS_FIXEDSLIT"
    filter: str = "F290LP"
    grating: str = "G395H"
    noutputs: int = 1

    def part(self, detector: str) -> tuple[slice, slice]:
        """Return its rows and columns in an image of the full frame of a detector."""
        y, x = self.ystart[detector] - 1, self.xstart - 1
        return slice(y, y + self.shape[0]), slice(x, x + self.shape[1])


def _rows(nrs1: int, nrs2: int) -> MappingProxyType[str, int]:
    return MappingProxyType({"NRS1": nrs1, "NRS2": nrs2})


# Corners: ESA-JWST-SCI-NRS-TN-2018-002; ALLSLITS in science coordinates, jwst issue 3636.
_SUBARRAYS = (
    Subarray(name="FULL", ystart=_rows(1, 1), shape=(2048, 2048), noutputs=4),
    Subarray(name="ALLSLITS", ystart=_rows(897, 899), shape=_ONE_OUTPUT["ALLSLITS"][:2]),
    Subarray(
        name="SUB512",
        xstart=1025,
        ystart=_rows(957, 1059),
        shape=_ONE_OUTPUT["SUB512"][:2],
        exp_type="NRS_BRIGHTOBJ",
        filter="CLEAR",
        grating="PRISM",
    ),
    Subarray(
        name="SUB32",
        xstart=1399,
        ystart=_rows(975, 975),
        shape=_ONE_OUTPUT["SUB32"][:2],
        exp_type="NRS_WATA",
        filter="F110W",
        grating="MIRROR",
    ),
)
SUBARRAYS = MappingProxyType({subarray.name: subarray for subarray in _SUBARRAYS})
