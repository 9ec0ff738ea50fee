"""``hotpix supplement``: what a list adds to a mask."""

from __future__ import annotations

from pathlib import Path

import click

from jwst_hotpix.cli.options import input_argument, input_option, json_option, output_option
from jwst_hotpix.cli.output import emit
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.masks.make_supplement import supplement, supplement_header
from jwst_hotpix.masks.reference_mask import read_mask

__all__ = ["command"]


@click.command("supplement")
@input_argument("listed", "LIST")
@input_option("--mask", "mask", "MASK", "The MASK to supplement.", required=True)
@input_option("--dark", "dark", "DARK", "The DARK that is used with it.")
@output_option("SUP", "The list to write (.asdf).", ".asdf", required=True)
@json_option
def command(listed: Path, mask: Path, dark: Path | None, output: Path, *, as_json: bool) -> None:
    """
    Write what a list adds to a MASK (and DARK), as a list valid from the USEAFTER of the MASK.

    \b
    Example:
      hotpix supplement list.asdf --mask jwst_nirspec_mask_0057.fits -o supplement.asdf
    """
    pixels = asdf_file.read(listed)
    known = read_mask(mask)
    added = supplement(pixels, known, read_mask(dark, "DARK") if dark else None)
    asdf_file.write(added, output, supplement_header(known))
    counts = {"n_new": len(added), "n_already_masked": len(pixels) - len(added)}
    emit(counts, as_json=as_json, title=str(output))
