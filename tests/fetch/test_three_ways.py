"""From nothing to a flagged exposure, by each of the three ways of the README."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from crds_site import dark_name
from helpers import make_rate
from jwst_hotpix import HotPixStep
from jwst_hotpix.cli import _hotpix
from jwst_hotpix.simulate import World
from jwst_hotpix.simulate.darks import write_dark_reference
from jwst_hotpix.tools.dates import iso, mjd
from visits import CORNER, NEW, START, make_world, write_visit

README = (Path(__file__).parents[2] / "README.md").read_text()
HOT = (700, 900)


def commands_of(way):
    """Return the command lines under a way, those of hotpix and the parameters of the step."""
    (block,) = re.findall(rf"\*\*From {way}\.\*\*.*?```sh\n(.*?)```", README, re.DOTALL)
    *lines, flag = block.splitlines()
    assert flag.startswith("strun hotpix_detector1 exp_uncal.fits --steps.hotpix.")
    name, _, value = flag.partition("--steps.hotpix.")[2].partition("=")
    return lines, {name: value}


def run(line):
    """Run a line as a shell does, pipes included."""
    piped = ""
    for part in line.split(" | "):
        _, *words = shlex.split(part)
        given = [name for word in words for name in sorted(map(str, Path().glob(word))) or [word]]
        result = CliRunner().invoke(_hotpix, given, input=piped)
        assert result.exit_code == 0, result.output
        piped = result.stdout


@pytest.fixture
def follow(tmp_path, monkeypatch):
    """Follow the README, in an empty folder with an exposure, to the flagged exposure."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")

    def steps(way, date):
        exposure = make_rate((2048, 2048), readpatt="NRSIRS2RAPID")
        exposure.meta.exposure.mid_time = mjd(date)
        exposure.meta.observation.date, exposure.meta.observation.time = iso(mjd(date)).split("T")
        exposure.meta.telescope = "JWST"
        exposure.meta.subarray.name = "FULL"
        exposure.save("exp_uncal.fits")
        lines, parameters = commands_of(way)
        for line in lines:
            run(line)
        flagged = HotPixStep.call(exposure, skip=False, **parameters)
        return set(zip(*(axis.tolist() for axis in np.nonzero(flagged.dq)), strict=True))

    return steps


def test_from_your_own_exposures(follow):
    for path in write_visit(make_world(), Path()).values():
        path.rename(path.name.replace("jw09999001001", "jw01345062001"))
    found = follow("your own exposures", iso(START + 1))
    assert {(y + CORNER[0] - 1, x + CORNER[1] - 1) for y, x in NEW} <= found


def test_from_references_and_darks(follow, crds_site, tmp_path):
    quiet = World.quiet(detector="NRS1", readout="IRS2")
    world = quiet.with_pixels([HOT[0]], [HOT[1]], 50.0, onset=mjd("2022-06-01"))
    for n, year in ((3, 2022), (4, 2023)):
        path = write_dark_reference(tmp_path / dark_name(n), world, known=f"{year}-01-01")
        crds_site.files[f"/references/{path.name}"] = path
    assert HOT in follow("references and darks", "2022-09-01")
    sent = {path: sent for path, sent in crds_site.sent.items() if "references" in path}
    assert set(sent) == {f"/references/{dark_name(n)}" for n in (3, 4)}


def test_from_a_public_list(follow):
    assert len(follow("a public list", "2024-06-01")) == 252
