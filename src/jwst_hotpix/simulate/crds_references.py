"""The reference files of a simulated world, in the formats that Detector1 reads."""

from __future__ import annotations

import numpy as np
from astropy.io import fits

from jwst_hotpix.instrument import readouts
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import to_raw_irs2
from jwst_hotpix.instrument.readouts import IRS2, SUBARRAYS
from jwst_hotpix.simulate.crds_hdus import (
    DO_NOT_USE,
    HOT,
    REFERENCE_PIXEL,
    dq_def,
    primary_hdu,
    set_readout,
    with_images,
)
from jwst_hotpix.simulate.electronics import READ_NOISE, bias_image
from jwst_hotpix.simulate.world import World

__all__ = [
    "SATURATION",
    "dark",
    "gain",
    "linearity",
    "mask",
    "readnoise",
    "refpix",
    "saturation",
    "superbias",
]

# Raw DN, bias included. IPC lowers the signal of a full pixel below its full well: with a full
# well of 54000 DN above a bias of 8000, this limit holds up to alpha = 0.02.
SATURATION = 56_000.0

# Highest spatial frequency, relative to the sampling, that the reference pixels correct. Higher
# ones would only add read noise (an assumption; real coefficients are measured).
_REFPIX_CUT = 0.002
_REFPIX_LENGTH = 712 * 2048

_SHAPE = SUBARRAYS["FULL"].shape


def mask(world: World, known: float, *, useafter: str) -> fits.HDUList:
    """
    Make a MASK in which hot pixels are HOT and DO_NOT_USE, and reference pixels are flagged.

    Parameters
    ----------
    world : World
        The truth.
    known : float
        MJD (UTC) of the last dark that the mask is made from.
    useafter : str
        ISO 8601, UTC.

    Returns
    -------
    astropy.io.fits.HDUList
        DQ of 2048 rows, or 3200 for IRS2 (with SUBSIZE2 = 2048, as the pipeline requires).
    """
    hot = world.mask_image(known)
    dq = np.where(hot, HOT | DO_NOT_USE, 0).astype(np.uint8)
    dq[~get_detector(world.detector).active_area()] |= REFERENCE_PIXEL
    if world.readout == IRS2:
        dq = to_raw_irs2(dq, get_detector(world.detector))
    primary = primary_hdu("MASK", "MaskModel", world.detector, useafter=useafter)
    set_readout(primary, world.readout)
    return fits.HDUList([primary, fits.ImageHDU(dq, name="DQ"), dq_def()])


def dark(
    world: World, known: float, *, useafter: str, subarray: str = "FULL", nframes: int = 10
) -> fits.HDUList:
    """
    Make a DARK: the ramp, the dark rate (DRK) and its error (UNC) at a given time.

    Parameters
    ----------
    world : World
        The truth.
    known : float
        MJD (UTC) of the dark; telegraph pixels are in their high state.
    useafter : str
        ISO 8601, UTC.
    subarray : str
        A key of `SUBARRAYS`, e.g. ``"FULL"``.
    nframes : int
        Number of frames; the pipeline averages them into the groups of an exposure.

    Returns
    -------
    astropy.io.fits.HDUList
        SCI of shape (nframes, ny, nx), cumulative DN; DRK and UNC in DN/s.
    """
    window = SUBARRAYS[subarray]
    rate = world.dark_rate(known, telegraph_high=True)[window.part(world.detector)]
    frame_time = readouts.frame_time(subarray, world.readout)
    time = np.arange(1, nframes + 1, dtype=np.float32) * np.float32(frame_time)
    primary = primary_hdu(
        "DARK", "DarkNirspecModel", world.detector, useafter=useafter, window=window
    )
    set_readout(primary, world.readout)
    primary.header["EXP_TYPE"] = "NRS_DARK"
    primary.header.update(NFRAMES=1, NGROUPS=nframes, GROUPGAP=0, TFRAME=frame_time)
    error = np.full_like(rate, READ_NOISE[world.readout] / (frame_time * nframes**1.5))
    images = {
        "SCI": time[:, np.newaxis, np.newaxis] * rate,
        "DRK": rate,
        "UNC": error,
        "DQ": np.zeros(rate.shape, np.uint8),
    }
    return with_images(primary, images)


