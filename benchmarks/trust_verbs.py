"""The verbs that write, with small inputs: what benchmarks/trust.py kills and troubles."""

import gzip
import io
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits

from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.masks.any_mask import read_mask_file
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.simulate import cache_environment, write_crds_cache, write_uncal
from jwst_hotpix.simulate.crds_references import mask
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from jwst_hotpix.tools.dates import mjd

HOTPIX = Path(sys.executable).with_name("hotpix")
START, PROGRAM = "2024-03-01", "9999"
# In pages: names of plots, when it was made, and how it was called.
_NEW_EACH_TIME = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}| on [-0-9]+ at [0-9:]+ UTC| --overwrite"
)


@dataclass(frozen=True)
class Verb:
    """
    A command that writes below OUT.

    ``again`` is added when it runs a second time; ``before`` is the folder that OUT is a copy of
    when it starts; ``main`` is the ending of the product that comes last.
    """

    arguments: tuple[object, ...]
    again: tuple[str, ...] = ()
    before: Path | None = None
    main: str | None = None
    has_workers: bool = False
    is_slow: bool = False

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> "Verb":
        """Read what `to_dict` returns."""
        before = None if given["before"] is None else Path(given["before"])
        return cls(**given | {"before": before})

    def to_dict(self) -> dict[str, object]:
        """Return it ready for JSON."""
        before = None if self.before is None else str(self.before)
        return asdict(self) | {"arguments": [*map(str, self.arguments)], "before": before}

    def line(self, out: Path, *, again: bool = False) -> list[str]:
        """Return the arguments, with OUT filled in."""
        more = self.again if again else ()
        return [str(part).replace("OUT", str(out)) for part in (*self.arguments, *more)]


def write_inputs(place: Path) -> None:
    """Write darks, a mask, a visit, a ledger of darks and one of science, and lists."""
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    (place / "darks").mkdir()
    for number in range(3):
        path = place / "darks" / f"jw0999900100{number}_02101_00001_nrs1_rate.fits"
        write_dark_rate(path, world, start=mjd(START) + 14 * number, subarray="SUB512", seed=number)
    write_masks(place, world)
    run("ingest", place / "ledger", place / "darks")
    build = ("--detector", "NRS1", "--readout", "trad", "-o")
    run("build", place / "ledger", *build, place / "x.asdf")
    write_visit(place / "visit", world)
    run("ingest", place / "science", place / "visit")
    dark = next((place / "darks").iterdir())
    with fits.open(dark) as hdus:
        hdus.writeto(place / "sums.fits", checksum=True)
    (place / "dark.fits.gz").write_bytes(gzip.compress(dark.read_bytes(), mtime=0))
    # Trends need the full frame.
    for record in records_of(simulate_sightings(world, mjd(START) - 30.0 * np.arange(6))):
        Ledger(place / "full").keep(record)
    # What is there before a command that replaces, or adds to, it.
    (place / "old").mkdir()
    run("build", place / "ledger", *build, place / "old" / "x.asdf", "--threshold", "20")
    run("ingest", place / "part" / "ledger", dark)


def write_masks(place: Path, world: World) -> None:
    """Write a MASK, and the next one."""
    mask(world, mjd(START), useafter=START).writeto(place / "mask.fits", checksum=True)
    later = mjd(START) + 200
    mask(world, later, useafter="2024-09-17").writeto(place / "next_mask.fits")


def write_visit(folder: Path, world: World) -> None:
    """Write three nods of a small part of the detector."""
    folder.mkdir()
    scene = draw_scene("MOS medium", (96, 256), seed=1)
    for number in range(3):
        setup = Setup(
            start=mjd(START) + 0.02 * number, corner=(800, 500), number=number + 1, pointing=number
        )
        path = folder / f"jw0{PROGRAM}001001_02101_{number + 1:05d}_nrs1_rate.fits"
        write_science(path, world, scene, setup, masked=mjd(START) - 100, seed=1)


def write_archive(place: Path) -> dict[str, str]:
    """Write raw exposures and their references; return the environment that finds them."""
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    write_crds_cache(
        place / "crds", world, deliveries="2023-10-16", subarrays=["SUB32"], dark_frames=5
    )
    (place / "raw").mkdir()
    for number in range(2):
        path = place / "raw" / f"jw09999001{number:03d}_02101_00001_nrs1_uncal.fits"
        write_uncal(path, world, start=START, ngroups=5, subarray="SUB32", seed=number)
    return cache_environment(place / "crds") | {"STPIPE_DISABLE_CRDS_STEPPARS": "true"}


