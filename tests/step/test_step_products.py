"""HotPixStep on every product, without a pipeline around it."""

import numpy as np
import pytest
from astropy.io import fits
from stdatamodels.jwst import datamodels

from helpers import (
    DNU,
    EPOCH,
    HOT,
    OTHER,
    TELEGRAPH,
    fill,
    make_list,
    make_multislit,
    make_ramp,
    make_rate,
)
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import raw_rows
from jwst_hotpix.step import HotPixStep

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
PER_PIXEL = ("data", "err", "var_poisson", "var_rnoise")


@pytest.fixture
def write(tmp_path):
    def _write(*args, **columns):
        return str(asdf_file.write(make_list(*args, **columns), tmp_path / "list.asdf", HEADER))

    return _write


def run(model, path, **parameters):
    return HotPixStep(override_hotpix=path, **parameters).run(model)


def flagged(dq):
    return [tuple(place) for place in np.argwhere(dq).tolist()]


@pytest.mark.parametrize("kind", [datamodels.ImageModel, datamodels.IFUImageModel])
def test_a_rate_loses_the_listed_pixel_and_nothing_else(write, kind):
    rate = make_rate(kind=kind)
    result = run(rate, write([100], [200]))
    assert type(result) is kind
    assert flagged(result.dq) == [(100, 200)]
    assert result.dq[100, 200] == HOT | DNU
    for name in PER_PIXEL:
        assert flagged(np.isnan(getattr(result, name))) == [(100, 200)]
        assert not np.isnan(getattr(rate, name)).any(), "the input was changed"
    assert not rate.dq.any(), "the input was changed"


def test_a_product_gains_no_extension(write, tmp_path):
    make_rate().save(tmp_path / "rate.fits")
    run(str(tmp_path / "rate.fits"), write([100], [200])).save(tmp_path / "flagged.fits")
    with fits.open(tmp_path / "rate.fits") as before, fits.open(tmp_path / "flagged.fits") as after:
        assert [hdu.name for hdu in after] == [hdu.name for hdu in before]


def test_all_integrations_lose_it(write):
    result = run(make_rate((3, 2048, 2048), kind=datamodels.CubeModel), write([100], [200]))
    assert flagged(result.dq) == [(i, 100, 200) for i in range(3)]
    assert flagged(np.isnan(result.data)) == [(i, 100, 200) for i in range(3)]


def test_slits_lose_the_pixels_that_lie_in_them(write):
    product = make_multislit([(11, 21), (501, 31)], corner=(1, 1))
    result = run(product, write([12, 505, 505, 900], [25, 30, 49, 900]))
    assert flagged(result.slits[0].dq) == [(2, 5)]
    assert flagged(result.slits[1].dq) == [(5, 0), (5, 19)]
    assert np.isnan(result.slits[1].data[5, 19])
    assert not any(slit.dq.any() for slit in product.slits), "the input was changed"


def test_slits_of_a_subarray_count_from_its_corner(write):
    product = make_multislit([(11, 21)], corner=(897, 1), size=(256, 2048))
    result = run(product, write([896 + 12], [25]))
    assert flagged(result.slits[0].dq) == [(2, 5)]


def test_the_slit_of_a_time_series_has_integrations(write):
    slit = fill(datamodels.SlitModel(), (4, 10, 20))
    whole = make_multislit([], corner=(963, 1), size=(32, 512))
    slit.update(whole)
    slit.xstart, slit.ystart, slit.xsize, slit.ysize = 1, 3, 20, 10
    result = run(slit, write([962 + 2 + 4], [7]))
    assert flagged(result.dq) == [(i, 4, 7) for i in range(4)]


@pytest.mark.parametrize(
    ("corner", "shape"),
    [((897, 1), (256, 2048)), ((975, 1399), (32, 32)), ((963, 1025), (32, 512))],
)
def test_border_pixels_of_a_subarray_are_its_own_and_the_next_ones_are_not(write, corner, shape):
    top, left = corner[0] - 1, corner[1] - 1
    bottom, right = top + shape[0] - 1, left + shape[1] - 1
    inside = [(top, left), (top, right), (bottom, left), (bottom, right)]
    outside = [(top - 1, left), (bottom + 1, right), (top, left - 1), (bottom, right + 1)]
    listed = [place for place in inside + outside if max(place) < 2048 and min(place) >= 0]
    result = run(make_ramp(shape, corner=corner), write(*zip(*listed, strict=True)))
    assert flagged(result.pixeldq) == [(y - top, x - left) for y, x in inside]


