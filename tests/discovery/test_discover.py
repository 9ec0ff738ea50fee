"""An observer's own exposures: what is found in them, listed, and said."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from jwst_hotpix.cli.discover import command
from jwst_hotpix.discovery.find_new import discover
from jwst_hotpix.discovery.new_pixels_plot import found_figure
from jwst_hotpix.exceptions import HotPixError, LedgerError
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist.asdf_file import read
from jwst_hotpix.hotlist.library import Library
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.plot_file import save_plot

SHAPE, CORNER = (96, 256), (800, 500)
START, MASKED = 60000.0, 59950.0
VISIT = "01345062001"
# Row and column in the frame of the exposures.
NEW = {(20, 60): 4.0, (50, 130): 1.6, (70, 200): 80.0}
MIDDLE = {(y + CORNER[0] - 1, x + CORNER[1] - 1): rate for (y, x), rate in NEW.items()}


def world_of(readout="IRS2"):
    y, x = np.array(list(MIDDLE)).T
    return World.quiet(detector="NRS1", readout=readout, seed=3).with_pixels(
        y, x, list(MIDDLE.values()), onset=START - 1
    )


def write(folder, number, readout="IRS2", **given):
    start = START + number / 60
    suffix = "rateints" if given.get("nints", 1) > 1 else "rate"
    name = f"jw{VISIT}_02101_{number + 1:05d}_nrs1_{suffix}.fits"
    setup = Setup(start=start, corner=CORNER, visit=VISIT, number=number, **given)
    scene = draw_scene("MOS medium", SHAPE, seed=1)
    return write_science(folder / name, world_of(readout), scene, setup, masked=MASKED, seed=2)


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("visit")
    return [write(folder, number, pointing=number) for number in range(3)]


def found_in(pixels):
    return set(zip(pixels.y.tolist(), pixels.x.tolist(), strict=True))


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_three_nods_find_the_new_pixels_and_nothing_else(visit, tmp_path):
    (found,) = discover(visit, tmp_path).lists
    assert found_in(found.pixels) == MIDDLE.keys()
    assert found.looks == {"dithered": 1}
    assert found.judged[1.0] > 0.8
    assert found.warning is None
    assert found_in(read(found.path)) == MIDDLE.keys()
    rates = dict(
        zip(zip(found.pixels.y, found.pixels.x, strict=True), found.pixels.rate, strict=True)
    )
    assert rates == pytest.approx({place: 0.974 * rate for place, rate in MIDDLE.items()}, rel=0.1)


def test_what_is_found_is_one_line_and_a_table(visit, tmp_path):
    found = discover(visit, tmp_path)
    assert repr(found) == "<Discovery: 3 pixels of NRS1 IRS2; 0 files rejected>"
    assert repr(found.lists[0]).startswith("<Found in 3 exposures: <PixelList NRS1 IRS2")
    (row,) = found.to_table()
    assert (row["n_exposures"], row["n_centers"]) == (3, 3)
    assert "NRS1" in found._repr_html_()


def test_the_step_finds_the_list_for_these_exposures(visit, tmp_path):
    (found,) = discover(visit, tmp_path).lists
    library = Library.of_folder(tmp_path)
    name, _ = library.best(detector="NRS1", readout="IRS2", epoch=START + 0.005)
    assert name == found.path.name
    assert library.lists[name].active(START + 0.005).all()


def test_one_exposure_lists_nothing_and_says_why(visit, tmp_path):
    result = run(visit[0], "-o", tmp_path / "new", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["lists"][0]["list"] is None
    assert answer["lists"][0]["n_centers"] == 0
    assert "cosmic rays" in result.stderr
    assert "_rateints" in result.stderr
    assert not (tmp_path / "new").exists()


def test_the_integrations_of_one_exposure_are_enough(tmp_path):
    path = write(tmp_path, 0, nints=3, seconds=3000.0)
    (found,) = discover([path], tmp_path / "new").lists
    assert found_in(found.pixels) == MIDDLE.keys()
    assert found.looks == {"stared": 1}


def test_the_command_writes_a_list_a_table_and_a_picture(visit, tmp_path):
    result = run(*visit, "-o", tmp_path / "new", "--figures", tmp_path / "figures", "--json")
    assert result.exit_code == 0, result.output
    figures = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert figures == [f"discover_nrs1_irs2.{ending}" for ending in ("pdf", "png", "svg")]
    (row,) = json.loads(result.stdout)["lists"]
    assert {
        "detector": "NRS1",
        "readout": "IRS2",
        "n_exposures": 3,
        "n_looks": 1,
    }.items() <= row.items()
    assert (row["n_centers"], row["n_neighbors"]) == (3, 0)
    assert set(row["judged"]) == {"1", "3", "10"}
    kinds = sorted(path.suffix for path in (tmp_path / "new").iterdir())
    assert kinds == [".asdf", ".ecsv", ".png"]
    again = run(*visit, "-o", tmp_path / "new")
    assert isinstance(again.exception, HotPixError)
    assert "--overwrite" in str(again.exception)
    assert run(*visit, "-o", tmp_path / "new", "--overwrite").exit_code == 0


def test_a_list_is_never_without_its_table_and_picture(visit, tmp_path):
    name = "jwst_nirspec_hotpix_nrs1_irs2_20230225.png"
    (tmp_path / "new" / name).mkdir(parents=True)
    result = run(*visit, "-o", tmp_path / "new")
    assert isinstance(result.exception, OSError)
    assert not list((tmp_path / "new").glob("*.asdf"))


def test_what_is_no_evidence_is_named_and_the_rest_goes_on(visit, tmp_path):
    broken = tmp_path / "broken_rate.fits"
    broken.write_bytes(visit[0].read_bytes()[:5000])
    dark = write_dark_rate(tmp_path / "dark_rate.fits", world_of(), start=START)
    result = run(
        *visit, broken, dark, tmp_path / "missing_rate.fits", "-o", tmp_path / "new", "--json"
    )
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["lists"][0]["n_centers"] == 3
    assert {problem["file"] for problem in answer["rejected"]} == {
        str(broken), str(dark), str(tmp_path / "missing_rate.fits"),
    }  # fmt: skip
    assert "NRS_DARK" in result.stderr


def test_of_a_folder_only_rates_are_looked_at(visit, tmp_path):
    for path in visit:
        shutil.copy(path, tmp_path / path.name)
    (tmp_path / "jw1_nrs1_cal.fits").write_text("no rate")
    (tmp_path / "jw1_nrs1_uncal.fits").write_text("no rate")
    result = discover([tmp_path], tmp_path / "new")
    assert not result.rejected
    assert len(result.lists[0].files) == 3


def test_the_same_exposure_twice_counts_once(visit, tmp_path):
    copy = tmp_path / "copy_rate.fits"
    shutil.copy(visit[0], copy)
    (found,) = discover([visit[0], copy], tmp_path / "new").lists
    assert found.looks == {"single": 1}


def test_readout_modes_have_lists_of_their_own(visit, tmp_path):
    trad = [
        write(tmp_path, number, "TRAD", pointing=number, subarray="ALLSLITS") for number in range(3)
    ]
    lists = discover([*visit, *trad], tmp_path / "new").lists
    assert [found.pixels.readout for found in lists] == ["IRS2", "TRAD"]
    assert len({found.path for found in lists}) == 2


def test_darks_of_a_ledger_count_too(visit, tmp_path):
    ledger = Ledger(tmp_path / "ledger")
    old = world_of().with_pixels(30, 40, 5.0, onset=START - 90)
    # NEW pixels are born between these darks and the visit.
    for day in range(3):
        path = tmp_path / f"dark_{day}_rate.fits"
        ingest_file(ledger, write_dark_rate(path, old, start=START - 20 + day, leftovers=200))
    (found,) = discover(visit, tmp_path / "new", ledger=tmp_path / "ledger").lists
    by_darks = found_in(build_list(ledger.sightings("NRS1", "IRS2"), readout="IRS2"))
    assert found_in(found.pixels) == {*MIDDLE, *by_darks}
    new = np.isin(found.pixels.y, [y for y, _ in MIDDLE])
    assert (found.pixels.onset_earliest[new] > START - 20).all()
    assert np.isneginf(found.pixels.onset_earliest[found.pixels.y == 30]).all()
    assert found.pixels.provenance.n_exposures == 6


def test_the_picture_shows_faint_to_bright_pixels_with_the_rates_of_the_list(visit, tmp_path):
    (found,) = discover(visit, tmp_path / "new").lists
    figure = found_figure(found)
    assert figure.get_suptitle() == "NRS1 IRS2: 3 new hot pixels and 0 neighbors in 3 exposures"
    whole, *examples = figure.axes
    assert [text.get_text() for text in whole.get_legend().get_texts()] == ["hot pixels: 3"]
    rows = [examples[number : number + 3] for number in range(0, 9, 3)]
    by_rate = sorted(range(3), key=lambda i: found.pixels.rate[i])
    for row, i in zip(rows, by_rate, strict=True):
        x, y, rate = (getattr(found.pixels, name)[i] for name in ("x", "y", "rate"))
        assert row[0].get_ylabel() == f"x {x}, y {y}\n{rate:.3g} DN/s"
        for axes, file in zip(row, visit, strict=True):
            image = fits.getdata(file, "SCI")
            value = image[y - CORNER[0] + 1, x - CORNER[1] + 1]
            assert axes.images[0].get_array()[8, 8] == value
            assert axes.images[0].get_clim()[1] >= value
    names = [axes.get_title(loc="left") for axes in rows[0]]
    assert names == [file.name.removesuffix("_rate.fits") for file in visit]


def test_pixels_of_unknown_rate_have_a_picture_without_examples(visit, tmp_path):
    (found,) = discover(visit, tmp_path / "new").lists
    unknown = replace(found.pixels, rate=np.full_like(found.pixels.rate, np.nan))
    figure = found_figure(replace(found, pixels=unknown))
    assert save_plot(figure, tmp_path / "found.png").is_file()


def test_a_missing_ledger_is_refused(visit, tmp_path):
    with pytest.raises(LedgerError, match="ledgr: there is no such ledger"):
        discover(visit, tmp_path / "new", ledger=tmp_path / "ledgr")
    assert not (tmp_path / "new").exists()


def test_one_folder_or_file_may_be_given_as_it_is(visit, tmp_path):
    shutil.copy(visit[0], tmp_path / "one_rate.fits")
    for paths in (str(tmp_path), tmp_path / "one_rate.fits"):
        (found,) = discover(paths, tmp_path / "new").lists
        assert found.files == (tmp_path / "one_rate.fits",)