def archive_verbs(place: Path) -> dict[str, Verb]:
    """Return the verbs that have workers, which take seconds to start; after `write_archive`."""
    options = ("--list", place / "x.asdf", "--allow-simulated", "-o", "OUT/new")
    return {
        "ingest --workers 2": Verb(
            ("ingest", "OUT/ledger", place / "darks", "--workers", "2"),
            has_workers=True,
            is_slow=True,
        ),
        "reprocess, Detector1": Verb(
            ("reprocess", place / "raw", *options), ("--resume",), has_workers=True, is_slow=True
        ),
        "reprocess, step alone": Verb(
            ("reprocess", place / "visit", *options), ("--resume",), has_workers=True, is_slow=True
        ),
    }


def run(*arguments: object) -> None:
    """Run the command to its end."""
    subprocess.run([HOTPIX, *map(str, arguments)], check=True, capture_output=True)


def verbs(place: Path) -> dict[str, Verb]:
    """Return the verbs that write and need neither a server nor the pipeline."""
    listed, ledger = place / "x.asdf", place / "ledger"
    mask_file, chip = place / "mask.fits", ("--detector", "NRS1")
    build = ("build", ledger, *chip, "--readout", "trad", "-o", "OUT/x.asdf")
    replace = ("--overwrite",)
    return {
        "ingest": Verb(("ingest", "OUT/ledger", place / "darks")),
        "ingest into a ledger": Verb(
            ("ingest", "OUT/ledger", place / "darks"), before=place / "part"
        ),
        "ingest of science": Verb(("ingest", "OUT/ledger", place / "visit")),
        "build": Verb(build, replace),
        "build --overwrite": Verb((*build, "--overwrite"), before=place / "old"),
        "discover": Verb(
            ("discover", place / "visit", "-o", "OUT/new"), replace, main=".asdf"
        ),
        "import": Verb(
            ("import", mask_file, *chip, "--date", START, "-o", "OUT/x.asdf"), replace
        ),
        "supplement": Verb(
            ("supplement", listed, "--mask", mask_file, "-o", "OUT/x.asdf"), replace
        ),
        "export --to mask": Verb(
            ("export", listed, "--to", "mask", "--base", mask_file, "-o", "OUT/m.fits"), replace
        ),
        "export --to ecsv": Verb(("export", listed, "--to", "ecsv", "-o", "OUT/x.ecsv"), replace),
        "export --to ds9": Verb(("export", listed, "--to", "ds9", "-o", "OUT/x.reg"), replace),
        "trend": Verb(("trend", place / "full", "--plot", "OUT/t.png", "-o", "OUT/t.md"), replace),
        "report": Verb(
            ("report", place / "full", "--mask", mask_file, "-o", "OUT/r.html"), replace
        ),
        "pixel": Verb(("pixel", ledger, 1450, 1000, *chip, "--plot", "OUT/p.png"), replace),
        "ta": Verb(
            ("ta", "--list", listed, "--since", START, "--plot", "OUT/t.png", "-o", "OUT/t.ecsv"),
            replace,
        ),
        "audit": Verb(
            ("audit", place / "visit", "--list", listed, "--mask", mask_file, "-o", "OUT/a.ecsv"),
            replace,
        ),
    }  # fmt: skip


def contents(folder: Path) -> dict[str, object]:
    """Return what has its final name, without the date of writing."""
    return {
        str(path.relative_to(folder)): content_of(path)
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        # Logs, which have times in them, are no results; the CRDS client keeps its own notes.
        and path.suffix != ".log"
        and path.name != "_update.jsonl"
        and path.parts[-3:-1] != ("config", "jwst")
    }


def content_of(path: Path) -> object:
    """Return the content of a product that does not depend on when it was made."""
    try:
        if path.suffix == ".asdf":
            pixels = asdf_file.read(path)
            return pixels.digest(), pixels.provenance
        if path.suffix == ".html":
            return _NEW_EACH_TIME.sub("", path.read_text(encoding="utf-8"))
        if path.suffix == ".fits":
            with fits.open(io.BytesIO(path.read_bytes())) as hdus:
                return [
                    np.array(hdu.data).tobytes()
                    for hdu in hdus
                    if hdu.data is not None and hdu.name != "ASDF"
                ]
    except Exception as error:  # noqa: BLE001 (half a file may raise anything)
        return f"damaged: {error}"
    return path.read_bytes()


def is_whole(left: dict[str, object], main: str | None, *allowed: dict[str, object]) -> bool:
    """Determine whether every file is as in one of several states, and the main one not alone."""
    if main and any(name.endswith(main) for name in left) and set(left) != set(allowed[0]):
        return False
    return all(any(left[name] == known.get(name) for known in allowed) for name in left)


def fresh(out: Path, before: Path | None) -> None:
    """Make the folder that a verb writes to anew."""
    shutil.rmtree(out, ignore_errors=True)
    if before is None:
        out.mkdir()
    else:
        shutil.copytree(before, out)


def mask_in(path: Path) -> bytes:
    """Return the bits of a mask."""
    return read_mask_file(path, get_detector("NRS1")).dq.tobytes()
