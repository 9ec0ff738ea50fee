"""Plots on disk: the same bytes every time, one look in every session, nothing replaced unasked."""

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import style

from jwst_hotpix.exceptions import PathError
from jwst_hotpix.tools.dates import calendar
from jwst_hotpix.tools.plot_file import FigureFolder
from jwst_hotpix.tools.plot_style import dates_below, in_style, new_figure

NAMES = ["counts.pdf", "counts.png", "counts.svg"]


@in_style()
def draw():
    figure = new_figure(4, 3)
    axes = figure.subplots()
    axes.plot(calendar([60000.0, 60100.0]), [1, 2], label="hot pixels")
    axes.fill_between(calendar([60000.0, 60100.0]), [1, 2], hatch="///")
    axes.set_title("counts")
    axes.legend()
    dates_below(axes)
    return figure


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_figure_is_written_as_png_svg_and_pdf(tmp_path):
    written = FigureFolder(path=tmp_path / "new").write("counts", draw())
    assert sorted(file.name for file in written) == NAMES
    found = contents(tmp_path / "new")
    assert found["counts.png"].startswith(b"\x89PNG")
    assert b"<svg" in found["counts.svg"]
    assert found["counts.pdf"].startswith(b"%PDF")


def test_two_runs_give_the_same_bytes(tmp_path, monkeypatch):
    # matplotlib takes dates from here: files that depend on them would differ.
    for number, now in enumerate(("1000000000", "1500000000")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", now)
        FigureFolder(path=tmp_path / str(number)).write("counts", draw())
    assert contents(tmp_path / "0") == contents(tmp_path / "1")


def test_no_figure_depends_on_the_process_that_writes_it(tmp_path):
    FigureFolder(path=tmp_path / "here").write("counts", draw())
    code = (
        "import sys; sys.path[:0] = sys.argv[2:]; from pathlib import Path;"
        "from test_plot_file import FigureFolder, draw;"
        "FigureFolder(path=Path(sys.argv[1])).write('counts', draw())"
    )
    beside = Path(__file__).parent
    subprocess.run([sys.executable, "-c", code, tmp_path / "there", beside], check=True)
    assert contents(tmp_path / "here") == contents(tmp_path / "there")


def test_fonts_in_pdf_are_truetype(tmp_path):
    FigureFolder(path=tmp_path).write("counts", draw())
    content = (tmp_path / "counts.pdf").read_bytes()
    assert b"/FontFile2" in content
    assert b"/Type3" not in content


def test_the_style_of_the_session_changes_no_file(tmp_path):
    FigureFolder(path=tmp_path / "plain").write("counts", draw())
    with style.context("dark_background"), mpl.rc_context({"pdf.fonttype": 3, "font.size": 20}):
        FigureFolder(path=tmp_path / "dark").write("counts", draw())
    assert contents(tmp_path / "plain") == contents(tmp_path / "dark")


def test_the_style_of_the_session_stays():
    before = dict(mpl.rcParams)
    draw()._repr_png_()
    assert dict(mpl.rcParams) == before


def test_an_existing_figure_is_replaced_only_if_asked(tmp_path):
    (tmp_path / "counts.pdf").write_text("mine")
    with pytest.raises(PathError, match=r"counts\.pdf.*--overwrite"):
        FigureFolder(path=tmp_path).write("counts", draw())
    assert contents(tmp_path) == {"counts.pdf": b"mine"}
    FigureFolder(path=tmp_path, overwrite=True).write("counts", draw())
    assert sorted(contents(tmp_path)) == NAMES
