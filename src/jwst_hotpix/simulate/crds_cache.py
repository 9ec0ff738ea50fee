"""A complete CRDS cache on disk, from which the pipeline runs without a server."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from astropy.io import fits

from jwst_hotpix.instrument.readouts import IRS2, SUBARRAYS, TRAD, patterns_of
from jwst_hotpix.simulate import crds_references
from jwst_hotpix.simulate.crds_context import Rules, write_context
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.dates import iso, mjd

__all__ = ["Delivery", "write_crds_cache"]

_ALWAYS = "2000-01-01 00:00:00"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """
    One delivery of MASK and DARK files.

    Attributes
    ----------
    known : str
        ISO 8601 date, UTC; the files contain the pixels that were hot by then.
    useafter : str, optional
        ISO 8601 date, UTC, of the first exposure that the files apply to. By default `known`.
    """

    known: str
    useafter: str = ""

    @property
    def start(self) -> str:
        """USEAFTER in FITS format: ISO 8601 without fractions of a second."""
        return iso(mjd(self.useafter or self.known)).split(".")[0]


@dataclass(eq=False)
class _Library:
    """The reference files written so far, and the rules that select them."""

    folder: Path
    rules: Rules = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)

    def add(
        self, reftype: str, key: tuple[str, ...], hdus: fits.HDUList, useafter: str = _ALWAYS
    ) -> None:
        number = self.count[reftype] = self.count.get(reftype, 0) + 1
        name = f"jwst_nirspec_{reftype}_{number:04d}.fits"
        hdus[0].header["FILENAME"] = name
        with atomic_path(self.folder / name) as temporary:
            hdus.writeto(temporary)
        self.add_rule(reftype, key, name, useafter)

    def add_rule(
        self, reftype: str, key: tuple[str, ...], name: str, useafter: str = _ALWAYS
    ) -> None:
        cases = self.rules.setdefault(reftype, {}).setdefault(key, {})
        cases[useafter.replace("T", " ")] = name


def write_crds_cache(
    root: str | os.PathLike[str],
    worlds: World | Sequence[World],
    *,
    deliveries: str | Delivery | Sequence[str | Delivery],
    subarrays: Sequence[str] = ("FULL",),
    dark_frames: int = 10,
) -> str:
    """
    Write every reference file that Detector1 requests from CRDS for the given worlds.

    Parameters
    ----------
    root : path
        Folder of the cache (``CRDS_PATH``), created if missing.
    worlds : World or sequence of World
        One per detector and readout mode.
    deliveries : str, Delivery or sequence of them
        When MASK and DARK were updated; a date alone serves as both `known` and USEAFTER. For
        exposures before the first delivery CRDS raises an error, as there is neither file.
    subarrays : sequence of str
        The subarrays that get a DARK of their own; all other files are full frame, and the
        pipeline cuts them out. IRS2 worlds have FULL only.
    dark_frames : int
        Frames in each DARK, 16 MB each; at least as many as an exposure has.

    Returns
    -------
    str
        Name of the context, ``"jwst_0001.pmap"``; see `cache_environment`.

    Raises
    ------
    ValueError
        When two worlds have the same detector and readout mode.
    FileExistsError
        When ``root`` already holds a complete cache. An interrupted one is completed.
    OSError
        When a file cannot be written. No partial file is left behind.
    """
    worlds = [worlds] if isinstance(worlds, World) else worlds
    if len({(world.detector, world.readout) for world in worlds}) < len(worlds):
        raise ValueError("two worlds have the same detector and readout mode")
    if any(Path(root).glob("mappings/jwst/*.pmap")):
        msg = f"{root} already holds a CRDS cache"
        raise FileExistsError(msg)
    dates = [deliveries] if isinstance(deliveries, str | Delivery) else deliveries
    root = Path(root)
    library = _Library(root / "references" / "jwst" / "nirspec")
    library.folder.mkdir(parents=True, exist_ok=True)
    for detector in sorted({world.detector for world in worlds}):
        _add_detector(library, detector)
    for world in worlds:
        _add_readout(library, world)
        for date in dates:
            delivery = date if isinstance(date, Delivery) else Delivery(known=date)
            _add_delivery(library, world, delivery, subarrays, dark_frames)
    return write_context(root, library.rules)


def _add_detector(library: _Library, detector: str) -> None:
    """Add the references that both readout modes share."""
    library.add("saturation", (detector, "GENERIC"), crds_references.saturation(detector))
    library.add("linearity", (detector, "GENERIC"), crds_references.linearity(detector))
    library.add("gain", (detector, "GENERIC"), crds_references.gain(detector))
    # Prefetch requests the IRS2 coefficients in every readout mode.
    library.add_rule("refpix", (detector, "|".join(patterns_of(TRAD))), "N/A")


def _add_readout(library: _Library, world: World) -> None:
    detector, patterns = world.detector, "|".join(patterns_of(world.readout))
    anywhere = ("GENERIC", *["N/A"] * 4)
    superbias = crds_references.superbias(detector, world.readout)
    library.add("superbias", (detector, patterns, *anywhere), superbias)
    readnoise = crds_references.readnoise(detector, world.readout)
    library.add("readnoise", (detector, patterns, "GENERIC"), readnoise)
    if world.readout == IRS2:
        library.add("refpix", (detector, patterns), crds_references.refpix(detector))


def _add_delivery(
    library: _Library, world: World, delivery: Delivery, subarrays: Sequence[str], nframes: int
) -> None:
    detector, patterns = world.detector, "|".join(patterns_of(world.readout))
    known, start = mjd(delivery.known), delivery.start
    is_irs2 = world.readout == IRS2
    # As in the real rmap: IRS2 has its own masks, everything else shares one without a pattern.
    key = (detector, "FULL", patterns) if is_irs2 else (detector, "GENERIC", "N/A")
    library.add("mask", key, crds_references.mask(world, known, useafter=start), start)
    for name in ("FULL",) if is_irs2 else subarrays:
        window = SUBARRAYS[name]
        corner = (window.xstart, window.ystart[detector], *window.shape[::-1])
        dark = crds_references.dark(world, known, useafter=start, subarray=name, nframes=nframes)
        library.add("dark", (detector, patterns, name, *map(str, corner)), dark, start)
