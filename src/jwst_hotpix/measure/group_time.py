"""The time between the groups of a ramp: as asked for, by the header, or by the readout."""

from __future__ import annotations

from jwst_hotpix.exceptions import DarkError, FrameMismatchError
from jwst_hotpix.exposure.keywords import number_in, value_in
from jwst_hotpix.instrument import readouts
from jwst_hotpix.measure.dark_file import DarkFile

__all__ = ["group_time"]

# Seconds; the frames of NIRSpec take 15 ms to 15 s, and groups at most some minutes.
_LEAST, _MOST = 1e-3, 1e4


def group_time(dark: DarkFile, given: float | None = None) -> tuple[float, str]:
    """
    Return the time between two planes of a reference's ramp.

    Parameters
    ----------
    dark : DarkFile
        The open file.
    given : float, optional
        Seconds, for a file that does not give it.

    Returns
    -------
    seconds : float
        As given; else TGROUP; else TFRAME, or the frame time of the subarray, times the frames of
        a group by NFRAMES and GROUPGAP, or by the readout pattern.
    source : str
        Which of these.

    Raises
    ------
    DarkError
        When none of these is known, or it is no time between groups.
    """
    seconds, source = (given, "as asked for") if given is not None else _by_header(dark)
    if not _LEAST <= seconds <= _MOST:
        expected = f"{_LEAST:g} to {_MOST:g} seconds"
        raise DarkError(f"group time ({source})", expected=expected, found=seconds)
    return seconds, source


def _by_header(dark: DarkFile) -> tuple[float, str]:
    header = dark.header
    if number_in(header, "TGROUP", DarkError):
        return float(header["TGROUP"]), "TGROUP"
    frames, counted = _frames(dark)
    if number_in(header, "TFRAME", DarkError):
        return float(header["TFRAME"]) * frames, f"TFRAME, {counted}"
    subarray = "FULL" if dark.window.is_whole else value_in(header, "SUBARRAY")
    try:
        return readouts.frame_time(subarray, dark.readout) * frames, f"SUBARRAY, {counted}"
    except FrameMismatchError:
        raise _unknown(f"subarray {subarray}") from None


def _frames(dark: DarkFile) -> tuple[float, str]:
    """Return how many frame times a group takes."""
    averaged, skipped = (number_in(dark.header, key, DarkError) for key in ("NFRAMES", "GROUPGAP"))
    if averaged is not None:
        return averaged + (skipped or 0), "NFRAMES, GROUPGAP"
    pattern = readouts.PATTERNS.get(str(value_in(dark.header, "READPATT")).upper())
    if pattern is None:
        raise _unknown(f"readout pattern {value_in(dark.header, 'READPATT')}")
    return pattern.nframes + pattern.groupgap, "READPATT"


def _unknown(what: str) -> DarkError:
    return DarkError(
        "group time",
        expected="TGROUP, TFRAME, or a subarray and readout pattern of NIRSpec",
        found=what,
        sentence=f"the group time of {what} is not known: give it in seconds (--group-time)",
    )
