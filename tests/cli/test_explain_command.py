"""``hotpix explain`` as a user runs it."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table

from helpers import make_list, make_multislit, make_rate
from jwst_hotpix.explain.explain_product import explain
from jwst_hotpix.explain.spectra_plot import pixels_figure, spectrum
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.tools.plot_file import save_plot

HOTPIX = Path(sys.executable).with_name("hotpix")
SENTENCE = "the line at 2.34 µm in source 933 is a pixel that has been hot since "


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A product of eight slits, the first with a hot pixel that is a line, and its list."""
    place = tmp_path_factory.mktemp("explain")
    rng = np.random.default_rng(1)
    model = make_multislit([(1 + 20 * k, 1) for k in range(8)], shape=(10, 60))
    for k, slit in enumerate(model.slits):
        slit.data = rng.normal(1, 0.1, (10, 60)).astype(np.float32)
        slit.wavelength = np.broadcast_to(2 + 0.01 * np.arange(60), (10, 60)).astype(np.float32)
        slit.source_id = 930 + k
    model.slits[3].data[4, 34] += 6.0
    model.meta.telescope = "JWST"
    model.save(place / "cal.fits")
    y, x = [20 * k + 4 for k in range(8)], [34] * 8
    pixels = make_list(y, x, rate=12.0)
    asdf_file.write(pixels, place / "list.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00"))
    return place


def run(folder, *args):
    command = [HOTPIX, "explain", "cal.fits", "--list", "list.asdf", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_json_ecsv_and_plot(folder, tmp_path):
    done = run(
        folder, "--json", "-o", tmp_path / "t.ecsv", "--plot", tmp_path / "p.png",
        "--figures", tmp_path / "figures",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    pixels = json.loads(done.stdout)["pixels"]
    assert len(pixels) == 8
    assert pixels[0]["text"].startswith(SENTENCE)
    expected = {"slit": None, "x": 34, "y": 64, "rate": 12.0, "onset": "2022-11-17T00:00:00"}
    assert {key: pixels[0][key] for key in expected} == expected
    assert pixels[0]["wavelength_um"] == pytest.approx(2.34)
    table = Table.read(tmp_path / "t.ecsv")
    assert table["wavelength_um"].unit == "um"
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    names = sorted(file.name for file in (tmp_path / "figures").iterdir())
    assert names == ["explain.pdf", "explain.png", "explain.svg"]


def test_without_json_it_prints_a_table_and_sentences(folder):
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cal.fits: 8 new hot pixels of list.asdf" in done.stdout
    assert f"\n{SENTENCE}" in done.stdout


def test_only_the_pixels_that_stand_out_most_are_printed_and_json_has_all(folder):
    # FIELD C11.
    done = run(folder, "--top", 3)
    assert "8 new hot pixels of list.asdf; the 3 that stand out most:" in done.stdout
    assert done.stdout.count("a pixel that has been hot since") == 3
    assert done.stdout.endswith("\n5 more: give --top 8, --json or -o TABLE\n")
    assert len(json.loads(run(folder, "--top", 3, "--json").stdout)["pixels"]) == 8


def test_the_replaced_spectrum_has_neither_line_nor_hole(folder):
    found = explain(folder / "cal.fits", Lists(folder / "list.asdf"))
    strip, pixels = found.spectra[0]
    before, after = spectrum(strip), spectrum(strip, pixels)
    assert before[34] > 1.5
    assert abs(after[34] - 1) < 0.15
    np.testing.assert_array_equal(np.delete(before, 34), np.delete(after, 34))


def test_a_product_without_new_hot_pixels_has_a_plot_too(folder, tmp_path):
    found = explain(folder / "cal.fits", Lists(folder / "list.asdf"), threshold=50.0)
    assert not found.pixels
    assert save_plot(pixels_figure(found), tmp_path / "p.png").stat().st_size > 0


def test_a_damaged_product_is_one_clear_error(folder):
    content = bytearray((folder / "cal.fits").read_bytes())
    start = content.rindex(b"#ASDF")
    content[start + 300 : start + 330] = b": [ }" * 6
    (folder / "damaged.fits").write_bytes(content)
    command = [HOTPIX, "explain", "damaged.fits", "--list", "list.asdf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 1
    assert done.stderr.startswith("hotpix: damaged.fits: damaged product: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("name", "start"), [("p.png", b"\x89PNG"), ("p.SVG", b"<?xml")])
def test_the_ending_of_a_picture_decides_its_format(folder, tmp_path, name, start):
    # FIELD C6.
    assert run(folder, "--plot", tmp_path / name).returncode == 0
    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_rate_is_printed_without_the_columns_of_spectra(tmp_path):
    rate = make_rate()
    rate.data[100, 200] = 50.0
    rate.meta.telescope = "JWST"
    rate.save(tmp_path / "cal.fits")
    header = asdf_file.Header(useafter="2022-07-01T00:00:00")
    asdf_file.write(make_list([100], [200]), tmp_path / "list.asdf", header)
    header = run(tmp_path).stdout.splitlines()[2]
    assert "first seen hot" in header
    assert not {"slit", "source", "µm"} & set(header.replace("┃", " ").split())


def test_a_damaged_list_is_named_rather_than_the_product(folder):
    (folder / "damaged.asdf").write_bytes((folder / "list.asdf").read_bytes()[:-400])
    command = [HOTPIX, "explain", "cal.fits", "--list", "damaged.asdf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 1
    assert done.stderr.startswith("hotpix: damaged.asdf: ")


def test_a_simulated_list_explains_a_real_spectrum_only_with_a_warning(folder):
    pixels = asdf_file.read(folder / "list.asdf")
    origin = replace(pixels.provenance, pedigree="SIMULATION")
    header = asdf_file.Header(useafter="2022-07-01T00:00:00")
    asdf_file.write(replace(pixels, provenance=origin), folder / "simulated.asdf", header)
    command = [HOTPIX, "explain", "cal.fits", "--list", "simulated.asdf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0
    assert "simulated.asdf: the list has pedigree SIMULATION" in done.stderr
