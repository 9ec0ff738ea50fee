"""Inter-pixel capacitance (IPC): crosses, their arms and their centers. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.tools.medians import mad_std

__all__ = [
    "DEFAULT_ALPHA",
    "Coupling",
    "Lighting",
    "Measured",
    "Role",
    "count_neighbors",
    "cross",
    "estimate_coupling",
    "find_centers",
    "is_lit",
    "spread",
    "who_lights_whom",
]

# Edge of the CRDS kernel of NRS1 (ground data, 2019); H2RGs range from 0.7 to 1.5 %
# (Donlon et al. 2018, arXiv:1805.09413).
DEFAULT_ALPHA = 0.0065

# A pixel with at least this many hot 4-neighbors is the center of a cross.
RING = 3

# H2RGs measure 0.7 to 1.5 %, NIRSpec up to 3 % near saturation (Giardino et al., "Noise
# properties and signal-dependent interpixel crosstalk"); what lies outside is no IPC.
_ALPHA_LOWEST, _ALPHA_HIGHEST = 0.003, 0.03
# Fewest bright centers to measure it from, and smallest tolerance: the coupling depends on signal
# and direction.
_ENOUGH, _TOLERANCE = 10, 0.25
_SIGMAS = 3.0


class Role(IntEnum):
    """What lights a pixel: itself, a neighbor, or, in the middle of a ring, presumably itself."""

    CENTER = 0
    NEIGHBOR = 1
    INFERRED_CENTER = 2


@dataclass(frozen=True, kw_only=True)
class Coupling:
    """
    How much of a center's signal appears in each of its neighbors.

    Attributes
    ----------
    alpha : float
        Fraction of the signal that each neighbor gets; a center keeps ``1 - 4 alpha``.
    tolerance : float
        Largest relative deviation of an arm from the rate that IPC predicts.
    """

    alpha: float = DEFAULT_ALPHA
    tolerance: float = _TOLERANCE

    @property
    def ratio(self) -> float:
        """Rate of an arm over the measured rate of its center."""
        return self.alpha / (1 - 4 * self.alpha)


@dataclass(frozen=True, eq=False, kw_only=True)
class Measured:
    """
    Pixels with their rates and onsets; a pixel that was hot twice may appear twice.

    Attributes
    ----------
    y, x : ndarray of int, shape (n,)
        Zero-based, full frame, science frame.
    rate, error : ndarray of float, shape (n,)
        DN/s while hot; NaN or infinite where unmeasurable.
    hot : ndarray of bool, shape (n,)
        Above the threshold. The others help: a faint arm distinguishes a ring from a chance pair.
    onset_earliest, onset_latest : ndarray of float, shape (n,)
        MJD (UTC) between which each turned hot.
    """

    y: NDArray[np.intp]
    x: NDArray[np.intp]
    rate: NDArray[np.floating]
    error: NDArray[np.floating]
    hot: NDArray[np.bool_]
    onset_earliest: NDArray[np.floating]
    onset_latest: NDArray[np.floating]

    def __post_init__(self) -> None:
        # Unsigned coordinates would wrap at the edge of the frame.
        for name in ("y", "x"):
            object.__setattr__(self, name, np.asarray(getattr(self, name)).astype(np.intp))


@dataclass(frozen=True, eq=False, kw_only=True)
class Lighting:
    """
    Who lights whom.

    Attributes
    ----------
    role : ndarray of uint8, shape (n,)
        `Role` of each pixel given; a pixel without a rate inside a ring is an inferred center.
    ring_y, ring_x : ndarray of int, shape (k,)
        Centers of rings that are not among the pixels given.
    """

    role: NDArray[np.uint8]
    ring_y: NDArray[np.intp]
    ring_x: NDArray[np.intp]


def cross(
    y: NDArray[np.integer], x: NDArray[np.integer], shape: tuple[int, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """
    List the four arms of the crosses around pixels, except those beyond the edge.

    Parameters
    ----------
    y, x : ndarray of int, shape (n,)
        Zero-based, science frame.
    shape : tuple of int
        Rows and columns of the frame.

    Returns
    -------
    arm_y, arm_x : ndarray of int, shape (m,)
        Zero-based, in the same frame, ``m <= 4 n``: those below all pixels (``y - 1``), above,
        to the left and to the right. A pixel between two centers appears twice.
    center : ndarray of int, shape (m,)
        Whose arm each one is: index into the pixels given.
    """
    # Cast first: an unsigned zero minus one wraps to the far end of the detector.
    y, x = np.asarray(y).astype(np.intp), np.asarray(x).astype(np.intp)
    arm_y = np.concatenate([y - 1, y + 1, y, y])
    arm_x = np.concatenate([x, x, x - 1, x + 1])
    center = np.tile(np.arange(y.size), 4)
    inside = (arm_y >= 0) & (arm_y < shape[0]) & (arm_x >= 0) & (arm_x < shape[1])
    if inside.all():  # the usual case, in half the time
        return arm_y, arm_x, center
    return arm_y[inside], arm_x[inside], center[inside]


def count_neighbors(hot: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """
    Count the hot pixels among the four neighbors of every pixel.

    Parameters
    ----------
    hot : ndarray of bool, shape (ny, nx)
        Science frame; in a raw IRS2 frame neighbors lie apart.

    Returns
    -------
    ndarray of uint8, shape (ny, nx)
        0 to 4.
    """
    return _sum_of_neighbors(hot.astype(np.uint8))


def find_centers(hot: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    Distinguish the centers in an image of hot pixels from the arms of their crosses.

    A hot pixel is an arm when it touches a hot pixel that has at least three hot neighbors
    and has fewer itself; all other hot pixels are centers.

    Parameters
    ----------
    hot : ndarray of bool, shape (ny, nx)
        Science frame.

    Returns
    -------
    ndarray of bool, shape (ny, nx)
        The hot pixels that are centers.
    """
    full = hot & (count_neighbors(hot) >= RING)
    centers: NDArray[np.bool_] = hot & (full | (count_neighbors(full) == 0))
    return centers


