"""
Coverage-guided inputs for the readers: each must be read, or refused by name, in bounded time.

    pip install atheris
    python benchmarks/fuzz.py [READER ...] [--seconds N]

For each reader a process of its own tries inputs for N (60) seconds, with the coverage of this
package and of the Python parts of astropy, asdf, pyarrow and yaml. Inputs start from files that
are made here and from those of tests/corpus. An input that raises anything else than HotPixError
or OSError, or that takes more than 10 s of CPU, is written to the folder fuzz-found; the tests read
what is put from there into tests/corpus. Prints a table.
"""

import argparse
import hashlib
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE.parent / "tests" / "corpus"
LIBRARIES = ["jwst_hotpix", "astropy.io.fits", "asdf", "pyarrow.parquet", "yaml"]
#: Seconds of CPU, and GiB beyond what the libraries take.
LONGEST, LARGEST = 10.0, 1.0


def try_inputs(name: str, seconds: float, seeds: str) -> None:
    """Try inputs for one reader, print its row, and end the process."""
    import atheris

    with atheris.instrument_imports(include=LIBRARIES):
        import fuzz_readers
        from jwst_hotpix.exceptions import HotPixError
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    ending, read = fuzz_readers.READERS[name]
    trial = Trial(read, HotPixError, Path(tempfile.mkdtemp(dir="/dev/shm"), f"x{ending}"))
    end, before = time.monotonic() + seconds, _memory()

    def one(content: bytes) -> None:
        trial.run(content)
        if time.monotonic() > end:
            more = _memory() - before
            print(f"| {name} | {trial.number} | {trial.wrong} | {trial.slow} | {trial.longest:.1f} "
                  f"| {more:.2f} |", flush=True)  # fmt: skip
            os._exit(0)

    options = [f"-max_len={fuzz_readers.LARGEST}", "-timeout=60", "-rss_limit_mb=0", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, str(Path(seeds, name))], one)
    atheris.Fuzz()


class Trial:
    """
    What inputs do to a reader.

    Parameters
    ----------
    read : callable
        The reader.
    error : type of Exception
        What it may raise, next to OSError.
    path : Path
        Where inputs are put.
    """

    def __init__(self, read: Callable[[Path], object], error: type[Exception], path: Path) -> None:
        self.read, self.allowed, self.path = read, (error, OSError), path
        self.number = self.wrong = self.slow = 0
        self.longest = 0.0
        self._known: set[str] = set()

    def run(self, content: bytes) -> None:
        """Read an input, and keep it where that goes wrong in a new way."""
        self.path.write_bytes(content)
        begin, self.number = time.process_time(), self.number + 1
        try:
            self.read(self.path)
        except self.allowed:
            pass
        except Exception as error:  # noqa: BLE001 (this is what is sought)
            self.wrong += 1
            self._keep(content, f"{type(error).__name__}: {error}"[:60])
        taken = time.process_time() - begin
        self.longest = max(self.longest, taken)
        if taken > LONGEST:
            self.slow += 1
            self._keep(content, "slow")

    def _keep(self, content: bytes, why: str) -> None:
        if why in self._known:
            return
        self._known.add(why)
        found = Path("fuzz-found")
        found.mkdir(exist_ok=True)
        name = hashlib.sha256(content).hexdigest()[:12] + self.path.suffix
        (found / name).write_bytes(content)
        print(f"{found / name}: {why}", file=sys.stderr)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> None:
    """Make the seeds, and start a process per reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.seeds:
        try_inputs(wanted.readers[0], wanted.seconds, wanted.seeds)
    import fuzz_readers

    with tempfile.TemporaryDirectory() as seeds:
        fuzz_readers.write_seeds(Path(seeds))
        print("| reader | inputs | other exceptions | over 10 s of CPU | longest, s | GiB more |")
        print("|---|---|---|---|---|---|", flush=True)
        for name in wanted.readers or fuzz_readers.READERS:
            for path in CORPUS.glob(f"{name}/*"):
                Path(seeds, name, path.name).write_bytes(path.read_bytes())
            command = [sys.executable, __file__, name, "--seeds", seeds]
            subprocess.run([*command, "--seconds", str(wanted.seconds)], check=False)


if __name__ == "__main__":
    main()
