"""What darks see of a world, without making images of them: from truth straight to `Sightings`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jwst_hotpix.instrument.crosses import cross
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.instrument.frames import Window, flat, unflat
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.lit_pixels import LitPixels
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, Date, mjd

__all__ = ["dark_schedule", "simulate_sightings"]

# As the ledger: a row is kept above the floor and with this significance.
_SIGNIFICANCE = 5.0
# A dark of a hundred 10.7 s frames; a pixel of 60 kDN full well is lost in the first frame above
# 5600 DN/s.
_SECONDS, _SATURATED = 1074.0, 5600.0
# A leftover hit of 1000 electrons in 1074 s (log-normal; the width is an assumption).
_HIT_MEDIAN, _HIT_SIGMA = 0.93, 1.0
# A reference averages the darks of some days, which removes most outliers of one of them.
_REFERENCE_DAYS, _REFERENCE_DARKS = 4.0, 8
_REFERENCE_HITS = 0.02


def dark_schedule(
    start: Date = "2022-07-01", months: float = 36.0, *, campaign: int = 8, seed: int = 0
) -> NDArray[np.float64]:
    """
    Draw when darks are taken: campaigns every 3 to 4 months, and a dark every other week.

    Parameters
    ----------
    start : str, astropy.time.Time or float
        Date, any `Date`, of the first campaign.
    months : float
        How long darks are taken.
    campaign : int
        Darks per campaign, six hours apart.
    seed : int
        Equal seeds give equal schedules.

    Returns
    -------
    ndarray of float64, shape (m,)
        MJD (UTC), sorted.
    """
    first, last = mjd(start), mjd(start) + months * DAYS_PER_MONTH
    rng = np.random.default_rng([seed, 1])
    gaps = rng.uniform(3.0, 4.0, int(months // 3) + 1) * DAYS_PER_MONTH
    campaigns = first + np.r_[0.0, np.cumsum(gaps)]
    epochs = [campaigns[:, None] + np.arange(campaign) / 4]
    lone = np.arange(first + 14.0, last, 14.0)
    epochs.append(lone + rng.uniform(-2.0, 2.0, lone.size))
    every = np.sort(np.concatenate([part.ravel() for part in epochs]))
    return every[every < last]


def simulate_sightings(  # noqa: PLR0913 (the knobs of a simulation)
    worlds: World | Sequence[World],
    epochs: ArrayLike,
    *,
    readouts: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    noise: float = 0.01,
    floor: float = 0.1,
    leftover_cosmic_rays: float = 500.0,
    hit_median: float = _HIT_MEDIAN,
    unseen_share: float = 1e-3,
    never_seen: ArrayLike = (),
    seed: int = 0,
) -> Sightings:
    """
    Draw what darks see of one detector.

    Parameters
    ----------
    worlds : World or sequence of World
        All of one detector; a dark sees the world of its readout mode, or else the first.
    epochs : array_like of float, shape (m,)
        MJD (UTC), sorted.
    readouts, kinds : sequence of str, length m, optional
        ``"IRS2"`` or ``"TRAD"`` (default: of the first world); ``"dark"`` (default) or
        ``"reference"``, which averages darks of four days and loses most cosmic rays.
    noise : float
        Standard deviation of a quiet pixel in one dark, DN/s; shot noise of 1074 s is added.
    floor : float
        Dark rate in DN/s below which nothing is recorded.
    leftover_cosmic_rays : float
        Mean number of false detections per dark, each on a pixel of its own, with log-normal rates.
    hit_median : float
        Median of these rates, DN/s.
    unseen_share : float
        Fraction of the pixels that a dark cannot see, drawn anew for each.
    never_seen : array_like of int
        Pixels (``y * columns + x``, full frame, zero-based) that no dark can see.
    seed : int
        Equal seeds give equal sightings.

    Returns
    -------
    Sightings
        As a ledger would give them.
    """
    worlds = [worlds] if isinstance(worlds, World) else list(worlds)
    epoch = np.asarray(epochs, dtype=np.float64)
    rng = np.random.default_rng([seed, 2])
    readout = tuple(readouts or [worlds[0].readout] * epoch.size)
    kind = tuple(kinds or ["dark"] * epoch.size)
    lit = {world.readout: LitPixels.of(world) for world in reversed(worlds)}
    chip, blind = get_detector(worlds[0].detector), np.asarray(never_seen, dtype=np.int32)
    rows, unseen = [], []
    for when, mode, what in zip(epoch, readout, kind, strict=True):
        seen = lit.get(mode, lit[worlds[0].readout])
        hits = leftover_cosmic_rays * (_REFERENCE_HITS if what == "reference" else 1.0)
        pixel, rate = _add_hits(rng, chip, seen, _true_rate(seen, when, what), hits, hit_median)
        spread = noise / np.sqrt(_REFERENCE_DARKS if what == "reference" else 1)
        hidden = np.union1d(_draw_pixels(rng, chip, unseen_share * chip.active_area().sum()), blind)
        rows.append(_measure(rng, pixel, rate, spread, floor, hidden))
        unseen.append(hidden.astype(np.int32))
    return _pack(chip, epoch, readout, kind, floor, rows, unseen)


def _true_rate(lit: LitPixels, epoch: float, kind: str) -> NDArray[np.float64]:
    if kind != "reference":
        return lit.rate(epoch)
    times = epoch + np.linspace(-0.5, 0.5, _REFERENCE_DARKS) * _REFERENCE_DAYS
    return np.asarray(np.mean([lit.rate(time) for time in times], axis=0))


def _draw_pixels(rng: np.random.Generator, chip: Detector, mean: float) -> NDArray[np.int32]:
    n = rng.poisson(mean)
    y = rng.integers(chip.border_y, chip.shape[0] - chip.border_y, n)
    x = rng.integers(chip.border_x, chip.shape[1] - chip.border_x, n)
    return np.unique(flat(y, x, chip.shape)).astype(np.int32)


def _add_hits(
    rng: np.random.Generator,
    chip: Detector,
    lit: LitPixels,
    rate: NDArray[np.float64],
    mean: float,
    median: float,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Add leftover cosmic rays with the arms of their crosses."""
    hit = _draw_pixels(rng, chip, mean)
    fake = median * np.exp(_HIT_SIGMA * rng.standard_normal(hit.size))
    bright = fake > 10.0
    arm_y, arm_x, center = cross(*unflat(hit[bright], chip.shape), chip.shape)
    arm = flat(arm_y, arm_x, chip.shape).astype(np.int32)
    every = np.concatenate([lit.pixel, hit, arm])
    rates = np.concatenate([rate, fake, fake[bright][center] * lit.world.alpha])
    pixel, where = np.unique(every, return_inverse=True)
    return pixel.astype(np.int32), np.bincount(where, rates).astype(np.float64)


