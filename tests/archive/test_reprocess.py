"""``hotpix reprocess``: what it makes, what it leaves alone, what it makes anew."""

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from archives import (
    HEADER,
    HOTPIX,
    NEW,
    content,
    contents,
    make_archive,
    nothing_is_left_of_the_work,
)
from astropy.io import fits

from helpers import DNU, HOT
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.instrument.readouts import SUBARRAYS
from jwst_hotpix.simulate import use_cache
from jwst_hotpix.simulate.crds_context import serve_hotpix

pytestmark = pytest.mark.xdist_group("reprocess")

MODES = [
    ("NRS1", "TRAD", "FULL", 1),
    ("NRS2", "IRS2", "FULL", 1),
    ("NRS2", "TRAD", "ALLSLITS", 1),
    ("NRS1", "TRAD", "SUB512", 2),
    ("NRS1", "TRAD", "SUB32", 1),
]
REAL = "nirspec/jw01345062001_03101_00001_nrs2_phot.138.1345_933.fits"


def planted(header):
    """Where the planted pixels lie in the array of a product."""
    corner = header["SUBSTRT2"] - 1, header["SUBSTRT1"] - 1
    return tuple(np.array(NEW).T - np.array(corner)[:, None])


def assert_flagged(path):
    with fits.open(path) as hdus:
        assert hdus[0].header["S_HOTPIX"] == "COMPLETE"
        y, x = planted(hdus[0].header)
        assert ((hdus["DQ"].data[..., y, x] & (HOT | DNU)) == (HOT | DNU)).all()
        assert np.isnan(hdus["SCI"].data[..., y, x]).all()


def main_of(uncal, folder):
    return folder / uncal.name.replace("_uncal", "_rate")


@pytest.mark.xdist_group("reprocess modes")
def test_every_readout_and_subarray_goes_through_detector1(tmp_path):
    assert {subarray for _, _, subarray, _ in MODES} == set(SUBARRAYS)
    archive = make_archive(tmp_path, MODES)
    output = tmp_path / "out"
    result, errors = archive.run(
        *archive.uncals, "-o", output, "--library", archive.library, "--workers", 2
    )
    assert not errors
    assert result["done"] == [str(path) for path in archive.uncals]
    for uncal, (detector, readout, *_) in zip(archive.uncals, MODES, strict=True):
        assert_flagged(main_of(uncal, output))
        with fits.open(main_of(uncal, output)) as hdus:
            assert f"{detector}_{readout}".lower() in hdus[0].header["R_HOTPIX"]
    assert nothing_is_left_of_the_work(output)


def test_products_are_those_of_strun(small, undisturbed, tmp_path):
    strun = HOTPIX.with_name("strun")
    uncal = small.uncals[1]
    subprocess.run(
        [strun, "hotpix_detector1", uncal, f"--output_dir={tmp_path}",
         f"--steps.hotpix.library={small.library}"],
        env=small.environment, check=True, capture_output=True,
    )  # fmt: skip
    for suffix in ("rate", "rateints"):
        name = uncal.name.replace("uncal", suffix)
        assert content(undisturbed / name, but={"HPXRECIP", "HPXMADE"}) == content(tmp_path / name)
    assert "Hot pixel list" in main_of(uncal, undisturbed).with_suffix(".log").read_text()


def test_the_step_alone_keeps_the_name_of_what_it_flags(small, undisturbed, tmp_path):
    with fits.open(main_of(small.uncals[1], undisturbed)) as hdus:
        y, x = planted(hdus[0].header)
        hdus["DQ"].data[y, x] = 0
        hdus["SCI"].data[y, x] = 1
        hdus.writeto(tmp_path / "exp_rate.fits")
    output = tmp_path / "out"
    small.run(tmp_path / "exp_rate.fits", "-o", output, "--list", small.lists[0])
    assert {path.name for path in output.iterdir()} == {"exp_rate.fits", "exp_rate.log"}
    assert_flagged(output / "exp_rate.fits")


def test_a_real_slit_loses_the_listed_pixel_and_nothing_else(small, shared_data, tmp_path):
    slit = shared_data / REAL
    with fits.open(slit) as hdus:
        image, header = hdus["SCI"], hdus["SCI"].header
        y, x = np.argwhere(np.isfinite(image.data))[40]
        before = image.data.copy()
        corner = header["SLTSTRT2"] - 1, header["SLTSTRT1"] - 1
    pixels = PixelList.build(
        detector="NRS2",
        readout="TRAD",
        y=[y + corner[0]],
        x=[x + corner[1]],
        onset_latest=0.0,
        provenance=Provenance(pedigree="INFLIGHT"),
    )
    listed = asdf_file.write(pixels, tmp_path / "list.asdf", HEADER)
    output = tmp_path / "out"
    result, _ = small.run(slit, "-o", output, "--list", listed)
    assert result["done"] == [str(slit.absolute())]
    with fits.open(output / slit.name) as hdus:
        changed = ~np.isclose(hdus["SCI"].data, before, rtol=0, atol=0, equal_nan=True)
        assert np.argwhere(changed).tolist() == [[y, x]]
        assert hdus["DQ"].data[y, x] & (HOT | DNU) == HOT | DNU
    result, _ = small.run(slit, "-o", output, "--list", listed, "--resume")
    assert [entry["file"] for entry in result["skipped"]] == [str(slit.absolute())]


