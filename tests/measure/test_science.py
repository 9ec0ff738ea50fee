"""Science exposures: what is read from a file, which are refused, and which make one look."""

import numpy as np
import pytest
from astropy.io import fits

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.measure.excess import BOUNDS
from jwst_hotpix.measure.from_science import read_science
from visits import NEW, make_world, place_of, write_visit


@pytest.fixture(scope="module")
def world():
    return make_world()


@pytest.fixture(scope="module")
def visit(world, tmp_path_factory):
    return write_visit(world, tmp_path_factory.mktemp("visit"))


def test_new_hot_pixels_are_found_and_masked_ones_say_nothing(visit):
    science = read_science(visit["nod 1"])
    found = {place_of(pixel) for pixel in science.excess.pixel}
    assert NEW.keys() <= found
    assert science.masked[39 + 1, 79 + 1]
    assert (science.kind, science.readout, science.independent) == ("science", "IRS2", 1)
    assert science.visit == "09999001001"
    assert science.facts["r_mask"] == "crds://simulated_mask.fits"
    assert science.facts["r_dark"] == "crds://simulated_dark.fits"


def test_integrations_forget_cosmic_rays(visit):
    one = read_science(visit["nod 1"])
    many = read_science(visit["integrations"])
    assert many.independent == 3
    found = {place_of(pixel) for pixel in many.excess.pixel}
    assert NEW.keys() <= found
    assert many.excess.bound[50, 128] < len(BOUNDS)
    assert many.last - many.first > one.last - one.first


def test_a_pixel_that_is_full_at_once_is_hot_and_a_full_source_is_not(visit, tmp_path):
    def fill(hdus):
        for place in ((30, 100), (30, 101), (31, 100), (80, 40)):
            hdus["SCI"].data[place] = np.nan
            hdus["DQ"].data[place] = 3
        # Growth: eight neighbors of one full pixel.
        hdus["SCI"].data[60:63, 30:33] = np.nan
        hdus["DQ"].data[60:63, 30:33] = 3

    science = read_science(changed(visit["nod 1"], tmp_path, fill))
    full = science.excess.pixel[np.isinf(science.excess.rate)]
    assert {place_of(pixel) for pixel in full} == {(80, 40), (61, 31)}


def changed(path, folder, change):
    """Copy a file, changed; under its own name."""
    target = folder / path.name
    with fits.open(path) as hdus:
        change(hdus)
        hdus.writeto(target, overwrite=True)
    return target


def card(extension=0, **cards):
    def change(hdus):
        hdus[extension].header.update(cards)

    return change


def no_data(hdus):
    hdus["SCI"].data[:] = np.nan


def other_shape(hdus):
    hdus["ERR"] = fits.ImageHDU(np.ones((5, 5), np.float32), name="ERR")


def no_flags(hdus):
    del hdus["DQ"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (card(EXP_TYPE="NRS_IMAGE"), ["EXP_TYPE", "NRS_MSASPEC", "NRS_IMAGE"]),
        (card(EXP_TYPE="NRS_MSATA"), ["NRS_MSATA"]),
        (card(EXP_TYPE="NRS_LAMP"), ["NRS_LAMP"]),
        (card(EXP_TYPE="NRS_AUTOWAVE"), ["NRS_AUTOWAVE"]),
        (card(EXP_TYPE="NRS_DARK"), ["NRS_DARK"]),
        (card(LAMP="FLAT4"), ["LAMP", "FLAT4"]),
        (card(GRATING="MIRROR"), ["MIRROR"]),
        (card(S_FLAT="COMPLETE"), ["flat_field", "S_FLAT"]),
        (card(S_BKDSUB="COMPLETE"), ["background"]),
        (card(S_WCS="COMPLETE"), ["assign_wcs"]),
        (card("SCI", BUNIT="MJy/sr"), ["BUNIT", "MJy/sr"]),
        (card("SCI", BUNIT="electron/s"), ["BUNIT", "e-/s"]),
        (card(INSTRUME="NIRCAM"), ["NIRCAM"]),
        (card(SUBSIZE1=300), ["300"]),
        (no_data, ["NaN"]),
        (other_shape, ["ERR", "(5, 5)"]),
        (no_flags, ["DQ", "none"]),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_what_is_no_evidence_is_refused_by_name(visit, tmp_path, change, words):
    path = changed(visit["nod 1"], tmp_path, change)
    with pytest.raises(HotPixError) as error:
        read_science(path)
    for word in [str(path), *words]:
        assert word in str(error.value)