def test_a_ramp_gets_do_not_use_in_every_group_and_keeps_its_values(write):
    ramp = make_ramp(ngroups=3)
    result = run(ramp, write([100], [200]))
    assert result.pixeldq[100, 200] == HOT | DNU
    assert flagged(result.groupdq[0]) == [(group, 100, 200) for group in range(3)]
    assert np.isfinite(result.data).all()
    assert not ramp.pixeldq.any(), "the input was changed"
    assert not ramp.groupdq.any(), "the input was changed"


def test_the_copy_of_a_ramp_shares_its_data(write):
    ramp = make_ramp()
    assert np.shares_memory(run(ramp, write([100], [200])).data, ramp.data)


def test_a_hook_and_a_step_in_a_pipeline_copy_nothing(write):
    ramp, path = make_ramp(), write([100], [200])
    hook = HotPixStep(override_hotpix=path)
    hook.name = hook.class_alias  # as stpipe does with an instance among post_hooks
    assert hook.run(ramp) is ramp
    within = HotPixStep(override_hotpix=path, parent=HotPixStep())
    assert within.run(ramp) is ramp


@pytest.mark.parametrize("detector", ["NRS1", "NRS2"])
def test_raw_irs2_rows_first_last_and_split_pairs(write, detector):
    split = np.flatnonzero(np.diff(raw_rows(get_detector(detector))) == 5)
    assert split.size == 128
    rows = np.unique(np.concatenate([[0, 2047], split, split + 1]))
    path = write(rows, np.full(rows.size, 77), detector=detector, readout="IRS2")
    ramp = make_ramp((3200, 2048), detector=detector, readpatt="NRSIRS2RAPID")
    result = run(ramp, path)
    expected = raw_rows(get_detector(detector))[rows]
    assert flagged(result.pixeldq) == [(row, 77) for row in sorted(expected.tolist())]
    assert flagged(result.groupdq[0, 1]) == flagged(result.pixeldq)


@pytest.mark.parametrize("detector", ["NRS1", "NRS2"])
def test_a_cross_over_a_split_pair_stays_a_cross_on_the_detector(write, detector):
    split = int(np.flatnonzero(np.diff(raw_rows(get_detector(detector))) == 5)[60])
    path = write([split], [77], detector=detector, readout="IRS2")
    ramp = make_ramp((3200, 2048), detector=detector, readpatt="NRSIRS2RAPID")
    result = run(ramp, path, neighbors="cross")
    detector_dq = result.pixeldq[raw_rows(get_detector(detector))]
    arms = [(split - 1, 77), (split, 76), (split, 78), (split + 1, 77)]
    assert flagged(detector_dq == (OTHER | DNU)) == arms
    assert result.pixeldq.astype(bool).sum() == 5


PRODUCTS = {
    "ramp": make_ramp,
    "raw IRS2": lambda: make_ramp((3200, 2048), readpatt="NRSIRS2"),
    "rate": make_rate,
    "rateints": lambda: make_rate((2, 2048, 2048), kind=datamodels.CubeModel),
    "slits": lambda: make_multislit([(8, 8), (300, 1), (11, 11)]),
}


def _arrays(model):
    parts = model.slits if isinstance(model, datamodels.MultiSlitModel) else [model]
    names = ("pixeldq", "groupdq", "dq", *PER_PIXEL)
    return [getattr(part, n) for part in parts for n in names if getattr(part, n, None) is not None]


