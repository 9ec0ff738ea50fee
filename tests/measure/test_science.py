"""Science exposures: what is read from a file, which are refused, and which make one look."""

from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

from jwst_hotpix.exceptions import FrameMismatchError, HotPixError
from jwst_hotpix.measure.excess import BOUNDS
from jwst_hotpix.measure.from_science import read_science
from jwst_hotpix.measure.look import Kind, group_visits, look_of
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate.world import World

SHAPE = (96, 256)
CORNER = (800, 500)
START, MASKED = 60000.0, 59950.0
NEW = {(20, 60): 4.0, (50, 130): 1.6, (70, 200): 800.0}


@pytest.fixture(scope="module")
def world():
    y, x = np.array(list(NEW)).T
    quiet = World.quiet(detector="NRS1", readout="IRS2", seed=3)
    return quiet.with_pixels(
        y + CORNER[0] - 1, x + CORNER[1] - 1, list(NEW.values()), onset=START - 1
    ).with_pixels(CORNER[0] + 39, CORNER[1] + 79, 50.0, onset=MASKED - 1)


@pytest.fixture(scope="module")
def visit(world, tmp_path_factory):
    """The files of a visit with two nods, and one of a single pointing in integrations."""
    folder = tmp_path_factory.mktemp("visit")
    scene = draw_scene("MOS medium", SHAPE, seed=1)
    scene = replace(scene, sky=0.02)

    def take(number, name="rate", **given):
        start = START + 1200 / 86400 * number
        setup = Setup(start=start, corner=CORNER, number=number + 1, **given)
        path = folder / f"jw09999001001_02101_{number + 1:05d}_nrs1_{name}.fits"
        return write_science(path, world, scene, setup, masked=MASKED, seed=1)

    return {
        "nod 1": take(0),
        "nod 2": take(1, pointing=1),
        "again": take(2),
        "integrations": take(3, "rateints", nints=3, seconds=3000.0),
    }


def place_of(pixel):
    return tuple(map(int, divmod(pixel, SHAPE[1])))


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


def test_nods_make_a_dithered_look_and_one_pointing_a_stared_one(visit):
    files = [read_science(visit[name]) for name in ("nod 1", "nod 2", "again")]
    (group,) = group_visits(files)
    look = look_of(group)
    assert (look.kind, look.n_exposures) == (Kind.DITHERED, 3)
    assert (look.first, look.last) == (files[0].first, files[2].last)
    stared = look_of([files[0], files[2]])
    assert stared.kind == Kind.STARED
    for found in (look, stared):
        assert NEW.keys() <= {place_of(pixel) for pixel in found.excess.pixel}
        assert len(found.excess.pixel) < 40


def test_a_single_exposure_is_a_look_of_its_own_kind(visit):
    assert look_of([read_science(visit["nod 1"])]).kind == Kind.SINGLE
    assert look_of([read_science(visit["integrations"])]).kind == Kind.STARED


def test_looks_are_of_one_visit_and_configuration(visit):
    one, two = (read_science(visit[name]) for name in ("nod 1", "nod 2"))
    assert [len(group) for group in group_visits([two, one])] == [2]
    assert group_visits([one, one, two]) == group_visits([one, two])
    for change in (
        {"visit": "other"},
        {"configuration": "other"},
        {"visit": ""},
        {"readout": "TRAD"},
        {"first": one.last + 3, "last": one.last + 3.01},
    ):
        groups = group_visits([one, replace(two, digest="other", **change)])
        assert [len(group) for group in groups] == [1, 1]


def test_of_two_products_of_one_exposure_the_integrations_count(visit):
    one = read_science(visit["nod 1"])
    many = replace(one, facts=one.facts | {"product": "rateints"})
    assert group_visits([one, many]) == [[many]]


def test_pointings_that_nobody_tells_are_one_and_dispersers_are_many(visit):
    one, two = (read_science(visit[name]) for name in ("nod 1", "nod 2"))
    unknown = [replace(science, pointing=None) for science in (one, two)]
    assert look_of(unknown).kind == Kind.STARED
    unknown[1] = replace(unknown[1], disperser="PRISM CLEAR")
    assert look_of(unknown).kind == Kind.DITHERED
    shaken = replace(two, pointing=(one.pointing[0] + 0.1, one.pointing[1]))
    assert look_of([one, shaken]).kind == Kind.STARED


def test_exposures_of_two_windows_make_no_look(visit):
    one, two = (read_science(visit[name]) for name in ("nod 1", "nod 2"))
    with pytest.raises(FrameMismatchError):
        look_of([one, replace(two, readout="TRAD")])


@pytest.mark.parametrize("fwhm", [(1.0, 1.0), (0.6, 0.6)])
def test_sharp_lines_are_not_lost(world, tmp_path, fwhm):
    scene = draw_scene("IFU", SHAPE, seed=4, fwhm=fwhm)
    pointings = (0, 0, 0) if fwhm[0] >= 1 else (0, 1, 2)
    files, tops = [], set()
    for number, pointing in enumerate(pointings):
        setup = Setup(start=START + number / 50, corner=CORNER, number=number, pointing=pointing)
        path = tmp_path / f"{number}_rate.fits"
        files.append(read_science(write_science(path, world, scene, setup, masked=MASKED)))
        tops |= {place_of(top) for top in scene.light(pointing)[1]}
    look = look_of(files)
    assert len(tops) > 5
    assert not tops & ({place_of(pixel) for pixel in look.excess.pixel} - NEW.keys())
