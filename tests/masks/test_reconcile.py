"""A list compared with the next delivered mask."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from stdatamodels.jwst.datamodels import dqflags

from helpers import DNU, EPOCH, HOT, make_list
from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError
from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.masks.compare_delivery import reconcile, reconcile_files
from jwst_hotpix.simulate import World
from jwst_hotpix.simulate.crds_references import mask
from jwst_hotpix.tools.proportion import Proportion

HOTPIX = Path(sys.executable).with_name("hotpix")


def dq_of(*pixels, bits=HOT | DNU):
    dq = np.zeros((2048, 2048), np.uint32)
    for y, x in pixels:
        dq[y, x] = bits
    return dq


def test_what_a_delivery_adds_is_confirmed_missed_or_was_inactive():
    pixels = make_list(
        [10, 20, 30, 40], [5, 5, 5, 5],
        recovery_earliest=[np.inf, np.inf, np.inf, EPOCH - 50],
        recovery_latest=[np.inf, np.inf, np.inf, EPOCH - 40],
    )  # fmt: skip
    old = dq_of((10, 5), (50, 5))
    new = dq_of((10, 5), (20, 5), (40, 5), (60, 5), (70, 5))
    score = reconcile(pixels, old, new, EPOCH)
    assert pixels.y[score.already_masked].tolist() == [10]
    assert pixels.y[score.confirmed].tolist() == [20]
    assert pixels.y[score.unconfirmed].tolist() == [30]
    assert score.missed_y.tolist() == [60, 70]
    assert (score.n_inactive, score.n_gone, score.n_added) == (1, 1, 4)
    assert score.completeness == Proportion(part=1, total=4)
    assert score.purity == Proportion(part=1, total=2)


@pytest.mark.parametrize("bits", [HOT, DNU, HOT | DNU])
def test_hot_or_do_not_use_alone_rejects_a_pixel(bits):
    score = reconcile(make_list([20], [5]), dq_of(), dq_of((20, 5), (60, 5), bits=bits), EPOCH)
    assert (score.confirmed.sum(), score.missed_y.size) == (1, 1)


def test_a_dead_pixel_is_not_missed():
    new = dq_of((60, 5), bits=DNU | dqflags.pixel["DEAD"])
    assert reconcile(make_list([20], [5]), dq_of(), new, EPOCH).missed_y.size == 0


def test_the_breakdown_counts_every_entry_by_role_status_and_rate():
    rate = [0.5, 1.0, 5.0, 99.0, 100.0, np.nan]
    role = [Role.NEIGHBOR, *[Role.CENTER] * 4, Role.INFERRED_CENTER]
    status = [Status.STABLE] * 5 + [Status.TELEGRAPH]
    pixels = make_list(10 * np.arange(1, 7), 5, rate=rate, role=role, status=status)
    score = reconcile(pixels, dq_of(), dq_of(*((y, 5) for y in pixels.y)), EPOCH)
    assert score.breakdown(score.confirmed) == {
        "role": {"center": 4, "neighbor": 1, "inferred_center": 1},
        "status": {"stable": 5, "telegraph": 1, "recovered": 0},
        "rate": {"<1": 1, "1-3": 1, "3-10": 1, "10-100": 1, ">100": 1, "unknown": 1},
    }


def test_missed_arms_of_a_cross_count_as_neighbors():
    new = dq_of((60, 60), (59, 60), (61, 60), (60, 59), (60, 61), (90, 90))
    score = reconcile(make_list([60], [60]), dq_of(), new, EPOCH)
    assert score.missed_breakdown()["role"] == {"center": 1, "neighbor": 4, "inferred_center": 0}


def test_a_proportion_has_an_error_even_when_all_or_none_count():
    assert Proportion(part=50, total=100).error == pytest.approx(0.05, rel=0.02)
    assert Proportion(part=0, total=10).error == Proportion(part=10, total=10).error > 0.04
    assert Proportion(part=0, total=0).value is None
    assert Proportion(part=0, total=0).error is None


@pytest.mark.parametrize(
    ("before", "after", "date", "new"),
    [("230120", "230701", 60126.0, 563), ("240627", "251016", 60964.0, 1044)],
)
def test_real_masks_confirm_the_next_mask_as_a_list_and_nothing_else(
    shared_data, tmp_path, before, after, date, new
):
    old_path, new_path = (_without_edge(shared_data, d, tmp_path) for d in (before, after))
    pixels = import_list(new_path, detector="NRCALONG", date=date)
    pixels = pixels.select(pixels.role != Role.INFERRED_CENTER)
    score = reconcile_files(pixels, old_path, new_path, epoch=date)
    assert (score.confirmed.sum(), score.missed_y.size, score.unconfirmed.sum()) == (new, 0, 0)
    assert (score.n_added, score.n_gone) == (new, 0)


def _without_edge(shared_data, date, folder):
    image = fits.getdata(shared_data / "nircam" / f"nrc_badpix_{date}_NRCALONG.fits.gz") & 1
    inside = np.zeros(image.shape, np.uint8)
    inside[8:-8, 8:-8] = image[8:-8, 8:-8]
    path = folder / f"{date}.fits"
    fits.PrimaryHDU(inside).writeto(path)
    return path


@pytest.fixture
def delivery(tmp_path):
    """A pixel in both masks, two in the second only; the list has one of these and a wrong one."""
    for readout in ("TRAD", "IRS2"):
        world = World.quiet(detector="NRS1", readout=readout).with_pixels(
            y=[100, 200, 300], x=50, rate=20.0, onset=[-np.inf, 59900.0, 59950.0]
        )
        for name, known, useafter in (("old", 59800, "2022-07-01"), ("new", EPOCH, "2023-02-25")):
            hdus = mask(world, known, useafter=f"{useafter}T00:00:00")
            hdus.writeto(tmp_path / f"{name}_{readout}.fits")
    pixels = make_list([100, 200, 400], 50, rate=20.0)
    asdf_file.write(
        pixels, tmp_path / "list.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00")
    )
    return tmp_path


def test_the_command_scores_a_list_at_the_useafter_of_the_new_mask(delivery):
    run = subprocess.run(
        [HOTPIX, "reconcile", "list.asdf", "--json",
         "--old-mask", "old_TRAD.fits", "--new-mask", "new_TRAD.fits"],
        capture_output=True, text=True, check=False, cwd=delivery,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    score = json.loads(run.stdout)
    expected = {"added": 2, "confirmed": 1, "missed": 1, "unconfirmed": 1, "already_masked": 1,
                "completeness": 0.5, "purity": 0.5}  # fmt: skip
    assert {key: score[key] for key in expected} == expected
    assert score["confirmed_by_rate"]["10-100"] == 1


def test_masks_of_the_other_readout_mode_are_refused_except_for_a_pooled_list(delivery):
    masks = delivery / "old_IRS2.fits", delivery / "new_IRS2.fits"
    with pytest.raises(FrameMismatchError, match="old_IRS2.fits: .*for IRS2, but the list is"):
        reconcile_files(asdf_file.read(delivery / "list.asdf"), *masks)
    pooled = make_list([200], [50], readout="POOLED")
    assert reconcile_files(pooled, *masks).confirmed.sum() == 1


def test_a_new_mask_without_a_date_asks_for_one(tmp_path):
    path = tmp_path / "mask.fits"
    fits.PrimaryHDU((dq_of((5, 5)) > 0).astype(np.uint8)).writeto(path)
    with pytest.raises(ListFormatError, match=r"mask.fits: no USEAFTER in the header; .*--at"):
        reconcile_files(make_list([5], [5]), path, path)


def test_swapped_masks_are_refused(delivery):
    # FIELD C4.
    pixels = asdf_file.read(delivery / "list.asdf")
    old, new = delivery / "old_TRAD.fits", delivery / "new_TRAD.fits"
    sentence = r"applies from 2023-02-25, after the new one \(2022-07-01\): are the two swapped"
    with pytest.raises(ListFormatError, match=f"^{new}: the old mask {sentence}"):
        reconcile_files(pixels, new, old)
    with pytest.raises(ListFormatError, match="after the new one"):
        reconcile_files(pixels, old, new, epoch=59000.0)
    # A mask that is delivered again may keep its USEAFTER.
    assert reconcile_files(pixels, old, old).n_added == 0
