"""Eight writers at once to one ledger, with darks in common. For benchmarks/trust.py."""

import shutil
import subprocess
from pathlib import Path

import numpy as np

from trust_verbs import HOTPIX, contents, run

WRITERS, ROUNDS = 8, 5


def at_once(place: Path) -> None:
    """Start the writers several times, and print how many ledgers are not as they should be."""
    files = [*sorted((place / "darks").iterdir()), *sorted((place / "visit").iterdir())]
    run("ingest", place / "alone", *files)
    known, rng = contents(place / "alone"), np.random.default_rng(3)
    other = failed = 0
    for _ in range(ROUNDS):
        ledger = place / "together"
        shutil.rmtree(ledger, ignore_errors=True)
        orders = [rng.permutation(files)[: len(files) - number % 3] for number in range(WRITERS)]
        writers = [
            subprocess.Popen([HOTPIX, "ingest", ledger, *order], stdout=subprocess.DEVNULL)
            for order in orders
        ]
        failed += sum(writer.wait() != 0 for writer in writers)
        other += contents(ledger) != known
    print(
        f"\n{ROUNDS} times {WRITERS} writers at once to one ledger: "
        f"{failed} failed, {other} ledgers differ from that of one writer"
    )