def spread(image: NDArray[np.floating], alpha: float) -> NDArray[np.floating]:
    """
    Let every pixel leak into its four neighbors.

    Parameters
    ----------
    image : ndarray of float, shape (ny, nx)
        Signal in any unit, science frame.
    alpha : float
        Fraction of a pixel's signal that appears in each neighbor; the pixel keeps
        ``1 - 4 alpha``, more at the edge of the frame, so that the sum is conserved.

    Returns
    -------
    ndarray of float, shape (ny, nx)
        The same signal, as read out.
    """
    arms = np.full_like(image, 4.0)
    arms[[0, -1], :] -= 1
    arms[:, [0, -1]] -= 1
    kept: NDArray[np.floating] = image * (1 - alpha * arms) + alpha * _sum_of_neighbors(image)
    return kept.astype(image.dtype, copy=False)


def estimate_coupling(pixels: Measured, shape: tuple[int, int], *, floor: float) -> Coupling:
    """
    Measure IPC: the median ratio of arm to center over bright pixels without a bright neighbor.

    Parameters
    ----------
    pixels : Measured
        All pixels above ``floor``, neighbors included.
    shape : tuple of int
        Rows and columns of the frame.
    floor : float
        Dark rate in DN/s below which pixels are not given.

    Returns
    -------
    Coupling
        The default where fewer than ten centers are bright enough for the weakest coupling to
        show, and where arms are fainter than it: the centers do not show their rates then.
        ``alpha`` is within 0.3 and 3 % in any case.
    """
    y, x, rate = pixels.y, pixels.x, pixels.rate
    image = _image(y, x, np.where(np.isfinite(rate), rate, 0), shape)
    bright = np.isfinite(rate) & (rate * _ALPHA_LOWEST > floor)
    center, arms = rate[bright], _arms(image, y[bright], x[bright])
    alone = (arms < 2 * _ALPHA_HIGHEST * center).all(axis=0)
    if alone.sum() < _ENOUGH:
        return Coupling()
    share = (arms / center)[:, alone]
    ratio = float(np.median(share))
    if ratio < _ALPHA_LOWEST:
        return Coupling()
    scatter = float(mad_std(share, ratio)) / ratio
    alpha = float(np.clip(ratio / (1 + 4 * ratio), _ALPHA_LOWEST, _ALPHA_HIGHEST))
    return Coupling(alpha=alpha, tolerance=max(_TOLERANCE, _SIGMAS * scatter))


