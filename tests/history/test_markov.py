"""The forward-backward algorithm against the sum over all lives that a pixel may have had."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwst_hotpix.history.assumptions import DEFAULT, Assumptions
from jwst_hotpix.history.evidence import Evidence
from jwst_hotpix.history.markov import posterior

COLD, HOT, RECOVERED, FAST, HIGH, LOW = range(6)
BIRTHS = 1e-4


def evidence_of(letters, ratio=200.0, duty=0.5, stock=1e-3, surprise=0.5):
    """Return what darks saw of one pixel: x hot, . cold, ? could not see it."""
    hot = np.array([[letter == "x"] for letter in letters])
    return Evidence(
        pixel=np.zeros(1, np.int32),
        hot=hot,
        seen=np.array([[letter != "?"] for letter in letters]),
        ratio=np.where(hot, np.float32(ratio), np.float32(1)),
        surprise=np.full(1, surprise, np.float32),
        duty=np.full(1, duty, np.float32),
        stock=stock,
        row=np.flatnonzero(hot),
        column=np.zeros(int(hot.sum()), np.intp),
    )


def born(assumed):
    slow = assumed.telegraph_fraction * (1 - assumed.fast_fraction) / 2
    fast = assumed.telegraph_fraction * assumed.fast_fraction
    return {HOT: 1 - assumed.telegraph_fraction, FAST: fast, HIGH: slow, LOW: slow}


def step(before, after, days, surprise, assumed):
    """Return the probability of one state after another."""
    end = 1 - np.exp(-assumed.recoveries_per_year * days / 365.25)
    again = 1 - np.exp(-assumed.relapses_per_year * days / 365.25)
    switch = (1 - np.exp(-2 * assumed.switches_per_day * days)) / 2
    stays = {HOT: 1 - end, FAST: 1 - end, RECOVERED: 1 - again, COLD: 1}
    if before == COLD and after in born(assumed):
        return born(assumed)[after] * BIRTHS * days * surprise
    if {before, after} == {HIGH, LOW}:
        return (1 - end) * switch
    if before == after:
        return stays.get(before, (1 - end) * (1 - switch))
    if after == RECOVERED and before != COLD:
        return end
    return again if (before, after) == (RECOVERED, HOT) else 0.0


def emission(state, letter, evidence, assumed):
    ratio, duty = float(evidence.ratio.max()), float(evidence.duty[0])
    if letter == "?" or state in {COLD, RECOVERED, LOW}:
        return 1.0
    if state == FAST:
        return duty * ratio if letter == "x" else 1 - duty
    return (1 - assumed.missed) * ratio if letter == "x" else assumed.missed


def by_enumeration(epoch, letters, evidence, assumed):
    """Return the probabilities of being on, and on and a telegraph pixel, at each dark."""
    surprise, stock = float(evidence.surprise[0]), evidence.stock
    chance = np.zeros((len(letters), 6))
    for life in product(range(6), repeat=len(letters)):
        first = {COLD: 1 - stock} | {s: p * stock * surprise for s, p in born(assumed).items()}
        weight = first.get(life[0], 0.0)
        for state, letter in zip(life, letters, strict=True):
            weight *= emission(state, letter, evidence, assumed)
        for i, days in enumerate(np.diff(epoch)):
            weight *= step(life[i], life[i + 1], days, surprise, assumed)
        for dark, state in enumerate(life):
            chance[dark, state] += weight
    chance /= chance.sum(axis=1, keepdims=True)
    return chance[:, [HOT, FAST, HIGH, LOW]].sum(axis=1), chance[:, FAST:].sum(axis=1)


@settings(max_examples=20, deadline=None)
@given(
    st.text(alphabet="x.?", min_size=1, max_size=4),
    st.lists(st.floats(0.01, 100), min_size=4, max_size=4),
    st.floats(1.5, 1e4),
    st.floats(0.1, 0.9),
    st.sampled_from([DEFAULT, Assumptions(telegraph_fraction=0.7, recoveries_per_year=4.0)]),
)
def test_all_lives_together_give_the_same_probabilities(letters, gaps, ratio, duty, assumed):
    evidence = evidence_of(letters, ratio, duty)
    epoch = 60000.0 + np.cumsum(gaps[: len(letters)])
    found = posterior(epoch, evidence, BIRTHS, assumed)
    on, telegraph = by_enumeration(epoch, letters, evidence, assumed)
    np.testing.assert_allclose(found.on[:, 0], on, atol=2e-5)
    np.testing.assert_allclose(found.telegraph[:, 0], telegraph, atol=2e-5)


def test_pixels_do_not_influence_each_other():
    epoch = 60000.0 + 14 * np.arange(6)
    both = [evidence_of("..xx.x"), evidence_of("xxxxxx")]
    alone = [posterior(epoch, one, BIRTHS).on[:, 0] for one in both]
    parts = {
        name: np.concatenate([getattr(one, name) for one in both], axis=-1)
        for name in ("pixel", "hot", "seen", "ratio", "surprise", "duty", "row", "column")
    }
    found = posterior(epoch, Evidence(stock=both[0].stock, **parts), BIRTHS)
    np.testing.assert_allclose(found.on, np.stack(alone, axis=1), rtol=1e-5)


@pytest.mark.parametrize("n_darks", [1, 300])
def test_long_histories_of_sure_detections_neither_overflow_nor_vanish(n_darks):
    epoch = 60000.0 + np.arange(n_darks)
    found = posterior(epoch, evidence_of("x" * n_darks, ratio=1e6), BIRTHS)
    assert np.isfinite(found.on).all()
    assert (found.on > 0.99).all()
