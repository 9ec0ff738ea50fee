"""The demo as a user runs it, and the command lines that it prints."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

import jwst_hotpix
from jwst_hotpix.cli import _VERBS

pytestmark = pytest.mark.xdist_group("demo")

ROOT = Path(jwst_hotpix.__file__).parents[1]
BIN = Path(sys.executable).parent
# The demo itself, and what cannot run without a network.
ELSEWHERE = {"demo", "fetch", "update"}
DEMO = "a demo"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Run the demo once: the folder where it was started, and what it printed."""
    place = tmp_path_factory.mktemp("demo")
    run = subprocess.run(
        [BIN / "hotpix", "demo", "-o", DEMO, "--json"],
        capture_output=True, text=True, check=False, cwd=place,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    yield place, json.loads(run.stdout)
    # A gigabyte, which the next tests may need.
    shutil.rmtree(place / DEMO)


def test_the_demo_leaves_few_of_the_hot_pixels_that_the_masks_of_its_year_leave(demo):
    place, score = demo
    assert score["unmasked_before"] > 250
    assert score["unmasked_after"] < 0.15 * score["unmasked_before"]
    assert score["wrongly_masked"] < 0.015 * score["hot"]
    for year in score["year"].values():
        assert year["official"] > 4000
        assert year["causal"] < 0.18 * year["official"]
        assert year["full"] < 0.015 * year["official"]
    names = {path.name for path in (place / DEMO).iterdir()}
    assert {"demo.png", "year.png", "visit.png", "demo.log", "crds", "ledger", "practice"} < names
    for name in ("demo.png", "year.png", "visit.png"):
        assert (place / DEMO / name).read_bytes().startswith(b"\x89PNG")


def test_the_exposures_of_a_visit_reveal_most_of_its_hot_pixels_without_darks(demo):
    _, score = demo
    visit = score["visit"]
    assert visit["unmasked_before"] > 250
    assert visit["unmasked_after"] < 0.1 * visit["unmasked_before"]
    assert visit["wrongly_masked"] < 0.01 * visit["hot"]


def test_the_demo_leaves_a_dozen_darks_of_both_modes_a_visit_and_acquisitions(demo):
    practice = demo[0] / DEMO / "practice"
    darks = [path.name.split("_")[2] for path in (practice / "darks").glob("*_rate.fits.gz")]
    assert sorted(darks) == ["00001"] * 6 + ["00002"] * 6
    assert len(list((practice / "visit").glob("*_rate.fits"))) == 3
    assert len(list((practice / "acquisitions").glob("*_uncal.fits"))) == 2


def test_every_command_line_of_the_demo_runs_as_printed(demo):
    # FIELD C10.
    place, printed = demo
    # Each line brings what it needs of CRDS: nothing comes from here except the programs.
    environment = {"PATH": f"{BIN}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    verbs = set()
    for line in printed["lines"]:
        words = shlex.split(line)
        if "hotpix" in words:
            verbs.add(words[words.index("hotpix") + 1])
        run = subprocess.run(
            ["/bin/sh", "-c", line],
            capture_output=True, text=True, check=False, cwd=place, env=environment,
        )  # fmt: skip
        assert run.returncode == 0, f"{line}\n{run.stderr[-2000:]}"
    assert verbs == _VERBS.keys() - ELSEWHERE
    (made,) = (place / DEMO / "practice").glob("*_rate.fits")
    with fits.open(made) as by_hand, fits.open(place / DEMO / made.name) as by_the_demo:
        np.testing.assert_array_equal(by_hand["DQ"].data, by_the_demo["DQ"].data)
