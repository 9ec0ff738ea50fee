"""Rooms that are asked the same about an exposure give the same answer."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from stdatamodels.jwst import datamodels

from helpers import EPOCH, make_list, make_ramp, make_rate
from jwst_hotpix.archive.gain import Auditor
from jwst_hotpix.archive.one_exposure import Job, reprocess_one
from jwst_hotpix.archive.output_folder import run_folder
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.explain.explain_product import explain
from jwst_hotpix.explain.strips import strips_of
from jwst_hotpix.exposure.in_memory import describe_model, parts_of
from jwst_hotpix.exposure.on_disk import read_exposure
from jwst_hotpix.flag.bits import HOT
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.library import ENVIRONMENT
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.masks.of_exposure import Masks
from jwst_hotpix.masks.reference_mask import read_mask
from jwst_hotpix.measure.open import open_dark
from jwst_hotpix.simulate import World, serve_hotpix, use_cache, write_crds_cache
from jwst_hotpix.step import HotPixStep
from jwst_hotpix.trending.dated_masks import read_dated_mask
from saving import save

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
SUB32 = {"shape": (32, 32), "corner": (975, 1399)}


def as_dark(model):
    model.meta.exposure.type = "NRS_DARK"
    return model


def uncal(shape, **header):
    raw = datamodels.Level1bModel()
    raw.update(make_ramp(shape, **header))
    raw.data = np.ones((1, 2, *shape), dtype=np.uint16)
    raw.meta.cal_step.dq_init = None
    return raw


IRS2 = {"readpatt": "NRSIRS2RAPID", "detector": "NRS2", "size": (2048, 2048)}
PRODUCTS = {
    "raw": lambda: uncal(**SUB32),
    "raw IRS2": lambda: uncal((3200, 2048), **IRS2),
    "ramp": lambda: make_ramp(**SUB32),
    "ramp IRS2": lambda: make_ramp((3200, 2048), **IRS2),
    "rate": lambda: make_rate(**SUB32),
    "rate IRS2": lambda: make_rate((2048, 2048), **IRS2),
    "rateints": lambda: make_rate((3, 32, 32), datamodels.CubeModel, corner=(975, 1399)),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_window_of_an_exposure(tmp_path, name):
    """Of the step, explain, audit and reprocess, export, and ingest."""
    model = as_dark(PRODUCTS[name]())
    path = save(model, tmp_path / "exposure.fits")
    on_disk, in_memory = read_exposure(path), describe_model(model)
    (window,) = on_disk.windows
    assert on_disk.frame == in_memory.frame
    assert on_disk.product == in_memory.product
    assert (window.ystart, window.xstart) == (on_disk.frame.ystart, on_disk.frame.xstart)
    if not name.startswith("raw"):
        assert [place for place, _ in parts_of(model)] == [window]
    if name.startswith("rate"):
        assert [strip.window for strip in strips_of(model)] == [window]
    if "ramp" not in name:
        with open_dark(path) as dark:
            assert dark.window == window
    if name in {"raw IRS2", "ramp IRS2"}:
        assert window == on_disk.frame


def cut(path):
    """Cut the arrays of a file and leave its header."""
    with fits.open(path, mode="update") as hdus:
        for hdu in hdus[1:-1]:
            hdu.data = hdu.data[..., 2:, 2:]


def beyond(path):
    fits.setval(path, "SUBSTRT1", value=2030)


def striped(path):
    fits.setval(path, "MSTR_RD1", value=0)


def years_ago(path):
    fits.setval(path, "EXPMID", value=57_400.0)


@pytest.mark.parametrize("spoil", [cut, beyond, striped, years_ago])
def test_the_refusal_of_an_exposure(tmp_path, spoil):
    """Of the step, explain, audit and reprocess, and ingest: in the same words."""
    path = save(as_dark(make_rate(**SUB32)), tmp_path / "jw_rate.fits")
    listed = asdf_file.write(make_list([980], [1405]), tmp_path / "list.asdf", HEADER)
    spoil(path)

    def ingest(path):
        with open_dark(path):
            pass

    rooms = {
        "step": lambda: HotPixStep(override_hotpix=str(listed)).run(str(path)),
        "explain": lambda: explain(path, Lists(listed)),
        "audit": lambda: read_exposure(path),
        "ingest": lambda: ingest(path),
    }
    said = set()
    for room in rooms.values():
        with pytest.raises(HotPixError) as caught:
            room()
        said.add(str(caught.value).partition("jw_rate.fits: ")[2])
    assert len(said) == 1, said


def answers(path, folder, given=None, library=None):
    """Ask the four rooms for the list, and the step and reprocess for the supplement's mask."""
    folder.mkdir()
    step = HotPixStep(
        override_hotpix=given and str(given), library=library and str(library),
        save_supplement=True, output_dir=str(folder),
    )  # fmt: skip
    step.run(str(path))
    lists = Lists(given, library)
    gain = Auditor(lists=lists, masks=Masks()).audit(path)
    recipe = Recipe(
        list_path=given and str(given), library=library and str(library),
        parameters=(("steps.hotpix.save_supplement", "True"),),
    )  # fmt: skip
    with run_folder(folder / "new") as work:
        output = str(folder / "new")
        job = Job(start=str(folder), output=output, work=str(work), recipe=recipe)
        result = reprocess_one(job, str(path))
    assert result.status == "done", result.reason
    names = {
        "step": step.summary.name,
        "audit": gain.list,
        "explain": explain(path, lists).list_name,
        "reprocess": fits.getval(folder / "new" / path.name, "R_HOTPIX"),
    }
    supplements = list(folder.rglob("*_hotpix.asdf"))
    assert len(supplements) == 2
    masks = {gain.mask, *(asdf_file.read(file).provenance.mask for file in supplements)}
    return set(names.values()), masks


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A rate, lists in a folder, and a CRDS cache that has another list and two masks."""
    root = tmp_path_factory.mktemp("places")
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(
        980, 1405, 50.0, onset=EPOCH - 60
    )
    write_crds_cache(root / "crds", world, deliveries=["2022-06-01", "2023-01-20"], dark_frames=1)
    (root / "lists").mkdir()
    for name, x in (("a", 1405), ("b", 1406)):
        asdf_file.write(make_list([980], [x]), root / "lists" / f"{name}.asdf", HEADER)
    asdf_file.write(make_list([990], [1406]), root / "other.asdf", HEADER)
    rate = make_rate(**SUB32)
    rate.meta.subarray.name = "SUB32"
    save(rate, root / "jw01234001001_03101_00001_nrs1_rate.fits")
    return root


@pytest.fixture
def exposure(places):
    return next(places.glob("*_rate.fits"))


def test_the_list_that_is_given_serves_before_all_others(places, exposure, tmp_path):
    cache = shutil.copytree(places / "crds", tmp_path / "crds")
    with use_cache(cache, serve_hotpix(cache, [places / "lists" / "a.asdf"])):
        names, _ = answers(exposure, tmp_path / "x", places / "other.asdf", places / "lists")
    assert names == {"other.asdf"}


def test_the_list_of_crds_serves_before_those_of_a_folder(places, exposure, tmp_path):
    cache = shutil.copytree(places / "crds", tmp_path / "crds")
    with use_cache(cache, serve_hotpix(cache, [places / "other.asdf"])):
        names, _ = answers(exposure, tmp_path / "x", library=places / "lists")
    assert names == {"crds://jwst_nirspec_hotpix_0001.asdf"}


@pytest.mark.parametrize("way", ["argument", "environment"])
def test_without_either_the_best_list_of_a_folder_serves(
    places, exposure, tmp_path, way, monkeypatch
):
    if way == "environment":
        monkeypatch.setenv(ENVIRONMENT, str(places / "lists"))
    library = places / "lists" if way == "argument" else None
    with use_cache(places / "crds"):
        names, _ = answers(exposure, tmp_path / "x", library=library)
    assert names == {"b.asdf"}


@pytest.mark.parametrize("recorded", [None, "crds://jwst_nirspec_mask_0001.fits", "a local file"])
def test_the_mask_of_an_exposure(places, exposure, tmp_path, recorded):
    """Of the step, audit and reprocess; a trend finds the same pixels hot in it."""
    (old, new) = sorted((places / "crds").rglob("jwst_nirspec_mask_*.fits"))
    local = Path(shutil.copy(old, tmp_path / "mine.fits"))
    expected = {None: new, "a local file": local}.get(recorded, old)
    path = Path(shutil.copy(exposure, tmp_path / exposure.name))
    if recorded:
        value = str(local) if recorded == "a local file" else recorded
        fits.setval(path, "R_MASK", value=value)
    with use_cache(places / "crds"):
        _, masks = answers(path, tmp_path / "x", places / "other.asdf")
    assert masks == {expected.name}
    dated = read_dated_mask(expected, get_detector("NRS1"))
    np.testing.assert_array_equal(dated.hot, (read_mask(expected).dq & HOT) != 0)
