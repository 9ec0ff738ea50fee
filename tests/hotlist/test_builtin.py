"""The lists that come with the package: what they hold, and which exposures they may serve."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from helpers import make_rate
from jwst_hotpix import HotPixStep
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.exceptions import MissingListError
from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.exposure.in_memory import describe_model
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.library import BUILTIN, Library
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.tools.dates import mjd

DATE = mjd("2024-05-15")
FOLDER = Library.builtin().folder
NAMES = {n: f"jwst_nirspec_hotpix_nrs{n}_pooled_20240515.asdf" for n in (1, 2)}


def product(date, detector="NRS1", **header):
    model = make_rate(detector=detector, **header)
    model.meta.exposure.mid_time = mjd(date)
    model.meta.observation.date = date
    return model


def choose(date, folder=BUILTIN, **header):
    return Lists(folder=folder).choose(describe_model(product(date, **header)))


def test_the_list_of_nrs1_is_the_one_that_msaexp_publishes(shared_data):
    path = shared_data / "nirspec" / "msaexp_badpix_nrs1.yaml"
    imported = import_list(path, detector="NRS1", date=DATE)
    assert asdf_file.read(FOLDER / NAMES[1]).digest() == imported.digest()


# Counted from the YAML files with sets of places, independently of the package.
@pytest.mark.parametrize(("n", "arms", "rings", "others"), [(1, 170, 48, 34), (2, 131, 37, 93)])
def test_a_builtin_list_has_no_more_than_its_source(n, arms, rings, others):
    pixels = asdf_file.read(FOLDER / NAMES[n])
    roles = [int(np.sum(pixels.role == role)) for role in (Role.NEIGHBOR, Role.INFERRED_CENTER)]
    assert (roles, len(pixels) - sum(roles)) == ([arms, rings], others)
    assert (pixels.onset_latest == DATE).all()
    assert np.isneginf(pixels.onset_earliest).all()
    assert np.isposinf(pixels.recovery_latest).all()
    assert np.isnan(pixels.rate).all()
    assert (pixels.provenance.pedigree, pixels.provenance.as_of) == ("INFLIGHT", DATE)
    assert (
        "msaexp 0.9.19 (G. Brammer, MIT)" in asdf_file.read_with_description(FOLDER / NAMES[n])[1]
    )


def test_builtin_lists_apply_to_both_detectors_and_modes_from_four_months_before_their_date():
    assert choose("2024-05-15").name == choose("2026-01-01").name == NAMES[1]
    assert choose("2024-01-17", detector="NRS2", readpatt="NRSIRS2").name == NAMES[2]
    assert choose("2024-02-01").reason == (
        "the only list for NRS1 POOLED among the builtin lists; its pixels were hot by 2024-05-15, "
        "their onsets are unknown"
    )
    with pytest.raises(
        MissingListError, match="2023-12-31.*applies only to exposures from 2024-01-16 on"
    ):
        choose("2023-12-31")


def test_builtin_lists_are_used_only_on_request(tmp_path, monkeypatch):
    asdf_file.write(
        asdf_file.read(FOLDER / NAMES[2]),
        tmp_path / "nrs2.asdf",
        asdf_file.Header(useafter="2024-05-15T00:00:00"),
    )
    for folder in (None, tmp_path):
        with pytest.raises(MissingListError):
            choose("2024-06-01", folder)
    monkeypatch.setenv("JWST_HOTPIX_LIBRARY", BUILTIN)
    assert choose("2024-06-01", None).name == NAMES[1]
    # A folder that is given goes before the environment.
    assert choose("2024-06-01", tmp_path, detector="NRS2").name == "nrs2.asdf"


def test_a_folder_called_builtin_is_used_by_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("builtin").mkdir()
    assert choose("2024-06-01", "builtin").name == NAMES[1]
    with pytest.raises(MissingListError, match="it holds no lists"):
        choose("2024-06-01", tmp_path / "builtin")


def test_reprocess_passes_its_workers_the_word_builtin_or_the_path_of_a_folder(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert Recipe.of(library=Path(BUILTIN)).library == BUILTIN
    assert Recipe.of(library=Path("lists")).library == str(tmp_path / "lists")
    monkeypatch.setenv("JWST_HOTPIX_LIBRARY", BUILTIN)
    assert Recipe.of().library == BUILTIN


def test_the_step_flags_the_pixels_of_a_builtin_list_and_no_exposure_of_an_earlier_year():
    pixels = asdf_file.read(FOLDER / NAMES[1])
    flagged = HotPixStep.call(product("2024-06-01"), library=BUILTIN, skip=False)
    assert (flagged.dq[pixels.y, pixels.x] & 1).all()
    assert flagged.dq.astype(bool).sum() == len(pixels)
    early = HotPixStep.call(product("2022-08-01"), library=BUILTIN, on_missing="skip")
    assert not early.dq.any()


def test_a_wheel_contains_the_builtin_lists_with_their_licence_and_the_templates(tmp_path):
    from hatchling.builders.wheel import WheelBuilder

    root = Path(__file__).parents[2]
    (wheel,) = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    names = zipfile.ZipFile(wheel).namelist()
    folder = "jwst_hotpix/resources"
    assert {f"{folder}/builtin/{name}" for name in (*NAMES.values(), "README.md")} <= set(names)
    assert "Permission is hereby granted" in zipfile.ZipFile(wheel).read(
        f"{folder}/builtin/README.md"
    ).decode().replace("\n> ", " ")
    assert f"{folder}/reference_templates/TEMPLATE_hotpix_list_nrs1.asdf" in names
