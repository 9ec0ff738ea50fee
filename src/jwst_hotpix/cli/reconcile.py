"""``hotpix reconcile``: how right a list was, once the next MASK has been delivered."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.options import at_option, input_argument, input_option, json_option
from jwst_hotpix.cli.output import emit
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.masks.compare_delivery import reconcile_files

__all__ = ["command"]


@click.command("reconcile")
@input_argument("path", "LIST")
@input_option(
    "--old-mask", "old", "M0", "The MASK that the list was made to supplement.", required=True
)
@input_option("--new-mask", "new", "M1", "The MASK delivered after it.", required=True)
@at_option("Date of M1 (ISO 8601, UTC) [its USEAFTER].")
@click.option(
    "--bit", metavar="N", type=int,
    help="Value of the bit that means hot, for masks that are not CRDS references.",
)  # fmt: skip
@json_option
def command(
    path: Path, old: Path, new: Path, epoch: float | None, bit: int | None, *, as_json: bool
) -> None:
    """
    Score a list against the next delivered MASK: confirmed, missed, unconfirmed.

    \b
    Example:
      hotpix reconcile list.asdf --old-mask mask_0057.fits --new-mask mask_0061.fits
    """
    score = reconcile_files(asdf_file.read(path), old, new, bit=bit, epoch=epoch)
    emit(score.to_dict(), as_json=as_json, title=f"{path} against {new}")
