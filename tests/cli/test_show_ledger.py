"""``hotpix show LEDGER`` as a user runs it."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from jwst_hotpix.cli.show import command
from jwst_hotpix.ledger.holdings import Holdings
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from jwst_hotpix.tools.dates import mjd

EPOCHS = mjd("2023-02-25") + np.array([0.0, 14.0, 28.0, 70.0])


@pytest.fixture
def ledger(tmp_path):
    world = World.quiet(detector="NRS2", readout="TRAD")
    for record in records_of(simulate_sightings(world, EPOCHS, leftover_cosmic_rays=0)):
        Ledger(tmp_path / "ledger").keep(record)
    return tmp_path / "ledger"


def show(*args):
    return CliRunner().invoke(command, [str(arg) for arg in args])


def test_json_is_what_python_gets(ledger):
    # FIELD C12.
    done = show(ledger, "--json")
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    assert shown == Holdings.of(Ledger(ledger)).to_dict()
    (row,) = shown["records"]
    assert row | {"detector": "NRS2", "readout": "TRAD", "kind": "dark", "n": 4} == row
    assert (row["first"], row["last"]) == ("2023-02-25T00:00:00", "2023-05-06T00:00:00")
    assert row["gaps"] == [
        {"after": "2023-03-25T00:00:00", "until": "2023-05-06T00:00:00", "days": 42.0}
    ]


def test_people_get_tables_that_fit_a_terminal(ledger, monkeypatch):
    monkeypatch.chdir(ledger.parent)
    done = show("ledger")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("ledger: 4 records\n")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines()]
    assert ["NRS2 TRAD", "dark", "4", "2023-02-25", "2023-05-06", "14 d", "0"] in rows
    assert ["NRS2 TRAD", "dark", "2023-03-25", "2023-05-06", "42"] in rows
    assert "hot: pixels above 1 DN/s in the newest one, neighbors included" in done.stdout
    widths = [len(line) for line in done.stdout.splitlines()]
    assert max(widths) <= 80


def test_at_is_refused_for_a_ledger(ledger):
    done = show(ledger, "--at", "2024-03-01")
    assert done.exit_code == 2
    assert "--at is for a list; the records of a ledger have dates" in done.stderr


def test_strict_is_refused_for_a_list(tmp_path):
    done = show(tmp_path / "list.asdf", "--strict")
    assert done.exit_code == 2
    assert "--strict is for a ledger" in done.stderr
