"""Raw files have the layout of the detectors, and Detector1 recovers the truth."""

import numpy as np
import pytest
from planting import PLACES, planted
from stdatamodels.jwst import datamodels

from jwst_hotpix.simulate import World, use_cache, write_uncal

START = "2023-10-01T00:00:00"  # after the last onset


def expose(path, world, **options):
    options = {"start": START, "ngroups": 4, "trace": False, "cosmic_rays": False} | options
    return write_uncal(path / f"sim_{world.detector.lower()}_uncal.fits", world, **options)


@pytest.mark.parametrize(
    ("detector", "row", "raw_row"),
    [("NRS1", 8, 652), ("NRS1", 1000, 1892), ("NRS2", 8, 12), ("NRS2", 1000, 1252)],
)
def test_a_hot_pixel_lies_in_its_raw_irs2_row(tmp_path, detector, row, raw_row):
    world = World.quiet(detector=detector, readout="IRS2").with_pixels(row, 1500, 900.0)
    path = expose(tmp_path, world, ngroups=2)
    with datamodels.open(path) as model:
        assert model.data.shape == (1, 2, 3200, 2048)
        assert model.meta.subarray.ysize == 2048
        rise = model.data[0, 1].astype(int) - model.data[0, 0]
        assert np.unravel_index(rise.argmax(), rise.shape) == (raw_row, 1500)


def test_charge_stops_at_full_well_and_telegraph_pixels_switch_within_a_ramp(tmp_path):
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(1000, 1000, 20000.0)
    world = world.with_pixels(1010, 1010, 300.0, telegraph=True, duty=0.5, dwell=30 / 86400)
    path = expose(tmp_path, world, ngroups=30, subarray="ALLSLITS")
    with datamodels.open(path) as model:
        ramp = model.data[0].astype(int)
        assert np.ptp(ramp[1:, 1000 - 896, 1000]) < 200
        steps = np.diff(ramp[:, 1010 - 896, 1010])
        assert (steps > 1000).sum() > 3
        assert (steps < 200).sum() > 3


def test_the_same_seeds_give_the_same_counts(tmp_path):
    world = planted("NRS1", "TRAD", 50.0)
    counts = []
    for seed in (1, 1, 2):
        with datamodels.open(expose(tmp_path, world, subarray="SUB32", seed=seed)) as model:
            counts.append(np.array(model.data))
    assert np.array_equal(counts[0], counts[1])
    assert not np.array_equal(counts[0], counts[2])


def test_a_pattern_of_the_other_readout_mode_or_an_irs2_subarray_is_refused(tmp_path):
    world = World.quiet(detector="NRS1", readout="TRAD")
    with pytest.raises(ValueError, match="NRSIRS2 is not a readout pattern of TRAD"):
        expose(tmp_path, world, readpatt="NRSIRS2")
    with pytest.raises(ValueError, match="full frame only"):
        expose(tmp_path, World.quiet(detector="NRS1", readout="IRS2"), subarray="SUB32")
    assert not list(tmp_path.iterdir())


# Rates far above the noise of four groups, for the frame time of each subarray.
@pytest.mark.parametrize(
    ("detector", "readout", "subarray", "rate"),
    [
        ("NRS1", "TRAD", "FULL", 200.0),
        ("NRS2", "IRS2", "FULL", 150.0),
        ("NRS1", "TRAD", "ALLSLITS", 400.0),
        ("NRS2", "TRAD", "SUB512", 10_000.0),
        ("NRS1", "TRAD", "SUB32", 150_000.0),
    ],
)
def test_detector1_recovers_planted_rates_and_blanks_masked_pixels(
    tmp_path, cache, detector, readout, subarray, rate
):
    world = planted(detector, readout, rate)
    path = expose(tmp_path, world, subarray=subarray)
    with use_cache(cache):
        from jwst.pipeline import Detector1Pipeline

        result = Detector1Pipeline.call(str(path))
    steps = result.meta.cal_step
    for step in ("dq_init", "superbias", "refpix", "dark_sub", "jump", "ramp_fit"):
        assert getattr(steps, step) == "COMPLETE", step
    y = np.array(PLACES[detector][0]) - (result.meta.subarray.ystart - 1)
    x = np.array(PLACES[detector][1]) - (result.meta.subarray.xstart - 1)
    known, known_late, new = result.data[y, x]
    assert np.isnan([known, known_late]).all()
    assert new == pytest.approx(rate * (1 - 4 * world.alpha), rel=0.03)
    flags = datamodels.dqflags.pixel
    assert np.all(result.dq[y[:2], x[:2]] & flags["HOT"])
    assert result.dq[y[2], x[2]] & flags["DO_NOT_USE"] == 0


def test_frames_averaged_on_board_and_gaps_keep_the_rate(tmp_path):
    world = World.quiet(detector="NRS2", readout="TRAD").with_pixels(1070, 1411, 5000.0)
    for readpatt, seconds in (("NRS", 4 * 0.22572), ("NRSRAPIDD6", 7 * 0.22572)):
        path = expose(tmp_path, world, subarray="SUB512", readpatt=readpatt, ngroups=5)
        with datamodels.open(path) as model:
            assert model.meta.exposure.group_time == pytest.approx(seconds)
            steps = np.diff(model.data[0, :, 1070 - 1058, 1411 - 1024].astype(int))
        assert steps / seconds == pytest.approx(5000 * (1 - 4 * world.alpha), rel=0.05)
