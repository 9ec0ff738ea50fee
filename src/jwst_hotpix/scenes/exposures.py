"""Rate products of science exposures, as Detector1 leaves them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import asdf
import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from jwst_hotpix.instrument.crosses import spread
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.dq_flags import PIXEL
from jwst_hotpix.instrument.readouts import IRS2, PATTERNS, group_time
from jwst_hotpix.scenes.modes import Scene
from jwst_hotpix.scenes.spoils import Persistence, add_cosmic_rays, add_snowballs, stripes
from jwst_hotpix.simulate.darks import rate_hdus
from jwst_hotpix.simulate.electronics import READ_NOISE, slope_variance
from jwst_hotpix.simulate.ramp import FULL_WELL
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import Date, iso, mjd

__all__ = ["Setup", "write_science"]

# Share of the light by which pixels differ: a rate product is not flat-fielded.
_FLAT = 0.02
# Share of the pixels that a mask holds beside the hot ones, and stripes over white noise.
_DEAD, _STRIPES = 0.002, 0.3
_ARCSEC_PER_ROW = 0.1


@dataclass(frozen=True, kw_only=True)
class Setup:
    """
    How an exposure is taken.

    Attributes
    ----------
    start : str, astropy.time.Time or float
        Date: ISO 8601 (UTC), a time, or MJD (UTC).
    seconds : float
        Exposure time; a whole number of groups is taken.
    pointing : int
        Index into the scene's offsets.
    nints : int
        Integrations; more than one make a ``_rateints`` product.
    readpatt : str, optional
        By default ``"NRSIRS2RAPID"`` or ``"NRSRAPID"``.
    subarray : str
        Gives the time of a frame, e.g. ``"ALLSLITS"``, whatever the size of the scene.
    corner : tuple of int
        One-based first row and column of the frame on the detector.
    visit : str
        ``VISIT_ID``, 11 digits.
    configuration : int
        Of the MSA.
    number : int
        Of the exposure in its visit, and of its noise.
    noise : float
        True noise over what ERR says.
    """

    start: Date
    seconds: float = 1000.0
    pointing: int = 0
    nints: int = 1
    readpatt: str | None = None
    subarray: str = "FULL"
    corner: tuple[int, int] = (1, 1)
    visit: str = "09999001001"
    configuration: int = 1
    number: int = 1
    noise: float = 1.0


def write_science(
    path: str | os.PathLike[str],
    world: World,
    scene: Scene,
    setup: Setup,
    *,
    masked: Date,
    persistence: Persistence | None = None,
    hits: float = 500.0,
    seed: int = 0,
) -> Path:
    """
    Write the rate product of a science exposure.

    Parameters
    ----------
    path : path
        E.g. ``jw09999001001_02101_00001_nrs1_rate.fits``.
    world : World
        Gives detector, readout mode and hot pixels.
    scene : Scene
        Gives the light.
    setup : Setup
        What the exposure looks at.
    masked : str, astropy.time.Time or float
        Date, likewise, of the darks behind MASK and DARK: pixels hot by then are NaN, HOT and
        DO_NOT_USE, and the dark current at that date is subtracted.
    persistence : Persistence, optional
        Light of an earlier exposure that is still there.
    hits : float
        Cosmic rays that the jump step missed, in 1000 s on a full frame.
    seed : int
        Of noise and cosmic rays.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    OSError
        When ``path`` cannot be written; nothing half-written is left.
    """
    begin = mjd(setup.start)
    readpatt = setup.readpatt or ("NRSIRS2RAPID" if world.readout == IRS2 else "NRSRAPID")
    each_group = group_time(readpatt, setup.subarray)
    groups = max(2, round(setup.seconds / setup.nints / each_group))
    rng = np.random.default_rng([seed, world.seed, setup.number, round(begin * 1e4)])
    each = each_group * groups / 86400
    noise = READ_NOISE[world.readout] / np.sqrt(PATTERNS[readpatt].nframes)
    planes = []
    light = _light(world, scene, setup)
    for number in range(setup.nints):
        middle = begin + (number + 0.5) * each
        image = light + _cut(world.dark_rate(middle), scene, setup)
        if persistence is not None:
            persistence.add(image, middle)
        planes.append(_measure(image, rng, noise, each_group, groups, setup, hits))
    rate, error, dq = (np.array(part) for part in zip(*planes, strict=True))
    known = world.dark_rate(masked, telegraph_high=True)
    rate -= _cut(known, scene, setup)
    _mask(world, scene, setup, known > 1.0, rate, error, dq)
    if setup.nints == 1:
        rate, error, dq = rate[0], error[0], dq[0]
    primary = _header(world, scene, setup, readpatt, (begin, each, each_group, groups))
    primary.header["FILENAME"] = Path(path).name
    hdus = rate_hdus(rate, error, dq)
    hdus[0].header.update(RA_V1=10.0, DEC_V1=_declination(scene, setup))
    with atomic_path(path) as temporary:
        fits.HDUList([primary, *hdus, _metadata()]).writeto(temporary)
    return Path(path)


def _metadata() -> fits.BinTableHDU:
    """Return the extension in which data models keep what the headers do not hold: nothing here."""
    content = BytesIO()
    asdf.AsdfFile({}).write_to(content)
    whole = np.frombuffer(content.getvalue(), np.uint8)
    row = np.array([(whole,)], dtype=[("ASDF_METADATA", np.uint8, (whole.size,))])
    return fits.BinTableHDU(row, name="ASDF")


def _light(world: World, scene: Scene, setup: Setup) -> NDArray[np.float32]:
    image, _ = scene.light(setup.pointing)
    flat = np.random.default_rng([world.seed, 22]).standard_normal(scene.shape, dtype=np.float32)
    lit: NDArray[np.float32] = image * (1 + np.float32(_FLAT) * flat)
    return spread(lit, world.alpha).astype(np.float32, copy=False)


def _cut(image: NDArray[Any], scene: Scene, setup: Setup) -> NDArray[Any]:
    y, x = setup.corner[0] - 1, setup.corner[1] - 1
    return image[y : y + scene.shape[0], x : x + scene.shape[1]].copy()


def _measure(
    image: NDArray[np.float32],
    rng: np.random.Generator,
    noise: float,
    each_group: float,
    groups: int,
    setup: Setup,
    hits: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint32]]:
    """Add noise and cosmic rays to an image; say what ERR and DQ would."""
    seconds = each_group * groups
    read = slope_variance(noise, each_group, groups)
    variance = np.maximum(image, 0) / np.float32(seconds) + np.float32(read)
    error: NDArray[np.float32] = np.sqrt(variance).astype(np.float32, copy=False)
    dq = np.zeros(image.shape, np.uint32)
    dq[image * each_group > FULL_WELL] = PIXEL["SATURATED"] | PIXEL["DO_NOT_USE"]
    rate: NDArray[np.float32] = rng.standard_normal(image.shape, dtype=np.float32)
    rate *= error
    rate += image
    rate += stripes(image.shape, rng, _STRIPES * np.sqrt(read))
    add_cosmic_rays(rate, rng, seconds, hits)
    dq[add_snowballs(rate, rng, seconds)] |= PIXEL["JUMP_DET"] | PIXEL["DO_NOT_USE"]
    return rate, error / np.float32(setup.noise), dq


def _mask(
    world: World,
    scene: Scene,
    setup: Setup,
    hot: NDArray[np.bool_],
    rate: NDArray[np.float32],
    error: NDArray[np.float32],
    dq: NDArray[np.uint32],
) -> None:
    """Lose what the mask knows, in place."""
    rng = np.random.default_rng([world.seed, 23])
    dead = rng.random(scene.shape, dtype=np.float32) < _DEAD
    dq[:, dead] |= PIXEL["DO_NOT_USE"]
    dq[:, _cut(hot, scene, setup)] |= PIXEL["HOT"] | PIXEL["DO_NOT_USE"]
    border = ~_cut(get_detector(world.detector).active_area(), scene, setup)
    dq[:, border] |= PIXEL["REFERENCE_PIXEL"] | PIXEL["DO_NOT_USE"]
    lost = (dq & PIXEL["DO_NOT_USE"]) != 0
    rate[lost], error[lost] = np.nan, 0


def _declination(scene: Scene, setup: Setup) -> float:
    return float(scene.offsets[setup.pointing]) * _ARCSEC_PER_ROW / 3600


def _header(
    world: World,
    scene: Scene,
    setup: Setup,
    readpatt: str,
    times: tuple[float, float, float, int],
) -> fits.PrimaryHDU:
    begin, each, each_group, groups = times
    length = each * setup.nints
    date, time = iso(begin).split("T")
    primary = fits.PrimaryHDU()
    is_mos = scene.exp_type == "NRS_MSASPEC"
    primary.header.update(
        TELESCOP="JWST",
        TARGPROP="SIMULATED",
        INSTRUME="NIRSPEC",
        DETECTOR=world.detector,
        FILTER=scene.filter,
        GRATING=scene.grating,
        EXP_TYPE=scene.exp_type,
        LAMP="NO_LAMP",
        DATAMODL="ImageModel" if setup.nints == 1 else "CubeModel",
        PROGRAM=setup.visit[:5],
        OBSERVTN=setup.visit[5:8],
        VISIT=setup.visit[8:],
        VISIT_ID=setup.visit,
        EXPOSURE=str(setup.number),
        READPATT=readpatt,
        SUBARRAY=setup.subarray,
        SUBSTRT1=setup.corner[1],
        SUBSTRT2=setup.corner[0],
        SUBSIZE1=scene.shape[1],
        SUBSIZE2=scene.shape[0],
        EXPSTART=begin,
        EXPMID=begin + length / 2,
        EXPEND=begin + length,
        EFFEXPTM=length * 86400,
        NINTS=setup.nints,
        NGROUPS=groups,
        NFRAMES=PATTERNS[readpatt].nframes,
        GROUPGAP=PATTERNS[readpatt].groupgap,
        TGROUP=each_group,
        PATT_NUM=setup.pointing + 1,
        NUMDTHPT=len(scene.offsets),
        XOFFSET=0.0,
        YOFFSET=float(scene.offsets[setup.pointing]) * _ARCSEC_PER_ROW,
        S_DQINIT="COMPLETE",
        S_DARK="COMPLETE",
        S_RAMP="COMPLETE",
        R_DARK="crds://simulated_dark.fits",
        R_MASK="crds://simulated_mask.fits",
    )
    if is_mos:
        primary.header.update(
            MSAMETFL=f"jw{setup.visit}_{setup.configuration:02d}_msa.fits",
            MSAMETID=setup.configuration,
        )
    # Names with a hyphen cannot be keyword arguments of update().
    primary.header["DATE-OBS"], primary.header["TIME-OBS"] = date, time
    return primary