def _measure(
    rng: np.random.Generator,
    pixel: NDArray[np.int32],
    rate: NDArray[np.float64],
    noise: float,
    floor: float,
    hidden: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    error = np.sqrt(noise**2 + rate / _SECONDS)
    seen = rate + error * rng.standard_normal(rate.size)
    kept = (seen > np.maximum(floor, _SIGNIFICANCE * error)) & ~np.isin(pixel, hidden)
    seen = np.where(rate > _SATURATED, np.inf, seen)
    return pixel[kept], seen[kept].astype(np.float32), error[kept].astype(np.float32)


def _pack(
    chip: Detector,
    epoch: NDArray[np.float64],
    readout: tuple[str, ...],
    kind: tuple[str, ...],
    floor: float,
    rows: list[tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]],
    unseen: list[NDArray[np.int32]],
) -> Sightings:
    pixel, dark = _in_one([row[0] for row in rows])
    order = np.argsort(pixel, kind="stable")
    rate, error = (
        np.concatenate([np.empty(0, np.float32), *[row[i] for row in rows]])[order] for i in (1, 2)
    )
    hidden, hidden_dark = _in_one(unseen)
    hidden_order = np.argsort(hidden, kind="stable")
    sha = hashlib.sha256()
    for part in (epoch, pixel, dark, rate, error, hidden):
        sha.update(part.tobytes())
    return Sightings(
        detector=chip,
        epoch=epoch,
        readout=readout,
        kind=kind,
        window=(Window(detector=chip, shape=chip.shape),) * epoch.size,
        seconds=np.full(epoch.size, _SECONDS),
        pedigree="SIMULATION",
        floor=np.full(epoch.size, floor, dtype=np.float32),
        pixel=pixel[order],
        dark=dark[order],
        rate=rate,
        error=error,
        unseen_pixel=hidden[hidden_order],
        unseen_dark=hidden_dark[hidden_order],
        digest=sha.hexdigest(),
    )


def _in_one(parts: list[NDArray[np.int32]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Join the pixels of all darks, and number the dark of each."""
    dark = np.repeat(np.arange(len(parts), dtype=np.int32), [part.size for part in parts])
    return np.concatenate([np.empty(0, np.int32), *parts]), dark
