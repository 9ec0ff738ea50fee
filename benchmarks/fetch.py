"""
Bytes and time taken by remote evidence.

Usage: python benchmarks/fetch.py [bytes] [workers] [rules] [kills]

All of it by default, in about two minutes: the bytes downloaded of a DARK of 1.2 GB and of a
full-frame rate product; 50 remote references ingested by one worker and by four, at a latency of
50 ms; listing the DARKs of all contexts of a CRDS cache (CRDS_PATH, or
../shared/data/crds/crds_jwst_0567_mappings.tar.gz); and ``hotpix fetch references`` killed at 30
random moments. The servers run on loopback.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from pathlib import Path

import numpy as np
from astropy.io import fits
from stdatamodels.jwst import datamodels

from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate import World
from jwst_hotpix.simulate.crds_context import write_context
from jwst_hotpix.simulate.crds_hdus import dq_def
from jwst_hotpix.simulate.darks import write_dark_rate, write_dark_reference
from web_server import Site, serving

HOTPIX = [sys.executable, "-m", "jwst_hotpix"]
RULES = Path(__file__).parents[2] / "shared/data/crds/crds_jwst_0567_mappings.tar.gz"
FRAMES, REFERENCES, LATENCY, KILLS = 70, 50, 0.05, 30
KEY = ("NRS1", "NRSIRS2|NRSIRS2RAPID", "FULL", "1", "1", "2048", "2048")


def large_dark(path: Path) -> Path:
    """Write a DARK with a ramp of 1.2 GB, which takes no space, and 32-bit flags."""
    small = write_dark_reference(
        path.with_name("small.fits"),
        World.quiet(detector="NRS1", readout="IRS2"),
        known="2023-06-01",
    )
    with fits.open(small) as hdus:
        hdus["DQ"].data = hdus["DQ"].data.astype(np.uint32)
        for hdu in hdus[1:]:
            if hdu.name == "SCI":
                hdu.data = hdu.data[:1]
        hdus.writeto(path)
    with fits.open(path) as hdus:
        place = hdus["SCI"].fileinfo()
    content, header = path.read_bytes(), fits.getheader(path, "SCI")
    header["NAXIS3"] = FRAMES
    with path.open("wb") as file:
        file.write(content[: place["hdrLoc"]] + header.tostring().encode())
        size = FRAMES * 2048 * 2048 * 4
        file.seek(size + -size % 2880, os.SEEK_CUR)
        file.write(content[place["datLoc"] + place["datSpan"] :])
    return path


def rate(path: Path) -> Path:
    """Write a rate product with all that Detector1 puts into one."""
    world = World.quiet(detector="NRS1", readout="IRS2").with_pixels(1000, 1000, 5.0)
    simple = write_dark_rate(path.with_name("simple.fits"), world, start="2023-06-01")
    with datamodels.ImageModel(simple) as model:
        for name in ("var_poisson", "var_rnoise"):
            setattr(model, name, np.full((2048, 2048), 1e-4, np.float32))
        # As long as the log of Detector1, which products carry.
        model.cal_logs = {"Detector1Pipeline": ["2026-01-01 - stpipe - INFO - a line"] * 400}
        model.save(path)
    return path


def measure_bytes(folder: Path) -> None:
    """Print the fraction of two files that is downloaded when they are ingested."""
    files = {
        "/dark.fits": large_dark(folder / "dark.fits"),
        "/x_rate.fits": rate(folder / "r.fits"),
    }
    with serving(Site(files=dict(files))) as site:
        for path, file in files.items():
            start = time.perf_counter()
            ingest_file(Ledger(folder / "ledger"), f"{site.url}{path}")
            taken, size, sent = time.perf_counter() - start, file.stat().st_size, site.sent[path]
            print(
                f"{path[1:]:12} {size / 1e6:8.1f} MB, {sent / 1e6:6.1f} MB sent: "
                f"{sent / size:.3%}, {site.requests[path]} requests, {taken:.1f} s"
            )


def subarray(number: int) -> bytes:
    """Make a small DARK: what is measured here is waiting."""
    rng = np.random.default_rng(number)
    primary = fits.PrimaryHDU()
    primary.header.update(
        {
            "TELESCOP": "JWST", "INSTRUME": "NIRSPEC", "DETECTOR": "NRS1", "READPATT": "NRSRAPID",
            "SUBARRAY": "SUB512", "SUBSTRT1": 1025, "SUBSTRT2": 957, "SUBSIZE1": 512,
            "SUBSIZE2": 32, "REFTYPE": "DARK", "PEDIGREE": "INFLIGHT",
            "USEAFTER": f"2023-{1 + number // 28:02d}-{1 + number % 28:02d}T00:00:00",
        }
    )  # fmt: skip
    shape, error = (32, 512), np.full((32, 512), 0.01, np.float32)
    images = {
        "SCI": np.zeros((20, *shape), np.float32), "DQ": np.zeros(shape, np.uint32),
        "DRK": rng.normal(0.01, 0.01, shape).astype(np.float32), "UNC": error,
    }  # fmt: skip
    hdus = fits.HDUList([primary, *(fits.ImageHDU(image, name=n) for n, image in images.items())])
    hdus.append(dq_def())
    with tempfile.TemporaryFile() as file:
        hdus.writeto(file)
        file.seek(0)
        return file.read()


def measure_workers(folder: Path) -> None:
    """Print how long many remote references take one worker, and four."""
    files = {f"/{number}.fits": subarray(number) for number in range(REFERENCES)}
    taken = {}
    with serving(Site(files=files, latency=LATENCY)) as site:
        for workers in (1, 4):
            start = time.perf_counter()
            uris = [f"{site.url}{path}" for path in files]
            ledger = folder / f"ledger-{workers}"
            command = [*HOTPIX, "ingest", ledger, *uris, "--workers", str(workers)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            taken[workers] = time.perf_counter() - start
    print(
        f"{REFERENCES} references at {LATENCY * 1e3:.0f} ms: {taken[1]:.1f} s with one worker, "
        f"{taken[4]:.1f} s with four: {taken[1] / taken[4]:.1f} times as fast"
    )


def measure_rules(folder: Path) -> None:
    """Print how long it takes to list the DARKs of all contexts of a cache."""
    root = os.environ.get("CRDS_PATH", "")
    if not root:
        root = str(folder)
        with tarfile.open(RULES) as packed:
            packed.extractall(root, filter="data")
    contexts = sorted(Path(root, "mappings/jwst").glob("jwst_*.pmap"))
    environment = {"CRDS_PATH": root, "CRDS_SERVER_URL": "https://jwst-serverless.invalid"}
    command = [*HOTPIX, "fetch", "references", "--context", "all", "--dry-run", "--json"]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        ran = subprocess.run(
            command, check=True, capture_output=True, text=True,
            env=os.environ | environment | {"CRDS_CONTEXT": contexts[-1].name},
        )  # fmt: skip
        times.append(time.perf_counter() - start)
    found = ran.stdout.count('"name"')
    print(f"{len(contexts)} contexts, {found} DARKs: {min(times):.2f} s (best of {len(times)})")


@contextmanager
def crds_server(folder: Path) -> Iterator[tuple[Site, dict[str, bytes]]]:
    """Serve rules and DARKs as the CRDS server does."""
    rng = random.Random(1)  # noqa: S311 (the moments of kills are no secret)
    names = [f"jwst_nirspec_dark_{number:04d}.fits" for number in range(1, 7)]
    darks = {name: rng.randbytes(3_000_000) for name in names}
    dates = {f"202{year}-01-01 00:00:00": name for year, name in enumerate(names)}
    write_context(folder, {"dark": {KEY: dates}})
    rules = {f"/m/{path.name}": path for path in folder.glob("mappings/jwst/*map")}
    site = Site(files={**rules, **{f"/r/{name}": content for name, content in darks.items()}})
    known = {
        path.rpartition("/")[2]: content if isinstance(content, bytes) else content.read_bytes()
        for path, content in site.files.items()
    }
    states = ("latest", "operational", "edit", "build", "versions")
    with serving(site):
        site.rpc["get_server_info"] = lambda: {
            **{f"{state}_context": "jwst_0001.pmap" for state in states},
            "observatory": "jwst", "bad_files": "", "bad_files_list": [], "mappings": [],
            "force_remote_mode": False, "crds_version": {"str": "14.0.3"}, "last_synced": "never",
            "reference_url": {"jwst": f"{site.url}/r/"}, "mapping_url": {"jwst": f"{site.url}/m/"},
            "download_metadata": {
                name: {"size": str(len(content)), "sha1sum": sha1(content).hexdigest()}  # noqa: S324
                for name, content in known.items()
            },
        }  # fmt: skip
        yield site, darks


def measure_kills(folder: Path) -> None:
    """Kill the command at random moments until it has completed; print how that went."""
    rng = random.Random(2)  # noqa: S311
    kills = half = 0
    with crds_server(folder / "server") as (site, darks):
        site.latency = 0.05
        environment = os.environ | {
            "CRDS_SERVER_URL": site.url.replace("127.0.0.1", "localhost"),
            "CRDS_CONTEXT": "jwst_0001.pmap",
        }
        while kills < KILLS:
            # A run may also complete before it is killed.
            root = Path(tempfile.mkdtemp(dir=folder))
            environment["CRDS_PATH"] = str(root)
            place = root / "references/jwst/nirspec"
            while kills < KILLS:
                child = subprocess.Popen(
                    [*HOTPIX, "fetch", "references"], env=environment,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                try:
                    # It takes about a second to start, and another to complete.
                    child.wait(rng.uniform(0.2, 3.0))
                    break
                except subprocess.TimeoutExpired:
                    child.send_signal(signal.SIGKILL)
                    child.wait()
                    kills += 1
                half += sum(path.read_bytes() != darks[path.name] for path in place.glob("[!.]*"))
            subprocess.run(
                [*HOTPIX, "fetch", "references"], env=environment, check=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            found = {path.name: path.read_bytes() for path in place.iterdir()}
            half += found != darks
    print(f"{kills} kills: {half} times a file that was not whole, or missing after the next run")


MEASURES = {
    "bytes": measure_bytes,
    "workers": measure_workers,
    "rules": measure_rules,
    "kills": measure_kills,
}


def main() -> None:
    """Measure what is asked for."""
    for name in sys.argv[1:] or MEASURES:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["JWST_HOTPIX_CACHE"] = folder
            MEASURES[name](Path(folder))


if __name__ == "__main__":
    main()
