"""
Size of the page of ``hotpix report``, and the time it takes to write and to open.

    python benchmarks/report.py [--months 36] [--looks 750] [--ledger DIR]

Both detectors in both readout modes, with that many looks of each: darks as they are scheduled, and
for the rest single science exposures, whose light hides half of the detector. With --ledger the
ledger is kept, and used again if it is there.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import numpy as np

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.bounds import Bounds
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.science_record import ScienceRecord
from jwst_hotpix.measure.excess import UNKNOWN
from jwst_hotpix.report.material import Asked
from jwst_hotpix.report.read_material import read_material
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing import LitPixels, dark_schedule, records_of, simulate_sightings

HOTPIX = Path(sys.executable).with_name("hotpix")
PLACES = [(detector, readout) for detector in ("NRS1", "NRS2") for readout in ("IRS2", "TRAD")]

# Milliseconds until a slider of the map has moved, and until the first light curve is drawn.
ACTIONS = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const drawn = async () => { await frame(); await frame(); };
  document.querySelector("#detector-map .plot").scrollIntoView();
  await drawn();
  const timed = async (act) => {
    const begin = performance.now();
    await act();
    await drawn();
    return performance.now() - begin;
  };
  const slider = document.getElementById("map-filters").elements.day;
  const day = await timed(() => {
    slider.value = Number(slider.value) - 1;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const click = await timed(async () => {
    const chosen = document.getElementById("pixel-words").dataset;
    document.getElementById("pixel-form").elements.next.click();
    while (!chosen.pixel) await drawn();
  });
  return [day, click];
}"""


def fill(folder: Path, months: int, looks: int) -> None:
    """Write a ledger."""
    ledger, epochs = Ledger(folder), dark_schedule(months=months)
    start, visits = float(epochs[0]), max(looks - epochs.size, 0)
    for detector, readout in PLACES:
        world = World.draw(detector=detector, readout=readout, seed=1, months=months)
        for record in records_of(simulate_sightings(world, epochs, seed=2)):
            ledger.keep(record)
        lit = LitPixels.of(world)
        for epoch in np.linspace(start + 0.5, start + months * 30.4375, visits):
            ledger.add_science(exposure(lit, float(epoch)))


def exposure(lit: LitPixels, epoch: float) -> ScienceRecord:
    """Return what one exposure sees: half of the rows, in bands, are hidden by light."""
    shape = (2048, 2048)
    window = Window(detector=get_detector(lit.world.detector), shape=shape)
    rng = np.random.default_rng(round(epoch * 1000))
    is_lit = np.repeat(rng.permutation(32) < 16, 64)
    rate = lit.rate(epoch).astype(np.float32)
    hot = (rate > 1) & ~is_lit[lit.pixel // 2048]
    none = np.zeros(int(hot.sum()), np.float32)
    bound = np.zeros(shape, np.uint8)
    bound[is_lit] = UNKNOWN
    bounds = Bounds.of(window, bound, np.zeros(shape, bool))
    order = np.argsort(lit.pixel[hot])
    return ScienceRecord(
        window=window,
        readout=lit.world.readout,
        kind="science",
        epoch=epoch,
        known=epoch,
        facts={"pedigree": "SIMULATION"},
        first=epoch - 0.01,
        last=epoch + 0.01,
        visit=f"{round(epoch * 100):011d}",
        configuration="",
        pointing=None,
        disperser="PRISM",
        independent=4,
        pixel=lit.pixel[hot][order].astype(np.int32),
        rate=rate[hot][order],
        error=none + np.float32(0.02),
        share=none,
        share_error=none,
        bounds=bounds,
        digest=sha256(f"{lit.world.detector} {epoch}".encode()).hexdigest(),
    )


def print_page(folder: Path, page: Path) -> None:
    """Print what a page takes, made by the command in a process of its own."""
    material = read_material(folder, Asked())
    pixels = sum(len(mode.pixels) for mode in material.modes)
    looks = sum(mode.sightings.epoch.size for mode in material.modes)
    begin = time.perf_counter()
    subprocess.run([HOTPIX, "report", folder, "-o", page, "--overwrite"], check=True)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print("| pixels | looks | page (MB) | written in (s) | peak memory (MiB) |")
    print("|---|---|---|---|---|")
    print(f"| {pixels} | {looks} | {page.stat().st_size / 1e6:.2f} | {seconds:.1f} | {peak:.0f} |")


def print_browser(page: Path) -> None:
    """Print how long a reader waits for the page in Debian's chromium, and for a click in it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("\nchromium is not installed: the page was not opened")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        opened = browser.new_page(viewport={"width": 1280, "height": 1000})
        opened.goto(page.as_uri())
        opened.wait_for_function("globalThis.hotpix?.isReady")
        ready = opened.evaluate("performance.now()")
        day, click = opened.evaluate(ACTIONS)
        browser.close()
    print("\n| interactive after (s) | next day of the slider (s) | light curve (s) |")
    print("|---|---|---|")
    print(f"| {ready / 1e3:.1f} | {day / 1e3:.2f} | {click / 1e3:.2f} |")


def main() -> None:
    """Fill a ledger and write its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--looks", type=int, default=750)
    parser.add_argument("--ledger", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.ledger or Path(scratch) / "ledger"
        if not folder.is_dir():
            fill(folder, options.months, options.looks)
        page = Path(scratch) / "report.html"
        print_page(folder, page)
        print_browser(page)


if __name__ == "__main__":
    main()
