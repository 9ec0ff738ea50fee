"""Ledgers and MASKs for the page, made in seconds."""

import numpy as np

from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.crds_references import mask
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from jwst_hotpix.tools.dates import iso

START = 60000.0
EPOCHS = START + 20.0 * np.arange(20)
# When the darks behind each MASK end; each applies 20 days later.
KNOWN = START + np.array([130.0, 250.0])


def draw_world(detector="NRS1", readout="TRAD", stock=300, seed=1):
    return World.draw(
        detector=detector, readout=readout, start=iso(START), months=14, stock=stock, seed=seed
    )


def keep(folder, world, epochs=EPOCHS, facts=None, **options):
    for record in records_of(simulate_sightings(world, epochs, seed=1, **options), facts):
        Ledger(folder).keep(record)
    return folder


def write_masks(world, folder, known=KNOWN):
    paths = []
    for number, epoch in enumerate(known):
        path = folder / f"mask_{world.detector}_{world.readout}_{number}.fits"
        mask(world, epoch, useafter=iso(epoch + 20, "seconds")).writeto(path)
        paths.append(path)
    return paths
