"""Who may import whom, and what must stay light."""

import subprocess
import sys
from pathlib import Path

import pytest

import jwst_hotpix
from jwst_hotpix.cli import _VERBS
from structure import (
    arrows,
    arrows_of_files,
    floors,
    imported_names,
    imported_rooms,
    room_of,
    with_tree,
)

ROOT = Path(jwst_hotpix.__file__).parent

# From the top floor to the ground: a room imports from the rooms after it only.
ORDER = (
    *("__main__", "cli", "demo", "testing", "scenes", "simulate", "report", "discovery", "archive"),
    *("fetch", "explain", "target_acq", "trending", "__init__", "pipeline", "step"),
    *("exchange", "history", "ledger", "measure", "masks", "flag", "hotlist", "exposure"),
    *("instrument", "tools", "exceptions"),
)
# Named by entry points: it imports nothing.
DOORS = {"integration"}
AT_THE_ROOT = {"step", "pipeline", "integration", "exceptions", "__init__", "__main__"}
FILES = sorted(ROOT.rglob("*.py"))


def test_only_contracts_live_at_the_root():
    assert {path.stem for path in ROOT.glob("*.py")} <= AT_THE_ROOT


def test_every_room_has_a_floor():
    assert {room_of(path, ROOT) for path in FILES} <= {*ORDER, *DOORS}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_to_lower_rooms(path):
    room = room_of(path, ROOT)
    below = ORDER[ORDER.index(room) :] if room in ORDER else ORDER
    assert imported_rooms(path, ROOT) <= {*below, room}


VERBS = ("fetch_darks", "fetch_references", "fetch_science", *(name for name, _ in _VERBS.values()))


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_imports_another_and_each_is_short(verb):
    path = ROOT / "cli" / f"{verb}.py"
    others = {f"jwst_hotpix.cli.{other}." for other in VERBS if other != verb}
    assert not [name for name in imported_names(path) if f"{name}.".startswith(tuple(others))]
    assert len(path.read_text().splitlines()) <= 120


def test_no_rooms_import_each_other_in_a_circle():
    drawn = arrows(ROOT)
    assert floors(drawn).keys() == drawn.keys()


def test_no_files_import_each_other_in_a_circle():
    drawn = arrows_of_files(ROOT)
    assert floors(drawn).keys() == drawn.keys()


def test_the_tree_of_the_docs_is_that_of_the_code():
    page = (Path(__file__).parents[1] / "docs" / "architecture.md").read_text()
    assert page == with_tree(page, ROOT), "run: python benchmarks/structure.py --tree"


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("jwst_hotpix", {"numpy", "asdf", "jwst", "stdatamodels"}),
        ("jwst_hotpix.integration", {"numpy", "asdf", "jwst", "stdatamodels"}),
        ("jwst_hotpix.hotlist.pixellist", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.instrument.frames", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.instrument.crosses", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.hotlist.asdf_file", {"jwst", "stdatamodels"}),
        ("jwst_hotpix.history.make_list", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.target_acq", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.simulate", {"jwst", "stdatamodels"}),
        ("jwst_hotpix.cli", {"numpy", "jwst", "stdatamodels", "astropy", "matplotlib"}),
        ("jwst_hotpix.cli.show", {"asdf", "pyarrow", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.cli.report", {"bokeh", "jinja2", "asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.report.material", {"bokeh", "jinja2"}),
        ("jwst_hotpix.cli.options", {"asdf", "jwst", "stdatamodels", "astropy", "matplotlib"}),
    ],
)
def test_light_modules_stay_light(module, heavy):
    code = f"import sys, {module}; print(*({heavy!r} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not run.stdout.split()
