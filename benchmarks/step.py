"""
Time and memory of the step, compared with the pipeline it runs in: ratios from one run.

    python benchmarks/step.py [FOLDER]

FOLDER keeps the simulated exposures and references (about 2 GB) for the next run.
"""

import logging
import shutil
import sys
import tempfile
import time
import tracemalloc
import warnings
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from jwst.dq_init.dq_initialization import do_dqinit
from jwst.pipeline import Detector1Pipeline
from stdatamodels.jwst import datamodels

from fetch import rate
from jwst_hotpix.archive.one_exposure import Job, reprocess_one
from jwst_hotpix.archive.recipe import Recipe
from jwst_hotpix.exposure import in_memory
from jwst_hotpix.flag import apply
from jwst_hotpix.flag.targets import Policy, active_targets
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.simulate import World, use_cache, write_crds_cache, write_uncal
from jwst_hotpix.step import HotPixStep
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import mjd

MASK, EXPOSURE, NGROUPS = "2023-10-16", "2024-03-01T12:00:00", 20
#: Readout and subarray of the exposures that go through Detector1.
KINDS = (
    ("TRAD", "FULL"), ("IRS2", "FULL"), ("TRAD", "ALLSLITS"), ("TRAD", "SUB512"), ("TRAD", "SUB32"),
)  # fmt: skip


class TimedStep(HotPixStep):
    """The step, with the seconds that it took."""

    def run(self, *args):
        """Run the step."""
        start = time.perf_counter()
        result = super().run(*args)
        self.spent = time.perf_counter() - start
        return result


def best_of(n, run, prepare=lambda: None):
    """Return the shortest of n runs in seconds, without the time of ``prepare``."""
    times = []
    for _ in range(n):
        given = prepare()
        start = time.perf_counter()
        run(given)
        times.append(time.perf_counter() - start)
    return min(times)


def make(folder, readout="TRAD", subarray="FULL"):
    """Write an exposure of 20 groups, its references and a list; return the folder and both."""
    world = World.draw(detector="NRS1", readout=readout, seed=1)
    folder /= f"{readout}_{subarray}"
    uncal = folder / "jw09999001001_02101_00001_nrs1_uncal.fits"
    listed = folder / "list.asdf"
    if not listed.exists():
        write_crds_cache(
            folder / "crds", world, deliveries=MASK, subarrays=[subarray], dark_frames=NGROUPS
        )
        write_uncal(uncal, world, start=EXPOSURE, ngroups=NGROUPS, subarray=subarray)
        pixels = perfect_list(world, np.arange(mjd("2022-07-01"), mjd(EXPOSURE), 14.0))
        asdf_file.write(pixels, listed, asdf_file.Header(useafter="2022-07-01T00:00:00"))
    return folder, uncal, listed


def time_core(uncal, listed, cache):
    """Compare the time to choose and flag the pixels with that of do_dqinit on the same ramp."""
    pixels = asdf_file.read(listed)
    ramp = datamodels.RampModel(str(uncal))
    epoch = in_memory.describe_model(ramp).epoch
    with datamodels.MaskModel(str(next(cache.rglob("*_mask_0001.fits")))) as mask:
        do_dqinit(ramp, mask)
        dq_init = best_of(5, lambda _: do_dqinit(ramp, mask))
    pixeldq, groupdq = ramp.pixeldq.copy(), ramp.groupdq.copy()

    def clean():
        ramp.pixeldq[:], ramp.groupdq[:] = pixeldq, groupdq

    def flag(_):
        targets = active_targets(pixels, epoch, Policy(threshold=1.0))
        for window, part in in_memory.parts_of(ramp):
            apply.flag_hot(window, part, targets, crosses=False)

    core = best_of(5, flag, clean)
    print(f"do_dqinit {1e3 * dq_init:.1f} ms, flagging core {1e3 * core:.1f} ms: "
          f"ratio {core / dq_init:.3f} (at most 0.02)")  # fmt: skip
    return ramp, clean


def memory_of_hook(ramp, clean, listed):
    """Print the peak memory that the hook allocates, given by name and as an instance."""
    given = {"override_hotpix": str(listed)}
    for name, hook in (
        ("by name, or in hotpix_detector1", HotPixStep(parent=HotPixStep(), **given)),
        ("as an instance", HotPixStep(**given)),
    ):  # fmt: skip
        hook.name = hook.class_alias
        clean()
        tracemalloc.start()
        hook.run(ramp)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"hook {name}: {peak / 1e6:.1f} MB added at its peak (under 50)")


def time_pipeline(kind, uncal, listed):
    """Compare the time of the hook, which reads the list, with that of Detector1."""
    hook = TimedStep(override_hotpix=str(listed))
    start = time.perf_counter()
    steps = {"dq_init": {"post_hooks": [hook]}}
    Detector1Pipeline.call(str(uncal), steps=steps, configure_log=False).close()
    whole = time.perf_counter() - start
    print(f"{' '.join(kind)}: Detector1 {whole:.1f} s, hook {1e3 * hook.spent:.0f} ms: "
          f"share {hook.spent / whole:.4f} (at most 0.007)", flush=True)  # fmt: skip


def time_alone(folder, listed):
    """Compare the step alone, as reprocess runs it on a rate, with opening and saving the rate."""
    path, output = rate(folder / "jw09999001001_02101_00009_nrs1_rate.fits"), folder / "out"
    work = output / ".work"
    work.mkdir(parents=True, exist_ok=True)
    work.with_name(".work.lock").touch()
    recipe = Recipe(list_path=str(listed), allow_simulated=True)
    job = Job(start="/", output=str(output), work=str(work), recipe=recipe, may_replace=True)
    again = replace(job, resume=True)

    def save(_):
        with datamodels.open(path) as model:
            model.save(folder / "saved.fits")

    def flag(job):
        outcome = reprocess_one(job, str(path))
        if outcome.status == "failed":
            sys.exit(outcome.reason)

    opened, alone, resumed = cpu_of(save, None), cpu_of(flag, job), cpu_of(flag, again)
    print(f"a full-frame rate opened and saved: {opened:.3f} s of CPU")
    print(f"the step alone on it: {alone:.3f} s, ratio {alone / opened:.2f} (at most 1.2)")
    print(f"done already: {1e3 * resumed:.1f} ms (at most 10)")


def cpu_of(job, given, n=15):
    """Return the median CPU time of n runs in seconds, after two that are not counted."""
    times = []
    for _ in range(n + 2):
        start = time.process_time()
        job(given)
        times.append(time.process_time() - start)
    return median(times[2:])


def main():
    """Make or find the exposure, and print one line per figure."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        root.mkdir(exist_ok=True)
        folder, uncal, listed = make(root)
        with use_cache(folder / "crds"):
            memory_of_hook(*time_core(uncal, listed, folder / "crds"), listed)
        for kind in KINDS:
            folder, uncal, listed = make(root, *kind)
            with use_cache(folder / "crds"):
                # The first exposure of a process pays for what the pipeline imports and compiles.
                time_pipeline(kind, uncal, shutil.copy(listed, folder / "first.asdf"))
                time_pipeline(kind, uncal, listed)
        # Last, as it exempts the modules from garbage collection.
        time_alone(*make(root)[::2])


if __name__ == "__main__":
    main()
