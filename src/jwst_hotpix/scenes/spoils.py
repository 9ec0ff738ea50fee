"""What spoils an exposure: cosmic rays, snowballs, stripes, and light of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.scenes.light import Lines, add_lines

__all__ = ["Persistence", "add_cosmic_rays", "add_snowballs", "stripes"]

# Leftover hits of 1000 s on a full frame that the jump step missed, the pixels of a hit, and their
# charge in DN (assumptions; darks of the monitor have as many).
_HITS, _SIZES, _SIZE_SHARE = 500, (1, 2, 3, 5), (0.65, 0.2, 0.1, 0.05)
_CHARGE, _CHARGE_SIGMA = 500.0, 0.9
_SNOWBALLS = 5
_AREA, _SECONDS = 2048.0**2, 1000.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Persistence:
    """
    Light of an earlier exposure that pixels give back, falling as one over time.

    The law is that of the HgCdTe detector of WFC3 (K. S. Long et al., ISR WFC3 2015-15: power
    laws of exponent about -1). Single pixels of 0.7 to 30 DN/s are an assumption, and a hard one:
    the same source has less than 1 e-/s left after 1000 s.

    Attributes
    ----------
    sharp : ndarray of int, shape (n,)
        Single pixels, ``y * nx + x``.
    rate : ndarray of float, shape (n,)
        DN/s at `start`.
    smooth : Lines
        Images of sources, DN/s at `start`.
    start : float
        MJD.
    age : float
        Days since the light fell, at `start`.
    """

    sharp: NDArray[np.intp]
    rate: NDArray[np.float64]
    smooth: Lines
    start: float
    age: float

    @classmethod
    def draw(
        cls, shape: tuple[int, int], start: float, *, sharp: int, smooth: int, seed: int
    ) -> Self:
        """
        Draw what an earlier visit left.

        Parameters
        ----------
        shape : tuple of int
            Rows and columns.
        start : float
            MJD of the first exposure.
        sharp, smooth : int
            Numbers of single pixels, and of images of sources.
        seed : int
            Seed of the random numbers.

        Returns
        -------
        Persistence
        """
        rng = np.random.default_rng([seed, 21])
        y, x = rng.uniform(0, 1, (2, smooth)) * np.array(shape)[:, None]
        return cls(
            sharp=rng.integers(0, shape[0] * shape[1], sharp),
            rate=np.exp(rng.uniform(np.log(0.7), np.log(30), sharp)),
            smooth=Lines(
                y=y,
                x=x,
                peak=np.exp(rng.uniform(np.log(0.3), np.log(10), smooth)),
                height=rng.uniform(1.5, 6, smooth),
                width=rng.uniform(1.5, 6, smooth),
            ),
            start=start,
            age=rng.uniform(600, 20_000) / 86400,
        )

    def add(self, image: NDArray[np.float32], epoch: float) -> None:
        """
        Add what is left to an image, in place.

        Parameters
        ----------
        image : ndarray of float32, shape (ny, nx)
            DN/s, changed in place.
        epoch : float
            MJD.
        """
        left = self.age / (self.age + max(epoch - self.start, 0))
        np.add.at(image.reshape(-1), self.sharp, (self.rate * left).astype(np.float32))
        faded = Lines(**(vars(self.smooth) | {"peak": self.smooth.peak * left}))
        add_lines(image, faded)


def add_cosmic_rays(
    image: NDArray[np.float32], rng: np.random.Generator, seconds: float, hits: float = _HITS
) -> None:
    """
    Add what the jump step missed, single pixels and clusters, in place.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        DN/s.
    rng : numpy.random.Generator
        Source of random numbers.
    seconds : float
        Exposure time.
    hits : float
        In 1000 s on a full frame.
    """
    n = rng.poisson(hits * image.size / _AREA * seconds / _SECONDS)
    size = rng.choice(_SIZES, n, p=_SIZE_SHARE)
    y, x = rng.integers(0, image.shape, (n, 2)).T
    charge = _CHARGE * rng.lognormal(0, _CHARGE_SIGMA, n) / seconds
    for step in range(max(_SIZES)):
        on = size > step
        inside = on & (y >= 0) & (y < image.shape[0]) & (x >= 0) & (x < image.shape[1])
        share = charge[inside] * rng.uniform(0.2, 1, int(inside.sum()))
        np.add.at(image, (y[inside], x[inside]), share.astype(np.float32))
        dy, dx = np.array([(0, 1), (1, 0), (0, -1), (-1, 0)])[rng.integers(0, 4, n)].T
        y, x = y + dy, x + dx


def add_snowballs(
    image: NDArray[np.float32], rng: np.random.Generator, seconds: float
) -> NDArray[np.bool_]:
    """
    Add the halos of large hits, in place.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        DN/s.
    rng : numpy.random.Generator
        Source of random numbers.
    seconds : float
        Exposure time.

    Returns
    -------
    ndarray of bool, shape (ny, nx)
        Cores, which have no rate.
    """
    n = rng.poisson(_SNOWBALLS * image.size / _AREA * seconds / _SECONDS)
    cores = np.zeros(image.shape, bool)
    row, column = np.ogrid[: image.shape[0], : image.shape[1]]
    for _ in range(n):
        y, x = rng.uniform(0, image.shape[0]), rng.uniform(0, image.shape[1])
        radius = rng.uniform(3, 12)
        away = np.hypot(row - y, column - x) / radius
        image += (rng.uniform(0.2, 2) * np.exp(-((away / 1.5) ** 4))).astype(np.float32)
        cores |= away < 0.4
    return cores


def stripes(shape: tuple[int, int], rng: np.random.Generator, size: float) -> NDArray[np.float32]:
    """
    Draw what 1/f noise leaves of a slope: columns, the fast axis of NIRSpec, that drift together.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns.
    rng : numpy.random.Generator
        Source of random numbers.
    size : float
        DN/s.

    Returns
    -------
    ndarray of float32, shape (1, nx)
    """
    white = rng.standard_normal(shape[1])
    slow = np.interp(
        np.arange(shape[1]),
        np.arange(0, shape[1] + 64, 64),
        rng.standard_normal(len(np.arange(0, shape[1] + 64, 64))),
    )
    return (size * (white + slow)).astype(np.float32)[None, :]
