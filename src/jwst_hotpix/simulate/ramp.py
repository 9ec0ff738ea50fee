"""The charge that a detector reads out, group by group: the physics of a simulated exposure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.crosses import cross, spread
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.instrument.readouts import PATTERNS, Subarray
from jwst_hotpix.simulate.trace import trace_rate
from jwst_hotpix.simulate.world import World

__all__ = ["FULL_WELL", "Clock", "Ramp"]

# DN above bias at which a pixel stops collecting charge (an assumption).
FULL_WELL = 54_000.0

# Five hits per second and square centimeter on (36.8 mm)^2 (an assumption); DN at gain 1.
_HITS_PER_PIXEL = 68.0 / 2048**2
_HIT_MEDIAN, _HIT_SIGMA = 1000.0, 1.0


@dataclass(frozen=True, kw_only=True)
class Clock:
    """
    When the frames of an exposure are read.

    Attributes
    ----------
    readpatt : str
        Readout pattern, e.g. ``"NRSIRS2RAPID"``.
    frame_time : float
        Time to read one frame, in seconds.
    ngroups, nints : int
        Groups per integration, and integrations.
    start : float
        MJD (UTC) of the first reset.
    """

    readpatt: str
    frame_time: float
    ngroups: int
    nints: int = 1
    start: float = 0.0

    @property
    def group_time(self) -> float:
        """Time from one group to the next, in seconds."""
        pattern = PATTERNS[self.readpatt]
        return self.frame_time * (pattern.nframes + pattern.groupgap)

    @property
    def integration_time(self) -> float:
        """Time from the reset to the last frame read, in seconds."""
        pattern = PATTERNS[self.readpatt]
        return self.ngroups * self.group_time - pattern.groupgap * self.frame_time

    @property
    def exposure_days(self) -> float:
        """Time from the first reset to the last frame, in days; a reset takes one frame time."""
        return self.nints * (self.integration_time + self.frame_time) / 86400

    def frame_mjd(self, integration: int, frame: int) -> float:
        """Return the MJD (UTC) of the middle of a frame; both indices count from zero."""
        before = integration * (self.integration_time + self.frame_time)
        return self.start + (before + (frame + 0.5) * self.frame_time) / 86400


@dataclass(frozen=True, eq=False, kw_only=True)
class Ramp:
    """
    The charge that collects in a subarray of a world.

    Attributes
    ----------
    world : World
        The detector and its hot pixels.
    subarray : Subarray
        The part that is read.
    clock : Clock
        When it is read.
    rng : numpy.random.Generator
        Source of photon noise and cosmic rays.
    trace, cosmic_rays : bool
        Whether to add the spectrum of `trace_rate`, and cosmic rays.
    """

    world: World
    subarray: Subarray
    clock: Clock
    rng: np.random.Generator
    trace: bool = True
    cosmic_rays: bool = True
    _stencil: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stencil", self._make_stencil())

    def groups(self) -> Iterator[NDArray[np.float32]]:
        """
        Collect charge.

        Yields
        ------
        ndarray of float32, shape (ny, nx)
            DN above bias, science frame of the subarray, for every group of every integration,
            averaged over its frames. The only noise is the photon noise of hot pixels.
        """
        diffuse = self._diffuse_rate()
        for integration in range(self.clock.nints):
            hits = np.zeros(self.subarray.shape, np.float32)
            for seconds, charge in self._hot_charge(integration):
                self._add_hits(hits)
                image = diffuse * np.float32(seconds)
                image += hits
                self._add_hot(image, charge)
                yield np.minimum(image, np.float32(FULL_WELL), out=image)

    def _diffuse_rate(self) -> NDArray[np.float32]:
        rate = self.world.base_rate()
        if self.trace:
            rate += trace_rate(self.world.detector)
        part = self.subarray.part(self.world.detector)
        return spread(rate, self.world.alpha)[part].astype(np.float32)

    def _hot_charge(self, integration: int) -> Iterator[tuple[float, NDArray[np.float64]]]:
        """Yield per group the mean time since reset (s) and the charge of the hot pixels (DN)."""
        pattern, clock = PATTERNS[self.clock.readpatt], self.clock
        charge = np.zeros(len(self.world))
        frame = 0
        for group in range(clock.ngroups):
            reads = []
            for _ in range(pattern.nframes + pattern.groupgap * (group > 0)):
                rate = self.world.center_rate(clock.frame_mjd(integration, frame))
                charge += self.rng.poisson(np.minimum(rate * clock.frame_time, 1e9))
                frame += 1
                reads.append(np.minimum(charge, FULL_WELL))
            # The gap precedes the frames of its group, so the last frames are those averaged.
            mean = np.mean(reads[-pattern.nframes :], axis=0)
            yield clock.frame_time * (frame - (pattern.nframes - 1) / 2), mean

    def _make_stencil(
        self,
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Find where each hot pixel and its four neighbors lie, and what fraction each gets."""
        world, shape = self.world, self.subarray.shape
        row = world.y - (self.subarray.ystart[world.detector] - 1)
        column = world.x - (self.subarray.xstart - 1)
        own = np.flatnonzero((row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1]))
        arm_row, arm_column, center = cross(row, column, shape)
        place = np.concatenate([flat(row, column, shape)[own], flat(arm_row, arm_column, shape)])
        share = np.repeat([1 - 4 * world.alpha, world.alpha], [own.size, center.size])
        return place, np.concatenate([own, center]), share

    def _add_hot(self, image: NDArray[np.float32], charge: NDArray[np.float64]) -> None:
        place, source, share = self._stencil
        np.add.at(image.reshape(-1), place, (share * charge[source]).astype(np.float32))

    def _add_hits(self, hits: NDArray[np.float32]) -> None:
        """Add cosmic rays of two adjacent pixels each, whose charge stays until the reset."""
        if not self.cosmic_rays:
            return
        n = self.rng.poisson(_HITS_PER_PIXEL * self.clock.group_time * hits.size)
        dn = _HIT_MEDIAN * self.rng.lognormal(0.0, _HIT_SIGMA, n)
        row, column = self.rng.integers(0, hits.shape, size=(n, 2)).T
        beside = np.minimum(row + 1, hits.shape[0] - 1)
        np.add.at(hits, (row, column), 0.7 * dn)
        np.add.at(hits, (beside, column), 0.3 * dn)
