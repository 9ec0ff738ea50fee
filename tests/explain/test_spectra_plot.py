"""The plot of explain: what it names is what it draws."""

import numpy as np
import pytest

from helpers import EPOCH, make_list, make_multislit, make_rate
from jwst_hotpix.explain.explain_product import explain
from jwst_hotpix.explain.spectra_plot import pixels_figure
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.tools.dates import iso

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")


def explained(folder, model, y, x):
    model.meta.telescope = "JWST"
    model.save(folder / "cal.fits")
    pixels = make_list(y, x, rate=12.0)
    asdf_file.write(pixels, folder / "list.asdf", HEADER)
    return explain(folder / "cal.fits", Lists(folder / "list.asdf", None))


@pytest.fixture
def slit(tmp_path):
    model = make_multislit([(11, 21)], shape=(10, 200))
    model.slits[0].data = np.random.default_rng(1).normal(1, 0.1, (10, 200)).astype(np.float32)
    model.slits[0].wavelength = np.tile(2 + 0.01 * np.arange(200), (10, 1)).astype(np.float32)
    model.slits[0].source_id = 7
    model.slits[0].data[2, 134] += 20.0
    model.slits[0].data[6, 50] += 3.0
    return explained(tmp_path, model, [12, 16], [154, 70])


@pytest.fixture
def rate(tmp_path):
    model = make_rate()
    model.data = np.random.default_rng(1).normal(1, 0.1, model.data.shape).astype(np.float32)
    places = [100 + 9 * k for k in range(12)]
    model.data[places, places] += 3.0 ** np.arange(12, 0, -1)
    return explained(tmp_path, model, places, places)


def test_a_slit_shows_surroundings_and_spectrum_of_each_pixel(slit):
    image, curve, *_ = pixels_figure(slit).axes
    assert image.get_title(loc="left") == "x 154, y 12"
    left, right, bottom, top = image.images[0].get_extent()
    assert left < 154 < right
    assert bottom < 12 < top
    assert image.images[0].get_array()[12 - int(bottom + 0.5), 154 - int(left + 0.5)] > 5
    (pixel, _) = slit.pixels
    assert curve.get_title(loc="left") == (
        f"at 3.34 µm in source 7: 12 DN/s, first seen hot {iso(EPOCH - 100)[:10]}, "
        f"{pixel.sigma:.0f} sigma"
    )
    observed = curve.lines[0]
    assert observed.get_xdata()[observed.get_ydata().argmax()] == pytest.approx(3.34)
    assert curve.get_xlabel() == "wavelength (µm)"
    assert "mean of the rows" in curve.get_ylabel()


def test_a_rate_shows_the_row_of_each_pixel(rate):
    _, curve, *_ = pixels_figure(rate).axes
    observed, replaced, mark = curve.lines
    assert curve.get_ylabel().startswith("row 100\n")
    assert curve.get_xlabel() == "detector column (zero-based)"
    assert observed.get_xdata()[observed.get_ydata().argmax()] == 100
    assert mark.get_xdata()[0] == 100
    assert observed.get_ydata().max() > 10
    assert replaced.get_ydata().max() < 2


def test_the_title_counts_the_pixels_drawn_and_all(rate):
    figure = pixels_figure(rate, top=3)
    assert len(figure.axes) == 6
    title = "12 hot pixels of list.asdf"
    assert figure.get_suptitle().endswith(f"{title}, the 3 that stand out most")
    assert pixels_figure(rate, top=20).get_suptitle().endswith(title)