@pytest.mark.parametrize("neighbors", ["none", "threshold", "cross"])
@pytest.mark.parametrize(("promote", "unflag"), [(True, False), (False, False), (True, True)])
@pytest.mark.parametrize("product", PRODUCTS)
def test_applying_twice_equals_applying_once(write, product, neighbors, promote, unflag):
    # FIELD D7.
    chosen = {"neighbors": neighbors, "promote_hot": promote, "unflag_recovered": unflag}
    rng = np.random.default_rng(7)
    y, x = np.divmod(rng.choice(40 * 40, 300, replace=False), 40)
    readout = "IRS2" if product == "raw IRS2" else "TRAD"
    status = rng.integers(0, 3, 300)
    path = write(
        y, x, readout=readout, role=rng.integers(0, 3, 300), rate=rng.uniform(0, 9, 300),
        status=status, recovery_earliest=np.where(status == 2, EPOCH - 50, np.inf),
        recovery_latest=np.where(status == 2, EPOCH - 40, np.inf),
    )  # fmt: skip
    model = PRODUCTS[product]()
    dq = next(a for a in _arrays(model) if a.dtype == np.uint32)
    dq[..., :30, ::3] = HOT | DNU  # an active mask that knows some of them, and others
    model.meta.exposure.readpatt = "NRSIRS2" if readout == "IRS2" else "NRS"
    once = run(model, path, **chosen)
    twice = run(once, path, **chosen)
    for first, second in zip(_arrays(once), _arrays(twice), strict=True):
        np.testing.assert_array_equal(first, second)


def test_no_bit_of_the_input_is_lost(write):
    rate = make_rate()
    rate.dq[100, 200] = 4
    rate.dq[5, 5] = HOT | DNU | TELEGRAPH
    result = run(rate, write([100, 5], [200, 5]))
    assert result.dq[100, 200] == 4 | HOT | DNU
    assert result.dq[5, 5] == HOT | DNU | TELEGRAPH


def test_a_masked_pixel_counts_as_known_and_keeps_its_value(write):
    rate = make_rate()
    rate.dq[100, 200] = DNU
    step = HotPixStep(override_hotpix=write([100, 101], [200, 200]))
    result = step.run(rate)
    assert result.data[100, 200] == 1.0
    counts = step.summary.counts
    assert (counts.active, counts.masked, counts.centers) == (2, 1, 1)


def test_pixels_that_turn_hot_later_or_have_recovered_are_let_through(write):
    path = write(
        [1, 2, 3], [9, 9, 9],
        onset_earliest=[-np.inf, EPOCH + 1, -np.inf],
        onset_latest=[EPOCH - 9, EPOCH + 2, EPOCH - 9],
        provenance=Provenance(coverage=(EPOCH - 500, EPOCH + 9)),
        recovery_earliest=[np.inf, np.inf, EPOCH - 3], recovery_latest=[np.inf, np.inf, EPOCH - 1],
    )  # fmt: skip
    assert flagged(run(make_rate(), path).dq) == [(1, 9)]


def test_the_steps_threshold_beats_the_lists(write):
    path = write([1, 2], [9, 9], rate=[2.0, 20.0])
    assert flagged(run(make_rate(), path, threshold=10.0).dq) == [(2, 9)]


def test_a_fresh_product_without_dq_gets_one(write):
    rate = make_rate()
    del rate.dq
    assert flagged(run(rate, write([1], [9])).dq) == [(1, 9)]


def test_promote_hot_completes_what_old_masks_left_undone(write):
    ramp = make_ramp()
    ramp.pixeldq[50, 60] = HOT
    path = write([1], [9])
    assert run(ramp, path).pixeldq[50, 60] == HOT
    promoted = run(ramp, path, promote_hot=True)
    assert promoted.pixeldq[50, 60] == HOT | DNU
    assert (promoted.groupdq[:, :, 50, 60] == DNU).all()


def test_unflag_recovered_frees_recovered_pixels_that_are_only_hot(write):
    ramp = make_ramp()
    for x, bits in ((1, HOT | DNU), (2, HOT | DNU | 4), (3, DNU), (4, HOT)):
        ramp.pixeldq[7, x] = bits
        ramp.groupdq[..., 7, x] = bits & DNU
    recovery = {"recovery_earliest": EPOCH - 50, "recovery_latest": EPOCH - 40}
    path = write([7] * 4, [1, 2, 3, 4], status=Status.RECOVERED, **recovery)
    result = run(ramp, path, unflag_recovered=True)
    assert result.pixeldq[7, 1:5].tolist() == [0, HOT | DNU | 4, DNU, 0]
    assert result.groupdq[0, 0, 7, 1:5].tolist() == [0, DNU, DNU, 0]
    untouched = run(ramp, path)
    np.testing.assert_array_equal(untouched.pixeldq, ramp.pixeldq)


