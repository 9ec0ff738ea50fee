"""What Detector1 with the step writes into its products, and where the list may come from."""

import shutil

import asdf
import numpy as np
import pytest
from jwst.pipeline import Detector1Pipeline
from stdatamodels.jwst import datamodels

from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.masks.reference_mask import read_mask
from jwst_hotpix.pipeline import HotPixDetector1Pipeline
from jwst_hotpix.simulate import serve_hotpix, use_cache
from jwst_hotpix.step import HotPixStep

pytestmark = [
    pytest.mark.parametrize("case", ["SUB32"], indirect=True),
    pytest.mark.xdist_group("SUB32"),
]


@pytest.fixture
def at_work(case, tmp_path, monkeypatch):
    """A working folder, with the CRDS cache of the case."""
    monkeypatch.chdir(tmp_path)
    with use_cache(case.folder / "crds"):
        yield tmp_path


def cards(model):
    header = model.extra_fits.PRIMARY.header
    return {key: value for key, value, *_ in header if key.startswith(("S_HOT", "R_HOT", "HPX"))}


def test_rate_and_rateints_record_what_the_step_did(case, at_work):
    steps = {"hotpix": {"override_hotpix": str(case.list_path)}}
    HotPixDetector1Pipeline.call(str(case.uncal), steps=steps, save_results=True)
    for suffix in ("rate", "rateints"):
        (path,) = at_work.glob(f"*_{suffix}.fits")
        with datamodels.open(str(path)) as product:
            found = cards(product)
            assert product.meta.cal_step.hotpix == "COMPLETE"
        assert found["S_HOTPIX"] == "COMPLETE"
        assert found["R_HOTPIX"] == case.list_path.name
        assert found["HPXDIGST"] == case.pixels.digest()[:16]
        assert found["HPXCENTR"] + found["HPXNEIGH"] == len(case.new)
        assert found["HPXACTIV"] - found["HPXKNOWN"] == len(case.new)


@pytest.mark.parametrize("way", ["pipeline", "hook"])
def test_the_lines_of_the_step_reach_cal_logs(case, at_work, way):
    if way == "pipeline":
        steps = {"hotpix": {"override_hotpix": str(case.list_path)}}
        rate = HotPixDetector1Pipeline.call(str(case.uncal), steps=steps)
        lines = rate.cal_logs.hotpix_detector1
    else:
        hook = HotPixStep(override_hotpix=str(case.list_path))
        steps = {"dq_init": {"post_hooks": [hook]}}
        rate = Detector1Pipeline.call(str(case.uncal), steps=steps)
        lines = rate.cal_logs.calwebb_detector1
    text = "\n".join(lines)
    assert f"Hot pixel list {case.list_path.name}: as asked for" in text
    assert "entries active in this exposure" in text
    rate.close()


def test_a_context_with_lists_serves_one_by_detector_readout_and_date(case, at_work):
    other = asdf_file.write(
        case.pixels.select(np.zeros(len(case.pixels), dtype=bool)),
        at_work / "old.asdf", asdf_file.Header(useafter="2020-01-01T00:00:00"),
    )  # fmt: skip
    cache = shutil.copytree(case.folder / "crds", at_work / "crds")
    with use_cache(cache, serve_hotpix(cache, [case.list_path, other])):
        rate = HotPixDetector1Pipeline.call(str(case.uncal))
    assert cards(rate)["R_HOTPIX"] == "crds://jwst_nirspec_hotpix_0001.asdf"
    assert cards(rate)["HPXDIGST"] == case.pixels.digest()[:16]
    rate.close()


def test_with_a_context_without_lists_the_library_is_used(case, at_work, caplog):
    with use_cache(case.folder / "crds"):
        steps = {"hotpix": {"library": str(case.library)}}
        rate = HotPixDetector1Pipeline.call(str(case.uncal), steps=steps)
    assert cards(rate)["R_HOTPIX"] == case.list_path.name
    assert "Unknown reference type 'hotpix'" not in caplog.text
    rate.close()


def test_without_a_list_the_result_is_that_of_detector1_alone(case, at_work):
    with use_cache(case.folder / "crds"):
        rate = HotPixDetector1Pipeline.call(str(case.uncal))
    assert cards(rate)["S_HOTPIX"] == "SKIPPED"
    np.testing.assert_array_equal(rate.data, case.plain.data)
    rate.close()


@pytest.mark.parametrize("way", ["pipeline", "hook", "alone"])
def test_save_supplement_writes_what_the_list_adds_to_the_mask_in_use(case, at_work, way):
    parameters = {"override_hotpix": str(case.list_path), "save_supplement": True}
    if way == "pipeline":
        HotPixDetector1Pipeline.call(str(case.uncal), steps={"hotpix": parameters}).close()
    elif way == "hook":
        steps = {"dq_init": {"post_hooks": [HotPixStep(**parameters)]}}
        Detector1Pipeline.call(str(case.uncal), steps=steps).close()
    else:
        HotPixStep.call(case.plain, **parameters)
    (path,) = at_work.glob("*_hotpix.asdf")
    assert path.name == "jw09999001001_02101_00001_nrs_hotpix.asdf"
    added = asdf_file.read(path)
    (mask_path,) = (case.folder / "crds").rglob("jwst_nirspec_mask_0001.fits")
    masked = read_mask(mask_path).dq & 1
    new = masked[case.pixels.y, case.pixels.x] == 0
    assert added.digest() == case.pixels.select(new).digest()
    assert added.provenance.mask == "jwst_nirspec_mask_0001.fits"
    assert added.provenance.pedigree == "SIMULATION"
    with asdf.open(path) as file:
        assert file["meta"]["useafter"] == "2023-10-16T00:00:00"


def test_parameters_from_crds_for_detector1_apply_with_the_step_too(case):
    assert HotPixDetector1Pipeline.get_config_reftype() == "pars-detector1pipeline"
    theirs = {n: s.get_config_reftype() for n, s in Detector1Pipeline.step_defs.items()}
    ours = {n: s.get_config_reftype() for n, s in HotPixDetector1Pipeline.step_defs.items()}
    assert ours | theirs == ours