def test_resume_makes_anew_only_what_is_missing_broken_or_made_otherwise(
    small, undisturbed, tmp_path
):
    output = shutil.copytree(undisturbed, tmp_path / "out")
    command = [*small.uncals, "-o", output, "--library", small.library, "--resume"]
    rate, broken, other, done = (main_of(uncal, output) for uncal in small.uncals)
    rateints = rate.with_name(rate.name.replace("rate", "rateints"))
    rateints.unlink()
    broken.write_bytes(broken.read_bytes()[:-2880])
    fits.setval(other, "HPXDIGST", value="0123456789abcdef")
    before = done.stat().st_mtime_ns
    result, _ = small.run(*command)
    reasons = [entry["reason"] for entry in result["redone"]]
    assert result["done"] == [str(path) for path in small.uncals[:3]]
    assert reasons[0] == f"missing: {rateints.name}"
    assert reasons[1].startswith("broken: truncated or damaged: ")
    assert reasons[2] == "made with another list"
    assert result["skipped"] == [{"file": str(small.uncals[3]), "reason": "done already"}]
    assert done.stat().st_mtime_ns == before
    assert contents(output) == contents(undisturbed)
    result, _ = small.run(*command)
    assert [entry["file"] for entry in result["skipped"]] == [str(path) for path in small.uncals]


def test_a_product_with_an_unreadable_header_is_made_anew(small, rates, tmp_path):
    command = [rates[0], "-o", tmp_path, "--library", small.library, "--resume"]
    small.run(*command)
    product = tmp_path / rates[0].name
    product.write_bytes(product.read_bytes().replace(b"HPXMADE = '", b"HPXMADE =  ", 1))
    result, _ = small.run(*command)
    assert result["redone"][0]["reason"].startswith("broken: ")
    assert result["retried"] == []
    result, _ = small.run(*command)
    assert result["skipped"][0]["reason"] == "done already"


def test_what_the_step_saves_beside_its_product_goes_to_the_output_folder(small, rates, tmp_path):
    (tmp_path / "here").mkdir()
    result, _ = small.run(
        rates[0], "-o", tmp_path / "out", "--library", small.library,
        "--param", "steps.hotpix.save_supplement=true ", cwd=tmp_path / "here",
    )  # fmt: skip
    assert result["done"] == [str(rates[0])]
    assert not list((tmp_path / "here").iterdir())
    assert len(list((tmp_path / "out").glob("*_hotpix.asdf"))) == 1
    result, _ = small.run(
        rates[0], "-o", tmp_path / "out", "--library", small.library, "--resume",
        "--param", "steps.hotpix.save_supplement=true",
    )  # fmt: skip
    assert result["skipped"][0]["reason"] == "done already"


def test_another_list_or_parameter_is_seen_by_resume(small, rates, tmp_path):
    (pixels,) = small.pixels
    fewer = asdf_file.write(replace(pixels, threshold=2.0), tmp_path / small.lists[0].name, HEADER)

    def resume(*options):
        result, _ = small.run(rates[0], "-o", tmp_path / "out", "--resume", *options)
        return [entry["reason"] for entry in result["redone"] + result["skipped"]]

    assert resume("--list", small.lists[0])[0].startswith("missing: ")
    assert resume("--list", fewer) == ["made with another list"]
    assert resume("--list", fewer, "--threshold", 5) == ["made in another way"]
    assert resume("--list", fewer, "--threshold", 5) == ["done already"]


def test_existing_products_are_replaced_only_on_request(small, rates, tmp_path):
    output = tmp_path / "out"
    command = [*rates[:3], "-o", output, "--library", small.library]
    small.run(*command)
    before = contents(output)
    product = output / rates[0].name
    fits.setval(product, "S_HOTPIX", value="SKIPPED")
    stamps = {path: path.stat().st_mtime_ns for path in output.iterdir()}
    result, errors = small.run(*command, code=1)
    assert result is None
    (line,) = errors
    assert line == (
        f"hotpix: {product}: exists already, and so do 2 other products; use --overwrite to "
        "replace, --resume to skip those done"
    )
    assert {path: path.stat().st_mtime_ns for path in output.iterdir()} == stamps
    result, _ = small.run(*command, "--overwrite")
    assert result["done"] == [str(path) for path in rates[:3]]
    assert contents(output) == before


