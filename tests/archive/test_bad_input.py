"""What goes wrong is reported by name, and stops nothing else."""

import resource
import shutil
import subprocess
from pathlib import Path

import pytest
from archives import HOTPIX, contents, nothing_is_left_of_the_work
from astropy.io import fits

from helpers import make_list
from jwst_hotpix.hotlist import asdf_file

pytestmark = pytest.mark.xdist_group("reprocess that goes wrong")


def reasons(entries):
    return {entry["file"]: entry["reason"] for entry in entries}


def test_bad_files_are_named_and_the_rest_is_done(small, undisturbed, tmp_path):
    good = small.uncals
    corrupt = tmp_path / "corrupt_uncal.fits"
    corrupt.write_bytes(good[0].read_bytes()[:-20000])
    foreign = tmp_path / "hubble.fits"
    fits.PrimaryHDU().writeto(foreign)
    text = tmp_path / "text_uncal.fits"
    text.write_text("nothing")
    gone = tmp_path / "gone_uncal.fits"
    wrong = shutil.copy(good[0], tmp_path / "nrs2_uncal.fits")
    fits.setval(wrong, "DETECTOR", value="NRS2")
    (tmp_path / "elsewhere").mkdir()
    namesake = shutil.copy(good[1], tmp_path / "elsewhere")
    bad = [corrupt, foreign, text, gone, wrong, namesake]
    files = [good[0], *bad[:3], good[1], good[0], *bad[3:], *good[2:]]
    output = tmp_path / "out"
    result, errors = small.run(
        *files, "-o", output, "--list", small.lists[0], "--workers", 2, code=1
    )
    assert result["done"] == [str(path) for path in good]
    assert reasons(result["skipped"]) == {str(good[0]): "given twice"}
    failed = reasons(result["failed"])
    assert set(failed) == {str(path) for path in bad}
    assert "damaged FITS file: a header without END card" in failed[str(corrupt)]
    assert "telescope (TELESCOP): expected JWST" in failed[str(foreign)]
    assert "is a list for NRS1, not for NRS2" in failed[str(wrong)]
    assert f"the product would overwrite that of {good[1]}" in failed[str(namesake)]
    assert result["retried"] == []
    assert len(errors) == len(bad) + 1
    assert all(any(str(path) in line for line in errors) for path in [*bad, good[0]])
    assert contents(output) == contents(undisturbed)
    assert nothing_is_left_of_the_work(output)


def test_an_exposure_is_never_replaced_by_its_own_product(small, tmp_path, undisturbed):
    rate = next(undisturbed.glob("*_rate.fits"))
    copy = Path(shutil.copy(rate, tmp_path))
    link = tmp_path / "link_rate.fits"
    link.symlink_to(rate)
    result, _ = small.run(
        copy, link, "-o", tmp_path, "--list", small.lists[0], "--overwrite", code=1
    )
    failed = reasons(result["failed"])
    assert set(failed) == {str(copy), str(link)}
    assert all("would overwrite the exposure" in reason for reason in failed.values())
    assert link.is_symlink()
    assert copy.read_bytes() == rate.read_bytes()


def test_no_product_replaces_another_or_an_exposure(small, undisturbed, tmp_path):
    raw = Path(shutil.copy(small.uncals[1], tmp_path))
    series = tmp_path / raw.name.replace("_uncal", "_rateints")
    shutil.copy(undisturbed / series.name, series)
    before = series.read_bytes()
    result, _ = small.run(raw, series, "-o", tmp_path / "out", "--list", small.lists[0], code=1)
    assert result["done"] == [str(raw)]
    assert f"would overwrite that of {raw}" in reasons(result["failed"])[str(series)]
    result, _ = small.run(series, raw, "-o", tmp_path, "--list", small.lists[0], code=1)
    assert result["done"] == []
    assert "would overwrite an input exposure" in reasons(result["failed"])[str(raw)]
    assert series.read_bytes() == before


def test_a_name_that_cannot_be_used_is_refused_before_any_work(small, tmp_path):
    again = tmp_path / "again_uncal.fits"
    again.symlink_to(small.uncals[0])
    bad = [
        shutil.copy(small.uncals[1], tmp_path / name) for name in ("ü_uncal.fits", "a_rate.fits.gz")
    ]
    result, errors = small.run(
        small.uncals[0], again, *bad, "-o", tmp_path / "out", "--list", small.lists[0], code=1
    )
    assert result["done"] == [str(small.uncals[0])]
    assert reasons(result["skipped"]) == {str(again): "given twice"}
    failed = reasons(result["failed"])
    assert "the file name must be ASCII" in failed[str(bad[0])]
    assert "does not read compressed FITS" in failed[str(bad[1])]
    assert len(errors) == 3


def misbehave(how, victim, once=None):
    """Options that let a step go wrong for one exposure, always or once."""
    text = f"misbehaving.Misbehaving --suffix=cal --how={how} --victim={victim.name[:13]}"
    return ["--then", text if once is None else f"{text} --once={once}"]


def test_what_a_worker_dies_over_is_tried_once_more_and_stops_nothing(small, rates, tmp_path):
    first, second, third, fourth = rates
    output = tmp_path / "out"
    result, errors = small.run(
        *rates, "-o", output, "--list", small.lists[0], "--workers", 2,
        *misbehave("kill", first, tmp_path / "once"),
        *misbehave("kill", second),
        *misbehave("exit", third), code=1,
    )  # fmt: skip
    assert result["done"] == [str(first), str(fourth)]
    assert reasons(result["failed"]) == {
        str(second): "its worker died twice (killed, or out of memory)",
        str(third): "SystemExit: -1, as crds ends without a cache or server "
        "(CRDS_PATH, CRDS_SERVER_URL)",
    }
    assert result["retried"] == [str(first), str(second), str(third)]
    assert len(errors) == 2
    made = {path.name for path in output.glob("*_rate.fits")}
    assert made == {first.name, fourth.name}
    assert nothing_is_left_of_the_work(output)


