"""
Faults between any two file operations of each verb that writes, and kills at random moments.

benchmarks/trust.py starts it, with trust_faults.c loaded before libc. Each verb runs in a process
forked from one that has imported everything, so that a run takes only as long as its work: once
undisturbed, to count its operations, and then with a fault at one of them, of which the kinds take
turns. After each run, and after another without a fault, what lies under a final name is compared
with what the undisturbed run made.
"""

import importlib
import json
import mmap
import os
import pkgutil
import signal
import struct
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from errno import EIO, ENOSPC, EPERM, EROFS, EXDEV
from pathlib import Path

import numpy as np

import jwst_hotpix
from jwst_hotpix.cli import main as hotpix
from trust_verbs import Verb, contents, fresh, is_whole

OPEN, WRITE, SYNC, RENAME, REMOVE, MKDIR, META = (1 << n for n in range(7))
ALL = 127
COUNT, FAIL_ONCE, FAIL_FROM, KILL_ALL, KILL_ONE = range(5)
DAY = 86400
#: Seconds after which a run is taken to hang.
LONGEST = 300
#: By how much fewer trials a verb has whose runs take many seconds.
SLOW = 10


@dataclass(frozen=True)
class Fault:
    """What happens at operation number ``at``, counting only operations of ``kinds``."""

    mode: int = COUNT
    error: int = 0
    kinds: int = ALL
    jump: int = 0
    at: int = 0


#: At operations anywhere.
EVERYWHERE = {
    "an error (EIO)": Fault(FAIL_ONCE, EIO),
    "killed": Fault(KILL_ALL),
    "disk full from there on (ENOSPC)": Fault(FAIL_FROM, ENOSPC, OPEN | WRITE | MKDIR | META),
}
#: During the whole run.
THROUGHOUT = {
    "read-only folder (EROFS)": Fault(FAIL_FROM, EROFS, ALL & ~SYNC, at=1),
    "renames fail (EXDEV)": Fault(FAIL_FROM, EXDEV, RENAME, at=1),
    "renames fail (EPERM)": Fault(FAIL_FROM, EPERM, RENAME, at=1),
    "clock jumps by days": Fault(jump=3 * DAY),
}
#: At operations of a verb that has workers.
IN_WORKERS = {"the process at work killed": Fault(KILL_ONE)}
KILLED = "killed at a random moment"


class Bench:
    """
    A folder below which every operation counts, and what is done to it.

    Parameters
    ----------
    place : Path
        Folder of the inputs; ``place/work`` is the one below which operations count.
    """

    def __init__(self, place: Path) -> None:
        self.place, self.out = place, place / "work" / "out"
        tempfile.tempdir = str(place / "work" / "tmp")
        Path(tempfile.tempdir).mkdir(parents=True, exist_ok=True)
        with Path(os.environ["TRUST_CONTROL"]).open("r+b") as file:
            self._control = mmap.mmap(file.fileno(), 0)

    def run(self, line: list[str], fault: Fault = Fault(), *, moment: float = LONGEST) -> int:
        """Run a command line with a fault; return its status, negative where it was killed."""
        words = (0, fault.at, fault.error, fault.mode, fault.kinds, fault.jump)
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            self._control[:48] = struct.pack("6q", *words)
            self._become(line)
        ended = _wait(child, moment)
        if ended is None:
            with suppress(ProcessLookupError):
                # All of the group, once the child has made it.
                os.killpg(child, signal.SIGKILL)
            os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)[1]
        self.operations = struct.unpack("6q", self._control[:48])[0]
        self._control[:48] = bytes(48)
        return os.waitstatus_to_exitcode(ended)

    def _become(self, line: list[str]) -> None:
        """Be the command: never return."""
        with Path(self.place, "stderr").open("w") as errors:
            os.dup2(errors.fileno(), 1)
            os.dup2(errors.fileno(), 2)
        sys.argv, status = ["hotpix", *line], 0
        try:
            hotpix()
        except SystemExit as error:
            if isinstance(error.code, str):
                print(error.code, file=sys.stderr)
            status = error.code if isinstance(error.code, int) else int(bool(error.code))
        except BaseException:  # noqa: BLE001 (what a user would see)
            traceback.print_exc()
            status = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    def inputs(self) -> dict[Path, tuple[int, int, int]]:
        """Return what shows that an input was changed or replaced."""
        stats = {
            path: path.stat()
            for path in self.place.rglob("*")
            if "work" not in path.parts and path.name not in {"stderr", "control"}
        }
        return {path: (one.st_mtime_ns, one.st_size, one.st_ino) for path, one in stats.items()
                if path.is_file()}  # fmt: skip


