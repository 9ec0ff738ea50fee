"""Simulated series of known growth."""

from dataclasses import replace

import numpy as np

from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, mjd
from jwst_hotpix.trending import series_of
from jwst_hotpix.trending.states import States

START = mjd("2022-07-01")
EPOCHS = START + np.arange(0, 36.1, 4) * DAYS_PER_MONTH
ESA = {"units": "e-/s", "author": "ESA NIRSpec team", "software": "nirspec_dark 1.2"}
STSCI = {"units": "DN/s", "author": "STScI NIRSpec team", "software": "make_dark 0.3"}
NO_ARMS = 1e-9


def steady_world(detector, readout, growth, seed, **options):
    """A world without recoveries, telegraph pixels or clusters."""
    plain = {"telegraph_share": 0.0, "recovery_per_year": 0.0, "cluster_share": 0.0}
    return World.draw(
        detector=detector, readout=readout, growth=growth, seed=seed, months=37, **plain, **options
    )


def references(world, epochs=EPOCHS, facts=None, seed=0, **options):
    """Records of CRDS DARKs of a world."""
    kinds = ["reference"] * len(epochs)
    return records_of(simulate_sightings(world, epochs, kinds=kinds, seed=seed, **options), facts)


def two_methods(world, n_before, facts=(None, None), seed=0):
    """DARKs of which the first lack neighbors, as those made by ESA's code."""
    early = references(replace(world, alpha=NO_ARMS), EPOCHS[:n_before], facts[0], seed)
    return early + references(world, EPOCHS[n_before:], facts[1], seed + 1)


def series(records):
    return series_of(records, THRESHOLDS)


def draw_states(rng, months, *, births, stock=2000, recovery=0.0, telegraph=0.0, hits=0.0, size=1):
    """
    States drawn directly from a population: events of ``size`` adjacent pixels, each with its time.

    ``births`` are pixels per month, ``recovery`` the probability per month, ``telegraph`` the
    fraction of pixels that are seen hot half of the time, ``hits`` false pixels per epoch.
    """
    n = rng.poisson(births / size * months[-1])
    onset = np.r_[np.full(stock, -1.0), rng.uniform(0, months[-1], n)]
    lasting = rng.exponential(1 / recovery, onset.size) if recovery else np.inf
    alone = np.where(rng.random(onset.size) < telegraph, 0.5, 1.0)
    # Far enough apart that no two events touch.
    place = 100_000 + 10 * np.arange(onset.size)
    pixels, epochs = [], []
    for epoch, month in enumerate(months):
        on = (onset <= month) & (month < np.maximum(onset, 0) + lasting)
        on &= rng.random(onset.size) < alone
        members = [place[on]] + [place[on & (onset >= 0)] + k for k in range(1, size)]
        members.append(np.unique(4_150_000 + 3 * rng.integers(0, 10_000, rng.poisson(hits))))
        pixels.append(np.concatenate(members))
        epochs.append(np.full(pixels[-1].size, epoch))
    pixel, epoch = np.concatenate(pixels), np.concatenate(epochs)
    order = np.lexsort((epoch, pixel))
    return States(
        n_epochs=len(months),
        pixel=pixel[order].astype(np.int32),
        epoch=epoch[order],
        share=np.ones(pixel.size),
    )
