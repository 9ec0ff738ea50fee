"""``hotpix export``: lists for people without the plugin."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.output import DATE, emit
from jwst_hotpix.exceptions import MissingListError
from jwst_hotpix.exchange import export_list
from jwst_hotpix.exposure.on_disk import read_exposure
from jwst_hotpix.flag.targets import Neighbors, Policy, Targets, active_targets
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.masks.write_mask import export_mask

__all__ = ["command"]

_FILE = click.Path(path_type=Path)


@click.command("export")
@click.argument("listed", metavar="LIST", type=_FILE)
@click.option(
    "--to", "kind", required=True, type=click.Choice(["mask", "user-dq", "ds9", "ecsv"]),
    help="A MASK reference, an image for dq_init.user_supplied_dq, regions, or a table.",
)  # fmt: skip
@click.option("-o", "--output", required=True, metavar="OUT", type=_FILE)
@click.option("--base", type=_FILE, help="The MASK to add to (mask).")
@click.option("--like", type=_FILE, help="An exposure that gives frame and date (user-dq).")
@click.option(
    "--at", "epoch", type=DATE,
    help="What is hot at this date (ISO, UTC). By default the exposure's, else the last dark's; "
    "ds9 and ecsv hold all entries.",
)  # fmt: skip
@click.option("--threshold", type=float, help="DN/s [the list's].")
@click.option(
    "--neighbors", type=click.Choice(["none", "threshold"]), default="threshold", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(  # noqa: PLR0913 (one parameter an option)
    listed: Path, kind: str, output: Path, base: Path | None, like: Path | None,
    epoch: float | None, threshold: float | None, neighbors: str, *, as_json: bool,
) -> None:  # fmt: skip
    """
    Write a list as a MASK, an image for dq_init, DS9 regions or an ECSV table.

    \b
    Example:
      hotpix export list.asdf --to mask --base jwst_nirspec_mask_0057.fits -o mask.fits
    """
    pixels = asdf_file.read(listed)
    policy = Policy(threshold=threshold or pixels.threshold, neighbors=Neighbors(neighbors))
    if kind == "mask":
        if base is None:
            raise click.UsageError("--to mask needs --base MASK")
        n = export_mask(pixels, _targets(pixels, epoch, policy), base, output)
    elif kind == "user-dq":
        if like is None:
            raise click.UsageError("--to user-dq needs --like EXPOSURE")
        exposure = read_exposure(like)
        pixels.require(exposure.detector.name)
        targets = _targets(pixels, exposure.epoch if epoch is None else epoch, policy)
        n = export_list.export_user_dq(targets, exposure.frame, output)
    else:
        chosen = pixels if epoch is None else pixels.select(pixels.active(epoch))
        write = export_list.export_ds9 if kind == "ds9" else export_list.export_ecsv
        n = write(chosen, output)
    emit({"n_pixels": n}, as_json=as_json, title=output.name)


def _targets(pixels: PixelList, epoch: float | None, policy: Policy) -> Targets:
    epoch = pixels.provenance.known_until if epoch is None else epoch
    if epoch is None:
        raise MissingListError("date", expected="--at, for the list gives none", found="none")
    return active_targets(pixels, epoch, policy)
