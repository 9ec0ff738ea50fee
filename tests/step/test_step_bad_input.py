"""One clear error each: the file, what was expected, what was found; the input untouched."""

import numpy as np
import pytest
from stdatamodels.jwst import datamodels

from helpers import EPOCH, fill, make_list, make_multislit, make_ramp, make_rate
from jwst_hotpix.exceptions import (
    ExposureError,
    FrameMismatchError,
    ListFormatError,
    MissingListError,
)
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.step import HotPixStep

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
NAME = "jw01234001001_03101_00001_nrs1_test.fits"


@pytest.fixture
def path(tmp_path):
    return str(asdf_file.write(make_list([100], [200]), tmp_path / "list.asdf", HEADER))


def _no_date(model):
    model.meta.exposure.mid_time = None
    model.meta.observation.date = None


def _stripes(model):
    model.meta.subarray.multistripe_reads1 = 5


def _set(dotted, value):
    def change(model):
        *parents, last = dotted.split(".")
        node = model
        for name in parents:
            node = getattr(node, name)
        setattr(node, last, value)

    return change


@pytest.mark.parametrize(
    ("make", "change", "error", "message"),
    [
        (make_ramp, _set("meta.cal_step.dq_init", None), ExposureError,
         "dq_init of the ramp: expected COMPLETE, found no such step"),
        (make_ramp, _set("meta.cal_step.dq_init", "SKIPPED"), ExposureError,
         "dq_init of the ramp: expected COMPLETE, found SKIPPED"),
        (make_rate, _no_date, ExposureError, "no date: none of EXPMID, EXPSTART, DATE-OBS is set"),
        (make_rate, _set("meta.exposure.mid_time", np.nan), ExposureError,
         r"date \(EXPMID\): expected an MJD from 2021-12-25, the launch of JWST, .* found nan"),
        (make_rate, _set("meta.subarray.xstart", 30), FrameMismatchError,
         "NRS1 x range of the subarray: expected within 1 to 2048, found 30 to 2077"),
        (make_rate, _set("meta.subarray.ystart", None), ExposureError,
         "the header lacks SUBSTRT2"),
        (make_rate, _set("meta.instrument.detector", None), FrameMismatchError,
         "detector: expected one of .*, found None"),
        (make_rate, _set("meta.cal_step.resample", "COMPLETE"), ExposureError,
         "product: expected an exposure in detector pixels, found resample COMPLETE"),
        (make_ramp, _stripes, ExposureError, "subarray: expected an exposure without stripes"),
        (lambda: make_multislit([(2045, 1)]), lambda m: None, FrameMismatchError,
         "NRS1 y range of the subarray: expected within 1 to 2048, found 2045 to 2054"),
    ],
)  # fmt: skip
def test_an_unusable_exposure_is_refused_by_name(path, make, change, error, message):
    model = make()
    change(model)
    with pytest.raises(error, match=f"{NAME}: {message}"):
        HotPixStep(override_hotpix=path).run(model)
    first = model.slits[0] if isinstance(model, datamodels.MultiSlitModel) else model
    dq = first.pixeldq if isinstance(model, datamodels.RampModel) else first.dq
    assert not dq.any()


def test_a_raw_exposure_is_refused(path):
    raw = datamodels.Level1bModel()
    raw.data = np.zeros((1, 1, 32, 32), dtype=np.uint16)
    with pytest.raises(ExposureError, match="a raw exposure.* run hotpix_detector1"):
        HotPixStep(override_hotpix=path).run(raw)


@pytest.mark.skipif(
    not hasattr(datamodels, "SuperstripeRampModel"), reason="this jwst knows no superstripes"
)
def test_a_superstripe_ramp_is_refused(path):
    with pytest.raises(ExposureError, match="product: expected .* found SuperstripeRampModel"):
        HotPixStep(override_hotpix=path).run(datamodels.SuperstripeRampModel())


def test_several_exposures_at_once_are_refused(path):
    with pytest.raises(ExposureError, match="product: expected one of .*, found ModelContainer"):
        HotPixStep(override_hotpix=path).run([make_rate(), make_rate()])


def test_a_list_of_another_detector_is_refused_by_both_names(path):
    message = f"{NAME}: list.asdf is a list for NRS1, not for NRS2"
    with pytest.raises(FrameMismatchError, match=message):
        HotPixStep(override_hotpix=path).run(make_rate(detector="NRS2"))


def test_a_missing_list_that_was_asked_for_is_an_error_in_any_case(tmp_path):
    with pytest.raises(MissingListError, match="gone.asdf: file not found"):
        HotPixStep(override_hotpix=str(tmp_path / "gone.asdf")).run(make_rate())


def test_a_broken_list_is_an_error_in_any_case(tmp_path):
    broken = tmp_path / "broken.asdf"
    broken.write_bytes(b"#ASDF 1.0.0\n%YAML 1.1\n---\n{")
    with pytest.raises(ListFormatError, match="broken.asdf: file: expected a whole ASDF"):
        HotPixStep(override_hotpix=str(broken)).run(make_rate())


