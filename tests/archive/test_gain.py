"""What an archive would gain from a list, told by headers and masks."""

import gzip
import logging

import numpy as np
import pytest
from astropy.io import fits
from stdatamodels.jwst import datamodels

from helpers import DNU, EPOCH, HOT, fill, make_list, make_multislit, make_ramp, make_rate
from jwst_hotpix.archive.gain import Auditor
from jwst_hotpix.exceptions import ExposureError, FrameMismatchError
from jwst_hotpix.exposure.find import gather
from jwst_hotpix.exposure.in_memory import parts_of
from jwst_hotpix.flag.bits import is_masked
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.masks.of_exposure import Masks
from jwst_hotpix.simulate import World, use_cache, write_crds_cache
from jwst_hotpix.simulate.crds_references import mask as mask_of
from jwst_hotpix.step import HotPixStep
from saving import save

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
# Hot at EPOCH: a subarray's corner, one in it, one beside it; not yet; no more; too faint.
Y, X = [974, 980, 1100, 12, 13, 14], [1398, 1405, 30, 40, 40, 40]
TIMES = {
    "onset_earliest": [-np.inf] * 3 + [EPOCH + 1, -np.inf, -np.inf],
    "onset_latest": [EPOCH - 100] * 3 + [EPOCH + 2, EPOCH - 100, EPOCH - 100],
    "recovery_earliest": [np.inf] * 4 + [EPOCH - 20, np.inf],
    "recovery_latest": [np.inf] * 4 + [EPOCH - 10, np.inf],
    "rate": [10.0, 10.0, np.nan, 10.0, 10.0, 0.5],
}


@pytest.fixture
def listed(tmp_path):
    origin = Provenance(
        pedigree="INFLIGHT", coverage=(EPOCH - 500, EPOCH + 30), growth_per_month=64.0
    )
    pixels = make_list(Y, X, provenance=origin, **TIMES)
    return asdf_file.write(pixels, tmp_path / "list.asdf", HEADER)


@pytest.fixture
def mask(tmp_path):
    """A mask that knows one of the hot pixels."""
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(980, 1405, 50.0)
    path = tmp_path / "mask.fits"
    mask_of(world, EPOCH, useafter="2022-08-01T00:00:00").writeto(path)
    return path


def audit(path, listed, *masks, **options):
    return Auditor(lists=Lists(listed), masks=Masks(masks), **options).audit(path)


def numbers(gain):
    return gain.active, gain.already_masked, gain.new


def uncal(shape=(2048, 2048), **header):
    model = datamodels.Level1bModel()
    model.update(make_ramp(shape, **header))
    model.data = np.ones((1, 2, *shape), dtype=np.uint16)
    model.meta.cal_step.dq_init = None
    return model


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (make_rate(), (3, 1, 2)),
        (uncal((32, 32), corner=(975, 1399)), (2, 1, 1)),
        (make_rate((3, 32, 32), corner=(975, 1399), kind=datamodels.CubeModel), (2, 1, 1)),
        (make_multislit([(1095, 21), (1095, 25), (975, 1395)]), (3, 1, 2)),
        (make_multislit([(1095, 31)]), (1, 0, 1)),
    ],
)
def test_what_is_hot_then_lies_in_the_product_and_is_not_in_the_mask_is_gained(
    tmp_path, listed, mask, model, expected
):
    gain = audit(save(model, tmp_path / "exposure.fits"), listed, mask)
    assert numbers(gain) == expected
    assert (gain.list, gain.mask, gain.done, gain.note) == ("list.asdf", "mask.fits", False, "")


def test_a_raw_irs2_frame_is_compared_with_an_irs2_mask(tmp_path):
    world = World.quiet(detector="NRS2", readout="IRS2").with_pixels(1000, 17, 50.0)
    mask_of(world, EPOCH, useafter="2022-08-01T00:00:00").writeto(tmp_path / "mask.fits")
    pixels = make_list([1000, 2000], [17, 18], detector="NRS2", readout="IRS2")
    listed = asdf_file.write(pixels, tmp_path / "list.asdf", HEADER)
    raw = uncal((3200, 2048), readpatt="NRSIRS2RAPID", detector="NRS2", size=(2048, 2048))
    gain = audit(save(raw, tmp_path / "u.fits"), listed, tmp_path / "mask.fits")
    assert numbers(gain) == (2, 1, 1)


def test_policy_is_that_of_the_step(tmp_path, listed, mask):
    path = save(make_rate(), tmp_path / "rate.fits")
    assert audit(path, listed, mask, threshold=0.1).active == 4
    assert audit(path, listed, mask, threshold=20).active == 1
    assert audit(path, listed, mask, onset="latest").active == 3


