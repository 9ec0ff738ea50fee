"""``hotpix pixel`` as a user runs it."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from jwst_hotpix.cli.pixel import command
from jwst_hotpix.exceptions import FrameMismatchError, LedgerError, PathError
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from jwst_hotpix.tools.dates import mjd

EPOCHS = mjd("2023-02-25") + 20.0 * np.arange(8)
Y, X = 900, 700


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pixel") / "ledger"
    world = World.draw(detector="NRS1", readout="IRS2", seed=1, months=12, stock=300)
    world = world.with_pixels([Y], [X], [6.0], onset=float(EPOCHS[4]) - 1)
    for record in records_of(simulate_sightings(world, EPOCHS, unseen_share=0, seed=2)):
        Ledger(folder).keep(record)
    return folder


def pixel(*args):
    return CliRunner().invoke(command, [*map(str, args), "--detector", "NRS1"])


def test_json_holds_looks_and_intervals(ledger, tmp_path):
    done = pixel(ledger, X, Y, "--json", "--plot", tmp_path / "pixel.png")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["detector"], told["x"], told["y"], told["threshold"]) == ("NRS1", X, Y, 1.0)
    assert [look["state"] for look in told["looks"]] == ["cold"] * 4 + ["hot"] * 4
    assert set(told["looks"][0]) >= {"epoch", "kind", "state", "rate", "error", "bound"}
    (interval,) = told["intervals"]
    # At the last cold look it may have been a slow telegraph pixel in its low state.
    assert interval["onset_earliest"] == told["looks"][2]["epoch"] == "2023-04-06T00:00:00"
    assert interval["onset_latest"] == told["looks"][4]["epoch"]
    assert (interval["recovery_earliest"], interval["recovery_latest"]) == (None, None)
    assert (interval["status"], interval["role"], interval["listed"]) == ("stable", "center", True)
    assert (tmp_path / "pixel.png").read_bytes().startswith(b"\x89PNG")


def test_figures_are_named_after_the_pixel_and_replaced_only_if_asked(ledger, tmp_path):
    assert pixel(ledger, X, Y, "--figures", tmp_path / "new").exit_code == 0
    names = [f"pixel_nrs1_{X}_{Y}.{ending}" for ending in ("pdf", "png", "svg")]
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == names
    again = pixel(ledger, X, Y, "--figures", tmp_path / "new")
    assert isinstance(again.exception, PathError)
    assert pixel(ledger, X, Y, "--figures", tmp_path / "new", "--overwrite").exit_code == 0


def test_people_get_the_runs_of_looks_that_agree(ledger):
    done = pixel(ledger, X, Y)
    assert done.exit_code == 0, done.output
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines()]
    assert ["2023-02-25", "2023-04-26", "4", "cold", "below 0.1"] in rows
    assert [row[:4] for row in rows if "hot" in row] == [["2023-05-16", "2023-07-15", "4", "hot"]]


@pytest.mark.parametrize(
    ("place", "error", "message"),
    [
        ((3000, 5), FrameMismatchError, "x 3000 is off NRS1, whose columns are 0 to 2047"),
        ((5, 2048), FrameMismatchError, "y 2048 is off NRS1, whose rows are 0 to 2047"),
    ],
)
def test_a_pixel_off_the_detector_is_one_line(ledger, place, error, message):
    done = pixel(ledger, *place)
    assert isinstance(done.exception, error)
    assert str(done.exception) == message


def test_an_empty_ledger_is_one_line(tmp_path):
    done = pixel(tmp_path, 5, 5)
    assert isinstance(done.exception, LedgerError)
    assert str(done.exception) == f"{tmp_path}: the ledger holds nothing of NRS1"


def test_the_help_says_from_where_pixels_are_counted():
    words = " ".join(pixel("--help").stdout.split())
    assert "both counted from zero, in the science frame" in words
