"""``hotpix explain``: which lines of a spectrum are hot pixels."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

from jwst_hotpix.cli import options
from jwst_hotpix.cli.output import emit, print_rows, write_ecsv, write_figure
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.pixellist import Onset
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.plot_file import FigureFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from jwst_hotpix.explain.explain_product import Explanation

__all__ = ["command"]

_COLUMNS = {
    "slit": "slit",
    "source_id": "source",
    "x": "x",
    "y": "y",
    "wavelength_um": "µm",
    "rate": "DN/s",
    "onset": "first seen hot",
    "sigma": "sigma",
}
_UNITS = {"wavelength_um": "um", "rate": "DN / s"}


@click.command("explain")
@options.input_argument("path", "CAL")
@options.list_options("Folder of lists, of which the best is used")
@options.threshold_option()
@options.onset_option()
@options.min_confidence_option()
@click.option("--all", "with_masked", is_flag=True, help="Include pixels that are masked already.")
@options.top_option(
    "Print and draw the N pixels that stand out most; --json and TABLE have all.", 10
)
@options.plot_option("Draw these pixels, each with its surroundings and its spectrum")
@options.figures_option("Write this plot", "explain")
@options.output_option("TABLE", "Also write an ECSV table.")
@options.json_option
def command(  # noqa: PLR0913 (one parameter per option)
    *, path: Path, listed: Path | None, library: Path | None, onset: str, with_masked: bool,
    top: int, plot: Path | None, figures: FigureFolder | None, output: Path | None, as_json: bool,
    **chosen: Any,
) -> None:  # fmt: skip
    """
    Report which lines of a spectrum are hot pixels: slit, pixel, wavelength, dark rate, onset.

    CAL is a calibrated exposure (MOS, fixed slits, IFU), a slit, or a rate, which has no
    wavelengths. Pixels are counted from zero.

    \b
    Examples:
      hotpix explain jw01345062001_03101_00001_nrs2_cal.fits --list nrs2.asdf
      hotpix explain slit_cal.fits --list nrs2.asdf --plot slit.png -o slit.ecsv
    """
    with Console(stderr=True).status(f"reading {escape(str(path))}"):
        # The datamodels take seconds to import: say so before.
        from jwst_hotpix.explain.explain_product import explain
        from jwst_hotpix.explain.words import in_words

        lists = Lists(listed, library)
        found = explain(path, lists, onset=Onset(onset), with_masked=with_masked, **chosen)
        write_figure("explain", partial(_draw, found, top), plots=[plot], figures=figures)
    rows = [_row(asdict(pixel)) | {"text": in_words(pixel)} for pixel in found.pixels]
    if output is not None:
        write_ecsv(rows, output, units=_UNITS)
    if as_json:
        result = {"file": str(path), "list": found.list_name, "date": date_of(found.epoch)}
        emit({**result, "pixels": rows}, as_json=True, title="")
        return
    what = "hot pixels" if with_masked else "new hot pixels"
    more = len(rows) - top
    which = f"; the {top} that stand out most:" if more > 0 else ""
    # A rate has neither slits nor wavelengths.
    columns = {
        key: name for key, name in _COLUMNS.items() if any(row[key] is not None for row in rows)
    }
    print_rows(
        rows[:top], f"{path}: {len(rows)} {what} of {found.list_name}{which}", columns or _COLUMNS
    )
    for row in rows[:top]:
        click.echo(row["text"])
    if more > 0:
        click.echo(f"{more} more: give --top {len(rows)}, --json or -o TABLE")


def _draw(found: Explanation, top: int) -> Figure:
    # matplotlib takes most of a second to import.
    from jwst_hotpix.explain.spectra_plot import pixels_figure

    return pixels_figure(found, top)


def _row(pixel: dict[str, Any]) -> dict[str, Any]:
    dates = {key: date_of(pixel[key]) for key in ("onset", "last_cold")}
    sigma = pixel["sigma"]
    return pixel | dates | {"sigma": None if sigma is None else round(sigma, 2)}