def test_a_list_of_the_other_readout_is_used_under_protest_or_refused(path, caplog):
    rate = make_rate(readpatt="NRSIRS2")
    result = HotPixStep(override_hotpix=path).run(rate)
    assert result.dq[100, 200]
    message = "list.asdf: the list was built for TRAD but the exposure is IRS2"
    assert message in caplog.text
    with pytest.raises(FrameMismatchError, match=f"{NAME}: {message}"):
        HotPixStep(override_hotpix=path, on_missing="error").run(rate)


def test_the_library_of_the_environment_is_found(path, tmp_path, monkeypatch):
    monkeypatch.setenv("JWST_HOTPIX_LIBRARY", str(tmp_path))
    assert HotPixStep().run(make_rate()).dq[100, 200]


def test_the_mid_time_falls_back_to_start_and_end_and_then_to_the_date(path):
    for change in ({"start_time": EPOCH - 1, "end_time": EPOCH + 1}, {}):
        rate = make_rate()
        rate.meta.exposure.mid_time = None
        for name, value in change.items():
            setattr(rate.meta.exposure, name, value)
        assert HotPixStep(override_hotpix=path).run(rate).dq[100, 200]
        rate.meta.observation.date = "2022-01-01"
        if not change:
            late = asdf_file.write(make_list([100], [200], onset_earliest=EPOCH - 101),
                            path.replace("list", "late"), HEADER)  # fmt: skip
            assert not HotPixStep(override_hotpix=str(late)).run(rate).dq.any()


def _cut(model):
    for name in ("data", "err", "dq", "var_poisson", "var_rnoise"):
        setattr(model, name, getattr(model, name)[10:, 10:])


def test_arrays_that_were_cut_without_their_header_are_refused(path):
    """B1."""
    rate = make_rate()
    _cut(rate)
    message = f"{NAME}: the array has 2038 rows and 2038 columns, but the header says 2048"
    with pytest.raises(ExposureError, match=message):
        HotPixStep(override_hotpix=path).run(rate)
    assert not rate.dq.any()


def _dhs():
    """A NIRCam exposure of stripes, all of them without a row to skip."""
    rate = make_rate((256, 2048), readpatt="RAPID", detector="NRCALONG")
    rate.meta.instrument.name = "NIRCAM"
    rate.meta.subarray.multistripe_reads1 = 0
    return rate


def test_an_exposure_that_no_list_is_for_is_let_through_even_if_the_step_could_not_flag_it(
    path, tmp_path, caplog
):
    """B12."""
    unsupported = [_dhs(), make_ramp(detector="NRS2")]
    unsupported[1].meta.cal_step.dq_init = "SKIPPED"
    for model in unsupported:
        before = [array.copy() for array in (model.data, getattr(model, "dq", model.data))]
        result = HotPixStep(library=str(tmp_path), on_missing="skip").run(model)
        assert result.meta.cal_step.hotpix == "SKIPPED"
        assert "No hot pixel list, step skipped" in caplog.text
        np.testing.assert_array_equal(result.data, before[0])
        caplog.clear()


def test_an_exposure_that_there_is_a_list_for_is_refused_if_it_cannot_be_flagged(tmp_path):
    pixels = make_list([100], [200], detector="NRCALONG")
    listed = asdf_file.write(pixels, tmp_path / "long.asdf", HEADER)
    for step in (HotPixStep(library=str(tmp_path)), HotPixStep(override_hotpix=str(listed))):
        with pytest.raises(ExposureError, match="expected an exposure without stripes"):
            step.run(_dhs())


@pytest.mark.parametrize(
    ("recorded", "message"),
    [
        ("N/A", "R_MASK is N/A: dq_init used no MASK"),
        ("/gone/my_mask.fits", "the MASK that R_MASK names, /gone/my_mask.fits, is not here"),
        ("crds://jwst_nirspec_mask_0057.fits", "mask_0057.fits"),
        (None, "cannot get the MASK: no CRDS cache or server is configured"),
    ],
)
def test_a_mask_that_cannot_be_had_costs_the_supplement_not_the_product(
    path, tmp_path, caplog, monkeypatch, recorded, message
):
    """B4."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "nothing"))
    rate = make_rate()
    rate.meta.ref_file.mask.name = recorded
    result = HotPixStep(override_hotpix=path, save_supplement=True).run(rate)
    assert result.meta.cal_step.hotpix == "COMPLETE"
    assert result.dq[100, 200]
    assert "No supplement written" in caplog.text
    assert message in caplog.text
    assert not list(tmp_path.glob("*_hotpix.asdf"))


def test_a_slit_without_pixels_costs_nothing(path):
    """B11."""
    product = make_multislit([(1, 1), (95, 190)])
    fill(product.slits[0], (10, 0))
    product.slits[0].xsize = 0
    result = HotPixStep(override_hotpix=path).run(product)
    assert np.argwhere(result.slits[1].dq).tolist() == [[6, 11]]
