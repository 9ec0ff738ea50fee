"""Per mode a small world, cache, exposure and list, and the result of Detector1 alone."""

import numpy as np
import pytest
from cases import EXPOSURE, HEADER, MASK, MODES, NGROUPS, Case, expected, plant
from jwst.pipeline import Detector1Pipeline

from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.simulate import use_cache, write_crds_cache, write_uncal
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import mjd


@pytest.fixture(scope="session")
def case(request, tmp_path_factory):
    mode = MODES[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    world = plant(mode)
    write_crds_cache(
        folder / "crds", world, deliveries=MASK, subarrays=(mode.subarray,), dark_frames=NGROUPS
    )
    uncal = write_uncal(
        folder / "jw09999001001_02101_00001_nrs_uncal.fits", world,
        start=EXPOSURE, ngroups=NGROUPS, subarray=mode.subarray,
    )  # fmt: skip
    epoch = mjd(EXPOSURE)
    pixels = perfect_list(world, np.arange(epoch - 600, epoch + 100, 14.0))
    (folder / "library").mkdir()
    listed = asdf_file.write(
        pixels, folder / "library" / asdf_file.default_name(pixels, HEADER), HEADER
    )
    (ystart, xstart), detector = mode.corner, get_detector(mode.detector)
    window = Window(detector=detector, ystart=ystart, xstart=xstart, shape=mode.shape)
    new, telegraph = expected(pixels, world, window, epoch)
    with use_cache(folder / "crds"):
        plain = Detector1Pipeline.call(str(uncal))
    yield Case(mode, folder, uncal, listed, listed.parent, pixels, window, new, telegraph, plain)
    plain.close()
