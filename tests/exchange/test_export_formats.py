"""What other pipelines read is what the step would flag."""

import numpy as np
import pytest
import yaml
from astropy.io import fits
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import EPOCH, make_list, make_ramp
from jwst_hotpix.exceptions import FrameMismatchError, MissingListError
from jwst_hotpix.exchange.export_formats import EXPORT_FORMATS, Request
from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.simulate import World, crds_references
from saving import save

HOT_IN_MASK = (30, 40)
FULL = {
    readout: Window(detector=get_detector("NRS1"), shape=(2048, 2048), raw_irs2=readout == "IRS2")
    for readout in ("TRAD", "IRS2")
}


@pytest.fixture(scope="module")
def masks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("masks")
    paths = {}
    for readout in FULL:
        world = World.draw(detector="NRS1", readout=readout, months=1)
        hdus = crds_references.mask(world, 59761.0, useafter="2022-07-01T00:00:00")
        values = {flag["NAME"]: flag["VALUE"] for flag in hdus["DQ_DEF"].data}
        row = FULL[readout].array_rows(np.array([HOT_IN_MASK[0]]))[0]
        hdus["DQ"].data[row, HOT_IN_MASK[1]] = values["HOT"] | values["DO_NOT_USE"]
        paths[readout] = folder / f"{readout}_mask.fits"
        hdus.writeto(paths[readout])
    return paths


@pytest.mark.parametrize(("readout", "readpatt"), [("TRAD", "NRSRAPID"), ("IRS2", "NRSIRS2RAPID")])
def test_npy_has_the_new_pixels_in_the_frame_after_dq_init(tmp_path, masks, readout, readpatt):
    rows = 3200 if readout == "IRS2" else 2048
    exposure = save(make_ramp((rows, 2048), readpatt=readpatt), tmp_path / "exp_dq_init.fits")
    y, x = [1000, HOT_IN_MASK[0]], [500, HOT_IN_MASK[1]]
    request = Request(pixels=make_list(y, x, readout=readout), like=exposure, base=masks[readout])
    assert EXPORT_FORMATS["npy"].write(request, tmp_path / "map.npy") == 1
    image = np.load(tmp_path / "map.npy")
    assert image.dtype == bool
    assert image.shape == (rows, 2048)
    # exoTEDRF adds 2048 to these, which would turn a pixel that is already HOT into WARM.
    assert np.argwhere(image).tolist() == [[FULL[readout].array_rows(np.array([1000]))[0], 500]]


@settings(max_examples=20)
@given(
    places=st.sets(st.tuples(st.integers(4, 2043), st.integers(4, 2043)), min_size=1, max_size=9)
)
def test_msaexp_lists_are_imported_as_they_were_exported(tmp_path_factory, places):
    path = tmp_path_factory.mktemp("msaexp") / "nrs1.yaml"
    y, x = np.array(sorted(places)).T
    assert EXPORT_FORMATS["msaexp"].write(Request(pixels=make_list(y, x)), path) == len(places)
    back = import_list(path, detector="NRS1", date=EPOCH)
    listed = back.select(back.role != Role.INFERRED_CENTER)
    assert set(zip(listed.y.tolist(), listed.x.tolist(), strict=True)) == places
    content = yaml.safe_load(path.read_text())
    image = np.zeros(content["shape"], dtype=int).flatten()
    image[content["pixel_index"]] = content["pixel_value"]  # as msaexp reads it
    assert np.argwhere(image.reshape(content["shape"])).tolist() == sorted(map(list, places))


def test_an_exposure_of_another_detector_is_refused(tmp_path):
    exposure = save(make_ramp((32, 32), detector="NRS2"), tmp_path / "exp_dq_init.fits")
    request = Request(pixels=make_list([10], [10]), like=exposure)
    with pytest.raises(FrameMismatchError, match="NRS2"):
        EXPORT_FORMATS["user-dq"].write(request, tmp_path / "dq.fits")
    assert not (tmp_path / "dq.fits").exists()


def test_a_list_without_any_date_needs_one(tmp_path):
    request = Request(pixels=make_list([10], [10], provenance=Provenance()))
    with pytest.raises(MissingListError, match="--at DATE"):
        EXPORT_FORMATS["msaexp"].write(request, tmp_path / "list.yaml")


def test_user_dq_has_the_bits_of_the_step(tmp_path):
    exposure = save(make_ramp((64, 2048), corner=(101, 1)), tmp_path / "exp_dq_init.fits")
    request = Request(pixels=make_list([110, 300], [7, 7]), like=exposure)
    assert EXPORT_FORMATS["user-dq"].write(request, tmp_path / "dq.fits") == 1
    assert np.argwhere(fits.getdata(tmp_path / "dq.fits")).tolist() == [[10, 7]]