def test_age_and_what_an_old_list_cannot_know(tmp_path, mask):
    origin = Provenance(
        pedigree="INFLIGHT", coverage=(EPOCH - 500, EPOCH - 30.4375), growth_per_month=64.0
    )
    pixels = make_list([5], [5], provenance=origin)
    listed = asdf_file.write(pixels, tmp_path / "list.asdf", HEADER)
    gain = audit(save(make_rate(), tmp_path / "rate.fits"), listed, mask)
    assert gain.list_age_days == pytest.approx(30.4375)
    assert gain.expected_unlisted == pytest.approx(64.0)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    root = tmp_path_factory.mktemp("crds")
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(
        980, 1405, 50.0, onset=EPOCH - 60
    )
    write_crds_cache(root, world, deliveries=["2022-06-01", "2023-01-20"], dark_frames=1)
    return root


@pytest.mark.parametrize(("recorded", "masked"), [(None, 1), ("0001", 0), ("0002", 1)])
def test_the_mask_is_the_one_recorded_else_the_one_crds_selects(
    tmp_path, listed, cache, recorded, masked
):
    rate = make_rate()
    rate.meta.subarray.name = "FULL"
    if recorded:
        rate.meta.ref_file.mask.name = f"crds://jwst_nirspec_mask_{recorded}.fits"
    with use_cache(cache):
        gain = audit(save(rate, tmp_path / "rate.fits"), listed)
    assert numbers(gain) == (3, masked, 3 - masked)
    assert gain.mask == f"jwst_nirspec_mask_{recorded or '0002'}.fits"


class Said(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def test_without_a_mask_the_dq_of_a_product_tells_and_an_uncal_says_why_not(
    tmp_path, listed, monkeypatch
):
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "nothing"))
    said = Said()
    monkeypatch.setattr(logging.getLogger("CRDS"), "handlers", [said])
    rate = make_rate()
    rate.dq[1100, 30] = DNU | HOT
    rate.dq[980, 1405] = HOT
    gain = audit(save(rate, tmp_path / "rate.fits"), listed)
    assert (numbers(gain), gain.mask) == ((3, 1, 2), "DQ")
    gain = audit(save(uncal(), tmp_path / "uncal.fits"), listed)
    assert (numbers(gain), gain.mask) == ((3, None, 3), None)
    assert gain.note.startswith("cannot get the MASK: no CRDS cache or server")
    assert not said.lines, "crds speaks to the user"


@pytest.mark.parametrize("compressed", [False, True])
def test_the_dq_of_every_product_is_read_at_the_right_pixels(tmp_path, compressed):
    rng = np.random.default_rng(1)
    y, x = rng.integers(975, 1000, 40), rng.integers(1395, 1415, 40)
    for name, model in {
        "rateints": make_rate((3, 32, 32), corner=(975, 1399), kind=datamodels.CubeModel),
        "slits": make_multislit([(980, 1396), (985, 1400)], shape=(12, 20)),
    }.items():
        for window, part in parts_of(model):
            part.dq |= (rng.random(part.dq.shape) < 0.5).astype(np.uint32)
            inside = window.locate(y, x)[2]
        place = save(model, tmp_path / f"{name}.fits")
        if compressed:
            place.write_bytes(gzip.compress(place.read_bytes()))
        known = []
        for window, part in parts_of(model):
            row, column, inside = window.locate(y, x)
            known.append(set(np.flatnonzero(inside)[~is_masked(part.dq, row, column)].tolist()))
        listed = asdf_file.write(
            make_list(*np.unique([y, x], axis=1)), tmp_path / "list.asdf", HEADER
        )
        new = {(y[i], x[i]) for i in set.union(*known)}
        assert audit(place, listed, by_dq=True).new == len(new) > 0


def test_a_product_that_the_step_flagged_with_this_list_gains_nothing(tmp_path, listed, mask):
    flagged = HotPixStep(override_hotpix=str(listed)).run(make_rate())
    path = tmp_path / "rate.fits"
    flagged.meta.telescope = "JWST"
    flagged.save(path)
    gain = audit(path, listed, mask)
    assert (numbers(gain), gain.done) == ((3, 3, 0), True)
    other = asdf_file.write(make_list([5], [5]), tmp_path / "other.asdf", HEADER)
    gain = audit(path, other, mask)
    assert (numbers(gain), gain.done) == ((1, 0, 1), False)


def test_a_list_of_another_detector_is_refused_and_of_another_readout_said(tmp_path, listed, mask):
    path = save(make_rate(detector="NRS2"), tmp_path / "nrs2.fits")
    message = f"{path}: list.asdf is a list for NRS1, not for NRS2"
    with pytest.raises(FrameMismatchError, match=message):
        audit(path, listed, mask)
    path = save(make_rate(readpatt="NRSIRS2"), tmp_path / "irs2.fits")
    assert audit(path, listed, mask).note == "the list was built for TRAD but the exposure is IRS2"


