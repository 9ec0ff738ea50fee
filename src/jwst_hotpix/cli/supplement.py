"""``hotpix supplement``: what a list adds to a mask."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.output import emit
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.masks.make_supplement import supplement, supplement_header
from jwst_hotpix.masks.reference_mask import read_mask

__all__ = ["command"]

_FILE = click.Path(path_type=Path)


@click.command("supplement")
@click.argument("listed", metavar="LIST", type=_FILE)
@click.option("--mask", required=True, type=_FILE, help="The MASK to supplement.")
@click.option("--dark", type=_FILE, help="The DARK in use beside it.")
@click.option("-o", "--output", required=True, metavar="SUP", type=_FILE, help="An .asdf file.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(listed: Path, mask: Path, dark: Path | None, output: Path, *, as_json: bool) -> None:
    """
    Write what a list adds to a MASK (and DARK), as a list valid from the mask's USEAFTER.

    \b
    Example:
      hotpix supplement list.asdf --mask jwst_nirspec_mask_0057.fits -o supplement.asdf
    """
    pixels = asdf_file.read(listed)
    known = read_mask(mask)
    added = supplement(pixels, known, read_mask(dark, "DARK") if dark else None)
    asdf_file.write(added, output, supplement_header(known))
    counts = {"n_new": len(added), "n_already_masked": len(pixels) - len(added)}
    emit(counts, as_json=as_json, title=output.name)
