"""Where the hot pixels of a product fall in its spectra, and how far they stand out."""

import gwcs
import numpy as np
import pytest
from astropy import coordinates, units
from astropy.modeling.bounding_box import ModelBoundingBox
from astropy.modeling.models import Const1D, Identity, Mapping, Polynomial1D, Shift
from gwcs import coordinate_frames as cf
from gwcs.selector import LabelMapperArray, RegionsSelector
from stdatamodels.jwst import datamodels

from helpers import DNU, EPOCH, make_list, make_multislit, make_ramp, make_rate
from jwst_hotpix.exceptions import ExposureError, FrameMismatchError
from jwst_hotpix.explain.explain_product import explain
from jwst_hotpix.explain.row_excess import excess_at
from jwst_hotpix.explain.words import in_words
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")


def explained(folder, model, *args, **columns):
    model.meta.telescope = "JWST"
    model.save(folder / "cal.fits")
    listed = asdf_file.write(make_list(*args, **columns), folder / "list.asdf", HEADER)
    return explain(folder / "cal.fits", Lists(listed))


@pytest.fixture
def slits():
    """Two slits with noise around one, sources 7 and 8, 2 µm at column 0 and 0.01 µm per pixel."""
    model = make_multislit([(11, 21), (501, 31)], shape=(10, 60))
    rng = np.random.default_rng(1)
    for slit, source in zip(model.slits, (7, 8), strict=True):
        slit.data = rng.normal(1, 0.1, (10, 60)).astype(np.float32)
        slit.wavelength = np.broadcast_to(2 + 0.01 * np.arange(60), (10, 60)).astype(np.float32)
        slit.name, slit.source_id, slit.source_name = f"S{source}", source, f"1_{source}"
    return model


def test_slit_pixel_wavelength_rate_and_onset(tmp_path, slits):
    slits.slits[0].data[2, 34] += 5.0
    found = explained(
        tmp_path, slits, [12, 504, 900], [54, 33, 900], rate=[12.0, 3.0, 9.0],
        onset_earliest=EPOCH - 200,
    )  # fmt: skip
    line, other = found.pixels
    assert (line.slit, line.source_id, line.source_name) == ("S7", 7, "1_7")
    assert (line.x, line.y, line.column, line.row) == (54, 12, 34, 2)
    assert line.wavelength_um == pytest.approx(2.34)
    assert (line.rate, line.onset, line.last_cold) == (12.0, EPOCH - 100, EPOCH - 200)
    assert line.sigma > 15
    assert line.value - line.level == pytest.approx(5.0, abs=0.5)
    assert (other.slit, other.column, other.row) == ("S8", 3, 4)
    assert abs(other.sigma) < 5
    assert [strip.name for strip, _ in found.spectra] == ["S7", "S8"], "most outstanding first"


def test_words_speak_of_a_line_a_hole_or_a_pixel_that_does_not_stand_out(tmp_path, slits):
    slits.slits[0].data[2, 34] += 5.0
    slits.slits[0].data[2, 4] -= 5.0
    found = explained(
        tmp_path, slits, [12, 12, 504], [54, 24, 33], rate=[12.0, np.nan, 3.0],
        onset_earliest=[EPOCH - 200, -np.inf, -np.inf],
        status=[Status.STABLE, Status.TELEGRAPH, Status.STABLE],
        role=[Role.CENTER, Role.CENTER, Role.NEIGHBOR],
    )  # fmt: skip
    words = {pixel.x: in_words(pixel) for pixel in found.pixels}
    assert words[54].startswith(
        "the line at 2.34 µm in source 7 is a pixel that has been hot since November 2022 "
        "(cold in August 2022; 12 DN/s, "
    )
    assert words[24].startswith(
        "the hole at 2.04 µm in source 7 is a pixel that has been flickering since November 2022 "
        "or earlier (rate unknown, -"
    )
    assert words[33].startswith(
        "x 33, y 504, at 2.03 µm in source 8, is a pixel that has been lit by a hot neighbor "
        "since November 2022 or earlier (3 DN/s, "
    )
    assert words[33].endswith("sigma: it does not stand out)")


def test_pixels_that_are_masked_or_not_hot_at_the_time_are_excluded(tmp_path, slits):
    slits.slits[0].dq[2, 34] = DNU
    slits.slits[0].data[2, 34] = np.nan
    found = explained(
        tmp_path, slits, [12, 12, 12], [54, 50, 51], rate=[12.0, 0.5, 12.0],
        onset_earliest=[-np.inf, -np.inf, EPOCH + 10], onset_latest=[EPOCH - 9, 0, EPOCH + 20],
        provenance=None,
    )  # fmt: skip
    assert not found.pixels
    lists = Lists(tmp_path / "list.asdf")
    (masked,) = explain(tmp_path / "cal.fits", lists, with_masked=True).pixels
    assert (masked.x, masked.masked, masked.value, masked.sigma) == (54, True, None, None)


