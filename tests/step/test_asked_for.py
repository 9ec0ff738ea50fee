"""What was asked for and is not done is an error, or a warning that says why (B7, jwst #10051)."""

import gc

import numpy as np
import pytest
from jwst.stpipe import Step

from helpers import DNU, HOT, make_list, make_ramp
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.exceptions import CallError
from jwst_hotpix.flag.stamp import StepRecord
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.pipeline import HotPixDetector1Pipeline
from jwst_hotpix.step import HotPixStep

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
WHY = "no hot pixels can be flagged in a raw exposure when steps.dq_init.skip is true"


@pytest.fixture
def path(tmp_path):
    return str(asdf_file.write(make_list([10], [20]), tmp_path / "l.asdf", HEADER))


def pipeline_of(**steps):
    config, _ = HotPixDetector1Pipeline.build_config(None, steps=steps)
    return HotPixDetector1Pipeline.from_config_section(config)


def ramp(dq_init):
    model = make_ramp((64, 64), size=(64, 64))
    model.meta.cal_step.dq_init = dq_init
    return model


@pytest.mark.parametrize("asked", ["override_hotpix", "library", "on_missing"])
def test_a_list_that_cannot_be_used_since_dq_init_is_skipped_is_an_error(path, tmp_path, asked):
    value = {"override_hotpix": path, "library": str(tmp_path), "on_missing": "error"}[asked]
    pipeline = pipeline_of(dq_init={"skip": True}, hotpix={asked: value})
    with pytest.raises(CallError, match=f"jw01234001001_03101_00001_nrs1_test.fits: {WHY}"):
        pipeline.dq_init.run(ramp(None))


def test_without_a_list_asked_for_it_is_a_warning(caplog, monkeypatch, path, tmp_path):
    monkeypatch.setenv("JWST_HOTPIX_LIBRARY", str(tmp_path))
    result = pipeline_of(dq_init={"skip": True}).dq_init.run(ramp(None))
    assert WHY in caplog.text
    assert not result.pixeldq.any()


def test_a_ramp_that_dq_init_has_seen_before_is_flagged(path):
    pipeline = pipeline_of(dq_init={"skip": True}, hotpix={"override_hotpix": path})
    result = pipeline.dq_init.run(ramp("COMPLETE"))
    assert np.argwhere(result.pixeldq).tolist() == [[10, 20]]
    assert result.pixeldq[10, 20] == HOT | DNU
    assert pipeline.hotpix.summary.status == "COMPLETE"


def test_both_skipped_is_as_asked(path):
    pipeline = pipeline_of(dq_init={"skip": True}, hotpix={"skip": True, "override_hotpix": path})
    assert not pipeline.dq_init.run(ramp(None)).pixeldq.any()
    assert pipeline.hotpix.summary == StepRecord()


@pytest.mark.parametrize("name", ["steps.dq_init.skip", "steps.hotpix.skip"])
@pytest.mark.parametrize("value", ["true", "True", "yes", "1"])
def test_reprocess_refuses_what_leaves_nothing_to_flag(name, value):
    with pytest.raises(CallError, match=f"{name}={value}: nothing would be flagged"):
        Recipe.of(parameters=[f"{name}={value}"])
    assert Recipe.of(parameters=[f"{name}=false"]).parameters == ((name, "false"),)


class Watched(HotPixStep):
    """A subclass, which calls ``run`` by itself."""

    def run(self, *args):
        return super().run(*args)

    def process(self, input_data):
        self.alone, self.exempt = self._is_alone, gc.get_freeze_count()
        return super().process(input_data)


class Caller(Step):
    """A step that does nothing but run its hooks."""

    def process(self, input_data):
        return input_data


@pytest.fixture
def nothing_exempt():
    """`reprocess` in this process, in a test before, exempts its modules for good."""
    gc.unfreeze()


def test_a_hook_spares_the_pipeline_a_search_for_garbage(path, nothing_exempt):
    hook = Watched(override_hotpix=path)
    Caller(post_hooks=[hook]).run(ramp("COMPLETE"))
    assert not hook.alone
    # All modules of the pipeline, through which stpipe would look once more.
    assert hook.exempt > 100_000
    assert gc.get_freeze_count() == 0


def test_alone_it_leaves_no_garbage_of_the_exposure_before(path, nothing_exempt):
    step = Watched(override_hotpix=path)
    step.run(ramp("COMPLETE"))
    assert step.alone
    assert step.exempt == 0
