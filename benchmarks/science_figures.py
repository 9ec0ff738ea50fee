"""
Draw the figures of docs/science.md from simulated exposures.

    python benchmarks/science_figures.py

Writes docs/figures/science_*.png.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from astropy.io import fits
from matplotlib.axes import Axes
from numpy.typing import NDArray

from jwst_hotpix.ledger.looks import group_visits, look_of
from jwst_hotpix.ledger.science_record import science_record_of
from jwst_hotpix.measure.from_science import read_science
from jwst_hotpix.scenes import Setup, draw_scene, write_science
from jwst_hotpix.scenes.light import Lines
from jwst_hotpix.scenes.spoils import Persistence
from jwst_hotpix.simulate import World
from jwst_hotpix.tools.colors import BLUE, GRAY, VERMILION
from jwst_hotpix.tools.plot_file import save_plot
from jwst_hotpix.tools.plot_style import in_style, new_figure, open_axes
from science import lost_by_width

FIGURES = Path(__file__).parents[1] / "docs" / "figures"
SHAPE, CORNER, START, MASKED = (96, 256), (800, 500), 60000.0, 59950.0
HOT, LINE, PERSISTENT = (30, 60), (50.2, 130.3), (70, 200)
HALF = 7
_Image = NDArray[np.float32]


def observe(folder: Path) -> tuple[list[_Image], set[tuple[int, int]], tuple[int, int]]:
    """Simulate three nods; return their rates, the pixels listed, and where a cosmic ray fell."""
    quiet = World.quiet(detector="NRS1", readout="IRS2", seed=3)
    y, x = HOT[0] + CORNER[0] - 1, HOT[1] + CORNER[1] - 1
    world = quiet.with_pixels(y, x, 6.0, onset=START - 1)
    scene = draw_scene("MOS medium", SHAPE, seed=1)
    line = Lines(
        y=np.array([LINE[0]]), x=np.array([LINE[1]]), peak=np.array([8.0]),
        height=np.array([1.6]), width=np.array([1.8]),
    )  # fmt: skip
    nothing = {name: values[:0] for name, values in vars(scene.traces).items()}
    bare = replace(scene.traces, **nothing)
    scene = replace(scene, lines=line, traces=bare, still_traces=bare, sky=0.02)
    nobody = Persistence.draw(SHAPE, START, sharp=0, smooth=0, seed=1)
    pixel = PERSISTENT[0] * SHAPE[1] + PERSISTENT[1]
    persistence = replace(nobody, sharp=np.array([pixel]), rate=np.array([6.0]), age=3000 / 86400)
    files = [
        write_science(
            folder / f"jw09999001001_02101_{number + 1:05d}_nrs1_rate.fits",
            world,
            scene,
            Setup(start=START + number / 80, pointing=number, corner=CORNER, number=number + 1),
            masked=MASKED,
            persistence=persistence,
            hits=20000.0,
        )
        for number in range(3)
    ]
    exposures = [read_science(file) for file in files]
    (visit,) = group_visits([science_record_of(one) for one in exposures])
    look = look_of(visit)
    row, column, _ = look.window.locate(*np.divmod(look.pixel, 2048))
    listed = set(zip(row.tolist(), column.tolist(), strict=True))
    seen = exposures[1].excess
    others = {int(pixel) for one in (exposures[0], exposures[2]) for pixel in one.excess.pixel}
    once = [
        (float(rate), divmod(int(pixel), SHAPE[1]))
        for pixel, rate in zip(seen.pixel, seen.rate, strict=True)
        if pixel not in others
    ]
    inside = [
        (rate, (y, x))
        for rate, (y, x) in once
        if HALF < y < SHAPE[0] - HALF - 1 and HALF < x < SHAPE[1] - HALF - 1
    ]
    return [fits.getdata(file, "SCI") for file in files], listed, max(inside)[1]


@in_style()
def draw_visit(images: list[_Image], listed: set[tuple[int, int]], ray: tuple[int, int]) -> None:
    """Draw what four kinds of sharp light do from nod to nod."""
    line = (round(LINE[0]), round(LINE[1]))
    rows = (
        ("hot pixel", HOT, "stays where it is,\nas bright as before"),
        ("emission line", line, "moves with the sky"),
        ("cosmic ray", ray, "is there once"),
        ("persistence", PERSISTENT, "stays and fades"),
    )
    figure = new_figure(9, 8.4)
    for number, (name, (y, x), what) in enumerate(rows):
        for column, image in enumerate(images):
            axes = figure.add_subplot(4, 4, 4 * number + column + 1)
            part = image[y - HALF : y + HALF + 1, x - HALF : x + HALF + 1]
            axes.imshow(part, vmin=0, vmax=4)
            axes.set_xticks([])
            axes.set_yticks([])
            axes.set_xlabel(f"{image[y, x]:.2f} DN/s in the middle")
            if number == 0:
                axes.set_title(f"nod {column + 1}")
            if column == 0:
                axes.set_ylabel(name)
        axes = figure.add_subplot(4, 4, 4 * number + 4)
        axes.set_axis_off()
        verdict = "listed" if (y, x) in listed else "not listed"
        axes.text(0, 0.5, f"{what}:\n{verdict}", color=VERMILION, va="center")
    save_plot(figure, FIGURES / "science_visit.png")


@in_style()
def draw_image(image: _Image) -> None:
    """Draw the rows of a hot pixel and of a line, and what their neighbors hold."""
    figure = new_figure(9, 3.2)
    line = (round(LINE[0]), round(LINE[1]))
    for number, (name, place) in enumerate((("hot pixel", HOT), ("emission line", line))):
        axes = figure.add_subplot(1, 2, number + 1)
        share = _draw_row(axes, image, place)
        axes.set_title(f"{name}: four neighbors hold {share:.0%}")
    save_plot(figure, FIGURES / "science_image.png")


def _draw_row(axes: Axes, image: _Image, place: tuple[int, int]) -> float:
    y, x = place
    away = np.arange(-HALF, HALF + 1)
    row = image[y, x - HALF : x + HALF + 1]
    level = np.median(row[np.abs(away) > 1])
    axes.bar(away, row, color=np.where(np.abs(away) == 1, BLUE, GRAY), width=0.9)
    axes.axhline(level, color=VERMILION, linewidth=1)
    axes.set_xlabel("pixels along the dispersion")
    axes.set_ylabel("DN/s")
    open_axes(axes)
    beside = image[[y, y, y - 1, y + 1], [x - 1, x + 1, x, x]] - level
    return float(beside.sum() / (image[y, x] - level))


@in_style()
def draw_width() -> None:
    """Draw the share of lines that are taken for hot pixels where light does not move."""
    width, lost, lines = np.array(lost_by_width(range(100, 104), 512)).T
    figure = new_figure(6, 3.4)
    axes = figure.add_subplot()
    axes.plot(width, 100 * lost / lines, color=VERMILION, marker="o")
    axes.set_xlabel("FWHM of lines, along and across the dispersion (pixels)")
    axes.set_ylabel("lines lost (%)")
    axes.set_title("Exposures of one pointing")
    open_axes(axes)
    save_plot(figure, FIGURES / "science_width.png")


def main() -> None:
    """Draw all figures."""
    with TemporaryDirectory() as folder:
        images, listed, ray = observe(Path(folder))
    draw_image(images[0])
    draw_visit(images, listed, ray)
    draw_width()


if __name__ == "__main__":
    main()
