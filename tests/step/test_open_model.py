"""An open list serves wherever the name of its file does, as a MaskModel does (B5, jwst #725)."""

import pytest
from jwst.group_scale import GroupScaleStep
from jwst.pipeline import Detector1Pipeline

from helpers import DNU, HOT, make_list, make_ramp, make_rate
from jwst_hotpix import HotPixDetector1Pipeline, HotPixModel, HotPixStep
from jwst_hotpix.hotlist import asdf_file

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")


@pytest.fixture
def listed(tmp_path):
    path = asdf_file.write(make_list([10], [20]), tmp_path / "l.asdf", HEADER)
    with HotPixModel(path) as model:
        yield model


def ramp():
    return make_ramp((64, 64), size=(64, 64))


def run(listed):
    return HotPixStep(override_hotpix=listed).run(ramp())


def call(listed):
    return HotPixStep.call(ramp(), override_hotpix=listed)


def hook(listed):
    return GroupScaleStep(post_hooks=[HotPixStep(override_hotpix=listed)]).run(ramp())


def hook_of_a_call(listed):
    return GroupScaleStep.call(ramp(), post_hooks=[HotPixStep(override_hotpix=listed)])


def hook_in_a_pipeline(listed):
    """Go as far as the pipeline does before it runs."""
    steps = {"group_scale": {"post_hooks": [HotPixStep(override_hotpix=listed)]}}
    config, _ = Detector1Pipeline.build_config(None, steps=steps)
    return Detector1Pipeline.from_config_section(config).group_scale.run(ramp())


def pipeline(listed):
    config, _ = HotPixDetector1Pipeline.build_config(
        None, steps={"hotpix": {"override_hotpix": listed}}
    )
    return HotPixDetector1Pipeline.from_config_section(config).hotpix.run(ramp())


WAYS = [run, call, hook, hook_of_a_call, hook_in_a_pipeline, pipeline]


@pytest.mark.parametrize("way", WAYS)
def test_an_open_list_is_used_and_stays_open(listed, way):
    result = way(listed)
    assert result.pixeldq[10, 20] == HOT | DNU
    assert {card[0]: card[1] for card in result.extra_fits.PRIMARY.header}["R_HOTPIX"] == "l.asdf"
    # Not closed by the step, and the next exposure gets it too.
    assert HotPixStep(override_hotpix=listed).run(make_rate()).dq[10, 20] == HOT | DNU


def test_the_log_names_the_list(listed, caplog):
    caplog.set_level("INFO", "stpipe")
    HotPixStep.call(ramp(), override_hotpix=listed)
    assert "override_hotpix: l.asdf" in caplog.text


def test_a_list_that_was_never_a_file_works_too(tmp_path, listed):
    model = listed.copy()
    model.meta.filename = None
    assert run(model).pixeldq[10, 20] == HOT | DNU
