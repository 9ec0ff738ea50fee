"""Without the plugin, an exported MASK or user-supplied DQ flags what the step flags."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cases import assert_only_expected_pixels_changed
from jwst.dq_init import DQInitStep
from jwst.pipeline import Detector1Pipeline

from jwst_hotpix.simulate import use_cache

HOTPIX = Path(sys.executable).with_name("hotpix")
MODES = [pytest.param(n, marks=pytest.mark.xdist_group(n)) for n in ("TRAD", "IRS2", "SUB32")]
HAS_USER_DQ = "user_supplied_dq" in inspect.getsource(DQInitStep)


def export(*args):
    run = subprocess.run(
        [HOTPIX, "export", *map(str, args), "--json"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["n_pixels"]


@pytest.mark.parametrize("case", MODES, indirect=True)
def test_the_exported_mask_flags_what_the_step_flags(case, tmp_path):
    (base,) = (case.folder / "crds").rglob("jwst_nirspec_mask_0001.fits")
    mask = tmp_path / "jwst_nirspec_mask_hotpix.fits"
    at = "2024-03-01T12:00:00"
    export(case.list_path, "--to", "mask", "--base", base, "--at", at, "-o", mask)
    with use_cache(case.folder / "crds"):
        steps = {"dq_init": {"override_mask": str(mask)}}
        rate = Detector1Pipeline.call(str(case.uncal), steps=steps)
    with rate:
        assert_only_expected_pixels_changed(case, rate)


@pytest.mark.skipif(not HAS_USER_DQ, reason="dq_init of this jwst takes no user-supplied DQ")
@pytest.mark.parametrize("case", MODES, indirect=True)
def test_the_exported_image_flags_what_the_step_flags(case, tmp_path):
    image = tmp_path / "user_dq.fits"
    n = export(case.list_path, "--to", "user-dq", "--like", case.uncal, "-o", image)
    assert n >= len(case.new)
    with use_cache(case.folder / "crds"):
        steps = {"dq_init": {"user_supplied_dq": str(image)}}
        rate = Detector1Pipeline.call(str(case.uncal), steps=steps)
    with rate:
        # Unlike the other ways, the image ignores the mask: it adds TELEGRAPH to masked pixels too.
        known = np.isnan(case.plain.data)
        for place in case.new:
            known[place] = False
        rate.dq[known] = case.plain.dq[known]
        assert_only_expected_pixels_changed(case, rate)
