"""``hotpix export``: lists for those who do without the step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jwst_hotpix.cli.options import (
    at_option,
    input_argument,
    input_option,
    json_option,
    neighbors_option,
    output_option,
    threshold_option,
)
from jwst_hotpix.cli.output import emit
from jwst_hotpix.exceptions import MissingListError
from jwst_hotpix.exchange import export_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList

if TYPE_CHECKING:
    from jwst_hotpix.flag.targets import Targets

__all__ = ["command"]


@click.command("export")
@input_argument("listed", "LIST")
@click.option(
    "--to", "kind", required=True, type=click.Choice(["mask", "user-dq", "ds9", "ecsv"]),
    help="A MASK reference, an image for dq_init.user_supplied_dq, regions, or a table.",
)  # fmt: skip
@output_option("OUT", "The file to write.", required=True)
@input_option("--base", "base", "MASK", "The MASK to add to (mask).")
@input_option("--like", "like", "EXPOSURE", "An exposure that gives frame and date (user-dq).")
@at_option(
    "Export what is hot at this date (ISO 8601, UTC). Without it a mask gets what is hot at the "
    "last dark, an image what is hot at its exposure, and ds9 and ecsv get all entries."
)
@threshold_option()
@neighbors_option("none", "threshold")
@json_option
def command(  # noqa: PLR0913 (one parameter per option)
    *,
    listed: Path,
    kind: str,
    output: Path,
    base: Path | None,
    like: Path | None,
    epoch: float | None,
    threshold: float | None,
    neighbors: str,
    as_json: bool,
) -> None:
    """
    Write a list as a MASK, an image for dq_init, DS9 regions or an ECSV table.

    \b
    Examples:
      hotpix export list.asdf --to mask --base jwst_nirspec_mask_0057.fits -o mask.fits
      hotpix export list.asdf --to ecsv -o list.ecsv
    """
    needed = {"mask": ("--base", base), "user-dq": ("--like", like)}
    for other, (option, value) in needed.items():
        if (kind == other) != (value is not None):
            verb = "needs" if kind == other else "takes no"
            raise click.UsageError(f"--to {kind} {verb} {option}")
    if kind not in needed and threshold is not None:
        raise click.UsageError(f"--to {kind} takes no --threshold")
    pixels = asdf_file.read(listed)
    if base is not None:
        # What masks and exposures need takes a second to import; tables do without.
        from jwst_hotpix.masks.write_mask import export_mask

        n = export_mask(pixels, _targets(pixels, epoch, threshold, neighbors), base, output)
    elif like is not None:
        from jwst_hotpix.exposure.on_disk import read_exposure

        exposure = read_exposure(like)
        pixels.require(exposure.detector.name)
        epoch = exposure.epoch if epoch is None else epoch
        targets = _targets(pixels, epoch, threshold, neighbors)
        n = export_list.export_user_dq(targets, exposure.frame, output)
    else:
        chosen = pixels if epoch is None else pixels.select(pixels.active(epoch))
        write = export_list.export_ds9 if kind == "ds9" else export_list.export_ecsv
        n = write(chosen, output)
    emit({"n_pixels": n}, as_json=as_json, title=str(output))


def _targets(
    pixels: PixelList, epoch: float | None, threshold: float | None, neighbors: str
) -> Targets:
    from jwst_hotpix.flag.targets import Neighbors, Policy, active_targets

    epoch = pixels.provenance.known_until if epoch is None else epoch
    if epoch is None:
        sentence = "the list has no date of its last dark: give --at DATE"
        raise MissingListError("date", expected="--at", found="none", sentence=sentence)
    threshold = pixels.threshold if threshold is None else threshold
    policy = Policy(threshold=threshold, neighbors=Neighbors(neighbors))
    return active_targets(pixels, epoch, policy)