def test_a_list_of_crds_counts_by_its_name(small, rates, tmp_path):
    cache = shutil.copytree(small.folder / "crds", tmp_path / "crds")
    served = replace(small, folder=tmp_path)
    serve_hotpix(cache, small.lists)
    command = [rates[0], "-o", tmp_path / "out"]
    result, _ = served.run(*command)
    assert result["done"] == [str(rates[0])]
    product = tmp_path / "out" / rates[0].name
    assert fits.getval(product, "R_HOTPIX") == "crds://jwst_nirspec_hotpix_0001.asdf"
    result, _ = served.run(*command, "--resume")
    assert [entry["reason"] for entry in result["skipped"]] == ["done already"]
    fits.setval(product, "R_HOTPIX", value="crds://jwst_nirspec_hotpix_0000.asdf")
    result, _ = served.run(*command, "--resume")
    assert [entry["reason"] for entry in result["redone"]] == ["made with another list"]


def test_pipelines_of_then_follow_in_order_and_resume_wants_their_products(small, rates, tmp_path):
    parameters = tmp_path / "pars.asdf"
    with use_cache(small.folder / "crds"):
        from jwst_hotpix.step import HotPixStep

        HotPixStep(min_confidence=0.5, on_missing="skip").export_config(parameters)
    output = tmp_path / "out"
    command = [
        rates[0], "-o", output, "--list", small.lists[0],
        "--then", "misbehaving.Misbehaving --suffix=cal", "--then", parameters,
    ]  # fmt: skip
    result, errors = small.run(*command)
    assert not errors
    root = rates[0].name.removesuffix("_rate.fits")
    suffixes = ("rate.fits", "cal.fits", "hotpix.fits", "rate.log")
    assert {path.name for path in output.iterdir()} == {f"{root}_{suffix}" for suffix in suffixes}
    assert small.run(*command, "--resume")[0]["done"] == []
    (output / f"{root}_cal.fits").unlink()
    result, _ = small.run(*command, "--resume")
    assert [entry["reason"] for entry in result["redone"]] == [f"missing: {root}_cal.fits"]
    result, _ = small.run(*command[:-2], "--resume")
    assert [entry["reason"] for entry in result["redone"]] == ["made in another way"]


def test_steps_may_use_more_cores_than_one(small, undisturbed, tmp_path):
    options = ["--list", small.lists[0], "--param", "steps.jump.maximum_cores=2"]
    result, errors = small.run(small.uncals[1], "-o", tmp_path, *options)
    assert (result["done"], errors) == ([str(small.uncals[1])], [])
    made, usual = (main_of(small.uncals[1], folder) for folder in (tmp_path, undisturbed))
    assert content(made)[1] == content(usual)[1]


@pytest.mark.parametrize(
    ("name", "main"), [("raw.fits", "raw_rate.fits"), ("my-uncal.fits", "my-rate.fits")]
)
def test_a_raw_exposure_is_known_by_its_header(small, undisturbed, tmp_path, name, main):
    """B14."""
    raw = shutil.copy(small.uncals[0], tmp_path / name)
    with fits.open(raw, mode="update") as hdus:
        del hdus["ASDF"]
    command = [raw, "-o", tmp_path / "out", "--list", small.lists[0]]
    result, errors = small.run(*command)
    assert (result["done"], errors) == ([str(raw)], [])
    made = {path.name for path in (tmp_path / "out").glob("*.fits")}
    assert made == {main, main.replace("rate", "rateints")}
    usual = main_of(small.uncals[0], undisturbed)
    assert content(tmp_path / "out" / main)[1] == content(usual)[1]
    result, _ = small.run(*command, "--resume")
    assert [entry["file"] for entry in result["skipped"]] == [str(raw)]


@pytest.mark.parametrize("place", ["beside the exposure", "in the output folder"])
@pytest.mark.parametrize("kind", ["of the pipeline", "without an ASDF extension"])
def test_pipelines_of_then_find_what_the_header_names(small, rates, tmp_path, place, kind):
    """B2."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    with fits.open(rates[0]) as hdus:
        hdus[0].header["MSAMETFL"] = "jw09999_msa.fits"
        if kind == "without an ASDF extension":
            del hdus["ASDF"]
        hdus.writeto(tmp_path / "in" / "exp_rate.fits")
    folder = tmp_path / ("in" if place == "beside the exposure" else "out")
    (folder / "jw09999_msa.fits").write_text("the MSA metafile")
    result, errors = small.run(
        "in/exp_rate.fits", "-o", "out", "--list", small.lists[0],
        "--then", "misbehaving.LooksBeside --suffix=cal", cwd=tmp_path,
    )  # fmt: skip
    assert (result["done"], errors) == (["in/exp_rate.fits"], [])
    assert fits.getval(tmp_path / "out" / "exp_cal.fits", "OBSLABEL") == "the MSA metafile"


def test_people_see_a_table_and_how_much_memory_a_worker_may_take(small, undisturbed):
    run = subprocess.run(
        [HOTPIX, "reprocess", *small.uncals, "-o", undisturbed, "--library", small.library,
         "--resume", "--memory", "3GiB", "--workers", "2"],
        env=small.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stderr == "2 workers of at most 3.0 GiB each\n"
    assert "skipped │ 4" in run.stdout