def test_an_exposure_that_fails_is_tried_once_more_and_leaves_its_log(small, rates, tmp_path):
    first, second = rates[:2]
    output = tmp_path / "out"
    result, errors = small.run(
        first, second, "-o", output, "--list", small.lists[0],
        *misbehave("raise", first, tmp_path / "once"), *misbehave("raise", second), code=1,
    )  # fmt: skip
    assert result["done"] == [str(first)]
    assert reasons(result["failed"]) == {str(second): "RuntimeError: on purpose"}
    assert result["retried"] == [str(first), str(second)]
    assert len(errors) == 1
    log = output / f"{second.stem}.log"
    assert "RuntimeError: on purpose" in log.read_text()
    assert not (output / second.name).exists()


def test_a_worker_that_takes_more_than_its_memory_is_stopped(small, rates, tmp_path):
    first, second = rates[:2]
    result, _ = small.run(
        first, second, "-o", tmp_path, "--list", small.lists[0], "--memory", "2GiB",
        *misbehave("eat", first), code=1,
    )  # fmt: skip
    assert result["memory_per_worker"] == 2 * 2**30
    assert result["done"] == [str(second)]
    assert "out of memory" in reasons(result["failed"])[str(first)]


def test_a_full_disk_leaves_nothing_half_written(small, rates, undisturbed, tmp_path):
    # Stands for a full disk, which takes rights to make: no file may grow beyond what a
    # product of SUB32 needs.
    def cramp():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    little, large = rates[0::2], rates[1::2]
    output = tmp_path / "out"
    result, errors = small.run(
        *rates, "-o", output, "--list", small.lists[0], code=1, preexec_fn=cramp
    )
    assert result["done"] == [str(path) for path in little]
    assert set(reasons(result["failed"])) == {str(path) for path in large}
    for reason in reasons(result["failed"]).values():
        assert "file too large" in reason or reason.startswith("OSError: "), reason
    assert len(errors) == len(large)
    assert {path.name for path in output.glob("*.fits")} == {path.name for path in little}
    assert nothing_is_left_of_the_work(output)


@pytest.mark.parametrize("output", ["/proc/self/fdinfo", "/proc/hotpix", "file"])
def test_a_folder_that_cannot_be_written_to_is_one_clear_error(small, tmp_path, output):
    # Under /proc nobody may write, not even root, who may everywhere else.
    (tmp_path / "file").write_text("")
    place = tmp_path / output
    result, errors = small.run(small.uncals[0], "-o", place / "x", "--list", small.lists[0], code=1)
    assert result is None
    assert len(errors) == 1
    assert str(place) in errors[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--list", "gone.asdf"], "gone.asdf: file not found"),
        ([], "no hot pixel list: give a list (override_hotpix, --list) or"),
        (["--then", "no_such_pipeline"], "pipeline: expected a class, an alias or a parameter"),
        (["--then", "this.Step"], "found this.Step (AttributeError: module 'this' has no attr"),
        (["--then", "hotpix --nonsense=1"], "hotpix: unknown or invalid parameters: Extra value"),
        (["--then", "hotpix threshold"], "option: expected --parameter=value, found threshold"),
        (["--param", "steps.jump.nonsense=1"], "unknown or invalid parameters: Extra value"),
        (["--param", "output_dir=x"], "parameter: expected none that decides on files"),
        (["--param", "steps.hotpix.save_results=true"], "expected none that decides on files"),
        (["--param", "steps.jump.output_file=x"], "expected none that decides on files"),
        (["--param", "steps.jump=1", "--param", "steps.jump.skip=true"], "expected NAME=VALUE"),
        (["--param", "steps.jump.skip='"], "parameter: expected NAME=VALUE as strun takes it"),
        (["--then", "hotpix 'x"], "pipeline: expected quotes that close, found No closing"),
        (["--then", "hotpix --output_file=x"], "expected none that decides on files"),
        (["--memory", "much"], "memory: expected 256MiB or more, e.g. 8GiB, found much"),
        (["--memory", "-8GiB"], "memory: expected 256MiB or more, e.g. 8GiB, found -8GiB"),
        (["--memory", "8"], "memory: expected 256MiB or more, e.g. 8GiB, found 8"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_one_clear_error(small, tmp_path, options, message):
    run = subprocess.run(
        [HOTPIX, "reprocess", small.uncals[0], "-o", tmp_path / "out", *options],
        env=small.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert not list(tmp_path.glob("out/*.fits"))


def test_a_foreign_list_is_refused_by_name(small, tmp_path):
    listed = asdf_file.write(
        make_list([1], [9], detector="NRS2"), tmp_path / "nrs2.asdf",
        asdf_file.Header(useafter="2022-07-01T00:00:00"),
    )  # fmt: skip
    result, errors = small.run(small.uncals[0], "-o", tmp_path, "--list", listed, code=1)
    assert str(small.uncals[0]) in errors[0]
    assert "nrs2.asdf is a list for NRS2, not for NRS1" in result["failed"][0]["reason"]
