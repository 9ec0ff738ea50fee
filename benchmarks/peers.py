"""
What others use for the same, beside this package: one table, all figures from one run.

    python benchmarks/peers.py [flag] [darks] [reprocess] [verbs] [--small]

``--small`` takes a part of the detector and fewer files, to see that all of it runs. Peers are run
as they are (jwst's user_supplied_dq and badpix_selfcal, snowblind's OpenPixelStep, strun, GNU
parallel); the rules of jwst_reffiles and JWQL, which are parts of larger programs, are written out
below. Those that are not installed are left out of the table.

Found and false are counted in simulated worlds, where the truth is known: pixels above 1 DN/s that
the MASK in use lacks (flag), or all of them (darks).
"""

import argparse
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.stats import sigma_clipped_stats
from jwst.badpix_selfcal import BadpixSelfcalStep
from jwst.datamodels import ModelContainer
from jwst.dq_init import DQInitStep
from numpy.typing import NDArray
from stdatamodels.jwst import datamodels

import archive
import step
from jwst_hotpix.cli import _VERBS
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate import World, cache_environment, use_cache
from jwst_hotpix.simulate.crds_references import mask
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.step import HotPixStep
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import mjd

HOTPIX = Path(sys.executable).with_name("hotpix")
DNU, START, DARKS = 1, mjd("2024-03-01"), 10
PARTS = ("flag", "darks", "reprocess", "verbs")


def row(what: str, seconds: float, found: object = "", false: object = "") -> None:
    """Print a row of the table."""
    print(f"| {what} | {seconds:.3g} | {found} | {false} |", flush=True)


def timed(job: Callable[[], object]) -> tuple[float, object]:
    """Return how long something takes, and what it gives."""
    begin = time.perf_counter()
    given = job()
    return time.perf_counter() - begin, given


def run(*command: object) -> float:
    """Return how long a command takes, in seconds."""
    return timed(lambda: subprocess.run([*map(str, command)], check=True, capture_output=True))[0]