def test_outside_the_trace_there_is_no_wavelength(tmp_path, slits):
    slits.slits[0].wavelength[2, 34] = np.nan
    found = explained(tmp_path, slits, [12], [54])
    assert found.pixels[0].wavelength_um is None
    assert "at an unknown wavelength in source 7" in in_words(found.pixels[0])


def test_the_real_slit(tmp_path, shared_data):
    """The slit is real; the list is made up, and its pixels need not be hot."""
    path = next((shared_data / "nirspec").glob("jw01345*.fits"))
    with datamodels.open(str(path)) as slit:
        wavelength, dq = np.array(slit.wavelength), np.array(slit.dq)
    row, column = np.nonzero(np.isfinite(wavelength) & ((dq & DNU) == 0))
    chosen = np.random.default_rng(1).choice(row.size, 20, replace=False)
    chosen.sort()
    pixels = make_list(
        658 + row[chosen], column[chosen], detector="NRS2", readout="IRS2", provenance=None,
        onset_latest=59000.0,
    )  # fmt: skip
    lists = Lists(asdf_file.write(pixels, tmp_path / "list.asdf", HEADER))
    found = explain(path, lists).pixels
    assert len(found) == 20
    for pixel in found:
        assert (pixel.source_id, pixel.slit, pixel.unit) == (933, "138", "MJy/sr")
        assert (pixel.y, pixel.x) == (658 + pixel.row, pixel.column)
        assert pixel.wavelength_um == wavelength[pixel.row, pixel.column]
        assert f"{pixel.wavelength_um:.4g} µm in source 933" in in_words(pixel)


def test_without_a_wavelength_array_the_wcs_gives_the_wavelength(tmp_path, shared_data):
    path = next((shared_data / "nirspec").glob("jw01345*.fits"))
    with datamodels.open(str(path)) as slit:
        wavelength = np.array(slit.wavelength)
        slit.wavelength = None
        slit.save(tmp_path / "cal.fits")
    row, column = np.nonzero(np.isfinite(wavelength[12:15]))
    pixels = make_list(
        670 + row, column, detector="NRS2", readout="IRS2", provenance=None, onset_latest=59000.0
    )
    lists = Lists(asdf_file.write(pixels, tmp_path / "list.asdf", HEADER))
    found = explain(tmp_path / "cal.fits", lists, with_masked=True).pixels
    told = np.array([pixel.wavelength_um for pixel in found], dtype=float)
    recorded = [wavelength[pixel.row, pixel.column] for pixel in found]
    np.testing.assert_allclose(told, recorded, rtol=2e-4)


def ifu():
    """
    An IFU exposure with a simple WCS of the same layout as that of assign_wcs.

    The real one needs reference files that are not available here. Slice k covers 40 rows from 60 k
    on and the columns from 4 on; its wavelength is k + column / 1000 in micrometers.
    """
    model = make_rate(kind=datamodels.IFUImageModel)
    model.meta.cal_step.assign_wcs = "COMPLETE"
    regions, transforms = np.zeros((2048, 2048), np.int32), {}
    for k in range(1, 31):
        regions[60 * k : 60 * k + 40] = k
        slicer = Mapping((1, 0, 0)) | Identity(1) & Const1D(0.0) & Polynomial1D(1, c0=k, c1=1e-3)
        slicer.inputs = ("x", "y")
        slicer.bounding_box = ModelBoundingBox.validate(
            slicer, ((3.5, 2047.5), (60 * k - 0.5, 60 * k + 39.5)), order="F"
        )
        transforms[k] = slicer
    inputs, outputs = ("x", "y"), ("x_slice", "y_slice", "lam")
    mapper = LabelMapperArray(regions)
    det2slicer = RegionsSelector(inputs, outputs, label_mapper=mapper, selector=transforms)
    det2slicer.inputs, det2slicer.outputs = inputs, outputs
    pixel = (units.pix, units.pix)
    sky = cf.CelestialFrame(name="sky", reference_frame=coordinates.ICRS())
    spectral = cf.SpectralFrame(name="spectral", axes_order=(2,), unit=units.micron)
    frames = [
        cf.Frame2D(name="coordinates", unit=pixel),
        cf.Frame2D(name="detector", unit=pixel),
        cf.Frame2D(name="slicer", unit=pixel),
        cf.CompositeFrame([sky, spectral], name="world"),
    ]
    to_sky = Shift(214.0) & Shift(52.0) & Shift(0.0)
    first = Identity(2)
    first.inputs = first.outputs = inputs
    steps = [first, det2slicer, to_sky, None]
    model.meta.wcs = gwcs.WCS(list(zip(frames, steps, strict=True)))
    return model


def test_an_ifu_pixel_has_the_slice_and_wavelength_of_its_wcs(tmp_path):
    found = explained(tmp_path, ifu(), [65, 110, 60 * 30 + 39], [340, 500, 2043])
    told = {(p.y, p.x): (p.slit, p.row, p.column, p.wavelength_um) for p in found.pixels}
    assert told == {
        (65, 340): ("slice 1", 5, 336, pytest.approx(1.34)),
        (60 * 30 + 39, 2043): ("slice 30", 39, 2039, pytest.approx(32.043)),
    }
    assert in_words(found.pixels[0]).count("in slice ") == 1


