"""What the headers of a file say of an exposure."""

import numpy as np
import pytest
from astropy.io import fits
from stdatamodels.jwst import datamodels

from helpers import EPOCH, make_multislit, make_ramp, make_rate
from jwst_hotpix.exceptions import ExposureError, FrameMismatchError
from jwst_hotpix.exposure.in_memory import describe_model, parts_of
from jwst_hotpix.exposure.on_disk import read_exposure
from saving import save


def _uncal(shape=(2048, 2048), **header):
    ramp = make_ramp(shape, **header)
    model = datamodels.Level1bModel()
    model.update(ramp)
    model.data = np.ones((1, 2, *shape), dtype=np.uint16)
    model.meta.cal_step.dq_init = None
    return model


def _calibrated(model):
    model.meta.cal_step.assign_wcs = "COMPLETE"
    return model


PRODUCTS = {
    "uncal": _uncal((32, 32), corner=(975, 1399)),
    "ramp": make_ramp((32, 32), corner=(975, 1399)),
    "rate": make_rate((256, 2048), corner=(897, 1), readpatt="NRSIRS2"),
    "rateints": make_rate((3, 32, 32), corner=(975, 1399), kind=datamodels.CubeModel),
    "cal": _calibrated(make_rate(kind=datamodels.IFUImageModel)),
    "slits": make_multislit([(11, 21), (101, 31)], corner=(897, 1), size=(256, 2048)),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_headers_say_what_the_models_say(tmp_path, name):
    model = PRODUCTS[name]
    exposure = read_exposure(save(model, tmp_path / "any.fits"))
    assert exposure.product == {"slits": "cal"}.get(name, name)
    assert exposure.epoch == describe_model(model).epoch == EPOCH
    if name != "uncal":
        assert exposure.windows == tuple(window for window, _ in parts_of(model))


def test_a_raw_irs2_frame_is_known_by_its_rows_and_its_rate_by_its_pattern(tmp_path):
    raw = _uncal((3200, 2048), readpatt="NRSIRS2RAPID", detector="NRS2", size=(2048, 2048))
    uncal = read_exposure(save(raw, tmp_path / "uncal.fits"))
    rate = read_exposure(save(make_rate(readpatt="NRSIRS2", detector="NRS2"), tmp_path / "r.fits"))
    assert (uncal.readout, rate.readout) == ("IRS2", "IRS2")
    assert uncal.windows[0] == uncal.frame == rate.frame
    assert uncal.frame.raw_irs2
    assert not rate.windows[0].raw_irs2


def test_the_real_slit_lies_where_its_header_says(shared_data):
    exposure = read_exposure(next((shared_data / "nirspec").glob("jw01345*.fits")))
    (window,) = exposure.windows
    assert (exposure.product, exposure.detector.name, exposure.readout) == ("cal", "NRS2", "IRS2")
    assert (window.ystart, window.xstart, window.shape) == (659, 1, (25, 341))
    assert exposure.epoch == pytest.approx(59934.30554738895, abs=1e-9)


def _cut_short(path):
    path.write_bytes(path.read_bytes()[:-2880])


def _no_fits(path):
    path.write_bytes(b"no FITS at all")


def _empty(path):
    path.write_bytes(b"")


def _scribble(path):
    path.write_bytes(path.read_bytes().replace(b"NAXIS1", b"N?XIS1"))


def _gone(path):
    path.unlink()


def _with(**cards):
    def change(path):
        with fits.open(path, mode="update") as hdus:
            for keyword, value in cards.items():
                if value is None:
                    for hdu in hdus:
                        hdu.header.remove(keyword, ignore_missing=True)
                else:
                    hdus[0].header[keyword] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_no_fits, "not a FITS file"),
        (_empty, "not a FITS file"),
        (_cut_short, r"truncated or damaged: \d+ bytes, but its headers describe \d+"),
        (_scribble, "damaged FITS file: "),
        (_gone, "file not found"),
        (_with(TELESCOP="HST"), r"telescope \(TELESCOP\): expected JWST, found HST"),
        (_with(REFTYPE="MASK"), "product: expected an exposure, found a MASK reference"),
        (_with(S_RESAMP="COMPLETE"), "product: .*detector pixels, found resample COMPLETE"),
        (_with(EXTNAME=None), "extensions: expected SCI, found "),
        (_with(**{"EXPMID": None, "DATE-OBS": None}), "no date: none of EXPMID"),
        (_with(INSTRUME="NIRCAM"), "detector: expected one of NIRCAM, found NRS1"),
        (_with(SUBSIZE1=None), "the header lacks SUBSIZE1"),
        (_with(SUBSTRT1=None, SUBSTRT2=None), "the header lacks SUBSTRT2 and SUBSTRT1"),
        (_with(SUBSTRT1=975.5), "SUBSTRT1: expected a whole number, found 975.5"),
        (_with(SUBSIZE2="32"), "SUBSIZE2: expected a number, found '32'"),
        (_with(SUBSIZE2=31), "the array has 32 rows and 32 columns, but the header says 31 and 32"),
        (_with(READPATT=None), r"readout pattern \(READPATT\): expected one, found none"),
    ],
)
def test_a_file_that_is_no_exposure_is_refused_by_name(tmp_path, change, message):
    path = save(make_rate((32, 32), corner=(975, 1399)), tmp_path / "bad_rate.fits")
    change(path)
    with pytest.raises(ExposureError, match=f"^{path}: {message}"):
        read_exposure(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_with(DETECTOR="NRS3"), "detector: expected one of .*NRS1.*, found NRS3"),
        (_with(SUBSTRT1=2040), "NRS1 x range of the subarray: expected within 1 to 2048"),
    ],
)
def test_what_no_detector_of_jwst_has_is_refused_by_name(tmp_path, change, message):
    path = save(make_rate((32, 32), corner=(975, 1399)), tmp_path / "bad_rate.fits")
    change(path)
    with pytest.raises(FrameMismatchError, match=f"^{path}: {message}"):
        read_exposure(path)


def test_an_association_is_called_so(tmp_path):
    """B16."""
    path = tmp_path / "jw01234_asn.json"
    path.write_text("{}")
    with pytest.raises(ExposureError, match="in place of an association give the exposures"):
        read_exposure(path)
