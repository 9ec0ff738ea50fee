"""The five ways into the real Detector1, for each readout mode and subarray."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cases import assert_only_expected_pixels_changed
from jwst.dq_init import DQInitStep
from jwst.pipeline import Detector1Pipeline
from stdatamodels.jwst import datamodels

import jwst_hotpix
from helpers import TELEGRAPH
from jwst_hotpix.hotlist.datamodel import HotPixModel
from jwst_hotpix.pipeline import HotPixDetector1Pipeline
from jwst_hotpix.simulate import use_cache
from jwst_hotpix.step import HotPixStep

SOURCES = str(Path(jwst_hotpix.__file__).parents[1])
STRUN = Path(sys.executable).with_name("strun")
TEMPLATES = Path(jwst_hotpix.__file__).parent / "resources" / "reference_templates"
JUMP = datamodels.dqflags.pixel["JUMP_DET"]

MODES = [
    pytest.param(name, marks=pytest.mark.xdist_group(name))
    for name in ("TRAD", "IRS2", "ALLSLITS", "SUB32")
]


def strun(case, folder, *args):
    """Run the program as a user does, in a folder of its own, and return the folder."""
    run = subprocess.run(
        [STRUN, *map(str, args)], cwd=folder, env=case.environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    assert " ERROR " not in run.stderr
    return folder


def by_the_step_alone(case, folder):
    """Run the step with strun on the product of dq_init, then the rest of Detector1."""
    with use_cache(case.folder / "crds"):
        DQInitStep.call(
            str(case.uncal), save_results=True, output_dir=str(folder), suffix="dq_init"
        )
    (dq_init,) = folder.glob("*_dq_init.fits")
    option = f"--override_hotpix={case.list_path}"
    strun(case, folder, "jwst_hotpix.HotPixStep", dq_init.name, option)
    (flagged,) = folder.glob("*_hotpix.fits")
    with use_cache(case.folder / "crds"):
        return Detector1Pipeline.call(str(flagged), steps={"dq_init": {"skip": True}})


def by_the_pipeline(case, folder):
    option = f"--steps.hotpix.override_hotpix={case.list_path}"
    return strun(case, folder, "hotpix_detector1", case.uncal, option, f"--output_dir={folder}")


def by_a_hook_by_name(case, folder):
    hook = "--steps.dq_init.post_hooks=jwst_hotpix.HotPixStep,"
    return strun(case, folder, "calwebb_detector1", case.uncal, hook, f"--output_dir={folder}")


def by_a_hook_instance(case, folder):
    hook = HotPixStep(override_hotpix=str(case.list_path))
    with use_cache(case.folder / "crds"):
        return Detector1Pipeline.call(str(case.uncal), steps={"dq_init": {"post_hooks": [hook]}})


def by_a_parameter_file(case, folder):
    template = TEMPLATES / "pars-detector1pipeline-hotpix.asdf"
    return strun(case, folder, template, case.uncal, f"--output_dir={folder}")


WAYS = [
    by_the_step_alone, by_the_pipeline, by_a_hook_by_name, by_a_hook_instance, by_a_parameter_file,
]  # fmt: skip


@pytest.mark.parametrize("case", MODES[3:], indirect=True)
def test_an_open_list_is_a_way_in_too(case):
    """B5."""
    with use_cache(case.folder / "crds"), HotPixModel(case.list_path) as listed:
        steps = {"hotpix": {"override_hotpix": listed}}
        with HotPixDetector1Pipeline.call(str(case.uncal), steps=steps) as rate:
            assert_only_expected_pixels_changed(case, rate)


@pytest.mark.parametrize("case", MODES[3:], indirect=True)
def test_a_list_that_dq_init_keeps_from_being_used_ends_the_pipeline(case, tmp_path):
    """B7."""
    options = [f"--steps.hotpix.override_hotpix={case.list_path}", "--steps.dq_init.skip=true"]
    done = subprocess.run(
        [STRUN, "hotpix_detector1", case.uncal, *options],
        cwd=tmp_path,
        env=case.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no hot pixels can be flagged in a raw exposure" in done.stderr + done.stdout
    assert not list(tmp_path.glob("*_rate.fits"))


@pytest.mark.parametrize("case", MODES[3:], indirect=True)
def test_a_step_that_is_skipped_as_asked_is_said_to_be(case, caplog):
    """B7."""
    with use_cache(case.folder / "crds"):
        steps = {"hotpix": {"skip": True, "override_hotpix": str(case.list_path)}}
        with HotPixDetector1Pipeline.call(str(case.uncal), steps=steps) as rate:
            np.testing.assert_array_equal(rate.data, case.plain.data)
            assert rate.meta.cal_step.hotpix == "SKIPPED"
    assert "No hot pixels are flagged, since steps.hotpix.skip is true" in caplog.text


@pytest.mark.parametrize("case", MODES[3:], indirect=True)
def test_a_hook_of_ramp_fit_flags_both_products(case, tmp_path):
    """B13."""
    hook = "--steps.ramp_fit.post_hooks=jwst_hotpix.HotPixStep,"
    strun(case, tmp_path, "calwebb_detector1", case.uncal, hook, f"--output_dir={tmp_path}")
    places = tuple(np.array(axis) for axis in zip(*sorted(case.new), strict=True))
    for kind in ("rate", "rateints"):
        (path,) = tmp_path.glob(f"*_{kind}.fits")
        with datamodels.open(str(path)) as product:
            assert product.meta.cal_step.hotpix == "COMPLETE"
            assert np.isnan(product.data[..., *places]).all()


@pytest.mark.parametrize("case", MODES, indirect=True)
def test_the_cases_contain_what_they_are_meant_to_show(case):
    assert len(case.new) >= 7
    assert len(case.telegraph) == 3
    assert any(case.plain.dq[arm] & JUMP for arm in case.arms(case.telegraph))
    assert sum(np.isfinite(case.plain.data[place]) for place in case.new) >= 7


@pytest.mark.parametrize("case", MODES, indirect=True)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_flags_exactly_the_listed_active_unmasked_pixels(case, way, tmp_path):
    result = way(case, tmp_path)
    if isinstance(result, Path):
        (path,) = result.glob("*_rate.fits")
        result = datamodels.open(str(path))
    with result:
        assert_only_expected_pixels_changed(case, result)
        for place in case.telegraph:
            assert result.dq[place] & TELEGRAPH
        assert not any(result.dq[arm] & JUMP for arm in case.arms(case.telegraph))
