"""Raw exposures (``_uncal.fits``) of a world, which the unmodified pipeline accepts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from jwst_hotpix.instrument.readouts import IRS2, PATTERNS, SUBARRAYS, Subarray, frame_time
from jwst_hotpix.simulate.electronics import bias_image, read_out
from jwst_hotpix.simulate.ramp import Clock, Ramp
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import Date, iso, mjd

__all__ = ["write_uncal"]


def write_uncal(  # noqa: PLR0913 (what an observer chooses)
    path: str | os.PathLike[str],
    world: World,
    *,
    start: Date,
    ngroups: int,
    nints: int = 1,
    subarray: str = "FULL",
    readpatt: str | None = None,
    seed: int = 0,
    trace: bool = True,
    cosmic_rays: bool = True,
    dark: bool = False,
) -> Path:
    """
    Simulate an exposure of a world and write the raw file.

    Parameters
    ----------
    path : path
        Where to write, e.g. ``jw09999001001_02101_00001_nrs1_uncal.fits``.
    world : World
        The truth; sets detector and readout mode.
    start : str, astropy.time.Time or float
        When the exposure starts: ISO 8601 (UTC), a time, or MJD (UTC).
    ngroups, nints : int
        Groups per integration, and integrations.
    subarray : str
        ``"FULL"``, ``"ALLSLITS"``, ``"SUB512"`` or ``"SUB32"``.
    readpatt : str, optional
        Readout pattern; by default the rapid one of the world's readout mode.
    seed : int
        Seed of noise and cosmic rays; the hot pixels come from the world.
    trace : bool
        Add the spectrum of `trace_rate`, except with the mirror (SUB32).
    cosmic_rays : bool
        Add cosmic rays.
    dark : bool
        Make it a dark exposure (``NRS_DARK``), without a trace.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    KeyError
        When ``subarray`` or ``readpatt`` is unknown.
    ValueError
        When ``readpatt`` belongs to the other readout mode, or a subarray is requested with IRS2.
    OSError
        When ``path`` cannot be written. No partial file is left behind.
    """
    from stdatamodels.jwst.datamodels import Level1bModel

    window = SUBARRAYS[subarray]
    clock = _clock(world, window, readpatt, start=start, ngroups=ngroups, nints=nints)
    rng = np.random.default_rng([seed, world.seed])
    ramp = Ramp(
        world=world,
        subarray=window,
        clock=clock,
        rng=rng,
        trace=trace and not dark and window.grating != "MIRROR",
        cosmic_rays=cosmic_rays,
    )
    with Level1bModel(_raw_counts(ramp)) as model:
        model.update({"meta": _metadata(world, window, clock, dark=dark)})
        with atomic_path(path) as temporary:
            model.save(temporary)
    return Path(path)


def _clock(
    world: World, window: Subarray, readpatt: str | None, *, start: Date, ngroups: int, nints: int
) -> Clock:
    readpatt = readpatt or ("NRSIRS2RAPID" if world.readout == IRS2 else "NRSRAPID")
    if PATTERNS[readpatt].readout != world.readout:
        msg = f"{readpatt} is not a readout pattern of {world.readout}"
        raise ValueError(msg)
    return Clock(
        readpatt=readpatt,
        frame_time=frame_time(window.name, world.readout),
        ngroups=ngroups,
        nints=nints,
        start=mjd(start),
    )


def _raw_counts(ramp: Ramp) -> np.ndarray[Any, np.dtype[np.uint16]]:
    world, clock, window = ramp.world, ramp.clock, ramp.subarray
    bias = bias_image(world.detector, world.readout)
    if world.readout != IRS2:
        bias = bias[window.part(world.detector)]
    raw = np.empty((clock.nints, clock.ngroups, *bias.shape), np.uint16)
    planes = raw.reshape(-1, *bias.shape)
    for plane, charge in zip(planes, ramp.groups(), strict=True):
        plane[:] = read_out(
            charge,
            bias,
            detector=world.detector,
            readout=world.readout,
            nframes=PATTERNS[clock.readpatt].nframes,
            rng=ramp.rng,
        )
    return raw


def _metadata(world: World, window: Subarray, clock: Clock, *, dark: bool) -> dict[str, Any]:
    ny, nx = window.shape
    date, time = iso(clock.start).split("T")
    return {
        "telescope": "JWST",
        "filetype": "raw",
        "instrument": {
            "name": "NIRSPEC",
            "detector": world.detector,
            "filter": "OPAQUE" if dark else window.filter,
            "grating": "MIRROR" if dark else window.grating,
        },
        "observation": {"date": date, "time": time, "program_number": "09999"},
        "visit": {"tsovisit": window.exp_type == "NRS_BRIGHTOBJ" and not dark},
        "target": {"catalog_name": "SIMULATED"},
        "exposure": _exposure(world, window, clock)
        | {"type": "NRS_DARK" if dark else window.exp_type},
        "subarray": {
            "name": window.name,
            "xstart": window.xstart,
            "ystart": window.ystart[world.detector],
            "xsize": nx,
            # 2048 for IRS2 too, although its raw frame has 3200 rows.
            "ysize": ny,
            "fastaxis": 2 if world.detector == "NRS1" else -2,
            "slowaxis": 1 if world.detector == "NRS1" else -1,
        },
    }


def _exposure(world: World, window: Subarray, clock: Clock) -> dict[str, Any]:
    pattern = PATTERNS[clock.readpatt]
    interleaved = {"nrs_normal": 16, "nrs_reference": 4} if world.readout == IRS2 else {}
    return interleaved | {
        "start_time": clock.start,
        "mid_time": clock.start + clock.exposure_days / 2,
        "end_time": clock.start + clock.exposure_days,
        "readpatt": clock.readpatt,
        "nints": clock.nints,
        "ngroups": clock.ngroups,
        "nframes": pattern.nframes,
        "frame_divisor": pattern.nframes,
        "groupgap": pattern.groupgap,
        "nresets_at_start": 1,
        "nresets_between_ints": 1,
        "sample_time": 10.0,
        "frame_time": clock.frame_time,
        "group_time": clock.group_time,
        "integration_time": clock.integration_time,
        "exposure_time": clock.integration_time * clock.nints,
        "duration": clock.exposure_days * 86400,
        "noutputs": 5 if world.readout == IRS2 else window.noutputs,
        "zero_frame": False,
        "data_problem": False,
    }
