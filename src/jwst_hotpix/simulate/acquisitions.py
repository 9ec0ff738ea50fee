"""Simulated raw target acquisitions, with the stamps that the onboard software writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.simulate.raw_exposures import write_uncal
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import Date

__all__ = ["Star", "write_msata", "write_wata"]

# Rows and columns of a stamp, and reads of an acquisition (JWST-STScI-009188, section 4).
_STAMP, _GROUPS = 32, 3
# FWHM in pixels of a star in NIRSpec's imaging mode (an assumption).
_FWHM = 1.6
# One-based corner of the stamp of S1600A1, and where its target is found: y, x.
_WATA_CORNER, _WATA_STAR = (975, 1399), (992.3, 1416.7)


@dataclass(frozen=True, kw_only=True)
class Star:
    """
    A reference star of an MSATA.

    Attributes
    ----------
    name : str
        ``reference_star_name`` of the table.
    y, x : float
        Where it is found: **one-based** science pixels of the full frame.
    brightness : float
        DN/s of the central pixel.
    """

    name: str
    y: float
    x: float
    brightness: float = 200.0


def write_msata(
    path: str | os.PathLike[str],
    world: World,
    stars: Sequence[Star],
    *,
    start: Date,
    seed: int = 0,
) -> Path:
    """
    Simulate a target acquisition through the microshutters (MSATA) and write the raw exposure.

    Parameters
    ----------
    path : path
        Where to write, e.g. ``jw09999001001_02101_00001_nrs1_uncal.fits``.
    world : World
        The truth, in readout mode TRAD, as for all target acquisitions.
    stars : sequence of Star
        The reference stars, each in the middle of its stamp where the edge of the detector allows.
    start : str, astropy.time.Time or float
        When the exposure starts: ISO 8601 (UTC), a time, or MJD (UTC).
    seed : int
        Seed of noise and cosmic rays.

    Returns
    -------
    pathlib.Path
        The file written: full frame, with the table MSA_TARG_ACQ.

    Raises
    ------
    OSError
        When ``path`` cannot be written. No partial file is left behind.
    """
    from asdf.tags.core.ndarray import asdf_datatype_to_numpy_dtype
    from stdatamodels.jwst.datamodels import Level1bModel

    final = Path(path)
    with atomic_path(final) as temporary:
        write_uncal(temporary, world, start=start, ngroups=_GROUPS, seed=seed, trace=False)
        with Level1bModel(temporary) as model:
            columns = model.schema["properties"]["msa_targ_acq_table"]["datatype"]
            table = np.zeros(len(stars), dtype=asdf_datatype_to_numpy_dtype(columns))
            for row, star in zip(table, stars, strict=True):
                _fill(row, world.detector, star)
            model.msa_targ_acq_table = table
            model.data = _with_stars(model.data, stars, model.meta.exposure.group_time)
            model.meta.exposure.type = "NRS_MSATA"
            model.meta.instrument.filter, model.meta.instrument.grating = "F140X", "MIRROR"
            model.save(temporary)
    return final


def write_wata(path: str | os.PathLike[str], world: World, *, start: Date, seed: int = 0) -> Path:
    """
    Simulate a target acquisition in S1600A1 (WATA) and write the raw exposure.

    Parameters
    ----------
    path : path
        Where to write, e.g. ``jw09999001001_02101_00001_nrs1_uncal.fits``.
    world : World
        The truth, for NRS1, where the aperture is, in readout mode TRAD.
    start : str, astropy.time.Time or float
        When the exposure starts: ISO 8601 (UTC), a time, or MJD (UTC).
    seed : int
        Seed of noise and cosmic rays.

    Returns
    -------
    pathlib.Path
        The file written: SUB32, with the header TARG_ACQ.

    Raises
    ------
    OSError
        When ``path`` cannot be written. No partial file is left behind.
    """
    from astropy.io import fits

    final = Path(path)
    with atomic_path(final) as temporary:
        write_uncal(temporary, world, start=start, ngroups=_GROUPS, subarray="SUB32", seed=seed)
        hdu = fits.ImageHDU(name="TARG_ACQ")
        hdu.header.update(
            REFSTNAM="target",
            TA_DTCTR=world.detector,
            EXTROWST=_WATA_CORNER[0],
            EXTCOLST=_WATA_CORNER[1],
            SCIYCNTR=_WATA_STAR[0],
            SCIXCNTR=_WATA_STAR[1],
        )
        with fits.open(temporary, mode="append") as hdus:
            hdus.append(hdu)
    return final


def _fill(row: Any, detector: str, star: Star) -> None:
    """Write a star into a row of the table, in place."""
    row["reference_star_name"], row["ref_star_detector"] = star.name, detector
    row["exposure_id"] = 1
    for axis, found in (("row", star.y), ("col", star.x)):
        corner = round(found) - _STAMP // 2
        row[f"extract_{axis}_start"] = min(max(corner, 1), 2048 - _STAMP + 1)
    row["sci_y_centroid"], row["sci_x_centroid"] = star.y, star.x


def _with_stars(
    raw: NDArray[np.uint16], stars: Sequence[Star], group_time: float
) -> NDArray[np.uint16]:
    """Add the light of stars, which accumulates from group to group, to raw counts."""
    counts = np.array(raw)
    seconds = group_time * np.arange(1, counts.shape[1] + 1)
    for star in stars:
        y, x = (
            np.arange(max(round(at) - 9, 0), min(round(at) + 8, 2048)) for at in (star.y, star.x)
        )
        shape = np.multiply.outer(_profile(y + 1 - star.y), _profile(x + 1 - star.x))
        light = star.brightness * seconds[:, None, None] * shape
        part = counts[0][:, y[0] : y[-1] + 1, x[0] : x[-1] + 1]
        part[:] = np.minimum(part + light, 65535).astype(np.uint16)
    return counts


def _profile(distance: NDArray[np.floating]) -> NDArray[np.float64]:
    profile: NDArray[np.float64] = np.exp(-4 * np.log(2) * (distance / _FWHM) ** 2)
    return profile
