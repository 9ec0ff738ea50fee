"""A hook of ramp_fit, which returns two products, flags both (B13, jwst PR 964)."""

import numpy as np
import pytest
from jwst.ramp_fitting import RampFitStep
from stdatamodels.jwst import datamodels

from helpers import DNU, HOT, make_list, make_ramp
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.simulate import World, use_cache, write_crds_cache
from jwst_hotpix.step import HotPixStep

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
SHAPE = (64, 64)


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """A cache, of which ramp_fit records the context."""
    folder = tmp_path_factory.mktemp("crds")
    world = World.quiet(detector="NRS1", readout="TRAD")
    write_crds_cache(folder, world, deliveries="2022-01-01", subarrays=("SUB32",), dark_frames=2)
    with use_cache(folder):
        yield


@pytest.fixture
def listed(tmp_path):
    return str(asdf_file.write(make_list([10], [20]), tmp_path / "l.asdf", HEADER))


def ramp(nints):
    model = make_ramp(SHAPE, ngroups=4, size=SHAPE)
    slope = np.arange(4, dtype=np.float32)[:, None, None] * np.ones(SHAPE, np.float32)
    model.data = np.repeat(slope[None] * 10, nints, axis=0)
    model.groupdq = np.zeros(model.data.shape, np.uint8)
    exposure = model.meta.exposure
    exposure.nints, exposure.ngroups, exposure.nframes, exposure.groupgap = nints, 4, 1, 0
    exposure.group_time = exposure.frame_time = 10.0
    exposure.drop_frames1 = 0
    return model


def references():
    gain, noise = datamodels.GainModel(), datamodels.ReadnoiseModel()
    for model, value in ((gain, 1.0), (noise, 5.0)):
        model.data = np.full(SHAPE, value, np.float32)
        model.meta.subarray.xstart = model.meta.subarray.ystart = 1
        model.meta.subarray.xsize = model.meta.subarray.ysize = SHAPE[0]
    return {"override_gain": gain, "override_readnoise": noise}


@pytest.mark.parametrize("nints", [1, 3])
def test_both_products_are_flagged(listed, nints):
    hook = HotPixStep(override_hotpix=listed)
    rate, rateints = RampFitStep(post_hooks=[hook], **references()).run(ramp(nints))
    assert hook.summary.counts.centers == 1
    for product in (rate, rateints):
        assert product.meta.cal_step.hotpix == "COMPLETE"
        flagged = np.argwhere(product.dq & HOT)
        assert {tuple(place[-2:]) for place in flagged.tolist()} == {(10, 20)}
        assert len(flagged) == (nints if product.dq.ndim == 3 else 1)
        assert (product.dq[..., 10, 20] == HOT | DNU).all()
        assert np.isnan(product.data[..., 10, 20]).all()
        assert np.isfinite(product.data[..., 11, 20]).all()


def test_without_a_list_both_pass(caplog):
    step = RampFitStep(post_hooks=["jwst_hotpix.HotPixStep"], **references())
    rate, rateints = step.run(ramp(3))
    assert (rate.meta.cal_step.hotpix, rateints.meta.cal_step.hotpix) == ("SKIPPED", "SKIPPED")
    assert "No hot pixel list, step skipped" in caplog.text
