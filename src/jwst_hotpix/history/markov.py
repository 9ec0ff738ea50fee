"""A pixel's life as a Markov chain in continuous time: how likely it was hot at every dark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.evidence import Evidence

__all__ = ["Posterior", "posterior"]

# Never hot so far; hot; recovered; telegraph faster than the darks; telegraph in its high and in
# its low state, slower than the darks of one campaign.
_COLD, _HOT, _RECOVERED, _FAST, _HIGH, _LOW = range(6)

# Of new hot NIRCam pixels 20 % are intermittent (C. Willott, gbrammer/grizli issue 200).
_TELEGRAPH_SHARE = 0.2
# Chance a day that a hot pixel recovers, or a recovered one turns hot again: 5 % a year. No rate
# is published for NIRSpec (an assumption).
_RECOVERY = _AGAIN = 0.05 / 365.25
# Chance a day that a slow telegraph pixel leaves its state: dwell times reach a month (an
# assumption).
_SWITCH = 1 / 15.0
# Chance that a dark misses a pixel that is hot (an assumption).
_MISSED = 1e-3
# No pixel is called a telegraph that is nearly always or nearly never high.
_DUTY = (0.1, 0.9)

# Columns worked on at once: what fits into a processor's cache.
_CHUNK = 2048


@dataclass(frozen=True, eq=False, kw_only=True)
class Posterior:
    """
    Probabilities given all darks, darks along the first axis.

    Attributes
    ----------
    on : ndarray of float32, shape (m, p)
        That the pixel has turned hot and not recovered; a telegraph pixel in its low state is on.
    telegraph : ndarray of float32, shape (m, p)
        That it is on and a telegraph pixel.
    """

    on: NDArray[np.float32]
    telegraph: NDArray[np.float32]


def posterior(epoch: NDArray[np.float64], evidence: Evidence, births: float) -> Posterior:
    """
    Run the forward-backward algorithm over all pixels.

    Parameters
    ----------
    epoch : ndarray of float64, shape (m,)
        MJD (UTC), sorted.
    evidence : Evidence
    births : float
        Chance a day that one pixel turns hot.

    Returns
    -------
    Posterior
    """
    on = np.empty(evidence.hot.shape, dtype=np.float32)
    telegraph = np.empty_like(on)
    steps = [_transition(dt) for dt in np.diff(epoch)]
    born = births * np.diff(epoch)
    for start in range(0, evidence.pixel.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        on[:, part], telegraph[:, part] = _chunk(evidence, part, steps, born)
    return Posterior(on=on, telegraph=telegraph)


def _transition(dt: float) -> NDArray[np.float32]:
    """Probabilities from column to row within ``dt`` days; births come on top, pixel by pixel."""
    ends, again = -np.expm1(-_RECOVERY * dt), -np.expm1(-_AGAIN * dt)
    switch = -np.expm1(-2 * _SWITCH * dt) / 2
    move = np.zeros((6, 6), dtype=np.float32)
    move[_COLD, _COLD] = 1
    move[_RECOVERED, [_HOT, _FAST, _HIGH, _LOW]] = ends
    move[_HOT, _HOT] = move[_FAST, _FAST] = 1 - ends
    move[_HIGH, _HIGH] = move[_LOW, _LOW] = (1 - ends) * (1 - switch)
    move[_HIGH, _LOW] = move[_LOW, _HIGH] = (1 - ends) * switch
    move[_HOT, _RECOVERED], move[_RECOVERED, _RECOVERED] = again, 1 - again
    return move


def _kinds() -> NDArray[np.float32]:
    """Return what a cold pixel turns into."""
    into = np.zeros((6, 1), dtype=np.float32)
    into[_HOT] = 1 - _TELEGRAPH_SHARE
    into[_FAST], into[_HIGH], into[_LOW] = np.array([0.5, 0.25, 0.25]) * _TELEGRAPH_SHARE
    return into


def _chunk(
    evidence: Evidence, part: slice, steps: list[NDArray[np.float32]], born: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    surprise = evidence.surprise[part]
    seen_as = _emissions(evidence, part)
    kinds = _kinds()
    alpha = np.empty_like(seen_as)
    state = kinds * (evidence.stock * surprise)
    state[_COLD] = 1 - evidence.stock
    for dark, emission in enumerate(seen_as):
        if dark:
            birth = state[_COLD] * surprise * np.float32(born[dark - 1])
            state = steps[dark - 1] @ state + kinds * birth
        state *= emission
        state /= state.sum(axis=0)
        alpha[dark] = state
    back = np.ones_like(state)
    for dark in range(len(seen_as) - 1, -1, -1):
        alpha[dark] *= back
        if dark:
            back *= seen_as[dark]
            new = (kinds * back).sum(axis=0) * surprise * np.float32(born[dark - 1])
            back = steps[dark - 1].T @ back
            back[_COLD] += new
            back /= back.max(axis=0)
    alpha /= np.maximum(alpha.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    telegraph = alpha[:, _FAST:].sum(axis=1)
    return alpha[:, _HOT] + telegraph, telegraph


def _emissions(evidence: Evidence, part: slice) -> NDArray[np.float32]:
    """Probability of what each dark saw in each state, over that in the cold state."""
    hot, seen = evidence.hot[:, part], evidence.seen[:, part]
    ratio = evidence.ratio[:, part]
    duty = np.clip(evidence.duty[part], *_DUTY)
    cold = seen & ~hot
    emission = np.ones((hot.shape[0], 6, hot.shape[1]), dtype=np.float32)
    steady = np.where(hot, (1 - _MISSED) * ratio, np.where(cold, np.float32(_MISSED), 1))
    emission[:, _HOT] = emission[:, _HIGH] = steady
    emission[:, _FAST] = np.where(hot, duty * ratio, np.where(cold, 1 - duty, 1))
    return emission
