"""``hotpix audit``: which exposures are worth reprocessing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from jwst_hotpix.archive.gain import Auditor, Gain
from jwst_hotpix.cli.options import (
    allow_simulated_option,
    files_argument,
    input_option,
    json_option,
    list_options,
    min_confidence_option,
    neighbors_option,
    onset_option,
    output_option,
    threshold_option,
    top_option,
)
from jwst_hotpix.cli.output import emit, print_rows, report_problems, watched, write_ecsv
from jwst_hotpix.exceptions import HotPixError, reason_of
from jwst_hotpix.exposure.find import gather
from jwst_hotpix.flag.targets import Neighbors
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.pixellist import Onset
from jwst_hotpix.masks.of_exposure import Masks

__all__ = ["command"]

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


@click.command("audit")
@files_argument("paths")
@list_options("Folder of lists; each exposure gets the one that fits best")
@input_option(
    "--mask", "masks", "MASK", "MASK to compare with; repeat for several [R_MASK, else what CRDS "
    "selects].", multiple=True,
)  # fmt: skip
@click.option(
    "--dq", "by_dq", is_flag=True, help="Compare with the DQ of the products that have one."
)
@threshold_option()
@neighbors_option("none", "threshold")
@onset_option()
@min_confidence_option()
@top_option("Print only the first N rows.")
@output_option("TABLE", "Also write an ECSV table.")
@allow_simulated_option
@json_option
def command(  # noqa: PLR0913 (one parameter per option)
    *, paths: tuple[Path, ...], listed: Path | None, library: Path | None, masks: tuple[Path, ...],
    neighbors: str, onset: str, top: int | None, output: Path | None, as_json: bool, **options: Any,
) -> None:  # fmt: skip
    """
    Report what each exposure would gain from a list, from headers alone, largest gain first.

    FILE is an uncal, rate or calibrated product, a folder (all of them below it), or @list.txt
    with a path per line.

    \b
    Examples:
      hotpix audit jw*_rate.fits --list nrs1.asdf
      hotpix audit archive/ --library lists/ --top 20 -o audit.ecsv
    """
    lists = Lists(listed, library)
    lists.require_any()
    auditor = Auditor(
        lists=lists,
        masks=Masks(masks),
        neighbors=Neighbors(neighbors),
        onset=Onset(onset),
        **options,
    )
    files, repeated = gather(paths)
    gains, problems = [], []
    for path in watched(files, "Reading headers", len(files)):
        try:
            gains.append(auditor.audit(path))
        except (HotPixError, OSError) as error:
            problems.append({"file": str(path), "reason": reason_of(error)})
    rows = [gain.to_dict() for gain in sorted(gains, key=lambda gain: (-gain.new, gain.file))]
    if output is not None:
        write_ecsv(rows, output, units={"list_age_days": "d"})
    if as_json:
        again = [str(path) for path in repeated]
        emit({"exposures": rows, "rejected": problems, "repeated": again}, as_json=True, title="")
    else:
        print_rows(rows[:top], _title(gains), _COLUMNS)
        for note, count in Counter(gain.note for gain in gains if gain.note).items():
            click.echo(f"{count} of them: {note}")
    for path in repeated:
        click.echo(f"hotpix: {path}: given more than once, counted once", err=True)
    report_problems(problem["reason"] for problem in problems)


def _title(gains: Sequence[Gain]) -> str:
    some = [gain.new for gain in gains if gain.new]
    return f"{len(some)} of {len(gains)} exposures gain, {sum(some)} pixels together"