def who_lights_whom(
    pixels: Measured,
    shape: tuple[int, int],
    *,
    coupling: Coupling,
    masked: NDArray[np.bool_] | None = None,
) -> Lighting:
    """
    Distinguish centers from the neighbors that they light, and find rings without a center.

    A pixel is a neighbor when the pixels around it explain its rate and were hot no later. The
    rate of a center that has none (saturated, dead, masked) follows from its arms.

    Parameters
    ----------
    pixels : Measured
        All pixels above the floor of the darks, hot or not.
    shape : tuple of int
        Rows and columns of the frame.
    coupling : Coupling
        How much of a center's rate its arms show.
    masked : ndarray of bool, shape ``shape``, optional
        Hot pixels of the active mask, arms included; science frame.

    Returns
    -------
    Lighting
        The role of each pixel, and the rings.
    """
    y, x, rate, hot = pixels.y, pixels.x, pixels.rate, pixels.hot
    measured = np.isfinite(rate)
    blind = hot & ~measured
    image = _image(y, x, np.where(measured, rate, 0), shape)
    dark = _image(y, x, blind, shape)
    if masked is not None:
        dark |= np.pad(find_centers(masked), 1) & (image == 0)
    source = _sources(image, dark, coupling)
    # An arm of a center that is seen is no arm of a ring without one.
    alone = hot & measured & ~_explained(pixels, source, coupling)
    ring = _rings(pixels, alone, image, coupling)
    neighbor = hot & _explained(pixels, _sources(source, ring, coupling), coupling)
    role = np.where(neighbor, Role.NEIGHBOR, Role.CENTER)
    ring |= dark & _rings(pixels, neighbor, image, coupling)
    role[blind & ring[y + 1, x + 1]] = Role.INFERRED_CENTER
    ring[y[hot] + 1, x[hot] + 1] = False
    ring_y, ring_x = np.nonzero(ring[1:-1, 1:-1])
    return Lighting(role=role.astype(np.uint8), ring_y=ring_y, ring_x=ring_x)


def is_lit(
    rate: NDArray[np.floating],
    error: NDArray[np.floating],
    around: NDArray[np.floating],
    coupling: Coupling,
) -> NDArray[np.bool_]:
    """
    Decide which pixels are only as bright as the pixels around them make them.

    Parameters
    ----------
    rate, error : ndarray of float, shape (n,)
        DN/s; a pixel without a finite rate is never explained by others.
    around : ndarray of float, shape (n,)
        Sum of the rates of the four neighbors, DN/s.
    coupling : Coupling
        How much of a center's rate its arms show.

    Returns
    -------
    ndarray of bool, shape (n,)
        IPC explains the pixel's rate.
    """
    expected = around * coupling.ratio
    # The error of a pixel that saturates at once is infinite and stays so: the largest float32, as
    # `nan_to_num` would have it, overflows when multiplied.
    error = np.nan_to_num(error, posinf=np.inf)
    limit = expected * (1 + coupling.tolerance) + _SIGMAS * error
    # Whatever the errors, IPC must account for most of a neighbor's rate.
    return np.asarray(np.isfinite(rate) & (rate <= limit) & (expected > rate / 2))


