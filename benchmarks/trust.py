"""
How many flipped bits and kills are seen, and whether one is not.

    python benchmarks/trust.py [--flips N] [--kills N]

Flips: N (1000) files of each format, each with one bit flipped at random: refused by name, without
effect (in padding, or in what nobody reads), or read as something else in silence, which must not
be. Kills: each verb that writes is killed at N (20) random moments, and run again: whatever has its
final name is whole, and what comes out in the end is what an undisturbed run makes.
"""

import argparse
import gzip
import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from astropy.io import fits

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.ledger.read_record import read_record
from jwst_hotpix.ledger.science_record import read_science_record
from jwst_hotpix.masks.any_mask import read_mask_file
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate.crds_references import mask
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.dates import mjd

HOTPIX = Path(sys.executable).with_name("hotpix")
START = "2024-03-01"


def main() -> None:
    """Make the inputs, count, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_inputs(place)
        print(f"{'format':<28}{'flips':>7}{'refused':>9}{'no effect':>11}{'silent':>8}")
        for name, (path, read) in readers(place).items():
            found = flip(path, read, wanted.flips)
            counts = (found[kind] for kind in ("refused", "no effect", "silent"))
            print(f"{name:<28}{wanted.flips:>7}{''.join(f'{n:>9}' for n in counts)}")
        print(f"\n{'verb':<28}{'kills':>7}{'in work':>9}{'half files':>12}{'lost':>6}")
        for name, verb in verbs(place).items():
            found = kill(place / "out", verb, wanted.kills)
            counts = (found[kind] for kind in ("in work", "half", "lost"))
            print(f"{name:<28}{wanted.kills:>7}{''.join(f'{n:>9}' for n in counts)}")


def write_inputs(place: Path) -> None:
    """Write darks, a mask, a visit, a ledger of darks and one of science, and a list."""
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    (place / "darks").mkdir()
    for number in range(3):
        path = place / "darks" / f"jw0999900100{number}_02101_00001_nrs1_rate.fits"
        write_dark_rate(path, world, start=mjd(START) + 14 * number, subarray="SUB512", seed=number)
    mask(world, mjd(START), useafter=START).writeto(place / "mask.fits", checksum=True)
    run("ingest", place / "ledger", place / "darks")
    run(
        "build", place / "ledger", "--detector", "NRS1", "--readout", "trad", "-o", place / "x.asdf"
    )
    (place / "visit").mkdir()
    scene = draw_scene("MOS medium", (96, 256), seed=1)
    for number in range(3):
        setup = Setup(
            start=mjd(START) + 0.02 * number, corner=(800, 500), number=number + 1, pointing=number
        )
        path = place / "visit" / f"jw09999001001_02101_{number + 1:05d}_nrs1_rate.fits"
        write_science(path, world, scene, setup, masked=mjd(START) - 100, seed=1)
    run("ingest", place / "science", place / "visit")
    dark = next((place / "darks").iterdir())
    with fits.open(dark) as hdus:
        hdus.writeto(place / "sums.fits", checksum=True)
    (place / "dark.fits.gz").write_bytes(gzip.compress(dark.read_bytes(), mtime=0))


def run(*arguments: object) -> None:
    """Run the command to its end."""
    subprocess.run([HOTPIX, *map(str, arguments)], check=True, capture_output=True)


def readers(place: Path) -> dict[str, tuple[Path, Callable[[Path], object]]]:
    """Return the formats by name: a file of each, and what reads all that counts in it."""
    record = next((place / "ledger").rglob("*.parquet"))
    look = next((place / "science").rglob("*.parquet"))
    masks = next((place / "science").rglob("*.mask")).parent
    chip = get_detector("NRS1")
    return {
        "list (ASDF)": (place / "x.asdf", list_in),
        "record of a dark (Parquet)": (record, lambda path: shown(read_record(path))),
        "record of a look (Parquet)": (
            look, lambda path: shown(read_science_record(path, masks))),
        "MASK with CHECKSUM (FITS)": (
            place / "mask.fits", lambda path: read_mask_file(path, chip).dq.tobytes()),
        "dark with CHECKSUM (FITS)": (place / "sums.fits", pixels_in),
        "dark, gzipped (FITS)": (place / "dark.fits.gz", pixels_in),
    }  # fmt: skip


def list_in(path: Path) -> object:
    """Return all that a list says of its pixels."""
    pixels = asdf_file.read(path)
    return pixels.digest(), pixels.provenance


def shown(record: object) -> object:
    """Return the content of a record, arrays as bytes."""
    given = vars(record)
    return {
        name: value.tobytes() if isinstance(value, np.ndarray) else str(value)
        for name, value in given.items()
        if name != "bounds"
    } | ({"bounds": shown(given["bounds"])} if "bounds" in given else {})


def pixels_in(path: Path) -> object:
    """Return the pixels of a dark."""
    with open_whole(path, HotPixError) as hdus:
        return [np.array(hdu.data).tobytes() for hdu in hdus if hdu.data is not None]


def flip(path: Path, read: Callable[[Path], object], number: int) -> Counter[str]:
    """Flip one bit of a file at a time, and count what its reader makes of it."""
    content, known = bytearray(path.read_bytes()), read(path)
    random = np.random.default_rng(1)
    found: Counter[str] = Counter()
    for place, bit in zip(
        random.integers(len(content), size=number), random.integers(8, size=number), strict=True
    ):
        content[place] ^= 1 << int(bit)
        path.write_bytes(content)
        try:
            found["no effect" if read(path) == known else "silent"] += 1
        except HotPixError:
            found["refused"] += 1
        content[place] ^= 1 << int(bit)
    path.write_bytes(content)
    return found


def verbs(place: Path) -> dict[str, list[object]]:
    """Return the arguments of each verb that writes; ``OUT`` is the folder it writes to."""
    listed, mask_file = place / "x.asdf", place / "mask.fits"
    nirspec = ["--detector", "NRS1"]
    return {
        "ingest": ["ingest", "OUT/ledger", place / "darks"],
        "ingest of science": ["ingest", "OUT/ledger", place / "visit"],
        "build": ["build", place / "ledger", *nirspec, "--readout", "trad", "-o", "OUT/x.asdf"],
        "discover": ["discover", place / "visit", "-o", "OUT/new", "--overwrite"],
        "import": ["import", mask_file, *nirspec, "--date", START, "-o", "OUT/x.asdf"],
        "supplement": ["supplement", listed, "--mask", mask_file, "-o", "OUT/x.asdf"],
        "export --to mask": [
            "export",
            listed,
            "--to",
            "mask",
            "--base",
            mask_file,
            "-o",
            "OUT/m.fits",
        ],
        "export --to ecsv": ["export", listed, "--to", "ecsv", "-o", "OUT/x.ecsv"],
        "pixel --plot": ["pixel", place / "ledger", 1450, 1000, *nirspec, "--plot", "OUT/p.png"],
    }


def kill(out: Path, verb: list[object], number: int) -> Counter[str]:
    """Kill a verb at random moments, run it again, and compare with an undisturbed run."""
    command = [HOTPIX, *(str(part).replace("OUT", str(out)) for part in verb)]

    def fresh() -> None:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()

    fresh()
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    length, known = time.monotonic() - began, contents(out)
    random = np.random.default_rng(2)
    found: Counter[str] = Counter()
    for moment in random.uniform(0.3, 1.0, size=number):
        fresh()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            process.communicate(timeout=moment * length)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            found["in work"] += 1
        left = contents(out)
        found["half"] += any(left[name] != known.get(name) for name in left)
        # What is there already is replaced, or, in a ledger, kept.
        again = [*command, "--overwrite"] if "-o" in command or "--plot" in command else command
        subprocess.run(again, check=True, capture_output=True)
        found["lost"] += contents(out) != known
    return found


def contents(folder: Path) -> dict[str, object]:
    """Return what has its final name, without the date of writing."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): content_of(path)
        for path in paths
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def content_of(path: Path) -> object:
    """Return the content of a product that does not depend on when it was made."""
    if path.suffix == ".asdf":
        return list_in(path)
    if path.suffix == ".fits":
        with fits.open(io.BytesIO(path.read_bytes())) as hdus:
            return [np.array(hdu.data).tobytes() for hdu in hdus if hdu.data is not None]
    return path.read_bytes()


if __name__ == "__main__":
    main()
