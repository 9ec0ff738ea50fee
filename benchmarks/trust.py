"""
Flipped bits, faults between any two file operations, and kills: how many, and what broke.

    python benchmarks/trust.py [flips] [faults] [servers] [workers] [writers]

All of it by default, in about three hours; ``--flips N`` (1000) is the number of bits flipped in
each format, ``--faults N`` (all) the largest number of operations of a verb at which a kind of
fault occurs (the kinds take turns), ``--kills N`` (50) that of random moments at which each verb is
killed. Needs a C compiler.

A trial is a verb disturbed once and then run again: files that are incomplete under a final name,
inputs that changed, exits with status 0 without the result, errors that are no line of their own,
and results that differ from those of an undisturbed run after the second one are counted.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from trust_faults import Verb
from trust_flips import flip, readers
from trust_servers import with_servers
from trust_verbs import archive_verbs, verbs, write_archive, write_inputs
from trust_writers import at_once

HERE = Path(__file__).parent
CHECKS = {
    "trials": "trials",
    "incomplete": "incomplete",
    "inputs changed": "inputs changed",
    "silent": "status 0 without the result",
    "traceback": "tracebacks",
    "lost": "other results",
}
PARTS = ("flips", "faults", "servers", "workers", "writers")


def main() -> None:
    """Make the inputs, count, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=(*PARTS, "all"), default="all")
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--faults", type=int, default=10**6)
    parser.add_argument("--kills", type=int, default=50)
    wanted = parser.parse_args()
    wanted.parts = PARTS if "all" in wanted.parts else wanted.parts
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_inputs(place)
        if "flips" in wanted.parts:
            print_flips(place, wanted.flips)
        trials = Trials(place, wanted)
        if "faults" in wanted.parts:
            trials.add(verbs(place), {})
        if "servers" in wanted.parts:
            with with_servers(place) as groups:
                for group, environment in groups:
                    trials.add(group, environment)
        if "workers" in wanted.parts:
            environment = write_archive(place)
            trials.add(archive_verbs(place), environment)
        trials.print_by_fault()
        if "writers" in wanted.parts:
            at_once(place)


def print_flips(place: Path, number: int) -> None:
    """Print the table of flipped bits."""
    print(
        "| format | flips | refused | no effect | read as something else |\n|---|---|---|---|---|"
    )
    for name, (path, read) in readers(place).items():
        found = flip(path, read, number)
        print_row(name, number, *(found[kind] for kind in ("refused", "no effect", "silent")))


class Trials:
    """
    The trials of all verbs, and their tables.

    Parameters
    ----------
    place : Path
        Folder of the inputs, and of the library that is loaded before libc.
    wanted : Namespace
        Options.
    """

    def __init__(self, place: Path, wanted: argparse.Namespace) -> None:
        self.place, self.wanted = place, wanted
        self.by_fault: Counter[tuple[str, str]] = Counter()
        self.library = place / "faults.so"
        source = HERE / "trust_faults.c"
        subprocess.run(
            [
                shutil.which("cc") or sys.exit("needs a C compiler"),
                "-shared",
                "-fPIC",
                "-o",
                self.library,
                source,
                "-ldl",
            ],
            check=True,
        )
        (place / "work").mkdir()
        (place / "control").write_bytes(bytes(48))

    def add(self, group: Mapping[str, Verb], environment: Mapping[str, str]) -> None:
        """Disturb verbs, and print the rows of their table."""
        if not self.by_fault:
            print_head("command", "file operations", *CHECKS.values())
        given = {
            "place": str(self.place), "faults": self.wanted.faults, "kills": self.wanted.kills,
            "verbs": {name: verb.to_dict() for name, verb in group.items()},
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, HERE / "trust_faults.py"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | environment | {
                "LD_PRELOAD": str(self.library), "TRUST_ROOT": str(self.place / "work"),
                "TRUST_CONTROL": str(self.place / "control"),
            },
        )  # fmt: skip
        process.stdin.write(json.dumps(given))
        process.stdin.close()
        for line in process.stdout:
            self._print(*json.loads(line))
        if process.wait():
            sys.exit("benchmarks/trust_faults.py failed")

    def _print(self, name: str, operations: int, counts: list[tuple[str, str, int]]) -> None:
        total: Counter[str] = Counter()
        for fault, what, number in counts:
            total[what] += number
            self.by_fault[fault, what] += number
        print_row(f"`{name}`", operations, *(total[what] for what in CHECKS))

    def print_by_fault(self) -> None:
        """Print the table of all verbs by what was done to them."""
        if not self.by_fault:
            return
        print()
        print_head("fault", *CHECKS.values())
        for fault in dict.fromkeys(fault for fault, _ in self.by_fault):
            print_row(fault, *(self.by_fault[fault, what] for what in CHECKS))


def print_head(*names: str) -> None:
    """Print the head of a table."""
    print_row(*names)
    print(f"|{'---|' * len(names)}", flush=True)


def print_row(*cells: object) -> None:
    """Print a row."""
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
