"""What is released: one version everywhere, and archives with all that is needed and no more."""

import re
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import jwst_hotpix

ROOT = Path(__file__).parents[1]
PACKAGE = Path(jwst_hotpix.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text())
RECIPE = (ROOT / "conda" / "recipe" / "meta.yaml").read_text()


def files_below(folder):
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    from hatchling.builders.sdist import SdistBuilder

    folder = tmp_path_factory.mktemp("sdist")
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with tarfile.open(path) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_a_wheel_contains_the_package_with_its_data_and_nothing_else(wheel):
    names = set(wheel.namelist())
    held = {name.removeprefix("jwst_hotpix/") for name in names if name.startswith("jwst_hotpix/")}
    assert held == files_below(PACKAGE)
    assert {"py.typed", "resources/schemas/hotpix-1.0.0.yaml", "resources/builtin/README.md"} < held
    assert any(name.startswith("resources/reference_templates/") for name in held)
    about = f"jwst_hotpix-{PROJECT['version']}.dist-info"
    assert all(name.startswith(("jwst_hotpix/", f"{about}/")) for name in names)
    assert f"{about}/licenses/LICENSE" in names
    assert b"hotpix = jwst_hotpix.cli:main" in wheel.read(f"{about}/entry_points.txt")


def test_an_sdist_contains_what_the_tests_read_and_no_junk(sdist):
    made = {"PKG-INFO", ".gitignore"}
    for folder in ("benchmarks", "conda", "docs", "src", "tests"):
        here = {name for name in sdist if name.startswith(f"{folder}/")}
        assert here <= {f"{folder}/{name}" for name in files_below(ROOT / folder)}
    assert {"pyproject.toml", "README.md", "CITATION.cff", "LICENSE", ".ci/run"} < sdist
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a clone")
    command = ["git", "-C", str(ROOT), "ls-files"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    # The link to the templates is not in it, but the templates are.
    known = {name for name in listed if name} - {"reference_templates"}
    untracked = sdist - known - made
    assert known - made == sdist - made - untracked
    assert not [
        name for name in untracked if re.search(r"__pycache__|\.pyc|\.log|_build|\.fits", name)
    ]


def test_every_place_names_the_same_version():
    changes = (ROOT / "docs" / "changes.md").read_text()
    newest = re.search(r"^## (\S+) \((\S+)\)$", changes, re.MULTILINE)
    assert newest.groups() == (PROJECT["version"], CITATION["date-released"])
    assert CITATION["version"] == PROJECT["version"]
    assert f'{{% set version = "{PROJECT["version"]}" %}}' in RECIPE


def test_the_citation_has_what_a_reader_cites():
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["license"] == PROJECT["license"]
    assert [author["name"] for author in CITATION["authors"]] == [
        author["name"] for author in PROJECT["authors"]
    ]
    (report,) = CITATION["references"]
    assert report["number"] == "JWST-STScI-009188"


def test_the_conda_recipe_needs_what_the_package_needs():
    run = RECIPE.partition("  run:\n")[2].partition("\n\n")[0]
    needed = dict(re.findall(r"- ([\w-]+) (\S+)", run))
    assert needed.pop("python") == PROJECT["requires-python"]
    pattern = re.compile(r"([\w-]+)(?:\[.*\])?(.*)")
    assert needed == dict(pattern.fullmatch(name).groups() for name in PROJECT["dependencies"])
    assert f"hotpix = {PROJECT['scripts']['hotpix']}" in RECIPE


@pytest.mark.parametrize("form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")))
def test_an_issue_form_asks_for_what_can_be_answered(form):
    held = yaml.safe_load(form.read_text())
    assert {"name", "description", "body"} <= held.keys()
    fields = [part for part in held["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in fields}) == len(fields) > 0
    assert all(part["attributes"]["label"] for part in fields)
    assert any(part["validations"]["required"] for part in fields)