def test_in_a_rate_the_expected_excess_is_the_dark_rate(tmp_path):
    rate = make_rate()
    rate.meta.bunit_data = "DN/s"
    rate.data[100, 200] = 11.0
    (pixel,) = explained(tmp_path, rate, [100], [200], rate=10.0).pixels
    assert (pixel.expected, pixel.value, pixel.level) == (10.0, 11.0, 1.0)
    assert (pixel.slit, pixel.wavelength_um, pixel.sigma) == (None, None, None)
    assert in_words(pixel).startswith("x 200, y 100 is a pixel that has been hot since ")


def test_without_a_wavelength_a_line_is_a_peak_at_its_place(tmp_path):
    rate = make_rate()
    rate.data = np.random.default_rng(1).normal(1, 0.1, rate.data.shape).astype(np.float32)
    rate.data[100, 200] = 1500.0
    (pixel,) = explained(tmp_path, rate, [100], [200], rate=1494.4).pixels
    words = "the peak at x 200, y 100 is a pixel that has been hot since November 2022 or earlier "
    assert in_words(pixel).startswith(f"{words}(1494 DN/s, ")


def test_a_time_series_is_averaged(tmp_path):
    model = make_rate((2, 2048, 2048), kind=datamodels.CubeModel)
    model.dq[0, 100, 200] = DNU
    model.data[0, 100, 200], model.data[1, 100, 200] = np.nan, 3.0
    (pixel,) = explained(tmp_path, model, [100], [200]).pixels
    assert (pixel.value, pixel.masked) == (3.0, False)


def test_a_list_of_another_detector_is_refused_by_name(tmp_path, slits):
    message = "cal.fits: list.asdf is a list for NRS2, not for NRS1"
    with pytest.raises(FrameMismatchError, match=message):
        explained(tmp_path, slits, [5], [5], detector="NRS2")


def test_a_ramp_is_refused_by_name(tmp_path):
    message = "cal.fits: this is a product of type ramp; give a calibrated product or a rate"
    with pytest.raises(ExposureError, match=message):
        explained(tmp_path, make_ramp((32, 32), corner=(975, 1399)), [5], [5])


def test_excess_is_relative_to_the_good_pixels_of_the_row_except_the_adjacent_ones():
    image = np.full((3, 41), 77.0)
    image[1] = np.where(np.arange(41) < 20, 1.0, 3.0)
    image[1, 19:22] = 9.0
    image[1, 12] = 500.0
    good = np.ones(image.shape, dtype=bool)
    good[1, 12] = False
    excess = excess_at(image, good, np.array([1]), np.array([20]))
    # Of columns 10 to 30, eight ones and nine threes remain.
    assert (excess.value, excess.level) == (9.0, 3.0)
    assert excess.scatter == 0
    assert np.isnan(excess.sigma)
    image[1, 22:31] += np.arange(9)
    excess = excess_at(image, good, np.array([1]), np.array([20]))
    assert excess.level == 3.0
    assert excess.scatter == pytest.approx(1.4826 * 2)
    assert excess.sigma == pytest.approx(6 / (1.4826 * 2))


def test_with_too_few_good_pixels_the_level_is_unknown():
    image, good = np.arange(60.0).reshape(2, 30), np.zeros((2, 30), dtype=bool)
    good[0, :5] = good[1, :6] = True
    excess = excess_at(image, good, np.array([0, 1]), np.array([7, 7]))
    assert np.isnan(excess.level).tolist() == [True, False]


def test_noise_alone_is_rarely_called_a_line():
    rng = np.random.default_rng(2)
    image = rng.normal(0, 1, (200, 400))
    row, column = rng.integers(0, 200, 4000), rng.integers(0, 400, 4000)
    sigma = excess_at(image, np.ones(image.shape, dtype=bool), row, column).sigma
    assert np.mean(np.abs(sigma) >= 5) < 0.005
    assert 0.9 < np.nanmedian(np.abs(sigma)) / 0.6745 < 1.2


def test_a_pixel_is_not_compared_with_other_hot_pixels_of_its_row(tmp_path, slits):
    slits.slits[0].data[2, 30:42] += 50.0
    found = explained(tmp_path, slits, [12] * 12, range(50, 62))
    assert len(found.pixels) == 12
    for pixel in found.pixels:
        assert pixel.level == pytest.approx(1.0, abs=0.15)


def test_the_most_outstanding_pixel_comes_first_in_its_spectrum_and_in_the_list(tmp_path, slits):
    slits.slits[1].data[4, 33] += 5.0
    slits.slits[1].data[4, 53] += 50.0
    found = explained(tmp_path, slits, [504] * 3, [33, 63, 83])
    ((_, pixels),) = found.spectra
    assert [pixel.x for pixel in pixels] == [83, 63, 33]
    assert found.pixels == pixels
