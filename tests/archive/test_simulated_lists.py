"""Simulated lists and placeholders are loud, and real exposures are not given them (C2)."""

import json
from dataclasses import replace

import pytest
from astropy.io import fits
from click.testing import CliRunner

from helpers import EPOCH, make_list, make_rate
from jwst_hotpix.archive.one_exposure import Job, reprocess_one
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.cli.audit import command as audit
from jwst_hotpix.exposure.headers import is_simulated
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.library import Library
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate import World, write_uncal
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.step import HotPixStep
from saving import save

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
NOT_MEASURED = ["DUMMY", "SIMULATION", "MODEL"]
CORNER = {"shape": (32, 32), "corner": (975, 1399)}


def write_list(path, pedigree):
    origin = Provenance(pedigree=pedigree, coverage=(EPOCH - 500, EPOCH))
    return asdf_file.write(make_list([980], [1405], provenance=origin), path, HEADER)


@pytest.fixture
def exposure(tmp_path):
    return save(make_rate(**CORNER), tmp_path / "x_rate.fits")


@pytest.fixture
def simulated(tmp_path):
    model = make_rate(**CORNER)
    model.meta.target.proposer_name = "SIMULATED"
    return save(model, tmp_path / "simulated_rate.fits")


@pytest.mark.parametrize("pedigree", [*NOT_MEASURED, "INFLIGHT 2022-07-01 2023-01-01", "GROUND"])
def test_the_step_warns_and_the_product_records_it(tmp_path, caplog, pedigree):
    listed = write_list(tmp_path / "l.asdf", pedigree)
    result = HotPixStep.call(make_rate(**CORNER), override_hotpix=str(listed))
    cards = {key: value for key, value, _ in result.extra_fits.PRIMARY.header}
    assert cards["HPXPEDIG"] == pedigree
    assert result.dq[6, 7]
    warning = (
        f"l.asdf: the list has pedigree {pedigree}, so its pixels are not hot in a real detector"
    )
    assert (warning in caplog.text) == (pedigree in NOT_MEASURED)


def run_audit(*arguments):
    done = CliRunner().invoke(audit, [*map(str, arguments), "--dq", "--json"])
    return json.loads(done.stdout), done.exit_code


@pytest.mark.parametrize("pedigree", NOT_MEASURED)
def test_audit_refuses_them_for_real_exposures_unless_allowed(
    tmp_path, exposure, simulated, pedigree
):
    listed = write_list(tmp_path / "l.asdf", pedigree)
    result, code = run_audit(exposure, simulated, "--list", listed)
    assert code == 1
    assert [row["file"] for row in result["exposures"]] == [str(simulated)]
    assert result["rejected"] == [{
        "file": str(exposure),
        "reason": f"{exposure}: l.asdf has pedigree {pedigree}, but the exposure is not simulated "
        "(--allow-simulated uses such lists)",
    }]  # fmt: skip
    result, code = run_audit(exposure, simulated, "--list", listed, "--allow-simulated")
    assert (code, len(result["exposures"])) == (0, 2)


@pytest.mark.parametrize("pedigree", ["INFLIGHT", "GROUND"])
def test_measured_lists_are_accepted_for_all_exposures(tmp_path, exposure, simulated, pedigree):
    listed = write_list(tmp_path / "l.asdf", pedigree)
    result, code = run_audit(exposure, simulated, "--list", listed)
    assert (code, len(result["exposures"])) == (0, 2)


def reprocess(folder, path, **options):
    (folder / "out" / ".work").mkdir(parents=True, exist_ok=True)
    job = Job(
        start=str(folder), output=str(folder / "out"), work=str(folder / "out" / ".work"),
        recipe=Recipe.of(**options),
    )  # fmt: skip
    return reprocess_one(job, str(path))


def test_reprocess_refuses_them_for_real_exposures_before_any_work(tmp_path, exposure):
    listed = write_list(tmp_path / "l.asdf", "SIMULATION")
    outcome = reprocess(tmp_path, exposure, listed=listed)
    assert (outcome.status, outcome.may_pass) == ("failed", False)
    assert "l.asdf has pedigree SIMULATION, but the exposure is not simulated" in outcome.reason
    assert not list((tmp_path / "out").glob("*.*[!k]"))


def test_the_recipe_passes_on_what_the_user_allows():
    assert Recipe.of(allow_simulated=True).allow_simulated
    # Nor is a product made otherwise for it.
    assert Recipe.of(allow_simulated=True).text("rate") == Recipe.of().text("rate")


def test_every_simulated_exposure_is_recognized_by_its_header(tmp_path):
    world = World.quiet(detector="NRS1", readout="TRAD")
    scene = draw_scene("MOS medium", (64, 64), seed=1)
    paths = [
        write_uncal(
            tmp_path / "x_uncal.fits", world, start="2024-03-01", ngroups=2, subarray="SUB32"
        ),
        write_dark_rate(tmp_path / "dark_rate.fits", world, start=EPOCH, subarray="SUB512"),
        write_science(
            tmp_path / "s_rate.fits", world, scene, Setup(start=EPOCH, corner=(9, 9)), masked=EPOCH
        ),
    ]
    for path in paths:
        assert is_simulated(fits.getheader(path)), path


def test_in_a_folder_measured_lists_are_preferred(tmp_path):
    pixels = make_list([980], [1405])
    origin = replace(pixels.provenance, pedigree="SIMULATION")
    lists = {"a.asdf": pixels, "b.asdf": replace(pixels, provenance=origin, readout="TRAD")}
    library = Library(folder=tmp_path, lists=lists)
    name, reason = library.best(detector="NRS1", readout="TRAD", epoch=EPOCH)
    assert name == "a.asdf"
    assert reason.startswith("the only one of 2 lists for NRS1 TRAD of a real detector in ")
