"""A DARK of CRDS as it is served: ground data, SUB512, no DRK, no time of a group."""

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.what_is_kept import record_of
from jwst_hotpix.measure.rate import measure

STEP = 0.22572


@pytest.fixture(scope="module")
def path(shared_data):
    return shared_data / "nirspec" / "jwst_nirspec_dark_0046.fits"


@pytest.fixture(scope="module")
def truth(shared_data):
    return Table.read(shared_data / "nirspec" / "dark_0046_truth.ecsv")


@pytest.fixture(scope="module")
def ledger(path, tmp_path_factory):
    ledger = Ledger(tmp_path_factory.mktemp("real") / "ledger")
    assert ledger.add(measure(path))
    return ledger


def _rates(record, truth):
    rate = dict(zip(record.pixel.tolist(), record.rate.tolist(), strict=True))
    pixels = truth["y"].astype(int) * 2048 + truth["x"].astype(int)
    assert set(pixels) <= rate.keys()
    return np.array([rate[pixel] for pixel in pixels])


def test_every_hot_pixel_is_in_the_ledger_at_its_rate(ledger, truth):
    # FIELD A1, A2.
    (record,) = ledger.records("NRS1", "trad")
    rates = _rates(record, truth)
    faint = truth["slope_dn_s"] < 1000
    assert np.count_nonzero(faint) == 65
    np.testing.assert_allclose(rates[faint], truth["slope_dn_s"][faint], rtol=0.1)
    # All that are brighter bend: they are measured before they do.
    bright = ~faint
    assert (rates[bright] > 1.3 * truth["slope_dn_s"][bright]).all()
    first = truth["first_diff_dn"] / STEP
    very_bright = truth["slope_dn_s"] > 3000
    np.testing.assert_allclose(rates[very_bright], first[very_bright], rtol=1e-3)


def test_nothing_else_is_hot(ledger, truth):
    (record,) = ledger.records("NRS1", "trad")
    known = truth["y"].astype(int) * 2048 + truth["x"].astype(int)
    # The truth ends at 13.5 DN/s; the floor is lower.
    assert (record.rate[~np.isin(record.pixel, known)] < 13.5).all()
    assert record.floor < 10


def test_readout_pattern_and_subarray_give_the_group_time(ledger):
    # FIELD A1.
    facts = ledger.records("NRS1")[0].facts
    assert facts["group_time"] == pytest.approx(STEP)
    assert facts["group_time_from"] == "SUBARRAY, NFRAMES, GROUPGAP"


def test_its_transposed_errors_in_electrons_are_used(path, truth):
    # FIELD A5.
    dark = measure(path)
    assert dark.facts["unc"] == "transposed, by its shape, in e-/s"
    row, column = truth["y"] - 956, truth["x"] - 1024
    linear = truth["slope_dn_s"] < 1000
    errors = dark.error[row, column]
    np.testing.assert_allclose(errors[linear], truth["unc_e_s"][linear], rtol=1e-3)
    # From two of ten groups a slope has 13 times the error.
    assert errors[0] == pytest.approx(12.85 * truth["unc_e_s"][0], rel=0.01)


def test_no_pixel_is_lost_without_its_own_errors(path, truth, tmp_path):
    with fits.open(path) as hdus:
        del hdus["UNC"]
        hdus.writeto(tmp_path / "bare.fits")
    dark = measure(tmp_path / "bare.fits")
    assert dark.facts["unc"] == "none"
    _rates(record_of(dark), truth)


def test_a_list_of_this_one_dark_holds_them_all(ledger, truth):
    # FIELD A3.
    pixels = build_list(ledger.sightings("NRS1", "trad"), readout="TRAD")
    listed = {*zip(pixels.x.tolist(), pixels.y.tolist(), strict=True)}
    assert {*zip(truth["x"].tolist(), truth["y"].tolist(), strict=True)} <= listed
    assert len(listed) <= 90
    assert pixels.confidence.min() > 0.99
