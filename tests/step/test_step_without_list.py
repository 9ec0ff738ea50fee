"""Without a list the step alone is an error that says what to do, a hook a warning (C3)."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from jwst.group_scale import GroupScaleStep

from helpers import make_ramp, make_rate
from jwst_hotpix.exceptions import MissingListError
from jwst_hotpix.pipeline import HotPixDetector1Pipeline
from jwst_hotpix.step import HotPixStep

WHAT_TO_DO = (
    "jw01234001001_03101_00001_nrs1_test.fits: no hot pixel list: give a list (override_hotpix, "
    "--list) or a folder of lists (library, --library, $JWST_HOTPIX_LIBRARY), or 'builtin' in "
    "place of the folder for the lists that come with the package, or make one of your own "
    "exposures (hotpix discover); the CRDS context in use serves none"
)


@pytest.mark.parametrize("run", [HotPixStep.call, HotPixStep().run])
def test_alone_it_is_an_error_that_says_what_to_do(run):
    rate = make_rate()
    with pytest.raises(MissingListError) as error:
        run(rate)
    assert str(error.value) == WHAT_TO_DO
    assert not rate.meta.cal_step.hasattr("hotpix")


def test_alone_a_folder_without_a_list_for_the_detector_is_an_error_too(tmp_path):
    with pytest.raises(MissingListError, match="no hot pixel list for NRS1 in .*: it holds no"):
        HotPixStep.call(make_rate(), library=str(tmp_path))


@pytest.mark.parametrize("step", ["hotpix", "jwst_hotpix.HotPixStep"])
def test_strun_ends_with_an_error_and_without_a_product(tmp_path, step):
    rate = make_rate()
    rate.save(str(tmp_path / rate.meta.filename))
    strun = Path(sys.executable).with_name("strun")
    done = subprocess.run(
        [strun, step, rate.meta.filename], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert WHAT_TO_DO in done.stderr + done.stdout
    assert [path.name for path in tmp_path.iterdir()] == [rate.meta.filename]


def by_name():
    return GroupScaleStep(post_hooks=["jwst_hotpix.HotPixStep"])


def by_class():
    return GroupScaleStep(post_hooks=[HotPixStep])


def by_instance():
    return GroupScaleStep(post_hooks=[HotPixStep()])


def by_name_with_arguments():
    return GroupScaleStep(post_hooks=["jwst_hotpix.HotPixStep(promote_hot=True)"])


def of_the_pipeline():
    return HotPixDetector1Pipeline().hotpix


CALLED = [by_name, by_class, by_instance, by_name_with_arguments, of_the_pipeline]


@pytest.mark.parametrize("make", CALLED)
def test_run_by_another_step_it_is_a_warning(make, caplog):
    ramp = make_ramp((64, 64), size=(64, 64))
    result = make().run(ramp)
    assert result.meta.cal_step.hotpix == "SKIPPED"
    assert "No hot pixel list, step skipped: " in caplog.text
    assert not result.pixeldq.any()


@pytest.mark.parametrize("library", [None, "empty"])
def test_alone_a_user_who_asks_for_it_gets_the_warning(tmp_path, library, caplog):
    rate = make_rate()
    result = HotPixStep(library=library and str(tmp_path), on_missing="skip").run(rate)
    assert result.meta.cal_step.hotpix == "SKIPPED"
    assert "No hot pixel list, step skipped" in caplog.text
    np.testing.assert_array_equal(result.dq, rate.dq)


def test_a_hook_that_must_not_go_on_without_a_list_ends_the_pipeline():
    hook = HotPixStep(on_missing="error")
    with pytest.raises(MissingListError, match=r"give a list \(override_hotpix, --list\) or"):
        GroupScaleStep(post_hooks=[hook]).run(make_ramp((64, 64), size=(64, 64)))
