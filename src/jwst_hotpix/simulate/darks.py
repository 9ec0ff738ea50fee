"""Dark products made directly from a world, without the pipeline: a year of darks in seconds."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from jwst_hotpix.instrument import readouts
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.dq_flags import PIXEL
from jwst_hotpix.instrument.readouts import IRS2, PATTERNS, SUBARRAYS, Subarray
from jwst_hotpix.simulate import crds_references
from jwst_hotpix.simulate.electronics import READ_NOISE, slope_variance
from jwst_hotpix.simulate.ramp import FULL_WELL
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import Date, iso, mjd

__all__ = ["rate_hdus", "write_dark_rate", "write_dark_reference"]

# DN left by a cosmic ray that the jump step missed (an assumption).
_LEFTOVER_MEDIAN, _LEFTOVER_SIGMA = 500.0, 0.7


def write_dark_rate(  # noqa: PLR0913 (what an observer chooses)
    path: str | os.PathLike[str],
    world: World,
    *,
    start: Date,
    ngroups: int | None = None,
    readpatt: str | None = None,
    subarray: str = "FULL",
    leftovers: int = 100,
    masked: Date | None = None,
    seed: int = 0,
) -> Path:
    """
    Write the rate product of a dark exposure, as made by Detector1 without dark subtraction.

    Parameters
    ----------
    path : path
        Where to write, e.g. ``jw09999001001_02101_00001_nrs1_rate.fits``.
    world : World
        The truth; sets detector and readout mode.
    start : str, astropy.time.Time or float
        When the exposure starts: ISO 8601 (UTC), a time, or MJD (UTC).
    ngroups : int, optional
        Groups per integration; by default enough for about 1000 s.
    readpatt : str, optional
        Readout pattern; by default ``"NRSIRS2"`` or ``"NRSRAPID"``.
    subarray : str
        A key of `SUBARRAYS`, e.g. ``"FULL"``.
    leftovers : int
        Number of cosmic rays missed by the jump step per full frame; scaled to a subarray.
    masked : str, astropy.time.Time or float, optional
        Date, given likewise, of the mask that was used: its pixels are NaN, HOT and DO_NOT_USE.
    seed : int
        Seed of noise and cosmic rays.

    Returns
    -------
    pathlib.Path
        The file written: SCI and ERR in DN/s, DQ in pipeline bits.

    Raises
    ------
    KeyError
        When ``subarray`` or ``readpatt`` is unknown.
    ValueError
        When a subarray is requested with IRS2.
    OSError
        When ``path`` cannot be written. No partial file is left behind.
    """
    window = SUBARRAYS[subarray]
    readpatt = readpatt or ("NRSIRS2" if world.readout == IRS2 else "NRSRAPID")
    pattern = PATTERNS[readpatt]
    group_time = readouts.group_time(readpatt, subarray)
    ngroups = ngroups or max(2, round(1000 / group_time))
    begin = mjd(start)
    seconds = group_time * ngroups
    middle = begin + seconds / 2 / 86400
    rng = np.random.default_rng([seed, world.seed, round(begin * 1e4)])
    part = window.part(world.detector)
    rate = world.dark_rate(middle)[part]
    noise = READ_NOISE[world.readout] / np.sqrt(pattern.nframes)
    error = _error(rate, noise, group_time, ngroups)
    dq = np.zeros(rate.shape, np.uint32)
    dq[rate * group_time > FULL_WELL] = PIXEL["SATURATED"] | PIXEL["DO_NOT_USE"]
    rate += rng.standard_normal(rate.shape, dtype=np.float32) * error
    _add_leftovers(rate, rng, leftovers * rate.size // 2048**2, seconds)
    if masked is not None:
        dq[world.mask_image(masked)[part]] |= PIXEL["HOT"] | PIXEL["DO_NOT_USE"]
    rate[(dq & PIXEL["DO_NOT_USE"]) != 0] = np.nan
    active = get_detector(world.detector).active_area()[part]
    rate[~active], error[~active] = np.nan, 0
    dq[~active] = PIXEL["REFERENCE_PIXEL"] | PIXEL["DO_NOT_USE"]
    primary = _header(world, window, readpatt, (begin, middle, seconds), ngroups)
    primary.header["FILENAME"] = Path(path).name
    with atomic_path(path) as temporary:
        fits.HDUList([primary, *rate_hdus(rate, error, dq)]).writeto(temporary)
    return Path(path)


def write_dark_reference(
    path: str | os.PathLike[str],
    world: World,
    *,
    known: Date,
    useafter: str | None = None,
    nframes: int = 2,
    ndarks: int = 8,
    seed: int = 0,
) -> Path:
    """
    Write a full-frame DARK reference file with DRK and UNC, noise included.

    Parameters
    ----------
    path : path
        Where to write.
    world : World
        The truth; sets detector and readout mode.
    known : str, astropy.time.Time or float
        Middle of the dark campaign it is made from: ISO 8601 (UTC), a time, or MJD (UTC).
    useafter : str, optional
        ISO 8601, UTC; by default ``known``.
    nframes : int
        Frames of the ramp stored beside DRK, 16 MB each.
    ndarks : int
        Number of 1000 s exposures averaged, which sets the noise.
    seed : int
        Seed of the noise.

    Returns
    -------
    pathlib.Path
        The file written: DRK and its error UNC in DN/s.

    Raises
    ------
    OSError
        When ``path`` cannot be written. No partial file is left behind.
    """
    epoch = mjd(known)
    start = (useafter or iso(epoch)).split(".")[0]
    hdus = crds_references.dark(world, epoch, useafter=start, nframes=nframes)
    rng = np.random.default_rng([seed, world.seed, round(epoch * 1e4)])
    frame_time = readouts.frame_time("FULL", world.readout)
    rate = hdus["DRK"].data
    error = _error(rate, READ_NOISE[world.readout], frame_time, round(1000 / frame_time))
    error /= np.float32(np.sqrt(ndarks))
    noise = rng.standard_normal(rate.shape, dtype=np.float32) * error
    hdus["DRK"].data = rate + np.where(rate > 0, noise, np.float32(0))
    hdus["UNC"].data = error
    for name in ("DRK", "UNC"):
        hdus[name].header["BUNIT"] = "DN/s"
    hdus[0].header["FILENAME"] = Path(path).name
    with atomic_path(path) as temporary:
        hdus.writeto(temporary)
    return Path(path)


def rate_hdus(
    rate: NDArray[np.float32], error: NDArray[np.float32], dq: NDArray[np.uint32]
) -> list[fits.ImageHDU]:
    """Make the extensions of a rate product, in DN/s."""
    images = {"SCI": rate, "ERR": error, "DQ": dq}
    hdus = [fits.ImageHDU(image, name=name) for name, image in images.items()]
    for hdu in hdus[:2]:
        hdu.header["BUNIT"] = "DN/s"
    return hdus


def _error(
    rate: NDArray[np.float32], noise: float, group_time: float, ngroups: int
) -> NDArray[np.float32]:
    """Return the error of a slope: read noise of a line fitted to the groups, and Poisson noise."""
    poisson = rate / np.float32(group_time * ngroups)
    poisson += np.float32(slope_variance(noise, group_time, ngroups))
    error: NDArray[np.float32] = np.sqrt(poisson, out=poisson)
    return error


def _add_leftovers(
    rate: NDArray[np.float32], rng: np.random.Generator, n: int, seconds: float
) -> None:
    y, x = rng.integers(0, rate.shape, size=(n, 2)).T
    charge = _LEFTOVER_MEDIAN * rng.lognormal(0, _LEFTOVER_SIGMA, n)
    np.add.at(rate, (y, x), (charge / seconds).astype(np.float32))


def _header(
    world: World,
    window: Subarray,
    readpatt: str,
    times: tuple[float, float, float],
    ngroups: int,
) -> fits.PrimaryHDU:
    begin, middle, seconds = times
    date, time = iso(begin).split("T")
    primary = fits.PrimaryHDU()
    primary.header.update(
        TELESCOP="JWST",
        TARGPROP="SIMULATED",
        INSTRUME="NIRSPEC",
        DETECTOR=world.detector,
        FILTER="OPAQUE",
        GRATING="MIRROR",
        EXP_TYPE="NRS_DARK",
        DATAMODL="ImageModel",
        READPATT=readpatt,
        SUBARRAY=window.name,
        SUBSTRT1=window.xstart,
        SUBSTRT2=window.ystart[world.detector],
        SUBSIZE1=window.shape[1],
        SUBSIZE2=window.shape[0],
        EXPSTART=begin,
        EXPMID=middle,
        EXPEND=begin + seconds / 86400,
        EFFEXPTM=seconds,
        NINTS=1,
        NGROUPS=ngroups,
        NFRAMES=PATTERNS[readpatt].nframes,
        GROUPGAP=PATTERNS[readpatt].groupgap,
        TFRAME=readouts.frame_time(window.name, world.readout),
        S_DARK="SKIPPED",
        S_RAMP="COMPLETE",
    )
    # Names with a hyphen cannot be keyword arguments of update().
    primary.header["DATE-OBS"], primary.header["TIME-OBS"] = date, time
    return primary
