"""``hotpix explain``: which lines of a spectrum are hot pixels."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from jwst_hotpix.cli.lists import library_of
from jwst_hotpix.cli.output import emit, print_rows, write_ecsv
from jwst_hotpix.hotlist.pixellist import Onset
from jwst_hotpix.tools.dates import date_of

__all__ = ["command"]

_FILE = click.Path(path_type=Path)
_COLUMNS = {
    "slit": "slit",
    "source_id": "source",
    "x": "x",
    "y": "y",
    "wavelength_um": "µm",
    "rate": "DN/s",
    "onset": "hot since",
    "sigma": "sigma",
}
_UNITS = {"wavelength_um": "um", "rate": "DN / s"}


@click.command("explain")
@click.argument("path", metavar="CAL", type=_FILE)
@click.option("--list", "listed", metavar="LIST", type=_FILE, help="The list to use.")
@click.option(
    "--library", metavar="DIR", type=_FILE,
    help="Folder of lists, of which the best is used [$JWST_HOTPIX_LIBRARY].",
)  # fmt: skip
@click.option("--threshold", type=click.FloatRange(min=0), help="DN/s [the list's].")
@click.option(
    "--onset", type=click.Choice([end.value for end in Onset]), default="earliest",
    show_default=True,
)  # fmt: skip
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, show_default=True)
@click.option("--all", "with_masked", is_flag=True, help="Also pixels that are masked already.")
@click.option("--plot", metavar="PNG", type=_FILE, help="Draw the spectra, hot pixels marked.")
@click.option("-o", "--output", metavar="TABLE", type=_FILE, help="Write an ECSV table too.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(  # noqa: PLR0913 (one parameter an option)
    *, path: Path, listed: Path | None, library: Path | None, threshold: float | None, onset: str,
    min_confidence: float, with_masked: bool, plot: Path | None, output: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """
    Tell which lines of a spectrum are hot pixels: slit, pixel, wavelength, dark rate, onset.

    CAL is a calibrated exposure (MOS, fixed slits, IFU) or a slit. Pixels are counted from zero.

    \b
    Examples:
      hotpix explain jw01345062001_03101_00001_nrs2_cal.fits --list nrs2.asdf
      hotpix explain slit_cal.fits --list nrs2.asdf --plot slit.png -o slit.ecsv
    """
    with Console(stderr=True).status(f"reading {escape(path.name)}"):
        # The datamodels take seconds to import: not before somebody has been told.
        from jwst_hotpix.explain.explain_product import explain
        from jwst_hotpix.explain.words import in_words

        found = explain(
            path,
            library_of(listed, library),
            threshold=threshold,
            onset=Onset(onset),
            min_confidence=min_confidence,
            with_masked=with_masked,
        )
        if plot is not None:
            from jwst_hotpix.explain.spectra_plot import draw_spectra

            draw_spectra(found, plot)
    rows = [_row(asdict(pixel)) | {"text": in_words(pixel)} for pixel in found.pixels]
    if output is not None:
        write_ecsv(rows, output, units=_UNITS)
    if as_json:
        result = {"file": str(path), "list": found.list_name, "date": date_of(found.epoch)}
        emit({**result, "pixels": rows}, as_json=True, title="")
        return
    what = "hot pixels" if with_masked else "new hot pixels"
    print_rows(rows, f"{path.name}: {len(rows)} {what} of {found.list_name}", _COLUMNS)
    for row in rows:
        click.echo(row["text"])


def _row(pixel: dict[str, Any]) -> dict[str, Any]:
    dates = {key: date_of(pixel[key]) for key in ("onset", "last_cold")}
    sigma = pixel["sigma"]
    return pixel | dates | {"sigma": None if sigma is None else round(sigma, 2)}
