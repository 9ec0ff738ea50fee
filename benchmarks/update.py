"""
``hotpix update`` killed at random moments.

Usage: python benchmarks/update.py [KILLS]

A local stand-in for MAST has eight science exposures. ``hotpix update`` is killed 30 times, each
time at a random moment of its run, on ledgers that it has half filled by then; whenever a run comes
to its end, its ledger must be that of an undisturbed run, and an update after it must find nothing
new. Takes a minute and a half.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate import World
from mast_site import MastSite
from web_server import serving

EXPOSURES, START, CORNER = 8, 60000.0, (800, 500)


def write_visits(folder: Path, site: MastSite) -> None:
    """Write small rate products and put them into the archive."""
    world = World.quiet(detector="NRS1", readout="IRS2").with_pixels([820], [560], 4.0)
    scene = draw_scene("MOS medium", (96, 256), seed=1)
    for n in range(EXPOSURES):
        name = f"jw09999001001_02101_{n + 1:05d}_nrs1_rate.fits"
        setup = Setup(start=START + n / 50, pointing=n % 2, corner=CORNER, number=n + 1)
        write_science(folder / name, world, scene, setup, masked=START - 50, seed=1)
        site.add(name, folder / name, start=START, program="9999")


def command(ledger: Path) -> list[str]:
    """Return the command line of an update."""
    line = [sys.executable, "-m", "jwst_hotpix", "update", str(ledger), "--from", "science"]
    return [*line, "--program", "9999", "--since", "2020-01-01"]


def content(ledger: Path) -> dict[str, bytes]:
    """Return all that a ledger holds; what a kill leaves is hidden, and the log has times in it."""
    files = {path.relative_to(ledger): path for path in ledger.rglob("*") if path.is_file()}
    return {
        str(place): path.read_bytes()
        for place, path in files.items()
        if path.name != "_update.jsonl" and not any(part.startswith(".") for part in place.parts)
    }


def run(ledger: Path, environment: dict[str, str]) -> str:
    """Update a ledger undisturbed, and return what is printed."""
    whole = subprocess.run(
        command(ledger), env=environment, capture_output=True, check=True, text=True
    )
    return whole.stdout


def main(kills: int) -> None:
    """Kill and complete."""
    rng, root = random.Random(1), Path(tempfile.mkdtemp())  # noqa: S311 (no secret)
    with serving(MastSite(latency=0.02)) as site:
        write_visits(root, site)
        config = root / "config" / "astropy"
        config.mkdir(parents=True)
        (config / "astroquery.cfg").write_text(f"[mast]\nserver = {site.url}\n")
        environment = os.environ | {"XDG_CONFIG_HOME": str(config.parent)}
        begin = time.monotonic()
        run(root / "undisturbed", environment)
        span, expected = time.monotonic() - begin, content(root / "undisturbed")
        killed = completed = 0
        while killed < kills:
            ledger = root / f"ledger{completed}"
            with subprocess.Popen(
                command(ledger), env=environment, stdout=subprocess.DEVNULL
            ) as process:
                try:
                    process.wait(rng.uniform(0.3, 1.1) * span)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    killed += 1
                    continue
            completed += 1
            if content(ledger) != expected:
                sys.exit(f"{ledger}: another ledger than that of an undisturbed run")
        run(ledger := root / f"ledger{completed}", environment)
        if content(ledger) != expected or "nothing new" not in run(ledger, environment):
            sys.exit(f"{ledger}: another ledger than that of an undisturbed run")
    shutil.rmtree(root)
    print(f"a run of {EXPOSURES} exposures takes {span:.1f} s")
    print(f"killed {killed} times, {completed + 1} ledgers completed, all as undisturbed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
