"""``hotpix audit``: which exposures are worth reprocessing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track

from jwst_hotpix.archive.audit import Auditor, Gain
from jwst_hotpix.cli.lists import library_of
from jwst_hotpix.cli.output import emit, print_rows, write_ecsv
from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exposure.find import gather
from jwst_hotpix.flag.targets import Neighbors
from jwst_hotpix.hotlist.pixellist import Onset
from jwst_hotpix.masks.of_exposure import Masks
from jwst_hotpix.tools.dates import date_of

__all__ = ["command"]

_FILE = click.Path(path_type=Path)
_COLUMNS = {
    "file": "file",
    "new": "new",
    "active": "active",
    "already_masked": "masked",
    "list_age_days": "age (d)",
    "product": "product",
    "list": "list",
    "mask": "masked by",
}
_UNITS = {"list_age_days": "d"}


@click.command("audit")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@click.option("--list", "listed", metavar="LIST", type=_FILE, help="The list to use.")
@click.option(
    "--library", metavar="DIR", type=_FILE,
    help="Folder of lists; each exposure gets the one that fits best [$JWST_HOTPIX_LIBRARY].",
)  # fmt: skip
@click.option(
    "--mask", "masks", metavar="MASK", multiple=True, type=_FILE,
    help="A MASK to compare with, repeated for several [R_MASK, else what CRDS selects].",
)  # fmt: skip
@click.option("--dq", "by_dq", is_flag=True, help="Compare with the DQ of rate and cal products.")
@click.option("--threshold", type=click.FloatRange(min=0), help="DN/s [the list's].")
@click.option(
    "--neighbors", type=click.Choice(["none", "threshold"]), default="threshold", show_default=True
)
@click.option(
    "--onset", type=click.Choice([end.value for end in Onset]), default="earliest",
    show_default=True,
)  # fmt: skip
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, show_default=True)
@click.option("--top", metavar="N", type=click.IntRange(min=1), help="Print the first N rows only.")
@click.option("-o", "--output", metavar="TABLE", type=_FILE, help="Write an ECSV table too.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(  # noqa: PLR0913 (one parameter an option)
    *, paths: tuple[Path, ...], listed: Path | None, library: Path | None, masks: tuple[Path, ...],
    by_dq: bool, threshold: float | None, neighbors: str, onset: str, min_confidence: float,
    top: int | None, output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """
    Tell what each exposure would gain, from headers alone: those that gain most come first.

    FILE is an uncal, rate or calibrated product, or a folder: all of them below it.

    \b
    Examples:
      hotpix audit jw*_rate.fits --list nrs1.asdf
      hotpix audit archive/ --library lists/ --top 20 -o audit.ecsv
    """
    auditor = Auditor(
        library=library_of(listed, library),
        masks=Masks(masks),
        threshold=threshold,
        neighbors=Neighbors(neighbors),
        onset=Onset(onset),
        min_confidence=min_confidence,
        by_dq=by_dq,
    )
    files, repeated = gather(paths)
    gains, problems = _audit(auditor, files)
    rows = [_row(gain) for gain in sorted(gains, key=lambda gain: (-gain.new, gain.file))]
    if output is not None:
        write_ecsv(rows, output, units=_UNITS)
    if as_json:
        again = [str(path) for path in repeated]
        emit({"exposures": rows, "rejected": problems, "repeated": again}, as_json=True, title="")
    else:
        print_rows(rows[:top], _title(gains), _COLUMNS)
        for note, count in Counter(gain.note for gain in gains if gain.note).items():
            click.echo(f"{count} of them: {note}")
    for path in repeated:
        click.echo(f"hotpix: {path}: given more than once, counted once", err=True)
    for problem in problems:
        click.echo(f"hotpix: {problem['reason']}", err=True)
    if problems:
        sys.exit(1)


def _audit(auditor: Auditor, files: Sequence[Path]) -> tuple[list[Gain], list[dict[str, str]]]:
    # On stderr, and only on a terminal: stdout is for the result.
    console = Console(stderr=True)
    gains, problems = [], []
    for path in track(
        files, "Reading headers", console=console, transient=True, disable=not console.is_terminal
    ):
        try:
            gains.append(auditor.audit(path))
        except (HotPixError, OSError) as error:
            problems.append({"file": str(path), "reason": str(error)})
    return gains, problems


def _row(gain: Gain) -> dict[str, Any]:
    age, unlisted = gain.list_age_days, gain.expected_unlisted
    row = asdict(gain) | {
        "date": date_of(gain.epoch),
        "list_age_days": None if age is None else round(age, 3),
        "expected_unlisted": None if unlisted is None else round(unlisted, 1),
    }
    del row["epoch"]
    return row


def _title(gains: Sequence[Gain]) -> str:
    some = [gain for gain in gains if gain.new]
    total = sum(gain.new for gain in some)
    return f"{len(some)} of {len(gains)} exposures gain, {total} pixels together"
