"""Who may import whom, and what must stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import jwst_hotpix

ROOT = Path(jwst_hotpix.__file__).parent

# Rooms from the ground up: a module imports from its own room and those before it only.
ROOMS = [
    {"exceptions"},
    {"dates", "detectors", "files", "fitsfile", "workers"},
    {"neighbors", "columns", "modes"},
    {"provenance", "frames"},
    {"pixellist"},
    {"monitor"},
    {"flagging"},
    {"targets"},
    {"reference"},
    {"trending"},
    {"target_acq"},
    {"simulate"},
    {"stamp"},
    {"changes", "products"},
    {"step"},
    {"pipeline"},
    {"archive"},
    {"explain"},
    {"demo"},
    {"cli"},
    {"integration", "__init__"},
]
LEVEL = {name: level for level, names in enumerate(ROOMS) for name in names}


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jwst_hotpix"):
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_to_lower_rooms(path):
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    above = {name for name in _imports(path) if LEVEL[name] > LEVEL[room]}
    assert not above


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("jwst_hotpix", {"numpy", "asdf", "jwst", "stdatamodels"}),
        ("jwst_hotpix.integration", {"numpy", "asdf", "jwst", "stdatamodels"}),
        ("jwst_hotpix.hotlist.pixellist", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.instrument.frames", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.instrument.crosses", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.hotlist.asdf_file", {"jwst", "stdatamodels"}),
        ("jwst_hotpix.target_acq", {"asdf", "jwst", "stdatamodels", "astropy"}),
        ("jwst_hotpix.simulate", {"jwst", "stdatamodels"}),
        ("jwst_hotpix.cli", {"numpy", "jwst", "stdatamodels", "astropy", "matplotlib"}),
    ],
)
def test_light_modules_stay_light(module, heavy):
    code = f"import sys, {module}; print(*({heavy!r} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not run.stdout.split()
