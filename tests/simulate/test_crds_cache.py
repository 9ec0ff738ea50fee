"""The unmodified CRDS client reads the cache."""

import os
from pathlib import Path

import asdf
import numpy as np
import pytest
from astropy.io import fits
from planting import EARLY, LATE, planted
from stdatamodels.jwst import datamodels

from jwst_hotpix.simulate import (
    Delivery,
    World,
    cache_environment,
    serve_hotpix,
    use_cache,
    write_crds_cache,
)

FLAGS = datamodels.dqflags.pixel
SUB32 = {"name": "SUB32", "xstart": 1399, "ystart": 975, "xsize": 32, "ysize": 32}
FULL = {"name": "FULL", "xstart": 1, "ystart": 1, "xsize": 2048, "ysize": 2048}


def ask(crds, reftypes, *, detector="NRS1", readpatt="NRSRAPID", subarray=FULL, date="2023-02-01"):
    header = {
        "meta.instrument.name": "NIRSPEC",
        "meta.instrument.detector": detector,
        "meta.exposure.readpatt": readpatt,
        "meta.observation.date": date,
        "meta.observation.time": "00:00:00",
        **{f"meta.subarray.{key}": str(value) for key, value in subarray.items()},
    }
    return crds.getreferences(header, reftypes=reftypes, observatory="jwst")


@pytest.mark.parametrize("detector", ["NRS1", "NRS2"])
@pytest.mark.parametrize(
    ("readpatt", "rows"), [("NRSRAPID", 2048), ("NRS", 2048), ("NRSIRS2", 3200)]
)
@pytest.mark.parametrize(("date", "useafter"), [("2023-06-30", EARLY), ("2023-07-01", LATE)])
def test_mask_and_dark_fit_detector_readout_and_date(
    crds, detector, readpatt, rows, date, useafter
):
    found = ask(crds, ["mask", "dark"], detector=detector, readpatt=readpatt, date=date)
    for path in found.values():
        header = fits.getheader(path)
        assert header["DETECTOR"] == detector
        assert f"{readpatt}|" in header["P_READPA"]
        assert header["USEAFTER"].startswith(useafter)
    assert fits.getheader(found["mask"], "DQ")["NAXIS2"] == rows
    assert fits.getheader(found["dark"], "SCI")["NAXIS2"] == 2048


def test_a_subarray_has_its_own_dark_and_shares_the_mask(crds):
    found = ask(crds, ["mask", "dark"], subarray=SUB32)
    assert found["mask"] == ask(crds, ["mask"])["mask"]
    assert fits.getheader(found["dark"], "SCI")["NAXIS2"] == 32


def test_an_exposure_before_the_first_delivery_has_no_mask(crds):
    with pytest.raises(crds.core.exceptions.CrdsLookupError):
        ask(crds, ["mask"], date="2022-12-31")


def test_all_mappings_load_with_their_checksums(crds, cache):
    rmap = pytest.importorskip("crds.core.rmap")
    mappings = sorted((cache / "mappings" / "jwst").iterdir())
    assert len(mappings) > 5
    for path in mappings:
        rmap.Mapping.from_file(str(path), ignore_checksum=False)


def test_mask_and_dark_hold_the_hot_pixels_in_the_units_of_the_pipeline(crds):
    world = planted("NRS1", "TRAD", 50.0)
    found = ask(crds, ["mask", "dark"], date="2023-07-02")
    with datamodels.MaskModel(found["mask"]) as mask:
        hot = (mask.dq & FLAGS["HOT"]) > 0
        assert np.array_equal(hot, (mask.dq & FLAGS["DO_NOT_USE"]) > 0)
        assert np.array_equal(hot, world.mask_image(60126.0))
        assert ((mask.dq & FLAGS["REFERENCE_PIXEL"]) > 0).sum() == 2048**2 - 2040**2
    with datamodels.DarkNirspecModel(found["dark"]) as dark:
        assert dark.dark_rate[985, 1405] == pytest.approx(50 * (1 - 4 * world.alpha), rel=1e-3)
        steps = np.diff(dark.data[:, 985, 1405])
        assert steps == pytest.approx(dark.dark_rate[985, 1405] * 10.73677, rel=1e-4)


@pytest.fixture
def small_cache(tmp_path):
    """A cache with little more than what a hot pixel list needs."""
    world = World.quiet(detector="NRS1", readout="TRAD")
    delivery = Delivery(known=EARLY, useafter="2022-01-01")
    write_crds_cache(tmp_path, world, deliveries=delivery, subarrays=("SUB32",), dark_frames=1)
    return tmp_path


def write_list(path, useafter, *, readout="TRAD"):
    meta = {
        "instrument": {"name": "NIRSPEC", "detector": "NRS1"},
        "hotpix": {"readout": readout},
        "useafter": useafter,
    }
    asdf.AsdfFile({"meta": meta}).write_to(path)
    return path


def test_hot_pixel_lists_are_served_by_a_new_context_only(small_cache, tmp_path):
    old = cache_environment(small_cache)["CRDS_CONTEXT"]
    lists = [write_list(tmp_path / f"{date}.asdf", f"{date}T00:00:00") for date in (EARLY, LATE)]
    lists.append(write_list(tmp_path / "irs2.asdf", f"{EARLY}T00:00:00", readout="IRS2"))
    new = serve_hotpix(small_cache, lists)
    assert new != old
    assert cache_environment(small_cache)["CRDS_CONTEXT"] == new
    with use_cache(small_cache, new):
        import crds

        for date, expected in (("2023-02-01", lists[0]), ("2023-08-01", lists[1])):
            found = Path(ask(crds, ["hotpix"], date=date)["hotpix"])
            assert found.read_bytes() == expected.read_bytes()
        assert Path(ask(crds, ["mask"])["mask"]).is_file()
    with use_cache(small_cache, old), pytest.raises(crds.core.exceptions.CrdsLookupError):
        ask(crds, ["hotpix"])


def test_two_worlds_of_one_detector_and_mode_are_refused(tmp_path):
    world = World.quiet(detector="NRS1", readout="TRAD")
    with pytest.raises(ValueError, match="the same detector and readout mode"):
        write_crds_cache(tmp_path, [world, world], deliveries=EARLY)
    assert not list(tmp_path.iterdir())


def test_a_complete_cache_is_not_overwritten(small_cache):
    world = World.quiet(detector="NRS1", readout="TRAD")
    with pytest.raises(FileExistsError, match="already holds a CRDS cache"):
        write_crds_cache(small_cache, world, deliveries=LATE)


def test_the_environment_is_restored_after_using_a_cache(small_cache, monkeypatch):
    monkeypatch.setenv("CRDS_PATH", "elsewhere")
    monkeypatch.delenv("CRDS_CONTEXT", raising=False)
    with use_cache(small_cache):
        assert os.environ["CRDS_PATH"] == str(small_cache)
    assert os.environ["CRDS_PATH"] == "elsewhere"
    assert "CRDS_CONTEXT" not in os.environ


def test_a_folder_without_a_context_is_refused_as_a_cache(tmp_path):
    with pytest.raises(FileNotFoundError, match="not a CRDS cache"):
        cache_environment(tmp_path)
