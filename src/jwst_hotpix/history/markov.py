"""A pixel's life as a Markov chain in continuous time: how likely it was hot at every dark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.history.assumptions import DEFAULT, Assumptions
from jwst_hotpix.history.evidence import Evidence

__all__ = ["Posterior", "posterior"]

# Never hot so far; hot; recovered; telegraph faster than the darks; telegraph in its high and in
# its low state, slower than the darks of one campaign.
_COLD, _HOT, _RECOVERED, _FAST, _HIGH, _LOW = range(6)

# Columns worked on at once: what fits into a processor's cache.
_CHUNK = 2048


@dataclass(frozen=True, eq=False, kw_only=True)
class Posterior:
    """
    Probabilities given all darks, darks along the first axis.

    Attributes
    ----------
    on : ndarray of float32, shape (m, p)
        That the pixel has turned hot and not recovered at each dark; a telegraph pixel in its low
        state is on.
    telegraph : ndarray of float32, shape (m, p)
        That it is on and a telegraph pixel.
    """

    on: NDArray[np.float32]
    telegraph: NDArray[np.float32]


def posterior(
    epoch: NDArray[np.float64], evidence: Evidence, births: float, assumed: Assumptions = DEFAULT
) -> Posterior:
    """
    Run the forward-backward algorithm over all pixels.

    Parameters
    ----------
    epoch : ndarray of float64, shape (m,)
        MJD (UTC), sorted.
    evidence : Evidence
        What the ``m`` darks say of ``p`` pixels.
    births : float
        Probability per day that a pixel turns hot.
    assumed : Assumptions
        How pixels recover and switch, and how darks err.

    Returns
    -------
    Posterior
        For the same darks and pixels.
    """
    on = np.empty(evidence.hot.shape, dtype=np.float32)
    telegraph = np.empty_like(on)
    steps = [_transition(dt, assumed) for dt in np.diff(epoch)]
    born = births * np.diff(epoch)
    newborn = _newborn(assumed)
    for start in range(0, evidence.pixel.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        seen_as = _emissions(evidence, part, assumed)
        on[:, part], telegraph[:, part] = _chunk(
            evidence.stock, evidence.surprise[part], seen_as, steps, born, newborn
        )
    return Posterior(on=on, telegraph=telegraph)


def _transition(dt: float, assumed: Assumptions) -> NDArray[np.float32]:
    """Return probabilities from column to row within ``dt`` days, except births."""
    recovery, relapse = assumed.recoveries_per_year / 365.25, assumed.relapses_per_year / 365.25
    ends, again = -np.expm1(-recovery * dt), -np.expm1(-relapse * dt)
    switch = -np.expm1(-2 * assumed.switches_per_day * dt) / 2
    move = np.zeros((6, 6), dtype=np.float32)
    move[_COLD, _COLD] = 1
    move[_RECOVERED, [_HOT, _FAST, _HIGH, _LOW]] = ends
    move[_HOT, _HOT] = move[_FAST, _FAST] = 1 - ends
    move[_HIGH, _HIGH] = move[_LOW, _LOW] = (1 - ends) * (1 - switch)
    move[_HIGH, _LOW] = move[_LOW, _HIGH] = (1 - ends) * switch
    move[_HOT, _RECOVERED], move[_RECOVERED, _RECOVERED] = again, 1 - again
    return move


def _newborn(assumed: Assumptions) -> NDArray[np.float32]:
    """Return the probability of each state of a pixel that has just turned hot."""
    slow = (1 - assumed.fast_fraction) / 2
    state = np.zeros((6, 1), dtype=np.float32)
    state[_HOT] = 1 - assumed.telegraph_fraction
    state[[_FAST, _HIGH, _LOW], 0] = (
        np.array([assumed.fast_fraction, slow, slow]) * assumed.telegraph_fraction
    )
    return state


def _chunk(
    stock: float,
    surprise: NDArray[np.float32],
    seen_as: NDArray[np.float32],
    steps: list[NDArray[np.float32]],
    born: NDArray[np.float64],
    newborn: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    alpha = np.empty_like(seen_as)
    state = newborn * (stock * surprise)
    state[_COLD] = 1 - stock
    for dark, emission in enumerate(seen_as):
        if dark:
            birth = state[_COLD] * surprise * np.float32(born[dark - 1])
            state = steps[dark - 1] @ state + newborn * birth
        state *= emission
        state /= state.sum(axis=0)
        alpha[dark] = state
    back = np.ones_like(state)
    for dark in range(len(seen_as) - 1, -1, -1):
        alpha[dark] *= back
        if dark:
            back *= seen_as[dark]
            new = (newborn * back).sum(axis=0) * surprise * np.float32(born[dark - 1])
            back = steps[dark - 1].T @ back
            back[_COLD] += new
            back /= back.max(axis=0)
    alpha /= np.maximum(alpha.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    telegraph = alpha[:, _FAST:].sum(axis=1)
    return alpha[:, _HOT] + telegraph, telegraph


def _emissions(evidence: Evidence, part: slice, assumed: Assumptions) -> NDArray[np.float32]:
    """Return the probability of what each dark saw in each state, over that in the cold state."""
    hot, seen = evidence.hot[:, part], evidence.seen[:, part]
    ratio = evidence.ratio[:, part]
    duty = np.clip(evidence.duty[part], *assumed.duty)
    cold = seen & ~hot
    emission = np.ones((hot.shape[0], 6, hot.shape[1]), dtype=np.float32)
    missed = assumed.missed
    steady = np.where(hot, (1 - missed) * ratio, np.where(cold, np.float32(missed), 1))
    emission[:, _HOT] = emission[:, _HIGH] = steady
    emission[:, _FAST] = np.where(hot, duty * ratio, np.where(cold, 1 - duty, 1))
    return emission
