"""What the model assumes: with a source, in one place, and named by the lists that rest on it."""

from dataclasses import fields, replace

import pytest

from jwst_hotpix.history.assumptions import DEFAULT, Assumptions
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.history.priors import births_per_day
from jwst_hotpix.instrument.frames import flat
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.count_unmasked import until
from jwst_hotpix.testing.draw_sightings import dark_schedule, simulate_sightings

# Far from the default, each.
OTHERS = {
    "births": (7000.0, 4000.0, 2000.0, 400.0),
    "area": 2040,
    "births_beside": 10.0,
    "telegraph_fraction": 0.9,
    "fast_fraction": 0.01,
    "switches_per_day": 1e-4,
    "duty": (0.45, 0.55),
    "recoveries_per_year": 5.0,
    "relapses_per_year": 50.0,
    "missed": 0.3,
    "false_alarms": 1e5,
    "false_certainty": 1e5,
    "reference_hits": 1.0,
    "hit_charge": 1e4,
    "hit_scatter": 3.0,
    "false_single": 0.1,
    "false_stared": 0.1,
    "false_dithered": 0.1,
    "look_weight": 1e4,
    "persistence_days": 50.0,
    "false_lowest": 0.9,
    "hysteresis_sigmas": 0.0,
    "hysteresis_fraction": 1.0,
    "repeatability": 0.5,
    "rate_sigma": 2.0,
    "rate_fraction": 0.1,
    "rate_unseen": 1e5,
    "established_after": 40,
    "dismissed_after": 0,
    "on": 0.9,
    "cold": 1e-9,
    "telegraph": 1.0,
    "recovered_after": 40,
    "risen_over": 1000,
    "risen_sigmas": 1e9,
    "suspicion": 0.9,
    "proof": 0.99999,
    "lasting_after": 1000,
    "helped_until": 1000,
}


@pytest.fixture(scope="module")
def darks():
    world = World.draw(detector="NRS2", readout="TRAD", months=10, seed=8, telegraph_share=0.3)
    # Centers of rings, so that faint arms matter.
    bright = flat(world.y, world.x, (2048, 2048))[world.rate > 200]
    return simulate_sightings(
        world, dark_schedule(months=10, seed=8), unseen_share=0.01, never_seen=bright, seed=8
    )


@pytest.fixture(scope="module")
def pixels(darks):
    return build_list(darks, readout="TRAD")


def test_each_number_has_a_meaning_and_a_source_or_is_called_an_assumption():
    meaning = DEFAULT.explained()
    assert meaning.keys() == {field.name for field in fields(Assumptions)} == OTHERS.keys()
    derived = {"area", "dismissed_after"}
    for name in meaning.keys() - derived:
        assert any(
            word in meaning[name] for word in ("Assumption", "STScI", "grizli", "benchmarks/")
        ), name


@pytest.mark.parametrize("name", OTHERS)
def test_another_number_is_another_digest(name):
    assert replace(DEFAULT, **{name: OTHERS[name]}).digest() != DEFAULT.digest()
    assert Assumptions().digest() == DEFAULT.digest()


OF_LOOKS = {"false_single", "false_stared", "false_dithered", "look_weight", "persistence_days"}

# What only a dark has to be told that no other one can contradict.
OF_ONE_DARK = {"false_alarms", "false_certainty", "reference_hits", "hit_charge", "hit_scatter"}

# What only pixels just below the threshold need: tests/history/test_intervals.py has one.
OF_RISEN = {"risen_over", "risen_sigmas"}


@pytest.mark.parametrize("name", sorted(OTHERS.keys() - OF_LOOKS - OF_ONE_DARK - OF_RISEN))
def test_another_number_reaches_the_list(name, darks, pixels):
    other = build_list(darks, readout="TRAD", assumed=replace(DEFAULT, **{name: OTHERS[name]}))
    # Faint arms may do no more than measure the coupling.
    assert other.digest() != pixels.digest() or other.provenance.ipc != pixels.provenance.ipc


@pytest.mark.parametrize("name", sorted(OF_ONE_DARK))
def test_another_number_reaches_the_list_of_one_dark(name, darks):
    kind = ("reference",) if name == "reference_hits" else ("dark",)
    one = replace(until(darks, 1), kind=kind)
    other = replace(DEFAULT, **{name: OTHERS[name]})
    lists = [build_list(one, assumed=assumed) for assumed in (DEFAULT, other)]
    assert lists[0].digest() != lists[1].digest()


@pytest.mark.parametrize("name", sorted(OF_LOOKS))
def test_another_number_reaches_a_list_with_looks(name, darks):
    kinds = ("single", "stared", "dithered", "dark")
    n = darks.epoch.size
    looks = replace(
        darks, kind=tuple(kinds[i % 4] for i in range(n)), light=tuple(map(str, range(n)))
    )
    other = replace(DEFAULT, **{name: OTHERS[name]})
    one, two = (build_list(looks, readout="TRAD", assumed=assumed) for assumed in (DEFAULT, other))
    assert one.digest() != two.digest()


def test_births_are_the_mean_of_the_report():
    per_month = [births_per_day(threshold, DEFAULT) * 30.4375 for threshold in (1, 3, 10, 100)]
    assert per_month == pytest.approx([73.5, 47.75, 21.0, 4.25])


def test_a_list_names_what_it_rests_on(darks, pixels):
    assert pixels.provenance.assumptions == DEFAULT.digest()
    other = replace(DEFAULT, proof=0.8)
    assert build_list(darks, assumed=other).provenance.assumptions == other.digest()
