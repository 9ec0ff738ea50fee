"""
What an archive of 100 000 exposures costs before its first pipeline runs, and a cluster that dies.

    python benchmarks/scale.py [audit] [plan] [resume] [cluster] [--numbers 1000 10000 100000]

Exposures are full-frame rates in folders of a thousand, with headers as long as those of flight
products and arrays that are holes of sparse files; all are links to twenty of different dates and
readouts. ``plan`` is the command without --resume up to its refusal to replace what exists, so it
includes all that is done before the first exposure; ``resume`` finds every exposure done. Each is
timed as a user runs it, with its start. Memory is the most that all its processes take together.

``cluster`` runs a dask scheduler and ten workers. While they are at work each is killed in turn,
half of them for good; the products are compared with those of an undisturbed run.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil
from astropy.io import fits
from stdatamodels.jwst import datamodels

from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.simulate import World, cache_environment, write_crds_cache, write_uncal
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools.dates import mjd
from trust_verbs import contents

BIN = Path(sys.executable).parent
START, BASES, PER_FOLDER = mjd("2023-11-01"), 20, 1000
#: Cards of the primary header of a calibrated slit in flight (jw01345062001, jwst 1.14).
CARDS = 310
PARTS = ("audit", "plan", "resume", "cluster")
WORKERS, EXPOSURES = 10, 60
#: Seconds between two looks at the memory.
LOOK = 0.1


def measured(*command: object, status: int = 0) -> tuple[float, float]:
    """Return the seconds that a command takes, and the most MiB of all its processes."""
    begin, most = time.perf_counter(), 0
    with tempfile.TemporaryFile() as output:
        process = psutil.Popen([*map(str, command)], stdout=output, stderr=output)
        while process.poll() is None:
            with suppress(psutil.Error):
                all_of_it = [process, *process.children(recursive=True)]
                most = max(most, sum(one.memory_info().rss for one in all_of_it))
            time.sleep(LOOK)
        if process.returncode != status:
            output.seek(0)
            sys.exit(f"status {process.returncode}: {output.read()[-2000:].decode()}")
    return time.perf_counter() - begin, most / 2**20


def write_base(path: Path, world: World, start: float) -> None:
    """Write a rate with all arrays of the pipeline, whose pixels take no disk space."""
    dense = write_dark_rate(path.with_name("dense.fits"), world, start=start)
    with datamodels.ImageModel(dense) as model:
        for name in ("var_poisson", "var_rnoise"):
            setattr(model, name, np.zeros(model.data.shape, np.float32))
        model.save(path)
    path.rename(dense)
    with fits.open(dense) as hdus, path.open("wb") as file:
        primary = hdus[0].header
        for number in range(CARDS - len(primary)):
            primary[f"PAD{number:05d}"] = ("x" * 30, "as long as in flight")
        for hdu in hdus:
            file.write(hdu.header.tostring().encode())
            if hdu.name == "ASDF":
                hdu.writeto(path.with_name("tree.fits"), overwrite=True)
                tree = path.with_name("tree.fits").read_bytes()
                file.write(tree[-hdu.size - -hdu.size % 2880 :])
            else:
                file.truncate(file.seek(hdu.size + -hdu.size % 2880, os.SEEK_CUR))
    dense.unlink()


def write_archive(folder: Path) -> list[Path]:
    """Write references, lists, and the exposures to which all others are links."""
    worlds = [World.draw(detector="NRS1", readout=mode, months=24) for mode in ("TRAD", "IRS2")]
    write_crds_cache(folder / "crds", worlds, deliveries="2023-10-16", dark_frames=1)
    for name in ("lists", "bases"):
        (folder / name).mkdir()
    for world in worlds:
        pixels = perfect_list(world, np.arange(mjd("2022-07-01"), START, 14.0))
        header = asdf_file.Header(useafter="2022-07-01T00:00:00")
        asdf_file.write(pixels, folder / "lists" / f"{world.readout}.asdf", header)
    paths = [folder / "bases" / f"base{n:02d}_nrs1_rate.fits" for n in range(BASES)]
    for number, path in enumerate(paths):
        write_base(path, worlds[number % 2], START + 7 * number)
    return paths


def name_of(number: int) -> str:
    """Return the name of an exposure."""
    return f"jw{number // 10000:05d}{number % 10000:06d}_02101_00001_nrs1_rate.fits"


def link(bases: Sequence[Path], folder: Path, number: int) -> Path:
    """Fill folders with exposures; return a list of them."""
    paths = [folder / f"{n // PER_FOLDER:05d}" / name_of(n) for n in range(number)]
    for n, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(bases[n % len(bases)], path)
    listed = folder.with_suffix(".txt")
    listed.write_text("".join(f"{path}\n" for path in paths))
    return listed


def through_commands(folder: Path, parts: Sequence[str], numbers: Sequence[int]) -> None:
    """Print a row for each part and number of exposures."""
    bases = write_archive(folder)
    os.environ.update(cache_environment(folder / "crds"), STPIPE_DISABLE_CRDS_STEPPARS="true")
    library = ("--library", folder / "lists")
    flag = (BIN / "hotpix", "reprocess", *bases, "-o", folder / "flagged", *library)
    measured(*flag)
    products = [folder / "flagged" / path.name for path in bases]
    print("| | exposures | s | ms an exposure | MiB |\n|---|---|---|---|---|", flush=True)
    for number in numbers:
        archive, output = folder / f"archive{number}", folder / f"products{number}"
        listed = link(bases, archive, number)
        output.mkdir()
        for n, product in [*enumerate(products * (number // BASES))]:
            os.link(product, output / name_of(n))
        for product in products:
            os.link(product, output / product.name)
        again = (BIN / "hotpix", "reprocess", f"@{listed}", "-o", output, *library)
        commands = {
            "audit": ((BIN / "hotpix", "audit", archive, *library, "--json"), 0),
            "plan": (again, 1),
            "resume": ((*again, "--resume"), 0),
        }
        for part in (part for part in commands if part in parts):
            command, status = commands[part]
            seconds, memory = measured(*command, status=status)
            each = 1e3 * seconds / number
            print(f"| {part} | {number} | {seconds:.1f} | {each:.2f} | {memory:.0f} |", flush=True)


@contextmanager
def cluster(environment: Mapping[str, str]) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Start a scheduler and workers; give its address and the nannies of the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, host = f"tcp://127.0.0.1:{port}", ["--host", "127.0.0.1", "--no-dashboard"]
    worker = ["worker", address, *host, "--nthreads", "1", "--memory-limit", "0"]
    commands = [["scheduler", *host, "--port", str(port)], *[worker] * WORKERS]
    processes = [
        psutil.Popen(
            [BIN / "dask", *command], env=os.environ | environment, stderr=subprocess.DEVNULL
        )
        for command in commands
    ]
    try:
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(60)


def kill_all(nannies: Sequence[psutil.Process], products: Path, run: subprocess.Popen) -> int:
    """Kill each worker in turn, with the next few products; return how many were killed."""
    killed = 0
    for number, nanny in enumerate(nannies):
        while len([*products.glob("*_rate.fits")]) < 3 * number + 3:
            if run.poll() is not None:
                return killed
            time.sleep(0.05)
        worker = max(nanny.children(recursive=True), key=lambda child: child.memory_info().rss)
        if number % 2:
            nanny.send_signal(signal.SIGKILL)
        worker.kill()
        killed += 1
    return killed


def through_cluster(folder: Path) -> None:
    """Print what became of the exposures of a cluster whose workers were all killed."""
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    write_crds_cache(
        folder / "crds", world, deliveries="2023-10-16", subarrays=["SUB32"], dark_frames=5
    )
    pixels = perfect_list(world, np.arange(mjd("2022-07-01"), START, 14.0))
    asdf_file.write(pixels, folder / "x.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00"))
    (folder / "raw").mkdir()
    for number in range(EXPOSURES):
        path = folder / "raw" / f"jw09999001{number:03d}_02101_00001_nrs1_uncal.fits"
        write_uncal(path, world, start=START, ngroups=5, subarray="SUB32", seed=number)
    environment = cache_environment(folder / "crds") | {"STPIPE_DISABLE_CRDS_STEPPARS": "true"}
    os.environ.update(environment)
    command = [BIN / "hotpix", "reprocess", folder / "raw", "--list", folder / "x.asdf", "-o"]
    measured(*command, folder / "undisturbed", "--workers", os.cpu_count())
    with cluster(environment) as (address, nannies):
        run = subprocess.Popen(
            [*command, folder / "disturbed", "--scheduler", address],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        killed = kill_all(nannies, folder / "disturbed", run)
        said = run.communicate()[0]
    left, known = contents(folder / "disturbed"), contents(folder / "undisturbed")
    same = sum(left.get(name) == content for name, content in known.items())
    print(f"{killed} of {WORKERS} workers killed, half of them for good: status {run.returncode}, "
          f"{same} of {len(known)} products of {EXPOSURES} exposures as without")  # fmt: skip
    print(said.strip())


def main() -> None:
    """Print the figures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=(*PARTS, "all"), default="all")
    parser.add_argument("--numbers", type=int, nargs="+", default=[1000, 10_000, 100_000])
    wanted = parser.parse_args()
    wanted.parts = PARTS if "all" in wanted.parts else wanted.parts
    with tempfile.TemporaryDirectory() as folder:
        if set(wanted.parts) - {"cluster"}:
            (Path(folder) / "commands").mkdir()
            through_commands(Path(folder) / "commands", wanted.parts, wanted.numbers)
        if "cluster" in wanted.parts:
            (Path(folder) / "cluster").mkdir()
            through_cluster(Path(folder) / "cluster")


if __name__ == "__main__":
    main()