def superbias(detector: str, readout: str) -> fits.HDUList:
    """Make the SUPERBIAS of a detector and readout mode, of 2048 rows, or 3200 for IRS2."""
    bias = bias_image(detector, readout)
    primary = primary_hdu("SUPERBIAS", "SuperBiasModel", detector)
    set_readout(primary, readout)
    return with_images(primary, {"SCI": bias, "DQ": np.zeros(bias.shape, np.uint8)})


def saturation(detector: str) -> fits.HDUList:
    """Make a SATURATION reference with the same threshold, `SATURATION`, for all pixels."""
    limit = np.full(_SHAPE, SATURATION, np.float32)
    primary = primary_hdu("SATURATION", "SaturationModel", detector)
    return with_images(primary, {"SCI": limit, "DQ": np.zeros(_SHAPE, np.uint8)})


def linearity(detector: str) -> fits.HDUList:
    """Make a LINEARITY reference that changes nothing: coefficients 0 and 1."""
    # One byte per coefficient on disk; the datamodel converts them to float32.
    identity = np.zeros((2, *_SHAPE), np.uint8)
    identity[1] = 1
    primary = primary_hdu("LINEARITY", "LinearityModel", detector)
    return with_images(primary, {"COEFFS": identity, "DQ": np.zeros(_SHAPE, np.uint8)})


def gain(detector: str) -> fits.HDUList:
    """Make a GAIN reference of 1 e-/DN for all pixels, without GAINFACT."""
    primary = primary_hdu("GAIN", "GainModel", detector)
    return with_images(primary, {"SCI": np.ones(_SHAPE, np.float32)}, flags=False)


def readnoise(detector: str, readout: str) -> fits.HDUList:
    """Make a READNOISE reference, in DN of a correlated double sample."""
    noise = np.full(_SHAPE, READ_NOISE[readout] * np.sqrt(2), np.float32)
    primary = primary_hdu("READNOISE", "ReadnoiseModel", detector)
    set_readout(primary, readout)
    return with_images(primary, {"SCI": noise}, flags=False)


def refpix(detector: str) -> fits.HDUList:
    """
    Make a REFPIX reference, the coefficients of the IRS2 correction.

    Parameters
    ----------
    detector : str
        ``"NRS1"`` or ``"NRS2"``.

    Returns
    -------
    astropy.io.fits.HDUList
        Table IRS2: alpha of each output is a low-pass filter on its interleaved reference pixels,
        beta (the reference output) is zero; real and imaginary parts alternate. No bad pixels.
    """
    frequency = np.fft.fftfreq(_REFPIX_LENGTH)
    alpha = np.zeros(2 * _REFPIX_LENGTH, np.float32)
    alpha[::2] = np.exp(-0.5 * (frequency / _REFPIX_CUT) ** 2)
    names = [f"{name}_{output}" for name in ("alpha", "beta") for output in range(4)]
    table = np.zeros(alpha.size, dtype=[(name, np.float32) for name in names])
    for name in names[:4]:
        table[name] = alpha
    flags = np.zeros(8, dtype=[("OUTPUT", "i2"), ("ODD_EVEN", "i2"), ("MASK", "i4")])
    flags["OUTPUT"], flags["ODD_EVEN"] = np.repeat([1, 2, 3, 4], 2), np.tile([1, 2], 4)
    primary = primary_hdu("REFPIX", "IRS2Model", detector)
    set_readout(primary, IRS2)
    tables = [fits.BinTableHDU(table, name="IRS2"), fits.BinTableHDU(flags, name="DQ")]
    return fits.HDUList([primary, *tables])