def _wait(child: int, seconds: float) -> int | None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.001)
    return None


def faults(verb: Verb, operations: dict[int, int], most: int) -> Iterator[tuple[str, Fault]]:
    """
    Return the faults of a run that has so many operations of each set of kinds.

    The faults take turns, each over the operations that it counts.
    """
    rng = np.random.default_rng(1)
    kinds = EVERYWHERE | (IN_WORKERS if verb.has_workers else {})
    for turn, (name, fault) in enumerate(kinds.items()):
        places = np.arange(1 + turn, operations[fault.kinds] + 1, len(kinds))
        if most < len(places):
            places = np.sort(rng.choice(places, most, replace=False))
        for at in places:
            yield name, Fault(fault.mode, fault.error, fault.kinds, at=int(at))
    yield from THROUGHOUT.items()


def try_all(
    bench: Bench, verb: Verb, most: int, kills: int
) -> tuple[Counter[tuple[str, str]], int]:
    """Return how often what went wrong, by kind of fault, and the number of operations."""
    known, operations, length = undisturbed(bench, verb)
    found: Counter[tuple[str, str]] = Counter()
    for name, fault in faults(verb, operations, most):
        try_one(bench, verb, known, found, name, fault=fault)
    for moment in np.random.default_rng(2).uniform(0, length, size=kills):
        try_one(bench, verb, known, found, KILLED, moment=float(moment))
    return found, operations[ALL]


def undisturbed(bench: Bench, verb: Verb) -> tuple[dict[str, object], dict[int, int], float]:
    """Return what a run makes, the number of its operations by kinds, and the time it takes."""
    operations = {}
    for kinds in {fault.kinds for fault in EVERYWHERE.values()}:
        fresh(bench.out, verb.before)
        began = time.monotonic()
        status = bench.run(verb.line(bench.out), Fault(kinds=kinds))
        length = time.monotonic() - began
        if status:
            sys.exit(f"{verb.line(bench.out)}: {Path(bench.place, 'stderr').read_text()}")
        operations[kinds] = bench.operations
    return contents(bench.out), operations, length


def try_one(
    bench: Bench, verb: Verb, known: dict[str, object], found: Counter[tuple[str, str]],
    name: str, **disturbed: object,
) -> None:  # fmt: skip
    """Run a verb with a fault, and again without, and count what is wrong."""
    fresh(bench.out, verb.before)
    before, inputs = contents(bench.out), bench.inputs()
    status = bench.run(verb.line(bench.out), **disturbed)
    errors = Path(bench.place, "stderr").read_text(errors="replace")
    left = contents(bench.out)
    wrong = {
        "incomplete": not is_whole(left, verb.main, known, before),
        "silent": status == 0 and left != known,
        "traceback": "Traceback" in errors or (status > 0 and "hotpix: " not in errors),
    }
    again = bench.run(verb.line(bench.out, again=True))
    wrong["lost"] = again != 0 or contents(bench.out) != known
    wrong["inputs changed"] = bench.inputs() != inputs
    found[name, "trials"] += 1
    for what, is_so in wrong.items():
        found[name, what] += is_so
    if any(wrong.values()):
        what = ", ".join(what for what, is_so in wrong.items() if is_so)
        print(f"{verb.line(bench.out)[0]} {name} {disturbed}: {what}\n{errors}", file=sys.stderr)


def import_all() -> None:
    """Import what any verb imports, so that runs do not."""
    warnings.simplefilter("ignore")
    for module in pkgutil.walk_packages(jwst_hotpix.__path__, "jwst_hotpix."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("asdf", "astropy.table", "matplotlib.pyplot", "stdatamodels.jwst.datamodels"):
        importlib.import_module(name)


def main() -> None:
    """Try the verbs given as JSON, and print the counts as JSON, one line per verb."""
    given = json.load(sys.stdin)
    import_all()
    bench = Bench(Path(given["place"]))
    for name, known in given["verbs"].items():
        verb = Verb.from_dict(known)
        scale = SLOW if verb.is_slow else 1
        most, kills = max(1, given["faults"] // scale), given["kills"] // scale
        found, operations = try_all(bench, verb, most, kills)
        counts = [[*key, number] for key, number in found.items()]
        print(json.dumps([name, operations, counts]), flush=True)


if __name__ == "__main__":
    main()
