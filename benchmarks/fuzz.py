"""
Coverage-guided inputs for the readers: each must be read, or refused by name, in bounded time.

    pip install atheris
    python benchmarks/fuzz.py [READER ...] [--inputs N] [--seconds S]

For each reader a process of its own tries N (a million) inputs, or as many as it can in S (60)
seconds, with the coverage of this package and of the Python parts of the libraries that the reader
calls. Inputs start from files that are made here and from those of tests/corpus, none of which has
checksums that would refuse all others. An input that raises anything else than a HotPixError that
names it, or that takes more than 10 s of CPU or 1 GiB, is written to the folder fuzz-found; the
tests read what is put from there into tests/corpus. Prints a table.
"""

import argparse
import gc
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
#: Seconds of CPU, and GiB beyond what the libraries take.
LONGEST, LARGEST = 10.0, 1.0
_COLUMNS = (
    "reader", "inputs", "inputs/s", "other exceptions", "over 10 s of CPU", "longest, s",
    "over 1 GiB", "GiB more",
)  # fmt: skip


def try_inputs(name: str, libraries: list[str], number: int, seconds: float, seeds: str) -> None:
    """Try inputs for one reader, print its row, and end the process."""
    import atheris

    # Only what this reader calls: whatever is counted is twice as slow.
    with atheris.instrument_imports(include=["jwst_hotpix", *libraries]):
        import fuzz_readers
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    reader = fuzz_readers.READERS[name]
    path = Path(tempfile.mkdtemp(dir="/dev/shm"), f"input{reader.ending}")
    trial = Trial(lambda: fuzz_readers.read_or_refuse(name, path), path)
    for seed in Path(seeds, name).iterdir():
        trial.run(seed.read_bytes())
    gc.collect()
    gc.freeze()
    # More than twice the limit cannot be had at all, and what asks for it is refused.
    _limit_memory(2 * LARGEST)
    trial.start()
    end = time.monotonic() + seconds

    def one(content: bytes) -> None:
        trial.run(content)
        if trial.number >= number or time.monotonic() > end:
            print("| " + " | ".join((name, *trial.row())) + " |", flush=True)
            os._exit(0)

    options = ["-timeout=60", "-rss_limit_mb=0", "-verbosity=0", f"-max_len={reader.longest}"]
    atheris.Setup([sys.argv[0], *options, str(Path(seeds, name))], one)
    atheris.Fuzz()


class Trial:
    """
    What inputs do to a reader.

    Parameters
    ----------
    read : callable
        Reads the file, or refuses it.
    path : Path
        Where inputs are put.
    """

    def __init__(self, read: Callable[[], object], path: Path) -> None:
        self.read, self.path = read, path
        self._known: set[str] = set()
        self.start()

    def start(self) -> None:
        """Begin to count."""
        self.number = self.wrong = self.slow = self.large = 0
        self.longest = 0.0
        self.begin, self._first = time.monotonic(), _memory()
        self._most = self._first

    def run(self, content: bytes) -> None:
        """Read an input, and keep it where that goes wrong in a new way."""
        self.path.write_bytes(content)
        begin, self.number = time.process_time(), self.number + 1
        try:
            self.read()
        except Exception as error:  # noqa: BLE001 (this is what is sought)
            self.wrong += 1
            self._keep(content, f"{type(error).__name__}: {error}"[:60])
        taken = time.process_time() - begin
        self.longest = max(self.longest, taken)
        if taken > LONGEST:
            self.slow += 1
            self._keep(content, "slow")
        before, self._most = self._most, _memory()
        if self._most > before and self._most > self._first + LARGEST:
            self.large += 1
            self._keep(content, "large")

    def row(self) -> tuple[str, ...]:
        """Return the cells of a row of the table."""
        rate = self.number / (time.monotonic() - self.begin)
        return (
            f"{self.number}", f"{rate:.0f}", f"{self.wrong}", f"{self.slow}",
            f"{self.longest:.1f}", f"{self.large}", f"{self._most - self._first:.2f}",
        )  # fmt: skip

    def _keep(self, content: bytes, why: str) -> None:
        if why in self._known:
            return
        self._known.add(why)
        found = Path("fuzz-found")
        found.mkdir(exist_ok=True)
        name = hashlib.sha256(content).hexdigest()[:12] + self.path.suffix
        (found / name).write_bytes(content)
        print(f"{found / name}: {why}", file=sys.stderr, flush=True)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _limit_memory(more: float) -> None:
    """Refuse to this process more GiB than it has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + int(more * 1024**3)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Make the seeds, and start a process per reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.seeds:
        name, *libraries = wanted.readers
        try_inputs(name, libraries, wanted.inputs, wanted.seconds, wanted.seeds)
    import fuzz_readers

    with tempfile.TemporaryDirectory() as seeds:
        fuzz_readers.write_seeds(Path(seeds))
        print(f"| {' | '.join(_COLUMNS)} |")
        print("|---" * len(_COLUMNS) + "|", flush=True)
        for name in wanted.readers or fuzz_readers.READERS:
            for path in CORPUS.glob(f"{name}/*"):
                Path(seeds, name, path.name).write_bytes(path.read_bytes())
            limits = ["--inputs", str(wanted.inputs), "--seconds", str(wanted.seconds)]
            named = [name, *fuzz_readers.READERS[name].libraries]
            command = [sys.executable, __file__, *named, "--seeds", seeds, *limits]
            if status := subprocess.run(command, check=False).returncode:
                print(f"| {name} | ended with status {status} |", flush=True)


if __name__ == "__main__":
    main()
