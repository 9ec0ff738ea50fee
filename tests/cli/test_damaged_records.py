"""A damaged record of a ledger is named and excluded, or refused on request, by every verb."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from jwst_hotpix.cli.build import command as build
from jwst_hotpix.cli.show import command as show
from jwst_hotpix.cli.trend import command as trend
from jwst_hotpix.exceptions import LedgerError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of

EPOCHS = 60000.0 + 100.0 * np.arange(6)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged") / "ledger"
    world = World.draw(detector="NRS1", readout="TRAD", months=24, stock=200, seed=1)
    for record in records_of(simulate_sightings(world, EPOCHS, seed=1)):
        Ledger(folder).keep(record)
    return folder


@pytest.fixture
def ledger(whole, tmp_path):
    """Copy the ledger and cut its third record in half."""
    folder = tmp_path / "ledger"
    shutil.copytree(whole, folder)
    path = sorted(folder.rglob("*.parquet"))[2]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return folder, path


VERBS = {
    "build": (build, ("--detector", "NRS1", "--readout", "trad")),
    "trend": (trend, ("--detector", "NRS1")),
    "show": (show, ()),
}
# Where each counts the records, in its JSON.
COUNTED = {
    "build": lambda told: told["n_exposures"],
    "trend": lambda told: told["rows"][0]["n_epochs"],
    "show": lambda told: told["records"][0]["n"],
}


def run(verb, folder, *options):
    command, needed = VERBS[verb]
    if verb == "build":
        options = (*options, "-o", str(folder.with_name("list.asdf")))
    return CliRunner().invoke(command, [str(folder), *needed, "--json", *options])


@pytest.mark.parametrize("verb", VERBS)
def test_it_is_named_in_a_warning_and_the_others_count(verb, ledger):
    folder, path = ledger
    done = run(verb, folder)
    assert done.exit_code == 0, done.output
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"hotpix: warning: record excluded: {path}: record: expected a whole")
    assert COUNTED[verb](json.loads(done.stdout)) == 5


@pytest.mark.parametrize("verb", VERBS)
def test_strict_refuses_it(verb, ledger):
    folder, path = ledger
    done = run(verb, folder, "--strict")
    assert isinstance(done.exception, LedgerError)
    assert str(done.exception).startswith(f"{path}: record: expected a whole record")
    assert not folder.with_name("list.asdf").exists()


@pytest.mark.parametrize("verb", VERBS)
def test_a_whole_ledger_gives_the_same_with_and_without_strict(verb, whole, tmp_path):
    folder = tmp_path / "ledger"
    shutil.copytree(whole, folder)
    loose = run(verb, folder)
    strict = run(verb, folder, "--strict", *(["--overwrite"] if verb == "build" else []))
    assert (loose.exit_code, loose.stderr, loose.stdout) == (0, "", strict.stdout)


@pytest.mark.parametrize("verb", VERBS)
def test_only_damaged_records_are_named_before_the_error(verb, ledger):
    folder, _ = ledger
    paths = sorted(folder.rglob("*.parquet"))
    for path in paths:
        path.write_bytes(b"PAR1")
    done = run(verb, folder)
    assert done.exit_code == 1
    assert [line.split(": ")[3] for line in done.stderr.splitlines()] == [*map(str, paths)]


def test_the_list_without_the_record_is_that_of_a_ledger_without_it(ledger):
    folder, path = ledger
    run("build", folder)
    with_damage = asdf_file.read(folder.with_name("list.asdf"))
    path.unlink()
    run("build", folder, "--overwrite")
    assert asdf_file.read(folder.with_name("list.asdf")).digest() == with_damage.digest()
