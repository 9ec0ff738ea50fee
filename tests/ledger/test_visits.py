"""Looks: which exposures make one, and what they say together."""

from dataclasses import replace

import numpy as np
import pytest

from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.ledger.looks import Kind, group_visits, look_of
from jwst_hotpix.ledger.science_record import science_record_of
from jwst_hotpix.measure.from_science import read_science
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from visits import CORNER, MASKED, NEW, SHAPE, START, make_world, write_visit

MIDDLE = {(y + CORNER[0] - 1, x + CORNER[1] - 1) for y, x in NEW}


@pytest.fixture(scope="module")
def world():
    return make_world()


@pytest.fixture(scope="module")
def visit(world, tmp_path_factory):
    return write_visit(world, tmp_path_factory.mktemp("visit"))


def read(path):
    return science_record_of(read_science(path))


def place_of(pixel):
    return tuple(map(int, divmod(pixel, 2048)))


def test_nods_make_a_dithered_look_and_one_pointing_a_stared_one(visit):
    files = [read(visit[name]) for name in ("nod 1", "nod 2", "again")]
    (group,) = group_visits(files)
    look = look_of(group)
    assert (look.kind, look.n_exposures) == (Kind.DITHERED, 3)
    assert (look.first, look.last) == (files[0].first, files[2].last)
    stared = look_of([files[0], files[2]])
    assert stared.kind == Kind.STARED
    for found in (look, stared):
        assert {place_of(pixel) for pixel in found.pixel} >= MIDDLE
        assert len(found.pixel) < 40


def test_a_single_exposure_is_a_look_of_its_own_kind(visit):
    assert look_of([read(visit["nod 1"])]).kind == Kind.SINGLE
    assert look_of([read(visit["integrations"])]).kind == Kind.STARED


def test_looks_are_of_one_visit_and_configuration(visit):
    one, two = (read(visit[name]) for name in ("nod 1", "nod 2"))
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
    one = read(visit["nod 1"])
    many = replace(one, facts=one.facts | {"product": "rateints"})
    assert group_visits([one, many]) == [[many]]


def test_pointings_that_nobody_tells_are_one_and_dispersers_are_many(visit):
    one, two = (read(visit[name]) for name in ("nod 1", "nod 2"))
    unknown = [replace(science, pointing=None) for science in (one, two)]
    assert look_of(unknown).kind == Kind.STARED
    unknown[1] = replace(unknown[1], disperser="PRISM CLEAR")
    assert look_of(unknown).kind == Kind.DITHERED
    shaken = replace(two, pointing=(one.pointing[0] + 0.1, one.pointing[1]))
    assert look_of([one, shaken]).kind == Kind.STARED


def test_exposures_of_two_windows_make_no_look(visit):
    one, two = (read(visit[name]) for name in ("nod 1", "nod 2"))
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
        files.append(read(write_science(path, world, scene, setup, masked=MASKED)))
        row, column = np.divmod(scene.light(pointing)[1], SHAPE[1])
        tops |= set(
            zip((row + CORNER[0] - 1).tolist(), (column + CORNER[1] - 1).tolist(), strict=True)
        )
    look = look_of(files)
    assert len(tops) > 5
    assert not tops & ({place_of(pixel) for pixel in look.pixel} - MIDDLE)
