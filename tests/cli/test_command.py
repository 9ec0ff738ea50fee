"""The command as a user runs it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers import EPOCH, make_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.hotlist.summary import Summary
from jwst_hotpix.instrument.crosses import Role

HOTPIX = Path(sys.executable).with_name("hotpix")


def hotpix(*args, cwd=None):
    return subprocess.run(
        [HOTPIX, *map(str, args)], capture_output=True, text=True, check=False, cwd=cwd
    )


@pytest.fixture
def listed(tmp_path):
    pixels = make_list(
        [1, 2, 3, 4], [9, 9, 9, 9],
        role=[Role.CENTER, Role.NEIGHBOR, Role.INFERRED_CENTER, Role.CENTER],
        status=[Status.STABLE, Status.STABLE, Status.TELEGRAPH, Status.RECOVERED],
        recovery_earliest=[np.inf, np.inf, np.inf, EPOCH - 50],
        recovery_latest=[np.inf, np.inf, np.inf, EPOCH - 40],
        provenance=Provenance(coverage=(59000.0, EPOCH), n_exposures=12, growth_per_month=64.0),
    )  # fmt: skip
    return asdf_file.write(
        pixels, tmp_path / "list.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00")
    )


def test_show_counts_by_role_and_status(listed):
    shown = json.loads(hotpix("show", listed, "--json").stdout)
    expected = {
        "detector": "NRS1", "readout": "TRAD", "n_pixels": 4, "n_centers": 2, "n_neighbors": 1,
        "n_rings": 1, "status": {"stable": 2, "telegraph": 1, "recovered": 1},
        "last_dark": "2023-02-25T00:00:00", "growth_per_month": 64.0,
    }  # fmt: skip
    assert {key: shown[key] for key in expected} == expected


def test_show_at_a_date_counts_what_is_hot_then(listed):
    at = hotpix("show", listed, "--at", "2023-02-25", "--json")
    assert json.loads(at.stdout)["n_pixels"] == 3


def test_show_is_a_table_for_people(listed):
    shown = hotpix("show", listed)
    assert "list.asdf" in shown.stdout
    assert "2 stable, 1 telegraph, 1 recovered" in shown.stdout


def test_a_complete_list_is_not_said_to_supplement_something_unknown(listed):
    (line,) = [line for line in hotpix("show", listed).stdout.splitlines() if "supplements" in line]
    assert "the list is complete" in line


def test_show_prints_the_summary_that_python_gets(listed):
    shown = json.loads(hotpix("show", listed, "--json").stdout)
    assert shown == Summary.of(asdf_file.read(listed)).to_dict()


def test_a_verb_with_a_typo_gets_a_suggestion():
    # FIELD C17.
    run = hotpix("recconcile")
    assert run.returncode == 2
    assert run.stderr.endswith("Error: there is no verb 'recconcile'; did you mean 'reconcile'?\n")
    assert "did you mean" not in hotpix("xyz").stderr


def test_the_package_runs_as_a_module():
    command = [sys.executable, "-m", "jwst_hotpix", "--version"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == hotpix("--version").stdout
    assert run.stdout.startswith("hotpix, version ")


@pytest.mark.parametrize(
    ("verb", "options"),
    [
        ("export", ["--to", "ds9", "-o", "out.reg"]),
        ("export", ["--to", "ecsv", "-o", "out.ecsv"]),
    ],
)
def test_a_command_line_that_runs_twice_replaces_nothing_and_says_so(verb, options, listed):
    place = listed.parent
    arguments = [verb, listed.name, *options]
    output = place / options[-1]
    assert hotpix(*arguments, cwd=place).returncode == 0
    output.write_text("precious")
    run = hotpix(*arguments, cwd=place)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == f"hotpix: {output.name}: exists already; use --overwrite to replace it\n"
    assert output.read_text() == "precious"
    assert hotpix(*arguments, "--overwrite", cwd=place).returncode == 0
    assert output.read_text() != "precious"


def test_a_demo_goes_to_a_new_folder(tmp_path):
    (tmp_path / "thesis.tex").touch()
    run = hotpix("demo", "-o", tmp_path)
    assert run.returncode == 1
    assert run.stderr == f"hotpix: {tmp_path}: is not empty; choose a new folder\n"


def test_an_option_of_another_kind_of_export_is_refused(listed, tmp_path):
    out = tmp_path / "x.fits"
    for options, message in (
        (["--to", "mask"], "--to mask needs --base"),
        (["--to", "ds9", "--base", out], "--to ds9 takes no --base"),
        (["--to", "ecsv", "--threshold", "3"], "--to ecsv takes no --threshold"),
    ):
        run = hotpix("export", listed, "-o", out, *options)
        assert run.returncode == 2
        assert message in run.stderr


def test_an_error_is_one_line_on_stderr_and_status_1(tmp_path):
    run = hotpix("show", tmp_path / "gone.asdf")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == f"hotpix: {tmp_path / 'gone.asdf'}: file not found\n"


def test_a_date_is_iso_8601(listed):
    run = hotpix("show", listed, "--at", "yesterday")
    assert run.returncode == 2
    message = "expected an ISO 8601 date such as 2024-03-01, UTC from year 1 to 9999, found"
    assert message in run.stderr


def test_every_verb_has_help_with_an_example():
    from jwst_hotpix.cli import _VERBS

    assert "demo" in _VERBS
    for verb in _VERBS:
        run = hotpix(verb, "--help")
        assert run.returncode == 0, run.stderr
        (_, example) = re.split(r"\n  Examples?:\n", run.stdout)
        assert f"    hotpix {verb} " in example
