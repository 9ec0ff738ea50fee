"""``hotpix demo``: from nothing to a cleaned spectrum in two minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from jwst_hotpix.cli.options import figures_option, json_option
from jwst_hotpix.cli.output import emit, print_table
from jwst_hotpix.cli.parameter_types import NewFolder
from jwst_hotpix.tools.plot_file import FigureFolder

__all__ = ["command"]


@click.command("demo")
@click.option(
    "-o", "--output", "folder", metavar="DIR", type=NewFolder(), required=True,
    help="New folder for the exposure, the list, the products and the pictures.",
)  # fmt: skip
@click.option(
    "--detector", type=click.Choice(["NRS1", "NRS2"], case_sensitive=False), default="NRS1",
    show_default=True, help="Detector to simulate.",
)  # fmt: skip
@click.option(
    "--readout", type=click.Choice(["trad", "irs2"], case_sensitive=False), default="trad",
    show_default=True, help="Readout mode of the exposure.",
)  # fmt: skip
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), default=1, show_default=True,
    help="Seed of the simulation.",
)  # fmt: skip
@figures_option("Also write the pictures", "demo", "year", "visit")
@json_option
def command(
    folder: Path, detector: str, readout: str, seed: int, *, figures: FigureFolder | None,
    as_json: bool,
) -> None:  # fmt: skip
    """
    See hot pixels vanish from a simulated exposure.

    Simulates a detector whose hot pixels grow as the real ones do, a year of its darks, an exposure
    and the CRDS references of its day; runs the monitor on the darks and the real Detector1 on the
    exposure, without and with the hot pixel step, and scores both against the truth. Nothing is
    downloaded. Then an observer's visit: the hot pixels that its own three exposures reveal,
    without any darks. The simulated files stay in DIR to practice on, with a command line for each
    verb. DIR needs 1.1 GB.

    \b
    Example:
      hotpix demo -o demo
    """
    console = Console(stderr=True)
    with console.status("loading the pipeline") as status:
        # The pipeline takes seconds to import: say so before.
        from jwst_hotpix.demo.demo_plots import write_plots
        from jwst_hotpix.demo.run_demo import run_demo

        announce: Callable[[str], None] = status.update
        demo = run_demo(
            folder, detector=detector.upper(), readout=readout.upper(), seed=seed, announce=announce
        )
        plots = write_plots(demo, folder, figures)
    year = {mode: unmasked.totals() for mode, unmasked in demo.year.items()}
    if as_json:
        scores = {"year": year, "visit": asdict(demo.visit.score), "lines": demo.lines}
        emit(asdict(demo.score) | scores, as_json=True, title="")
        return
    print_table(asdict(demo.score), "Pixels of the exposure")
    print_table(year, "Unmasked hot pixels in 26 exposures of a year")
    print_table(asdict(demo.visit.score), "A visit, cleaned with its own list")
    _, listed, _, flagged = demo.files
    console.print(
        f"Plots:   {', '.join(map(str, plots))}\n"
        f"List:    {listed}\n"
        f"Product: {flagged}\n\n"
        "To practice on: darks, a visit and target acquisitions in "
        f"{folder / 'practice'}. These lines run as printed, in this order:\n",
        *demo.lines,
        sep="\n",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )
