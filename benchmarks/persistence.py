"""
How well any test could tell persistence from hot pixels in a visit, by the rates alone.

The test is the best there can be: the ratio of the likelihoods of a steady rate and of one that
falls as the inverse of the time since illumination, with that time known. Printed is how many of
20 persistent pixels it would list, for several fractions of hot pixels that it may reject.

Usage: python benchmarks/persistence.py
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Seconds between exposures; noise in DN/s of 300 s, besides that of the charge; rates in DN/s.
GAP, READ_NOISE, RATES = 60.0, 0.03, (0.7, 30.0)
AGES, PERSISTENT, EXPOSURES, VISITS = (600.0, 20_000.0), 20, 3, 4000
KEPT = (0.99, 0.98, 0.95, 0.92)


def judge(
    true: NDArray[np.float64], fall: NDArray[np.float64], seconds: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean rates, and the chi-square of steady rates less that of rates that fall so."""
    noise = np.sqrt(READ_NOISE**2 * 300 / seconds + true.mean(axis=1, keepdims=True) / seconds)
    rate = true + noise * rng.standard_normal(true.shape)

    def chi_square(shape: NDArray[np.float64]) -> NDArray[np.float64]:
        level = (rate * shape).sum(axis=1, keepdims=True) / (shape**2).sum()
        return np.asarray((((rate - level * shape) / noise) ** 2).sum(axis=1))

    return rate.mean(axis=1), chi_square(np.ones(EXPOSURES)) - chi_square(fall)


def main() -> None:
    """Print how many persistent pixels pass, by exposure time and by what is kept."""
    rng = np.random.default_rng(0)
    print("| exposures | " + " | ".join(f"{100 * kept:.0f} % kept" for kept in KEPT) + " |")
    print("|---|" + "---|" * len(KEPT))
    for seconds in (300.0, 500.0, 1000.0):
        steady, falling = [], []
        for age in rng.uniform(*AGES, VISITS):
            rates = np.exp(rng.uniform(*np.log(RATES), (2, PERSISTENT, 1)))
            middle = np.arange(EXPOSURES) * (seconds + GAP) + seconds / 2
            fall = age / (age + middle)
            mean, score = judge(rates[0] * np.ones(EXPOSURES), fall, seconds, rng)
            steady.append(score[mean > 1.2])
            mean, score = judge(rates[1] * fall, fall, seconds, rng)
            falling.append(score[mean > 1.0])
        limits = np.quantile(np.concatenate(steady), KEPT)
        listed = [(np.concatenate(falling) <= limit).sum() / VISITS for limit in limits]
        each = " | ".join(f"{one:.1f}" for one in listed)
        print(f"| {EXPOSURES} of {seconds:.0f} s | {each} |")


if __name__ == "__main__":
    main()
