"""What a ledger holds: counted by exposure, with its gaps, and the newest dark."""

from dataclasses import replace

import numpy as np
import pytest

from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.holdings import Holdings
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from visits import NEW, make_world, write_visit

START = 60000.0
# Row, column: DN/s. One of them turns hot only later.
HOT, LATER = {(100, 100): 5.0, (300, 200): 1.5, (500, 400): 0.8}, (700, 700)


def darks(epochs, *, detector="NRS1", readout="IRS2", kind="dark", seed=0):
    """Records of darks that err nowhere."""
    world = World.quiet(detector=detector, readout=readout)
    world = world.with_pixels(*np.array(list(HOT)).T, list(HOT.values()), onset=START - 1)
    world = world.with_pixels(*LATER, 30.0, onset=START + 25)
    seen = simulate_sightings(
        world, epochs, kinds=[kind] * len(epochs), leftover_cosmic_rays=0, unseen_share=0, seed=seed
    )
    return records_of(seen)


def hold(folder, *records):
    ledger = Ledger(folder / "ledger")
    for record in records:
        ledger.keep(record)
    return Holdings.of(ledger).parts


def test_each_detector_mode_and_kind_is_a_part(tmp_path):
    epochs = START + np.array([0.0, 10.0])
    parts = hold(
        tmp_path,
        *darks(epochs),
        *darks(epochs, readout="TRAD"),
        *darks(epochs, detector="NRS2", kind="reference"),
        *darks(epochs[:1], detector="NRS2"),
    )
    assert [(part.name, part.kind, part.n, part.first, part.last) for part in parts] == [
        ("NRS1 IRS2", "dark", 2, START, START + 10),
        ("NRS1 TRAD", "dark", 2, START, START + 10),
        ("NRS2 IRS2", "reference", 2, START, START + 10),
        ("NRS2 IRS2", "dark", 1, START, START),
    ]
    assert [part.usual_interval for part in parts] == [10, 10, 10, None]


def test_a_gap_is_more_than_twice_the_usual_interval(tmp_path):
    (part,) = hold(tmp_path, *darks(START + np.array([0.0, 10, 20, 40, 50, 71, 81])))
    assert part.usual_interval == 10
    assert part.gaps == ((START + 50, START + 71),)


def test_darks_of_one_day_are_one_occasion(tmp_path):
    occasions = START + np.array([0.0, 10, 20, 30])[:, None]
    (part,) = hold(tmp_path, *darks((occasions + np.array([0.0, 0.1, 0.2])).ravel()))
    assert (part.n, part.usual_interval, part.gaps) == (12, pytest.approx(9.8), ())


def test_two_products_of_an_exposure_are_one_exposure(tmp_path):
    (record,) = darks([START])
    rate = replace(record, facts={"product": "rate"})
    raw = replace(record, facts={"product": "uncal"}, digest="1" * 64)
    (part,) = hold(tmp_path, rate, raw)
    assert (part.n, part.n_exposures) == (2, 1)


def test_the_newest_full_frame_dark_is_counted_even_if_a_subarray_is_newer(tmp_path):
    records = darks(START + np.array([0.0, 30.0, 40.0]))
    detector = records[0].detector
    window = Window(detector=detector, ystart=1, xstart=1, shape=(256, 2048))
    inside = records[2].pixel < 256 * 2048
    cut = {name: getattr(records[2], name)[inside] for name in ("pixel", "rate", "error")}
    (part,) = hold(tmp_path, *records[:2], replace(records[2], window=window, **cut))
    assert (part.newest.epoch, part.newest.is_whole) == (START + 30, True)
    # Those above 1 DN/s, one of them new; none lights a neighbor above that.
    assert (part.newest.threshold, part.newest.n_hot) == (1.0, 3)


def test_the_newest_visit_of_science_exposures_is_counted(tmp_path):
    files = write_visit(make_world(), tmp_path)
    ledger = Ledger(tmp_path / "ledger")
    for file in files.values():
        ingest_file(ledger, file)
    (part,) = Holdings.of(ledger).parts
    assert (part.name, part.kind, part.n_exposures) == ("NRS1 IRS2", "science", 4)
    assert not part.newest.is_whole
    # With the four neighbors of the one of 800 DN/s.
    assert part.newest.n_hot == len(NEW) + 4


def test_a_folder_without_records_is_refused(tmp_path):
    (tmp_path / "ledger").mkdir()
    with pytest.raises(LedgerError, match="ledger: the folder holds no records: it is no ledger"):
        hold(tmp_path)
