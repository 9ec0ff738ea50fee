"""Every pixel that a world ever lights, sparse: the truth that lists are scored against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.crosses import cross
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.simulate.world import World

__all__ = ["LitPixels"]


@dataclass(frozen=True, eq=False, kw_only=True)
class LitPixels:
    """
    Every pixel that a world ever lights: hot ones and the arms of their crosses.

    Attributes
    ----------
    world : World
        Whose pixels they are.
    pixel : ndarray of int32, shape (n,)
        ``y * columns + x``, full frame, zero-based; sorted, each once.
    base : ndarray of float32, shape (n,)
        Dark rate without hot pixels, DN/s.
    lit, source : ndarray of int, shape (k,)
        Which pixel is lit by which entry of the world: index into ``pixel``, and into the world.
    share : ndarray of float64, shape (k,)
        Fraction of the source's rate that the pixel shows.
    """

    world: World
    pixel: NDArray[np.int32]
    base: NDArray[np.float32]
    lit: NDArray[np.intp]
    source: NDArray[np.intp]
    share: NDArray[np.float64]

    @classmethod
    def of(cls, world: World) -> Self:
        """
        Collect the pixels of a world.

        Parameters
        ----------
        world : World
            The truth.

        Returns
        -------
        LitPixels
            Those that see light.
        """
        chip = get_detector(world.detector)
        arm_y, arm_x, center = cross(world.y, world.x, chip.shape)
        own, arm = flat(world.y, world.x, chip.shape), flat(arm_y, arm_x, chip.shape)
        place, source = np.concatenate([own, arm]), np.concatenate([np.arange(own.size), center])
        share = np.repeat([1 - 4 * world.alpha, world.alpha], [own.size, arm.size])
        inside = chip.active_area().ravel()[place]
        pixel, lit = np.unique(place[inside], return_inverse=True)
        return cls(
            world=world,
            pixel=pixel.astype(np.int32),
            base=world.base_rate().ravel()[pixel],
            lit=lit,
            source=source[inside],
            share=share[inside],
        )

    def rate(self, epoch: float, *, telegraph_high: bool = False) -> NDArray[np.float64]:
        """
        Return the dark rates at an instant.

        Parameters
        ----------
        epoch : float
            MJD (UTC).
        telegraph_high : bool
            As in `World.center_rate`.

        Returns
        -------
        ndarray of float64, shape (n,)
            DN/s.
        """
        return self.lit_by(self.world.center_rate(epoch, telegraph_high=telegraph_high))

    def lit_by(self, source_rate: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Return the dark rates for given rates of the world's entries.

        Parameters
        ----------
        source_rate : ndarray of float64, shape ``(len(world),)``
            DN/s before IPC.

        Returns
        -------
        ndarray of float64, shape (n,)
            DN/s, of each pixel.
        """
        lit = np.bincount(self.lit, source_rate[self.source] * self.share, self.pixel.size)
        return np.asarray(self.base + lit)