def test_no_pixel_is_read_where_header_and_mask_suffice(tmp_path, listed, mask):
    path = save(make_rate(), tmp_path / "rate.fits")
    expected = numbers(audit(path, listed, mask))
    with fits.open(path) as hdus:
        places = [(hdu.fileinfo()["datLoc"], hdu.fileinfo()["datSpan"]) for hdu in hdus[1:]]
    with path.open("r+b") as file:
        for place, span in places:
            file.seek(place)
            file.write(b"\xff" * span)
    assert numbers(audit(path, listed, mask)) == expected


def test_a_product_without_dq_is_an_error_that_names_it(tmp_path, listed):
    path = save(make_rate((32, 32), corner=(975, 1399)), tmp_path / "rate.fits")
    with fits.open(path, mode="update") as hdus:
        del hdus["DQ"]
    with pytest.raises(ExposureError, match=f"{path}: extensions: expected 1 of DQ, found 0"):
        audit(path, listed, by_dq=True)


def test_a_dq_of_another_shape_is_an_error_that_names_it(tmp_path, listed):
    path = save(make_rate((32, 32), corner=(975, 1399)), tmp_path / "rate.fits")
    with fits.open(path, mode="update") as hdus:
        hdus["DQ"].data = hdus["DQ"].data[:16]
    with pytest.raises(ExposureError, match=f"{path}: DQ: expected 32 rows and 32 columns"):
        audit(path, listed, by_dq=True)


def test_a_card_that_cannot_be_read_is_an_error_that_names_the_file(tmp_path, listed):
    path = save(make_rate((32, 32), corner=(975, 1399)), tmp_path / "rate.fits")
    fits.setval(path, "S_HOTPIX", value="COMPLETE")
    path.write_bytes(path.read_bytes().replace(b"S_HOTPIX= '", b"S_HOTPIX=  ", 1))
    with pytest.raises(ExposureError, match=f"{path}: header: expected whole, found Unparsable"):
        audit(path, listed, by_dq=True)


def test_folders_are_searched_for_exposures_and_each_file_counts_once(tmp_path):
    below = tmp_path / "visit" / "jw01"
    below.mkdir(parents=True)
    for name in ("b_rate.fits", "a_uncal.fits", "c_calints.fits.gz", "c_x1d.fits", "list.asdf"):
        (below / name).touch()
    link = tmp_path / "link.fits"
    link.symlink_to(below / "b_rate.fits")
    files, repeated = gather([tmp_path / "visit", link, below / "c_x1d.fits"])
    assert [path.name for path in files] == [
        "a_uncal.fits", "b_rate.fits", "c_calints.fits.gz", "c_x1d.fits",
    ]  # fmt: skip
    assert repeated == [link]


def test_of_the_masks_given_the_newest_that_serves_the_exposure_is_chosen(tmp_path, listed):
    given = []
    for name, readout, useafter in (
        ("old", "TRAD", "2022-08-01"), ("right", "TRAD", "2023-01-01"),
        ("later", "TRAD", "2023-06-01"), ("other", "IRS2", "2023-02-01"),
    ):  # fmt: skip
        world = World.quiet(detector="NRS1", readout=readout)
        hdus = mask_of(world, EPOCH, useafter=f"{useafter}T00:00:00")
        hdus.writeto(tmp_path / f"{name}.fits")
        given.append(tmp_path / f"{name}.fits")
    path = save(uncal((32, 32), corner=(975, 1399)), tmp_path / "uncal.fits")
    assert audit(path, listed, *given).mask == "right.fits"
    gain = audit(path, listed, given[2])
    assert gain.already_masked is None
    assert gain.note.startswith("no MASK for NRS1 TRAD and its date and window among later.fits")


def test_a_slit_without_pixels_costs_nothing(tmp_path, listed):
    """B11."""
    product = make_multislit([(1, 2049), (1095, 21)])
    fill(product.slits[0], (10, 0))
    product.slits[0].xsize = 0
    product.slits[1].dq[5, 10] = DNU
    path = save(product, tmp_path / "cal.fits")
    assert numbers(audit(path, listed, by_dq=True)) == (1, 0, 1)


def test_a_mask_that_is_not_here_is_named_and_the_dq_of_a_product_serves(tmp_path, listed, cache):
    rate = make_rate()
    rate.meta.ref_file.mask.name = "/elsewhere/mask.fits"
    with use_cache(cache):
        assert audit(save(rate, tmp_path / "rate.fits"), listed).mask == "DQ"