def _explained(
    pixels: Measured, source: NDArray[np.floating], coupling: Coupling
) -> NDArray[np.bool_]:
    """Decide which pixels those around them explain, which were hot no later."""
    y, x = pixels.y, pixels.x
    place, which = np.unique(flat(y, x, source.shape), return_inverse=True)
    # A pixel turned hot when its first interval began; one that is not listed was always hot.
    since = np.r_[-np.inf, np.full(place.size, np.inf)]
    np.minimum.at(since, which + 1, pixels.onset_earliest)
    number = _numbers(y, x, which, source.shape)
    # A pixel that was hot before another one is not lit by it.
    lit = _arms(source, y, x) * (since[_arms(number, y, x)] <= pixels.onset_latest)
    return is_lit(pixels.rate, pixels.error, lit.sum(axis=0), coupling)


def _numbers(
    y: NDArray[np.intp], x: NDArray[np.intp], which: NDArray[np.intp], size: tuple[int, ...]
) -> NDArray[np.int32]:
    """Lay out which pixel lies where, counted from one: an image of zeros costs no memory."""
    number = np.zeros(size, dtype=np.int32)
    number[y + 1, x + 1] = which + 1
    return number


def _image(
    y: NDArray[np.intp],
    x: NDArray[np.intp],
    values: NDArray[Any],
    shape: tuple[int, int],
) -> NDArray[Any]:
    """Lay out the largest value of each pixel, with a margin so that every pixel has four arms."""
    image = np.zeros((shape[0] + 2, shape[1] + 2), dtype=values.dtype)
    np.maximum.at(image, (y + 1, x + 1), values)
    return image


def _arms(image: NDArray[Any], y: NDArray[np.intp], x: NDArray[np.intp]) -> NDArray[Any]:
    """Return the values of the four neighbors, shape (4, n), from an image with a margin."""
    return np.stack([image[y, x + 1], image[y + 2, x + 1], image[y + 1, x], image[y + 1, x + 2]])


def _rings(
    pixels: Measured,
    member: NDArray[np.bool_],
    image: NDArray[np.floating],
    coupling: Coupling,
) -> NDArray[np.bool_]:
    """Find pixels too faint for the three or four hot ones around them that are alike in all."""
    y, x, size = pixels.y[member], pixels.x[member], image.shape
    hot = np.zeros(size, dtype=bool)
    hot[y + 1, x + 1] = True
    middle_y, middle_x = np.nonzero(count_neighbors(hot)[1:-1, 1:-1] >= RING)

    number = _arms(_numbers(y, x, np.arange(y.size), size), middle_y, middle_x)

    def around(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        arms = np.r_[np.nan, values[member]][number]
        # The second smallest of three or four is typical: NaN sorts last, infinities do not mix.
        return arms, np.sort(arms, axis=0)[1] if arms.size else arms.sum(axis=0)

    arms, typical = around(pixels.rate)
    since, typical_since = around(pixels.onset_earliest)
    seen, typical_seen = around(pixels.onset_latest)
    # A center lights all of its arms at once, and with the same fraction of its signal.
    alike = np.abs(arms - typical) <= coupling.tolerance * typical
    alike &= (since <= typical_seen) & (seen >= typical_since)
    # The measured center of a cross is a hundred times its arms, and never fainter than them.
    faint = image[middle_y + 1, middle_x + 1] < typical
    found = faint & (alike.sum(axis=0) >= RING)
    ring = np.zeros(size, dtype=bool)
    ring[middle_y[found] + 1, middle_x[found] + 1] = True
    return ring


def _sources(
    image: NDArray[np.floating], blind: NDArray[np.bool_], coupling: Coupling
) -> NDArray[np.floating]:
    """Fill in the rates of centers that cannot be measured, from their arms."""
    y, x = np.nonzero(blind[1:-1, 1:-1])
    # The second brightest: one hot pixel beside a masked center proves nothing, two alike do.
    second = np.sort(_arms(image, y, x), axis=0)[-2]
    source = image.copy()
    source[y + 1, x + 1] = np.maximum(source[y + 1, x + 1], second / coupling.ratio)
    return source


def _sum_of_neighbors(image: NDArray[Any]) -> NDArray[Any]:
    total = np.zeros_like(image)
    total[1:] += image[:-1]
    total[:-1] += image[1:]
    total[:, 1:] += image[:, :-1]
    total[:, :-1] += image[:, 1:]
    return total
