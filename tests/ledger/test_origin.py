"""The pedigree of what is made of darks is theirs, and never better than the worst of them."""

import pytest

from darks import EPOCH, rate_hdus, reference_hdus, write
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.measure.rate import measure
from jwst_hotpix.simulate import World
from jwst_hotpix.simulate.darks import write_dark_rate


def pedigree(tmp_path, *files):
    """Return the pedigree of a list of these darks."""
    ledger = Ledger(tmp_path / "ledger")
    for number, hdus in enumerate(files):
        ledger.add(measure(write(tmp_path / f"{number}.fits", hdus)))
    return build_list(ledger.sightings("NRS1")).provenance.pedigree


def reference(name, seed=0, **cards):
    return reference_hdus(PEDIGREE=name, seed=seed, **cards)


@pytest.mark.parametrize("name", ["GROUND", "SIMULATION", "DUMMY", "MODEL", "Ground "])
def test_what_is_not_from_flight_stays_what_it_is(tmp_path, name):
    # FIELD A4.
    assert pedigree(tmp_path, reference(name)) == name.strip().upper()


@pytest.mark.parametrize(
    ("names", "worst"),
    [
        (("GROUND", "INFLIGHT 2023-01-01 2023-02-01"), "GROUND"),
        (("SIMULATION", "GROUND"), "SIMULATION"),
        (("DUMMY", "SIMULATION", "INFLIGHT"), "DUMMY"),
    ],
)
def test_a_mixture_is_as_good_as_the_worst_of_it(tmp_path, names, worst):
    files = [reference(name, seed) for seed, name in enumerate(names)]
    assert pedigree(tmp_path, *files) == worst


def test_references_in_flight_have_the_dates_of_their_darks(tmp_path):
    files = [
        reference("INFLIGHT 2023-04-01 2023-07-15"),
        reference("INFLIGHT 2022-09-01 2022-10-01", 1),
    ]
    assert pedigree(tmp_path, *files) == "INFLIGHT 2022-09-01 2023-07-15"


def test_exposures_in_flight_have_their_own_dates(tmp_path):
    files = [rate_hdus(EPOCH), rate_hdus(EPOCH + 40, seed=1)]
    assert pedigree(tmp_path, *files) == "INFLIGHT 2023-02-24 2023-04-06"


def test_simulated_exposures_make_a_simulation(tmp_path):
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    path = write_dark_rate(tmp_path / "x.fits", world, start="2024-01-01", subarray="SUB32")
    ledger = Ledger(tmp_path / "ledger")
    ledger.add(measure(path))
    assert ledger.sightings("NRS1").pedigree == "SIMULATION"


def test_the_real_ground_dark_makes_a_list_from_the_ground(tmp_path, shared_data):
    ledger = Ledger(tmp_path / "ledger")
    ledger.add(measure(shared_data / "nirspec" / "jwst_nirspec_dark_0046.fits"))
    pixels = build_list(ledger.sightings("NRS1", "trad"), readout="TRAD")
    assert pixels.provenance.pedigree == "GROUND"
    assert pixels.provenance.coverage == (57023.0, 57023.0)  # its USEAFTER, 2015-01-01


def test_exposure_times_are_those_of_the_records(tmp_path, shared_data):
    ledger = Ledger(tmp_path / "ledger")
    ledger.add(measure(shared_data / "nirspec" / "jwst_nirspec_dark_0046.fits"))
    assert ledger.sightings("NRS1").seconds == pytest.approx([2.2572])
    hdus = rate_hdus(EFFEXPTM=700.0)
    ledger.add(measure(write(tmp_path / "x.fits", hdus)))
    assert ledger.sightings("NRS1").seconds == pytest.approx([2.2572, 700.0])