def score(flagged: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[str, int]:
    """Count the hot pixels that are flagged, and the others that are."""
    return f"{np.sum(flagged & truth)} of {truth.sum()}", int(np.sum(flagged & ~truth))


def flag(folder: Path, *, small: bool) -> None:
    """Flag three nods of one visit, and one ramp."""
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    shape, corner = ((96, 256), (800, 500)) if small else ((2040, 2040), (4, 4))
    scene, paths = draw_scene("MOS medium", shape, seed=1), []
    for number in range(3):
        setup = Setup(start=START + number / 50, corner=corner, number=number + 1, pointing=number)
        paths.append(folder / f"jw09999001001_02101_{number + 1:05d}_nrs1_rate.fits")
        write_science(paths[-1], world, scene, setup, masked=START - 100, seed=1)
    listed = folder / "peers.asdf"
    pixels = perfect_list(world, np.arange(START - 600, START, 14.0))
    asdf_file.write(pixels, listed, asdf_file.Header(useafter="2022-07-01T00:00:00"))
    model = datamodels.open(paths[0])
    known = (model.dq & DNU) > 0
    corner = model.meta.subarray.ystart - 1, model.meta.subarray.xstart - 1
    part = tuple(slice(a, a + n) for a, n in zip(corner, known.shape, strict=True))
    truth = (world.dark_rate(START) > 1)[part] & ~known

    def show(name: str, job: Callable[[], datamodels.JwstDataModel]) -> None:
        seconds, product = timed(job)
        row(name, seconds, *score((product.dq & DNU > 0) & ~known, truth))

    others = [datamodels.open(path) for path in paths[1:]]
    stack, selfcal = ModelContainer([model.copy(), *others]), BadpixSelfcalStep(skip=False)
    flagging = HotPixStep(override_hotpix=str(listed))
    flagging.run(model.copy())  # imports what the pipeline would have imported already
    one, two = model.copy(), model.copy()
    show("the step, one rate in memory", lambda: flagging.run(one))
    show("badpix_selfcal, three nods", lambda: selfcal.run(two, others)[0])
    if find_spec("snowblind"):
        from snowblind import OpenPixelStep

        show("snowblind OpenPixelStep, three nods", lambda: next(iter(OpenPixelStep().run(stack))))
    discovered = run(HOTPIX, "discover", *paths, "-o", folder / "new")
    new = asdf_file.read(next((folder / "new").glob("*.asdf")))
    image = np.zeros(world.dark_rate(START).shape, bool)
    image[new.y, new.x] = True
    row("hotpix discover, three nods", discovered, *score(image[part] & ~known, truth))
    if not small:
        flag_ramp(folder)


def flag_ramp(folder: Path) -> None:
    """Compare the step in dq_init with user_supplied_dq, on a full-frame ramp."""
    folder, uncal, listed = step.make(folder)
    user = folder / "user_dq.fits"
    run(HOTPIX, "export", listed, "--to", "user-dq", "--like", uncal, "-o", user, "--overwrite")
    with use_cache(folder / "crds"):
        ramp = datamodels.RampModel(str(uncal))
        ways = {
            "dq_init, a ramp of 20 groups": {},
            "dq_init with the step as a hook": {
                "post_hooks": [HotPixStep(override_hotpix=str(listed))]
            },
        }
        if "user_supplied_dq" in DQInitStep.spec:
            ways["dq_init with user_supplied_dq"] = {"user_supplied_dq": str(user)}
        for name, given in ways.items():
            row(name, step.best_of(5, partial(DQInitStep.call, **given), ramp.copy))


def darks(folder: Path, *, small: bool) -> None:
    """Find the hot pixels of ten darks."""
    world = World.draw(detector="NRS1", readout="TRAD", seed=2)
    number = DARKS // 2 if small else DARKS
    epochs = START + 14.0 * np.arange(number)
    paths = [folder / f"jw0999900100{n}_02101_00001_nrs1_rate.fits" for n in range(number)]
    for n, (path, epoch) in enumerate(zip(paths, epochs, strict=True)):
        write_dark_rate(path, world, start=epoch, seed=n)
    active = np.zeros((2048, 2048), bool)
    active[4:-4, 4:-4] = True
    # A telegraph pixel that is low today is hot all the same.
    truth = world.mask_image(epochs[-1]) & active
    ingested = run(HOTPIX, "ingest", folder / "ledger", *paths)
    options = ("--detector", "NRS1", "--readout", "trad", "-o", folder / "built.asdf")
    built = run(HOTPIX, "build", folder / "ledger", *options)
    listed = asdf_file.read(folder / "built.asdf")
    image = np.zeros(truth.shape, bool)
    hot = listed.active(float(epochs[-1])) & ~(listed.rate <= 1)
    image[listed.y[hot], listed.x[hot]] = True
    row(f"hotpix ingest and build, {number} darks", ingested + built, *score(image, truth))
    # The rule of JWQL finds what is new since the first half of the darks.
    new = truth & (world.dark_rate(epochs[0]) <= 1)
    rules = {"jwst_reffiles": (by_votes, truth), "JWQL dark monitor": (by_ratio, new)}
    for name, (rule, sought) in rules.items():
        seconds, found = timed(lambda rule=rule: rule(read(paths)) & active)
        row(f"rule of {name}, {number} darks", seconds, *score(found, sought))


def read(paths: Sequence[Path]) -> NDArray[np.float32]:
    """Read rate images."""
    return np.array([fits.getdata(path, "SCI") for path in paths])


def by_votes(rates: NDArray[np.float32]) -> NDArray[np.bool_]:
    """
    Find pixels as jwst_reffiles does: 5 sigma above the median of all, in three darks out of four.

    Source: spacetelescope/jwst_reffiles (February 2025), jwst_reffiles/dark_current/
    badpix_from_darks.py, find_bad_pix, its part on hot pixels.
    """
    _, median, deviation = sigma_clipped_stats(rates)
    return np.mean(rates >= median + 5 * deviation, axis=0) >= 0.75


def by_ratio(rates: NDArray[np.float32]) -> NDArray[np.bool_]:
    """
    Find pixels as the dark monitor of JWQL does: twice the clipped mean of an earlier group.

    Source: spacetelescope/jwql (October 2024), jwql/instrument_monitors/common_monitors/
    dark_monitor.py, find_hot_dead_pixels, with mean_image of jwql/utils/calculations.py. It finds
    those that turned hot in between.
    """
    before, after = (
        sigma_clipped_stats(part, sigma=3, axis=0)[0] for part in np.array_split(rates, 2)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return after / before > 2


def reprocess(folder: Path, *, small: bool) -> None:
    """Run Detector1 with the step over raw exposures."""
    if small:
        archive.KINDS = {"SUB512": 4}
    files, listed = archive.make(folder)
    os.environ.update(cache_environment(folder / "crds"), STPIPE_DISABLE_CRDS_STEPPARS="true")
    for kind, paths in files.items():
        name = f"{len(paths)} {kind} exposures"
        row(
            f"strun once per file, {name}",
            archive.by_strun(paths, listed, folder / "out") * len(paths),
        )
        if shutil.which("parallel"):
            row(f"strun under GNU parallel -j2, {name}", by_parallel(paths, listed, folder / "out"))
        for workers in (1, 2):
            seconds = run(
                HOTPIX, "reprocess", *paths, "-o", folder / "out", "--list", listed,
                "--overwrite", "--workers", workers,
            )  # fmt: skip
            row(f"hotpix reprocess --workers {workers}, {name}", seconds)


def by_parallel(paths: Sequence[Path], listed: Path, output: Path) -> float:
    """Return the seconds of strun in two processes at a time."""
    strun = Path(sys.executable).with_name("strun")
    options = (f"--output_dir={output}", f"--steps.hotpix.override_hotpix={listed}")
    return run("parallel", "-j2", strun, "hotpix_detector1", "{}", *options, ":::", *paths)


def verbs(folder: Path, *, small: bool) -> None:
    """Start every verb, audit exposures, and write a report."""
    for verb in _VERBS:
        row(f"hotpix {verb} --help", min(run(HOTPIX, verb, "--help") for _ in range(3)))
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    dark = write_dark_rate(folder / "jw09999_nrs1_rate.fits", world, start=START)
    listed, number = folder / "verbs.asdf", 20 if small else 200
    epochs = np.arange(START - 600, START, 28.0)
    asdf_file.write(
        perfect_list(world, epochs), listed, asdf_file.Header(useafter="2022-07-01T00:00:00")
    )
    mask(world, START - 100, useafter="2023-11-22").writeto(folder / "m.fits")
    for n in range(number):
        (folder / f"jw09999{n:06d}_nrs1_rate.fits").symlink_to(dark)
    files = sorted(folder.glob("jw09999??????_nrs1_rate.fits"))
    seconds = run(HOTPIX, "audit", *files, "--list", listed, "--mask", folder / "m.fits")
    row(f"hotpix audit, {number} exposures", seconds)
    run(HOTPIX, "ingest", folder / "ledger_of_one", dark)
    page = folder / "report.html"
    seconds = run(
        HOTPIX, "report", folder / "ledger_of_one", "--mask", folder / "m.fits", "-o", page
    )
    row("hotpix report", seconds)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=(*PARTS, "all"), default="all")
    parser.add_argument("--small", action="store_true")
    wanted = parser.parse_args()
    wanted.parts = PARTS if "all" in wanted.parts else wanted.parts
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    print(f"load average {os.getloadavg()[0]:.1f} at the start, {os.cpu_count()} cores\n")
    print("| | seconds | found | false |\n|---|---|---|---|")
    for part in wanted.parts:
        with tempfile.TemporaryDirectory() as folder:
            globals()[part](Path(folder), small=wanted.small)


if __name__ == "__main__":
    main()
