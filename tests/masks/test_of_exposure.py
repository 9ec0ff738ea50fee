"""Which MASK an exposure used, or would use, whatever its header says."""

import shutil

import pytest

from helpers import EPOCH, make_rate
from jwst_hotpix.exceptions import ListFormatError, MissingMaskError
from jwst_hotpix.exposure.in_memory import describe_model
from jwst_hotpix.masks.of_exposure import Masks
from jwst_hotpix.simulate import World, use_cache, write_crds_cache
from jwst_hotpix.simulate.crds_references import mask as mask_of

NAME = "jwst_nirspec_mask_0001.fits"


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory):
    """A CRDS cache with masks of two deliveries, both before the exposures of these tests."""
    root = tmp_path_factory.mktemp("crds")
    world = World.quiet(detector="NRS1", readout="TRAD")
    write_crds_cache(root, world, deliveries=["2022-06-01", "2023-01-20"], dark_frames=1)
    return root


@pytest.fixture
def cache(deliveries):
    with use_cache(deliveries):
        yield deliveries


@pytest.fixture
def local(tmp_path):
    """A MASK of the observer's own."""
    world = World.quiet(detector="NRS1", readout="TRAD")
    path = tmp_path / "my mask.fits"
    mask_of(world, EPOCH, useafter="2022-08-01T00:00:00").writeto(path)
    return path


def exposure(recorded=None, **header):
    rate = make_rate(**header)
    rate.meta.subarray.name = "FULL"
    rate.meta.ref_file.mask.name = recorded
    return describe_model(rate)


@pytest.mark.parametrize("recorded", [f"crds://{NAME}", NAME])
def test_the_reference_that_is_recorded_was_used(cache, recorded):
    assert Masks().of(exposure(recorded)).name == NAME


@pytest.mark.parametrize("recorded", [None, "", "  "])
def test_without_a_record_crds_selects(cache, recorded):
    assert Masks().of(exposure(recorded)).name == "jwst_nirspec_mask_0002.fits"


def test_a_local_file_is_used_if_it_is_there(cache, local):
    found = exposure(str(local))
    assert Masks().of(found).name == "my mask.fits"
    local.unlink()
    with pytest.raises(MissingMaskError, match="the MASK that R_MASK names, .*my mask.fits, is no"):
        Masks().of(found)


@pytest.mark.parametrize("recorded", ["N/A", "n/a"])
def test_an_exposure_without_a_mask_has_none(cache, recorded):
    with pytest.raises(MissingMaskError, match=f"R_MASK is {recorded}: dq_init used no MASK"):
        Masks().of(exposure(recorded))


@pytest.mark.parametrize(
    "recorded",
    [
        "crds://",
        "crds://../../etc/passwd",
        "crds://jwst_0001.pmap",
        "https://x/y.fits",
        "mask.fits",
    ],
)
def test_what_is_no_reference_is_not_handed_to_crds(cache, recorded, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MissingMaskError, match="the MASK that R_MASK names"):
        Masks().of(exposure(recorded))


def test_a_recorded_file_that_is_no_mask_is_refused_by_name(cache, tmp_path):
    path = tmp_path / "dark.fits"
    path.write_text("no FITS")
    with pytest.raises(ListFormatError, match="dark.fits: not a FITS file"):
        Masks().of(exposure(str(path)))


def test_a_mask_that_the_cache_lacks_is_named_with_what_to_do(cache, tmp_path):
    # FIELD A7.
    root = shutil.copytree(cache, tmp_path / "crds")
    for path in root.rglob("*_mask_0002.fits"):
        path.unlink()
    name = "jwst_nirspec_mask_0002.fits"
    message = rf"^{name} is not in the CRDS cache and cannot be downloaded; .*sync --files {name}"
    with use_cache(root), pytest.raises(MissingMaskError, match=message):
        Masks().of(exposure())


def test_an_exposure_older_than_all_masks_is_told_so(cache):
    rate = make_rate()
    rate.meta.subarray.name = "FULL"
    rate.meta.observation.date = "2022-02-01"
    message = "the CRDS context in use has no MASK for NRS1 FULL at its date"
    with pytest.raises(MissingMaskError, match=message):
        Masks().of(describe_model(rate))


def test_without_crds_the_error_says_that_nothing_is_configured(tmp_path, monkeypatch):
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "nothing"))
    masks = Masks()
    for _ in range(2):
        with pytest.raises(MissingMaskError, match="cannot get the MASK: no CRDS cache or server"):
            masks.of(exposure())


def test_each_mask_is_read_once(cache, local):
    masks, found = Masks(), exposure(str(local))
    first = masks.of(found)
    local.unlink()
    assert masks.of(found) is first
