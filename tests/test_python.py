"""What a Python session needs: names at the top, dates of any kind, tables, plots, short texts."""

import datetime as dt
import inspect
import re
import subprocess
import sys
from html import escape

import numpy as np
import pytest
from astropy import units as u
from astropy.time import Time

import jwst_hotpix
from helpers import EPOCH, make_list
from jwst_hotpix import HotPixStep, Ledger, build
from jwst_hotpix.discovery.find_new import Discovery
from jwst_hotpix.exceptions import CallError
from jwst_hotpix.exchange import Request
from jwst_hotpix.fetch.choose_references import Wanted as References
from jwst_hotpix.fetch.mast import DARKS, Search
from jwst_hotpix.flag import Policy, is_target
from jwst_hotpix.history.one_pixel import histories_in
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.simulate import World, write_dark_rate
from jwst_hotpix.target_acq import TaFlat
from jwst_hotpix.testing import dark_schedule
from jwst_hotpix.tools.dates import iso, mjd
from jwst_hotpix.trending import Gathered, Wanted

DATES = [
    "2023-02-25", Time("2023-02-25"), Time("2023-02-25T00:01:09.184", scale="tt"), EPOCH,
    np.float64(EPOCH), dt.date(2023, 2, 25), dt.datetime(2023, 2, 25, tzinfo=dt.UTC),
]  # fmt: skip
HOT = {(900, 700): 40.0, (901, 1200): 5.0}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Four darks of two hot pixels, in a subarray."""
    folder = tmp_path_factory.mktemp("python")
    y, x = zip(*HOT, strict=True)
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(y, x, list(HOT.values()))
    ledger = Ledger(folder / "ledger")
    for number in range(4):
        path = folder / f"jw09998{number:03d}001_02101_00001_nrs1_rate.fits"
        write_dark_rate(path, world, start=EPOCH + 14 * number, subarray="ALLSLITS", seed=number)
        ingest_file(ledger, path)
    return ledger


@pytest.mark.parametrize("date", DATES, ids=lambda date: f"{type(date).__name__} {date}")
def test_a_date_may_be_text_a_time_or_a_number(date):
    # FIELD C14.
    assert mjd(date) == pytest.approx(EPOCH, abs=1e-8)
    pixels = make_list([1, 2], [3, 4], onset_earliest=[EPOCH - 1, EPOCH + 1],
                       onset_latest=[EPOCH, EPOCH + 2], provenance=None)  # fmt: skip
    assert pixels.active(date).tolist() == [True, False]
    assert TaFlat(since=date).since == pytest.approx(EPOCH, abs=1e-8)
    assert Wanted(as_of=date).as_of == pytest.approx(EPOCH, abs=1e-8)
    assert References(since=date).since == pytest.approx(EPOCH, abs=1e-8)
    assert Search(types=DARKS, product="rate", until=date).until == pytest.approx(EPOCH, abs=1e-8)
    assert len(Request(pixels=pixels, epoch=date).entries()) == 1
    assert is_target(pixels, date, Policy(threshold=1.0)).tolist() == [True, False]
    assert dark_schedule(date, 3.0).min() == pytest.approx(EPOCH, abs=1e-8)


@pytest.mark.parametrize("date", ["yesterday", "", None, [60000.0]])
def test_what_is_no_date_is_refused_by_its_value(date):
    with pytest.raises(CallError, match=re.escape(repr(date))):
        make_list([1], [2]).active(date)


@pytest.mark.parametrize("name", ["HotPixStep", "Ledger", "PixelList", "build", "discover"])
def test_the_package_offers_what_a_session_starts_with(name):
    assert name in dir(jwst_hotpix)
    assert name in jwst_hotpix.__all__
    # A fresh interpreter, in which nothing else has imported a room of this name.
    code = f"from jwst_hotpix import {name}; assert callable({name})"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_help_explains_every_parameter_of_the_step():
    names = re.findall(r"^\s*(\w+) = ", HotPixStep.spec, re.MULTILINE)
    assert len(names) > 8
    explained = re.findall(r"^ *(\w+) : ", inspect.getdoc(HotPixStep), re.MULTILINE)
    assert explained == names


def test_a_list_is_a_table_with_units():
    pixels = make_list([1, 2], [3, 4], rate=[10.0, np.nan], role=[Role.CENTER, Role.NEIGHBOR])
    table = pixels.to_table()
    assert table.colnames == list(pixels.columns())
    assert table["rate"][0] == 10 * u.Unit("DN / s")
    assert table["onset_latest"].unit == u.d
    assert list(table["role"]) == ["center", "neighbor"]
    assert table.meta == {"detector": "NRS1", "readout": "TRAD", "threshold": 1.0}


def test_build_in_python_makes_the_list_of_the_command(ledger):
    pixels = build(ledger, "NRS1", "trad")
    assert {(int(y), int(x)) for y, x in zip(pixels.y, pixels.x, strict=True)} >= set(HOT)
    assert pixels.digest() == build(ledger.folder, "NRS1", "TRAD").digest()
    early = build(ledger, "NRS1", "trad", as_of=iso(EPOCH + 20))
    assert early.provenance.n_exposures == 2


def test_a_ledger_is_a_table_and_a_plot_of_its_records(ledger):
    table = ledger.to_table()
    assert len(table) == 4
    assert table["epoch"].unit == u.d
    assert (table["n_hot"] >= len(HOT)).all()
    (line,) = ledger.plot().axes[0].lines
    assert line.get_ydata().tolist() == table["n_hot"].tolist()
    assert line.get_label() == "NRS1 TRAD dark: 4"
    assert repr(ledger) == f"<Ledger {ledger.folder}: 4 of NRS1 TRAD records>"


def test_a_notebook_shows_rounded_numbers_and_the_table_holds_all_digits(ledger):
    pixels = build(ledger, "NRS1", "TRAD")
    assert f"{pixels.onset_latest[0]:.2f}<" in pixels._repr_html_()
    assert pixels.to_table()["onset_latest"][0] == pixels.onset_latest[0] * u.day


def test_a_ledger_can_be_given_wherever_its_folder_can(ledger):
    at = ("NRS1", 1200, 901)
    assert histories_in(ledger, *at).to_dict() == histories_in(ledger.folder, *at).to_dict()


def test_everything_that_a_session_shows_is_short_in_text_and_in_html(ledger):
    pixels = build(ledger, "NRS1", "trad")
    looks = histories_in(ledger.folder, "NRS1", 700, 900)
    nothing = (Gathered(), make_list([], []), Ledger("missing"), Discovery(lists=(), rejected=()))
    for shown in (pixels, ledger, looks, *looks.parts, *nothing):
        text = repr(shown)
        assert text.startswith(f"<{type(shown).__name__}")
        assert len(text) < 300
        assert "\n" not in text
    for shown in (pixels, ledger, looks):
        assert "<table" in shown._repr_html_()
    for shown in nothing:
        assert shown._repr_html_() == f"<p>{escape(repr(shown))}</p>"
    assert len(make_list(np.arange(2000), np.arange(2000))._repr_html_()) < 20_000


def test_the_looks_at_a_pixel_are_a_table_and_a_plot(ledger):
    looks = histories_in(ledger.folder, "NRS1", 700, 900)
    table = looks.to_table()
    assert list(table["state"]) == ["hot"] * 4
    np.testing.assert_allclose(table["rate"].to_value("DN / s"), 40, rtol=0.1)
    assert table["epoch"].to_value("d").tolist() == [look.epoch for look in looks.parts[0].looks]
    assert looks.plot().axes


def test_a_plot_of_a_list_shows_every_pixel_by_its_role():
    pixels = make_list([1, 2, 3], [3, 4, 5], role=[Role.CENTER, Role.NEIGHBOR, Role.CENTER])
    (axes,) = pixels.plot().axes
    drawn = {marks.get_label(): marks.get_offsets().tolist() for marks in axes.collections}
    assert drawn == {"hot pixels: 2": [[3, 1], [5, 3]], "neighbors of hot pixels: 1": [[4, 2]]}


def test_a_notebook_shows_the_plot_of_a_list_whatever_the_backend():
    assert make_list([1], [2]).plot()._repr_png_().startswith(b"\x89PNG")


def test_the_package_runs_as_a_module():
    code = [sys.executable, "-m", "jwst_hotpix", "--version"]
    answer = subprocess.run(code, capture_output=True, text=True, check=True)
    assert answer.stdout.split()[-1] == jwst_hotpix.__version__
