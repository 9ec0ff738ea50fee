"""hotpix lists: the builtin lists, and those of a library."""

import json

import pytest
from click.testing import CliRunner

from helpers import EPOCH, make_list
from jwst_hotpix.cli.imports import command as import_list
from jwst_hotpix.cli.lists import command as lists
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.provenance import Provenance

BUILTIN = [f"jwst_nirspec_hotpix_nrs{n}_pooled_20240515.asdf" for n in (1, 2)]


def run(command, *args):
    return CliRunner().invoke(command, [str(arg) for arg in args])


@pytest.fixture
def library(tmp_path):
    origin = Provenance(
        pedigree="INFLIGHT 2022-07-01 2023-02-25", coverage=(59000.0, EPOCH), n_exposures=12
    )
    header = asdf_file.Header(useafter="2022-07-01T00:00:00", description="Ours")
    asdf_file.write(make_list([1, 2], [9, 9], provenance=origin), tmp_path / "own.asdf", header)
    return tmp_path


def test_each_line_shows_detector_dates_pixels_pedigree_and_origin(library):
    rows = json.loads(run(lists, "--library", library, "--json").stdout)["lists"]
    assert [row["file"] for row in rows] == [*BUILTIN, "own.asdf"]
    assert [row["library"] for row in rows] == ["builtin", "builtin", str(library)]
    assert rows[2] == {
        "file": "own.asdf", "folder": str(library), "library": str(library), "detector": "NRS1",
        "readout": "TRAD", "first": "2020-05-31T00:00:00", "last": "2023-02-25T00:00:00",
        "n_pixels": 2, "pedigree": "INFLIGHT 2022-07-01 2023-02-25", "origin": "Ours",
    }  # fmt: skip
    assert (rows[0]["first"], rows[0]["last"]) == (None, "2024-05-15T00:00:00")
    assert rows[0]["origin"].startswith("msaexp 0.9.19 (G. Brammer, MIT)")


def test_the_library_set_in_the_environment_is_shown_too(library, monkeypatch):
    assert "own.asdf" not in run(lists).stdout
    monkeypatch.setenv("JWST_HOTPIX_LIBRARY", str(library))
    assert "own.asdf" in run(lists).stdout


def test_a_file_that_is_not_a_list_is_named_and_the_others_are_shown(library):
    (library / "broken.asdf").write_bytes(b"#ASDF 1.0")
    shown = run(lists, "--library", library)
    assert shown.exit_code == 1
    assert "own.asdf" in shown.stdout
    assert "broken.asdf" in shown.stderr


def test_an_origin_given_to_import_is_shown(tmp_path):
    (tmp_path / "pixels.csv").write_text("x,y\n5,5\n")
    made = run(
        import_list, tmp_path / "pixels.csv", "--detector", "NRS1", "--date", "2024-05-15",
        "--origin", "from a paper", "-o", tmp_path / "list.asdf",
    )  # fmt: skip
    assert made.exit_code == 0
    assert "from a paper" in run(lists, "--library", tmp_path).stdout