def test_unflag_recovered_cannot_bring_back_the_value_of_a_rate(write, caplog):
    rate = make_rate()
    rate.dq[7, 1] = HOT | DNU
    recovery = {"recovery_earliest": EPOCH - 50, "recovery_latest": EPOCH - 40}
    result = run(rate, write([7], [1], **recovery), unflag_recovered=True)
    assert result.dq[7, 1] == HOT | DNU
    assert "works on ramps only" in caplog.text


def test_the_product_says_which_list_and_what_it_did(write, tmp_path):
    role = [Role.CENTER, Role.CENTER, Role.NEIGHBOR]
    origin = Provenance(coverage=(EPOCH - 400, EPOCH - 30.4375), growth_per_month=70.0)
    path = write([1, 2, 3], [9, 9, 9], role=role, provenance=origin)
    rate = make_rate()
    rate.dq[2, 9] = DNU
    result = run(run(rate, path), path)  # the second run replaces the cards of the first
    result.save(str(tmp_path / "out_rate.fits"))
    with datamodels.open(str(tmp_path / "out_rate.fits")) as saved:
        cards = [
            card for card in saved.extra_fits.PRIMARY.header if card[0][:3] in ("S_H", "R_H", "HPX")
        ]
    assert {key: value for key, value, _ in cards} == {
        "S_HOTPIX": "COMPLETE", "R_HOTPIX": "list.asdf",
        "HPXDIGST": asdf_file.read(path).digest()[:16],
        "HPXPEDIG": "DUMMY", "HPXAGE": 30.438, "HPXACTIV": 3, "HPXKNOWN": 3,
        "HPXCENTR": 0, "HPXNEIGH": 0, "HPXPROMO": 0, "HPXCLEAR": 0,
    }  # fmt: skip
    assert len(cards) == 11


def test_the_log_says_it_too_and_reaches_cal_logs(write):
    origin = Provenance(coverage=(EPOCH - 400, EPOCH - 30.4375), growth_per_month=70.0)
    path = write([1, 2], [9, 9], role=[0, 1], provenance=origin)
    result = HotPixStep.call(make_rate(), override_hotpix=path)
    lines = "\n".join(result.cal_logs.hotpix)
    assert "Hot pixel list list.asdf: as asked for" in lines
    assert "2 entries active in this exposure: 0 masked already" in lines
    assert "newly flagged 1 hot pixels and 1 neighbors" in lines
    assert "30 days older than the exposure: expect about 70 new hot pixels" in lines


def test_the_real_slit_loses_the_listed_pixel_inside_it_only(shared_data, write):
    path = shared_data / "nirspec" / "jw01345062001_03101_00001_nrs2_phot.138.1345_933.fits"
    listed = write([670, 657, 683, 670], [100, 100, 100, 341], detector="NRS2", readout="IRS2")
    with datamodels.open(str(path)) as slit:
        before = slit.dq.copy()
        bad = sum(
            int(((before & datamodels.dqflags.pixel[name]) != 0).sum())
            for name in ("HOT", "LOW_QE", "DEAD")
        )
        result = run(slit, listed)
        assert bad == 23
        assert flagged(result.dq != before) == [(12, 100)]
        assert flagged((result.dq & before) != before) == []
        assert np.isnan(result.data[12, 100])


def test_a_list_whose_name_has_accents_is_spelled_in_ascii_in_the_header(tmp_path):
    """B9."""
    path = asdf_file.write(make_list([100], [200]), tmp_path / "liste_été.asdf", HEADER)
    run(make_rate(), str(path)).save(tmp_path / "flagged_rate.fits")
    assert fits.getval(tmp_path / "flagged_rate.fits", "R_HOTPIX") == "liste_ete.asdf"
