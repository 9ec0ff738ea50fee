"""``hotpix build``: from the ledger to a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.cli.output import DATE
from jwst_hotpix.cli.show import describe, print_summary
from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.history.build_list import build_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.tools.dates import date_of

__all__ = ["command"]

_READOUTS = ("irs2", "trad", "pooled")


@click.command("build")
@click.argument("folder", metavar="LEDGER", type=click.Path(path_type=Path))
@click.option("--detector", required=True, help="E.g. NRS1.")
@click.option(
    "--readout",
    required=True,
    type=click.Choice(_READOUTS, case_sensitive=False),
    help="Darks to use: of one readout mode, or of both together.",
)
@click.option(
    "-o", "output", metavar="LIST", required=True, type=click.Path(path_type=Path), help=".asdf"
)
@click.option("--threshold", type=float, help="DN/s [default: that of the detector].")
@click.option("--as-of", type=DATE, help="Only darks known by this date (ISO, UTC).")
@click.option(
    "--mask", "mask_path", type=click.Path(path_type=Path), help="MASK whose centers light rings."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(
    folder: Path,
    detector: str,
    readout: str,
    output: Path,
    threshold: float | None,
    as_of: float | None,
    mask_path: Path | None,
    *,
    as_json: bool,
) -> None:
    """
    Make a list of all hot pixels from a ledger of darks.

    \b
    Example:
      hotpix build ledger --detector NRS1 --readout irs2 -o nrs1.asdf --as-of 2024-03-01
    """
    chip = get_detector(detector)
    sightings = Ledger(folder).sightings(chip.name, readout=readout.lower(), as_of=as_of)
    pixels = build_list(
        sightings,
        threshold=threshold,
        readout=readout.upper(),
        mask=None if mask_path is None else _hot_of(mask_path, chip),
        as_of=as_of,
    )
    # The list serves exposures from its first dark on: before it nothing is known.
    header = asdf_file.Header(useafter=str(date_of(float(sightings.epoch[0]))))
    asdf_file.write(pixels, output, header)
    summary = _summary(pixels) if as_json else describe(pixels)
    print_summary(summary, as_json=as_json, title=output.name)


def _hot_of(path: Path, chip: Detector) -> NDArray[np.bool_]:
    # The datamodels take a second to import, and only a mask needs them.
    from jwst_hotpix.flag.bits import HOT
    from jwst_hotpix.masks.reference_mask import read_mask

    mask = read_mask(path)
    found = mask.window.detector.name
    if found != chip.name:
        raise FrameMismatchError(
            "detector of the mask", expected=chip.name, found=found, source=path.name
        )
    return (mask.dq & HOT) > 0


def _summary(pixels: PixelList) -> dict[str, Any]:
    summary = describe(pixels)
    status = summary["status"]
    return {**summary, "n_telegraph": status["telegraph"], "n_recovered": status["recovered"]}
